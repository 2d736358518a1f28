"""Several views of an image: made as a single image is warped, put together as scipy does, and for better or worse."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import gmean

from core.augment.example import Example
from core.augment.geometric import warped
from core.augment.matrices import perspective
from core.augment.test_time import AGGREGATIONS, Spread, aggregated, view_matrices, views_of
from core.data.digits import held_out_digits
from core.errors import CoreError
from core.models.recipes import turned as recipe
from core.models.registry import load


@given(st.integers(1, 9), st.integers(2, 6), st.integers(0, 99))
def test_puts_answers_together_as_numpy_and_scipy_do(views: int, classes: int, seed: int) -> None:
    said = softmax(np.random.default_rng(seed).normal(0, 2, (views, classes)), axis=1)
    theirs = {"mean": said.mean(axis=0), "maximum": said.max(axis=0), "geometric mean": gmean(said, axis=0)}
    for how in AGGREGATIONS:
        np.testing.assert_allclose(aggregated(said, how), theirs[how] / theirs[how].sum())
    np.testing.assert_allclose(aggregated(said).sum(), 1)


@pytest.mark.parametrize("how", AGGREGATIONS)
def test_one_view_or_equal_views_change_nothing(how) -> None:
    said = np.array([[0.7, 0.2, 0.1]])
    np.testing.assert_allclose(aggregated(said, how), said[0])
    np.testing.assert_allclose(aggregated(np.repeat(said, 5, axis=0), how), said[0])


@settings(max_examples=15)
@given(st.integers(0, 99), st.floats(0, 180), st.floats(0, 0.3), st.floats(0, 0.5), st.booleans())
def test_sees_what_a_warp_of_each_image_shows(seed: int, turn: float, shift: float, size: float, mirror: bool) -> None:
    random = np.random.default_rng(seed)
    images = random.random((2, 3, 9, 13))
    images[0, 0, 0, 0] = 0.0  # the darkest value comes in from outside
    matrices = view_matrices(4, (9, 13), Spread(turn, shift, size, mirror), random)
    found = views_of(torch.from_numpy(images), matrices).numpy()
    assert found.shape == (4, 2, 3, 9, 13)
    for view, matrix in zip(found, matrices, strict=True):
        for ours, image in zip(view, images, strict=True):
            single = warped(Example(np.moveaxis(image, 0, -1).copy()), matrix).image
            np.testing.assert_allclose(np.moveaxis(ours, 0, -1), single, atol=1e-6)


def test_the_first_view_is_the_image_itself_and_more_views_are_the_same_first_ones() -> None:
    few, many = (view_matrices(count, (8, 8), Spread(turn=30), np.random.default_rng(0)) for count in (3, 9))
    assert np.array_equal(few[0], np.eye(3))
    assert np.array_equal(few, many[:3])


def test_helps_a_reader_that_was_taught_the_views_and_spoils_one_that_was_not() -> None:
    labels = torch.tensor(held_out_digits().labels[:120])
    images = recipe.canvas(held_out_digits().images[:120])
    noisy = (images + 0.35 * torch.randn(images.shape, generator=torch.Generator().manual_seed(0))).clamp(0, 1)
    views = views_of(noisy, view_matrices(12, (20, 20), Spread(turn=180), np.random.default_rng(0)))
    right = {}
    with torch.no_grad():
        for taught in ("upright", "any way"):
            said = recipe.reader(load("turned"), taught)(views.flatten(0, 1)).softmax(dim=1).reshape(12, 120, 10)
            right[taught] = [
                float((each.argmax(dim=1) == labels).float().mean()) for each in (said[0], said.mean(dim=0))
            ]
    assert right["any way"][1] > right["any way"][0] + 0.03, right
    assert right["upright"][1] < right["upright"][0] - 0.3, right


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: aggregated(np.zeros((0, 3))),
        lambda: aggregated(np.ones((1, 3)), "median"),  # type: ignore[arg-type]
        lambda: view_matrices(0, (8, 8), Spread(), np.random.default_rng(0)),
        lambda: view_matrices(1000, (8, 8), Spread(), np.random.default_rng(0)),
        lambda: Spread(turn=-1),
        lambda: views_of(torch.zeros(1, 1, 8, 8), perspective(0.3, 0, (8, 8))[None]),
    ],
    ids=["no-views", "unknown-way", "0-views", "1000-views", "negative", "bent"],
)
def test_says_what_would_fit(wrong) -> None:
    with pytest.raises(CoreError):
        wrong()
