"""Views as matrices: against PyTorch's sampling, and the transpose is the adjoint."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, LimitError, ShapeError
from core.explain.views import View, random_views, shrinking_matrix, view_matrix, viewed

VIEWS = st.builds(View, st.floats(-3.2, 3.2), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))


def twin(image: torch.Tensor, view: View, cells: int) -> torch.Tensor:
    """The same by grid_sample and an average pooling."""
    cosine, sine = np.cos(view.angle), np.sin(view.angle)
    theta = torch.tensor([[[cosine, sine, 2 * view.right], [-sine, cosine, 2 * view.down]]])
    grid = torch.nn.functional.affine_grid(theta, [1, 1, *image.shape], align_corners=False)
    turned = torch.nn.functional.grid_sample(image[None, None], grid, padding_mode="reflection", align_corners=False)
    return torch.nn.functional.avg_pool2d(turned, len(image) // cells)[0, 0]


@settings(max_examples=40)
@given(VIEWS, st.sampled_from([(8, 8), (8, 2), (12, 3), (6, 1)]), st.integers(0, 1000))
def test_turns_shifts_and_shrinks_as_pytorch_does(view: View, sizes: tuple[int, int], seed: int) -> None:
    side, cells = sizes
    image = np.random.default_rng(seed).normal(size=(side, side))
    small = shrinking_matrix(side, cells) @ (view_matrix(view, side) @ image.ravel())
    np.testing.assert_allclose(small.reshape(cells, cells), twin(torch.tensor(image), view, cells).numpy(), atol=1e-6)


@settings(max_examples=40)
@given(VIEWS, st.integers(0, 1000))
def test_has_its_transpose_as_adjoint(view: View, seed: int) -> None:
    """<D A x, y> = <x, A' D' y>, and A' D' y is what PyTorch follows back."""
    random = np.random.default_rng(seed)
    x, y = random.normal(size=64), random.normal(size=4)
    through = shrinking_matrix(8, 2) @ view_matrix(view, 8)
    back = through.T @ y
    assert (through @ x) @ y == pytest.approx(x @ back, abs=1e-10)
    followed = torch.tensor(x.reshape(8, 8), requires_grad=True)
    twin(followed, view, 2).backward(torch.tensor(y.reshape(2, 2)))
    np.testing.assert_allclose(back, followed.grad.numpy().ravel(), atol=1e-6)


@given(VIEWS)
def test_keeps_a_grey_picture_grey(view: View) -> None:
    np.testing.assert_allclose(viewed(np.full((6, 6, 3), 0.3), view), 0.3, atol=1e-12)


def test_turns_by_a_quarter_and_shifts_by_whole_pixels_exactly() -> None:
    image = np.arange(16.0).reshape(4, 4)
    np.testing.assert_allclose(viewed(image, View(angle=np.pi / 2)), np.rot90(image, -1), atol=1e-12)
    np.testing.assert_allclose(viewed(image, View(right=0.25))[:, :3], image[:, 1:], atol=1e-12)
    np.testing.assert_allclose(viewed(image, View(down=0.25))[:3], image[1:], atol=1e-12)


def test_draws_the_same_views_from_the_same_seed_and_none_too_far() -> None:
    drawn = random_views(50, np.random.default_rng(3), angle=0.5, shift=0.1)
    assert drawn == random_views(50, np.random.default_rng(3), angle=0.5, shift=0.1)
    assert drawn[0] == View()
    assert max(abs(view.angle) for view in drawn) <= 0.5
    assert max(abs(view.right) for view in drawn) <= 0.1


def test_says_what_would_fit() -> None:
    with pytest.raises(LimitError, match="1 to 200 views"):
        random_views(201, np.random.default_rng(0))
    with pytest.raises(LimitError, match="2 to 512 pixels"):
        view_matrix(View(), 1)
    with pytest.raises(ShapeError, match="10 pixels cannot be divided into 4"):
        shrinking_matrix(10, 4)
    with pytest.raises(CoreError, match="square picture"):
        viewed(np.zeros((4, 5)), View())
