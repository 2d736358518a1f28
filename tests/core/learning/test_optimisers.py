"""Every step against torch.optim, and what the theory says of rates on a bowl."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.learning.optimisers import Adam, Sgd, fresh, largest_rate, method, walk
from core.learning.schedule import Plateau
from core.learning.surfaces import SURFACES

TWINS = [
    (Sgd(0.05), lambda w: torch.optim.SGD(w, 0.05)),
    (Sgd(0.05, 0.9), lambda w: torch.optim.SGD(w, 0.05, 0.9)),
    (Sgd(0.05, 0.9, decay=0.1), lambda w: torch.optim.SGD(w, 0.05, 0.9, weight_decay=0.1)),
    (Sgd(0.05, 0.8, nesterov=True), lambda w: torch.optim.SGD(w, 0.05, 0.8, nesterov=True)),
    (Adam(0.1), lambda w: torch.optim.Adam(w, 0.1)),
    (Adam(0.05, 0.5, 0.9, decay=0.2), lambda w: torch.optim.Adam(w, 0.05, (0.5, 0.9), weight_decay=0.2)),
]


@pytest.mark.parametrize(("ours", "twin"), TWINS, ids=lambda each: repr(each) if isinstance(each, Sgd | Adam) else "")
def test_walks_where_torch_walks(ours, twin) -> None:
    dice = np.random.default_rng(0)
    weights = dice.normal(size=(3, 2))
    theirs, memory = torch.tensor(weights.copy(), requires_grad=True), fresh(weights)
    steps = twin([theirs])
    for _ in range(60):
        gradient = np.sin(3 * weights) + dice.normal(size=(3, 2))
        theirs.grad = torch.tensor(gradient)
        steps.step()
        weights, memory = ours.step(weights, gradient, memory)
        np.testing.assert_allclose(weights, theirs.detach().numpy(), rtol=1e-6, atol=1e-9)


@settings(max_examples=30)
@given(st.floats(0.1, 50), st.sampled_from([0.0, 0.5, 0.9]), st.floats(0.05, 0.95))
def test_settles_below_the_largest_rate_and_runs_away_above_it(curvature: float, momentum: float, part: float) -> None:
    def end(rate: float) -> float:
        here = np.array([1.0])
        memory, optimiser, seen = fresh(here), Sgd(rate, momentum), []
        for _ in range(300):
            here, memory = optimiser.step(here, curvature * here, memory)
            seen.append(abs(here[0]))
        return max(seen[-20:])

    limit = largest_rate(curvature, momentum)
    assert end(part * limit) < 1e-6
    assert end(1.05 * limit) > 10


def test_runs_away_and_says_so() -> None:
    steep = SURFACES["ravine"]
    assert not walk(steep, Sgd(0.099), (-1.0, 0.5), 400).ran_away
    away = walk(steep, Sgd(0.12), (-1.0, 0.5), 400)
    assert away.ran_away
    assert len(away.points) == len(away.losses) < 400
    assert np.isfinite(away.losses).all()


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_knows_the_slope_and_the_lowest_points_of_every_surface(surface) -> None:
    points = torch.tensor(np.random.default_rng(0).uniform(-2, 2, (50, 2)), requires_grad=True)
    step = 1e-6
    found = points.detach().numpy()
    for axis in np.eye(2):
        up, down = surface.height(found + step * axis), surface.height(found - step * axis)
        np.testing.assert_allclose((up - down) / (2 * step), surface.gradient(found) @ axis, rtol=1e-5, atol=1e-5)
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 201), np.linspace(-2, 2, 201)), axis=-1)
    for lowest in surface.lowest:
        assert surface.height(np.array(lowest)) <= surface.height(grid).min() + 1e-9
        np.testing.assert_allclose(surface.gradient(np.array(lowest)), 0, atol=1e-9)


def test_lets_momentum_leave_the_shallow_valley() -> None:
    valleys = SURFACES["two valleys"]
    plain, rolling = walk(valleys, Sgd(0.03), valleys.start, 300), walk(valleys, Sgd(0.03, 0.9), valleys.start, 300)
    assert plain.points[-1, 0] > 0.9
    np.testing.assert_allclose(rolling.points[-1], valleys.lowest[0], atol=1e-2)


def test_is_quicker_through_the_ravine_with_momentum() -> None:
    ravine = SURFACES["ravine"]
    ends = [walk(ravine, method(kind)(0.05, *more), ravine.start, 60).losses[-1]
            for kind, more in (("gradient descent", ()), ("momentum", (0.8,)), ("Nesterov", (0.8,)))]  # fmt: skip
    assert ends[0] > 100 * ends[1]
    assert ends[0] > 100 * ends[2]


def test_takes_smaller_steps_on_a_plateau_of_noise() -> None:
    bowl = SURFACES["bowl"]
    kept, cut = (
        walk(bowl, Sgd(0.3), (1.0, 1.0), 300, noise=1.0, generator=np.random.default_rng(0), schedule=schedule)
        for schedule in (lambda losses: 1.0, Plateau(patience=40, most=1))
    )
    assert cut.losses[-100:].mean() < kept.losses[-100:].mean() / 5


def test_draws_the_same_noise_twice() -> None:
    one, two = (
        walk(SURFACES["bowl"], Adam(0.1), (1.0, 1.0), 9, noise=0.5, generator=np.random.default_rng(4)).points
        for _ in range(2)
    )
    np.testing.assert_array_equal(one, two)
    assert all((before != after).any() for before, after in pairwise(one))


@pytest.mark.parametrize("wrong", [{"rate": 0.0}, {"rate": 0.1, "momentum": 1.0}, {"rate": 0.1, "decay": -1.0}])
def test_refuses_a_descent_that_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(CoreError, match="need a rate above 0"):
        Sgd(**wrong)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(CoreError, match="betas"):
        Adam(0.1, 1.0)
    with pytest.raises(ShapeError, match="one gradient"):
        Sgd(0.1).step(np.zeros(2), np.zeros(3), fresh(np.zeros(2)))
    with pytest.raises(CoreError, match="dice"):
        walk(SURFACES["bowl"], Sgd(0.1), (0.0, 0.0), 3, noise=1.0)
    with pytest.raises(CoreError, match="no method"):
        method("newton")
    with pytest.raises(CoreError, match="curvature"):
        largest_rate(0.0)
    with pytest.raises(ShapeError, match="two coordinates"):
        SURFACES["bowl"].at(np.zeros(3))
