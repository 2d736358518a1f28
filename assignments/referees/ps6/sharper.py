"""augmented_objective: what a sharp map costs, given the coarse maps of several views."""

from typing import Any

import numpy as np

from core.explain.augmented import Problem, objective
from core.types import Floats, Heatmap
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

FLOAT32 = Tolerance(1e-4, 1e-4, because="a sum of at most two hundred squares and steps: float32 keeps five digits")


def cost(heat: Heatmap, coarse: Floats, views: Floats, shrink: Floats, smooth: float, small: float) -> float:
    """The reference."""
    cells = round(len(shrink) ** 0.5)
    through = np.concatenate([shrink @ view for view in views])
    return objective(heat.ravel(), Problem(through, coarse.ravel(), len(heat), cells, smooth, small))  # type: ignore[arg-type]


def turned_back(heat: Heatmap, coarse: Floats, views: Floats, shrink: Floats, smooth: float, small: float) -> float:
    """Every view transposed."""
    return cost(heat, coarse, views.swapaxes(1, 2), shrink, smooth, small)


def exchanged(heat: Heatmap, coarse: Floats, views: Floats, shrink: Floats, smooth: float, small: float) -> float:
    """The price of steps for that of the size."""
    return cost(heat, coarse, views, shrink, small, smooth)


def missing(heat: Heatmap, coarse: Floats, views: Floats, shrink: Floats) -> float:
    """The first part of the cost alone."""
    return cost(heat, coarse, views, shrink, 0.0, 0.0)


def size(heat: Heatmap) -> float:
    """The sum of the squares."""
    return float(np.square(heat).sum())


def with_steps(steps: float, *arguments: Any) -> float:
    """The cost with other steps between neighbours."""
    heat, coarse, views, shrink, smooth, small = arguments
    return float(cost(heat, coarse, views, shrink, 0.0, small) + smooth * steps)


def rounded(heat: Heatmap) -> float:
    """The length of the slope at every pixel."""
    across = np.diff(heat, axis=1, append=heat[:, -1:])
    return float(np.hypot(across, np.diff(heat, axis=0, append=heat[-1:])).sum())


def around(heat: Heatmap) -> float:
    """The last pixel taken for a neighbour of the first."""
    return float(sum(np.abs(heat - np.roll(heat, 1, axis=axis)).sum() for axis in (0, 1)))


def squared(heat: Heatmap) -> float:
    """Steps squared."""
    return float(sum(np.square(np.diff(heat, axis=axis)).sum() for axis in (0, 1)))


def priced(*, smooth: bool, small: bool, missed: bool = True) -> Drawn:
    """Some views of a sharp map, each another mixture of its pixels; what has no price costs nothing.

    If nothing is missed, every view of the sharp map is exactly its coarse map, and only the prices are left.
    """

    def draw(random: np.random.Generator) -> Case:
        side, cells = ((4, 2), (4, 3), (6, 2))[int(random.integers(3))]
        prices = random.permutation([random.uniform(0.2, 0.6), random.uniform(1.5, 3)])
        return case(
            random.uniform(0.2, 2, size=(side, side)),
            random.uniform(0.5, 3, size=(int(random.integers(2, 4)), cells, cells)),
            random.uniform(0, 4 / side**2, size=(3, side**2, side**2)),
            random.uniform(0, 4 / side**2, size=(cells**2, side**2)),
            float(smooth * prices[0]),
            float(small * prices[1]),
        )

    def as_many_views(random: np.random.Generator) -> Case:
        heat, coarse, views, *rest = draw(random).arguments
        views = views[: len(coarse)]
        explained = np.stack([(rest[0] @ view @ heat.ravel()).reshape(coarse.shape[1:]) for view in views])
        return case(heat, coarse if missed else explained, views, *rest)

    return as_many_views


SHARP = np.array([[4.0, 0.0], [1.0, 2.0]])
AS_IT_IS, UPSIDE_DOWN = np.eye(4), np.eye(4)[[2, 3, 0, 1]]
MEAN, TOP = np.full((1, 4), 0.25), np.array([[0.5, 0.5, 0.0, 0.0]])
ONE_VIEW = (SHARP, np.array([[[2.75]]]), AS_IT_IS[None], MEAN)
TWO_VIEWS = (SHARP, np.array([[[3.0]], [[3.5]]]), np.stack([AS_IT_IS, UPSIDE_DOWN]), TOP)
PIXEL = (np.array([[3.0]]), np.array([[[1.0]], [[4.0]]]), np.ones((2, 1, 1)), np.ones((1, 1)))

augmented_objective = Referee(
    name="augmented_objective",
    points=1,
    reference=cost,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(*ONE_VIEW, 0.5, 2.0, title="One view"),
                case(*TWO_VIEWS, 0.0, 0.0, title="Two views, no prices"),
            ),
        ),
        Group(
            "the views alone",
            weight=1,
            drawn=priced(smooth=False, small=False),
            count=5,
            cases=(case(*PIXEL, 0.0, 0.0),),
        ),
        Group("the steps alone", weight=1, drawn=priced(smooth=True, small=False, missed=False), count=5),
        Group("the size alone", weight=1, drawn=priced(smooth=False, small=True, missed=False), count=5),
        Group(
            "all three parts", weight=1, drawn=priced(smooth=True, small=True), count=8, cases=(case(*PIXEL, 0.5, 1.0),)
        ),
    ),
    mistakes=(
        Mistake(
            "forgets the half of the views",
            lambda *arguments: cost(*arguments) + missing(*arguments[:4]),
            hint="There is a half before the sum over the views.",
        ),
        Mistake(
            "forgets the half of the size",
            lambda *arguments: cost(*arguments) + arguments[5] * size(arguments[0]) / 2,
            hint="There is a half before the price of the size: mu is divided by two.",
        ),
        Mistake(
            "takes the mean of the views",
            lambda *arguments: cost(*arguments) - missing(*arguments[:4]) * (1 - 1 / len(arguments[1])),
            hint="What the views miss is added up, not averaged over the views.",
        ),
        Mistake(
            "takes lengths for squares",
            lambda *arguments: cost(*arguments) - missing(*arguments[:4]) + float(np.sqrt(missing(*arguments[:4]) / 2)),
            hint="What is missing is squared and added up, without a root.",
        ),
        Mistake(
            "turns the views back",
            turned_back,
            hint="You use the views transposed. The matrix of a view stands on the left of the sharp map.",
        ),
        Mistake(
            "exchanges the prices",
            exchanged,
            hint="The two prices have changed places: the first one is for steps, the second for size.",
        ),
        Mistake(
            "rounds the steps",
            lambda *arguments: with_steps(rounded(arguments[0]), *arguments),
            hint="You take the length of the slope at every pixel. Here steps down and steps across are added up each "
            "for itself.",
        ),
        Mistake(
            "squares the steps",
            lambda *arguments: with_steps(squared(arguments[0]), *arguments),
            hint="A step between neighbours costs its size, not its square.",
        ),
        Mistake(
            "walks around the map",
            lambda *arguments: with_steps(around(arguments[0]), *arguments),
            hint="The last pixel of a row is no neighbour of the first one. Look at the pixels inside the map only.",
        ),
        Mistake(
            "steps down only",
            lambda *arguments: with_steps(float(np.abs(np.diff(arguments[0], axis=0)).sum()), *arguments),
            hint="You count the steps from row to row. Those from column to column cost as much.",
        ),
        Mistake(
            "steps across only",
            lambda *arguments: with_steps(float(np.abs(np.diff(arguments[0], axis=1)).sum()), *arguments),
            hint="You count the steps from column to column. Those from row to row cost as much.",
        ),
        Mistake(
            "forgets the sign of a step",
            lambda *arguments: with_steps(
                float(sum(np.diff(arguments[0], axis=axis).sum() for axis in (0, 1))), *arguments
            ),
            hint="A step down in value costs as much as a step up: take absolute values before you add.",
        ),
    ),
)
