"""Augmented Grad-CAM: its objective, its slope, and where the descent comes to; then, on drawn scenes, the truth."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.explain.augmented import (
    Problem,
    coarse_maps,
    descend,
    objective,
    plain,
    problem,
    subgradient,
    total_variation,
    total_variation_slope,
)
from core.explain.closeness import Closeness, closeness, measure
from core.explain.views import random_views, viewed

SIDE, CELLS = 12, 3


def drawn(seed: int = 0, *, smooth: float = 0.01, small: float = 0.1, views: int = 20) -> tuple[Problem, np.ndarray]:
    """A problem whose answer is known: a bright square, seen through every view without any error."""
    truth = np.zeros((SIDE, SIDE))
    truth[3:8, 5:10] = 1.0
    taken = random_views(views, np.random.default_rng(seed))
    wide = SIDE // CELLS
    coarse = [viewed(truth, view).reshape(CELLS, wide, CELLS, wide).mean(axis=(1, 3)) for view in taken]
    return problem(np.stack(coarse), taken, side=SIDE, smooth=smooth, small=small), truth


def test_n126_adds_squares_total_variation_and_squared_norm() -> None:
    wanted, _ = drawn(smooth=0.3, small=0.7)
    h = np.random.default_rng(1).normal(size=SIDE * SIDE)
    missing = wanted.through.toarray() @ h - wanted.coarse
    grid = h.reshape(SIDE, SIDE)
    variation = np.abs(grid[1:] - grid[:-1]).sum() + np.abs(grid[:, 1:] - grid[:, :-1]).sum()
    assert objective(h, wanted) == pytest.approx((missing**2).sum() / 2 + 0.3 * variation + 0.35 * (h**2).sum())


def test_follows_the_slope_that_pytorch_finds() -> None:
    wanted, _ = drawn(smooth=0.3, small=0.7)
    h = torch.tensor(np.random.default_rng(1).normal(size=SIDE * SIDE), requires_grad=True)
    missing = torch.tensor(wanted.through.toarray()) @ h - torch.tensor(wanted.coarse)
    grid = h.reshape(SIDE, SIDE)
    variation = grid.diff(dim=0).abs().sum() + grid.diff(dim=1).abs().sum()
    (missing.square().sum() / 2 + 0.3 * variation + 0.35 * h.square().sum()).backward()
    np.testing.assert_allclose(subgradient(h.detach().numpy(), wanted), h.grad.numpy(), atol=1e-10)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(0, 2), st.floats(0, 2), st.floats(0, 1))
def test_n126_is_convex_and_its_subgradient_stays_below_it(
    seed: int, smooth: float, small: float, share: float
) -> None:
    wanted, _ = drawn(smooth=smooth, small=small, views=3)
    first, second = np.random.default_rng(seed).normal(size=(2, SIDE * SIDE))
    at_first, at_second = objective(first, wanted), objective(second, wanted)
    between = objective(share * first + (1 - share) * second, wanted)
    assert between <= share * at_first + (1 - share) * at_second + 1e-9
    assert at_second >= at_first + subgradient(first, wanted) @ (second - first) - 1e-9


@given(st.integers(0, 10**6))
def test_measures_every_step_of_a_map(seed: int) -> None:
    heat = np.random.default_rng(seed).integers(0, 4, size=(5, 4)).astype(float)
    along = sum(abs(heat[row + 1, column] - heat[row, column]) for row in range(4) for column in range(4))
    across = sum(abs(heat[row, column + 1] - heat[row, column]) for row in range(5) for column in range(3))
    assert total_variation(heat) == along + across
    assert (total_variation_slope(heat) * heat).sum() == along + across  # it is linear along rays


def test_comes_to_the_solution_of_the_equations_where_there_are_no_corners() -> None:
    wanted, _ = drawn(smooth=0.0, small=0.5)
    dense = wanted.through.toarray()
    right = np.linalg.solve(dense.T @ dense + 0.5 * np.eye(SIDE * SIDE), dense.T @ wanted.coarse)
    found = descend(wanted, plain(wanted), steps=3000)
    assert found.best[-1] == pytest.approx(objective(right, wanted), rel=1e-4)
    np.testing.assert_allclose(found.heat.ravel(), right, atol=0.01)


def test_comes_close_to_what_another_method_finds_where_there_are_corners() -> None:
    from scipy.optimize import minimize

    wanted, _ = drawn(smooth=0.05, small=0.1)

    def rounded(h: np.ndarray, width: float) -> tuple[float, np.ndarray]:
        """The objective with the corners of its absolute values rounded off."""
        grid, slope = h.reshape(SIDE, SIDE), np.zeros((SIDE, SIDE))
        variation = 0.0
        for axis in (0, 1):
            step = np.diff(grid, axis=axis)
            long = np.sqrt(step**2 + width**2)
            variation += long.sum()
            pad = [(0, 0), (0, 0)]
            pad[axis] = (1, 1)
            slope -= np.diff(np.pad(step / long, pad), axis=axis)
        missing = wanted.through @ h - wanted.coarse
        value = missing @ missing / 2 + wanted.smooth * variation + wanted.small * h @ h / 2
        return value, wanted.through.T @ missing + wanted.smooth * slope.ravel() + wanted.small * h

    h = plain(wanted).ravel()
    for width in (1e-2, 1e-3):
        h = minimize(rounded, h, args=(width,), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    least = objective(h, wanted)
    found = descend(wanted, plain(wanted), steps=600)
    assert found.best[-1] <= 1.02 * least
    assert found.objective[0] > 1.2 * least


def test_never_loses_the_best_map_and_tells_how_far_it_is() -> None:
    wanted, _ = drawn(smooth=0.2)
    told = list[float]()
    found = descend(wanted, plain(wanted), steps=80, progress=lambda share, _: told.append(share))
    assert len(found.objective) == len(found.best) == 80
    assert list(found.best) == sorted(found.best, reverse=True)
    assert objective(found.heat.ravel(), wanted) == found.best[-1] == min(found.objective)
    assert max(np.diff(found.objective)) > 0, "some step leads up, so the best must be kept"
    assert told == [each / 8 for each in range(1, 9)]


def test_comes_closer_to_a_truth_that_it_can_see() -> None:
    wanted, truth = drawn(views=40)
    found = descend(wanted, plain(wanted), steps=300)
    before, after = (closeness(heat, truth > 0.5, 0.5) for heat in (plain(wanted), found.heat))
    assert after.correlation > before.correlation + 0.1
    assert after.overlap > before.overlap + 0.1


def test_is_closer_to_the_drawn_truth_than_plain_grad_cam_on_test_scenes() -> None:
    found = measure("test", 16, views=16, steps=60)
    assert np.mean([each.sharp.correlation - each.plain.correlation for each in found]) > 0.01
    assert np.mean([each.sharp.overlap - each.plain.overlap for each in found]) > 0.01


@pytest.mark.slow
def test_is_closer_to_the_drawn_truth_on_a_hundred_test_scenes() -> None:
    found = measure("test", 100)
    plain_, sharp = ([getattr(each, which) for each in found] for which in ("plain", "sharp"))
    closer = [after.correlation > before.correlation for before, after in zip(plain_, sharp, strict=True)]
    assert np.mean([each.correlation for each in sharp]) > np.mean([each.correlation for each in plain_]) + 0.02
    assert np.mean([each.overlap for each in sharp]) > np.mean([each.overlap for each in plain_]) + 0.02
    assert np.mean(closer) > 0.7


def test_asks_about_every_view_in_small_groups() -> None:
    groups = list[int]()

    def ask(images: np.ndarray) -> np.ndarray:
        groups.append(len(images))
        return images[:, ::2, ::2, 0]

    views = random_views(19, np.random.default_rng(0))
    image = np.random.default_rng(1).random((4, 4, 3))
    found = coarse_maps(ask, image, views)
    assert groups == [8, 8, 3]
    np.testing.assert_allclose(found[0], image[::2, ::2, 0], atol=1e-12)
    np.testing.assert_allclose(found[18], viewed(image, views[18])[::2, ::2, 0], atol=1e-12)


def test_says_what_would_fit() -> None:
    views = random_views(2, np.random.default_rng(0))
    with pytest.raises(ShapeError, match=r"one square map \(n, n\) for each of 2 views"):
        problem(np.ones((3, 2, 2)), views, side=4)
    with pytest.raises(ShapeError, match="cannot be divided"):
        problem(np.ones((2, 3, 3)), views, side=4)
    with pytest.raises(CoreError, match="prices of 0 or more"):
        problem(np.ones((2, 2, 2)), views, side=4, smooth=-1)
    with pytest.raises(ShapeError, match="of one size"):
        closeness(np.ones((2, 2)), np.ones((2, 3), dtype=bool), 0.5)


def test_finds_nothing_close_in_flat_maps_and_empty_masks() -> None:
    assert closeness(np.zeros((2, 2)), np.zeros((2, 2), dtype=bool), 0.5) == Closeness(0.0, 0.0)
    assert closeness(np.ones((2, 2)), np.eye(2, dtype=bool), 0.5) == Closeness(0.0, 0.5)
