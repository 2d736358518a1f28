"""Losses of two weights that can be drawn as a landscape, each with one difficulty of descending (lectures B and D).

A point is (..., 2), two weights x and y; the height of a surface is its loss.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats


@dataclass(frozen=True)
class Surface:
    """A loss of two weights: its height (..., 2) -> (...), its gradient (..., 2) -> (..., 2), where it is least."""

    name: str
    formula: str
    lesson: str
    height: Callable[[Floats], Floats]
    gradient: Callable[[Floats], Floats]
    lowest: tuple[tuple[float, float], ...]  # the points where it is least
    start: tuple[float, float]
    curvatures: tuple[float, float] | None = None  # of a quadratic surface, along x and y

    def at(self, point: Floats) -> tuple[Floats, Floats]:
        """Height and gradient: (..., 2) -> (...), (..., 2).

        >>> SURFACES["bowl"].at(np.array([1.0, 2.0]))
        (np.float64(2.5), array([1., 2.]))
        """
        if point.shape[-1:] != (2,):
            raise ShapeError(f"a point of a surface has two coordinates, (..., 2), got {point.shape}")
        return self.height(point), self.gradient(point)


def quadratic_surface(name: str, lesson: str, along: float, across: float, start: tuple[float, float]) -> Surface:
    """A bowl that is `along` times curved in x and `across` times in y: (a x^2 + b y^2) / 2.

    >>> quadratic_surface("bowl", "", 1.0, 20.0, (1.0, 1.0)).gradient(np.array([1.0, 1.0]))
    array([ 1., 20.])
    """
    if min(along, across) <= 0:
        raise CoreError(f"a bowl is curved upwards in both directions, got {along} and {across}")
    scale = np.array([along, across])
    return Surface(
        name,
        f"({along:g} x² + {across:g} y²) / 2".replace("1 ", ""),
        lesson,
        height=lambda point: (scale * np.square(point)).sum(axis=-1) / 2,
        gradient=lambda point: scale * point,
        lowest=((0.0, 0.0),),
        start=start,
        curvatures=(along, across),
    )


def _saddle(point: Floats) -> Floats:
    x, y = point[..., 0], point[..., 1]
    height: Floats = np.square(x) / 2 - np.square(y) / 2 + y**4 / 8
    return height


def _saddle_gradient(point: Floats) -> Floats:
    x, y = point[..., 0], point[..., 1]
    return np.stack([x, -y + y**3 / 2], axis=-1)


def _valleys(point: Floats) -> Floats:
    x, y = point[..., 0], point[..., 1]
    height: Floats = np.square(np.square(x) - 1) + 0.3 * x + np.square(y) / 2
    return height


def _valleys_gradient(point: Floats) -> Floats:
    x, y = point[..., 0], point[..., 1]
    return np.stack([4 * x * (np.square(x) - 1) + 0.3, y], axis=-1)


def _lowest_valley() -> float:
    """Where 4 x (x^2 - 1) + 0.3 = 0 on the left: the smallest of three roots."""
    return float(np.roots([4, 0, -4, 0.3]).real.min())


SURFACES = {
    surface.name: surface
    for surface in (
        quadratic_surface(
            "ravine",
            "A hundred times steeper across than along: the steep way limits the rate.",
            0.2,
            20.0,
            (-1.8, 0.6),
        ),
        quadratic_surface(
            "bowl", "Equally steep from all sides: every method finds the middle.", 1.0, 1.0, (-1.8, 1.2)
        ),
        Surface(
            "saddle",
            "x² / 2 - y² / 2 + y⁴ / 8",
            "In the middle the ground is flat, yet it is no minimum: the way down is to the side.",
            height=_saddle,
            gradient=_saddle_gradient,
            lowest=((0.0, -(2**0.5)), (0.0, 2**0.5)),
            start=(-1.8, 0.01),
        ),
        Surface(
            "two valleys",
            "(x² - 1)² + 0.3 x + y² / 2",
            "The valley on the right is not the deepest one: gradient descent stays in it.",
            height=_valleys,
            gradient=_valleys_gradient,
            lowest=((_lowest_valley(), 0.0),),
            start=(1.7, 1.2),
        ),
    )
}


def level_lines(surface: Surface, heights: Floats, *, reach: float = 2.0, side: int = 81) -> list[Floats]:
    """The lines of equal loss, as on a map, one (N, 2) after the other: heights (H,), within -reach to reach.

    >>> rings = level_lines(SURFACES["bowl"], np.array([0.5]))
    >>> len(rings), bool(np.allclose(np.hypot(*rings[0].T), 1, atol=0.01))
    (1, True)
    """
    from skimage.measure import find_contours

    line = np.linspace(-reach, reach, side)
    ground = surface.height(np.stack(np.meshgrid(line, line), axis=-1))  # (side, side), y down, x across
    trace: Callable[[Floats, float], list[Floats]] = find_contours
    found = [path for height in heights for path in trace(ground, float(height))]
    return [np.interp(path[:, ::-1], np.arange(side), line) for path in found]


def map_heights(surface: Surface, *, lines: int = 9, reach: float = 2.0) -> Floats:
    """Heights for such lines, from near the lowest point to the highest corner, closer together where it is flat.

    >>> map_heights(SURFACES["bowl"], lines=3)
    array([0.25, 1.  , 2.25])
    """
    corners = surface.height(reach * np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]))
    least = surface.height(np.array(surface.lowest)).min()
    steps = np.arange(1, lines + 1) / (lines + 1)
    heights: Floats = least + (corners.max() - least) * np.square(steps)
    return heights
