"""Numbers as answers: the discs are where they say, the loss and its gradient are right, and it learns."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.data.discs import SIDE, covered, disc, discs
from core.errors import CoreError
from core.learning.regression import learn_discs, quadratic, said_of
from core.learning.train import Recipe


@given(x=st.floats(6, 18), y=st.floats(6, 18), radius=st.floats(2.5, 5))
def test_a_disc_covers_its_area_around_its_middle(x: float, y: float, radius: float) -> None:
    seen = covered(x, y, radius)
    assert seen.sum() == pytest.approx(np.pi * radius**2, rel=0.04)
    places = np.arange(SIDE) + 0.5
    assert (seen.sum(axis=0) @ places / seen.sum(), seen.sum(axis=1) @ places / seen.sum()) == pytest.approx(
        (x, y), abs=0.1
    )


def test_hiding_changes_the_image_and_never_the_truth() -> None:
    for number in range(10):
        whole, half = disc("test", number), disc("test", number, hidden=0.5)
        assert (whole.truth == half.truth).all()
        assert half.image.sum() < whole.image.sum()
    with pytest.raises(CoreError, match="between 0 and 1"):
        disc("test", 0, hidden=1.5)


def test_parts_share_no_disc() -> None:
    assert len({each.truth.tobytes() for part in ("train", "validation", "test") for each in discs(part, 50)}) == 150


@given(seed=st.integers(0, 50))
def test_the_quadratic_loss_is_that_of_torch_and_its_gradient_is_the_error(seed: int) -> None:
    dice = torch.Generator().manual_seed(seed)
    answers, truths = torch.randn(4, 3, generator=dice).requires_grad_(True), torch.randn(4, 3, generator=dice)
    loss = quadratic(answers, truths)
    assert torch.allclose(loss, torch.nn.functional.mse_loss(answers, truths, reduction="sum") / 8)
    loss.backward()
    assert answers.grad is not None
    assert torch.allclose(answers.grad * 4, (answers - truths).detach(), atol=1e-6)


def test_it_learns_and_no_softmax_does() -> None:
    recipe = Recipe(epochs=20, batch=32, rate=0.02)
    plain, softmax = (
        list(learn_discs(100, end=end, recipe=recipe))[-1] for end in ("as they are", "through a softmax")
    )
    truths = np.stack([each.truth for each in discs("test", 200)]) * SIDE
    guess = np.abs(truths - truths.mean(axis=0)).mean()  # what always saying the mean is off
    assert plain.judged < 0.75 * guess
    assert softmax.judged > plain.judged
    answers, off = said_of(softmax, discs("test", 200))
    assert answers.sum(axis=1) == pytest.approx(np.full(200, SIDE), rel=1e-4)
    assert off == pytest.approx(np.abs(answers - truths).mean(), rel=1e-4)
    assert off == pytest.approx(softmax.judged, rel=1e-4)
