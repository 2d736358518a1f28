"""Where the names of a scatter chart fit: beside their point, on no other name and no other point."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, TALL = 460.0, 400.0  # pixels of the drawing, between those on a screen and on a phone, where names may touch
SIDES = (
    *("middle right", "middle left", "top center", "bottom center"),
    *("top left", "bottom right", "top right", "bottom left"),
)


Area = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class Named:
    """A point in pixels, y upwards, with its radius, and its name with the size of its letters."""

    name: str
    x: float
    y: float
    radius: float
    letters: float


def sides(points: Sequence[Named], walls: Sequence[Area] = ()) -> list[str | None]:
    """For every point where its name goes; None where it would lie on a name, a point or a wall. The first go first.

    >>> sides([Named("A", 10, 10, 4, 12), Named("B", 10, 10, 4, 12)]), sides([Named("far", 0.9 * WIDE, 50, 4, 12)])
    (['middle right', 'middle left'], ['middle left'])
    """
    dots = [(point.x - point.radius, point.y - point.radius, point.x + point.radius, point.y + point.radius)
            for point in points]  # fmt: skip
    taken, found = list[Area](), list[str | None]()
    for number, point in enumerate(points):
        others = [dot for place, dot in enumerate(dots) if place != number and dot != dots[number]]
        fits = [
            (side, area)
            for side in SIDES
            if _inside(area := _area(point, side)) and not any(_meet(area, each) for each in (*taken, *others, *walls))
        ]
        found.append(fits[0][0] if fits else None)
        taken += [fits[0][1]] if fits else []
    return found


def _area(point: Named, side: str) -> Area:
    """The pixels of a name, with a little room around it."""
    vertical, sideways = side.split()
    wide, tall, off = 0.58 * point.letters * len(point.name) + 4, 1.2 * point.letters, point.radius + 2
    left = {"right": point.x + off, "center": point.x - wide / 2, "left": point.x - off - wide}[sideways]
    bottom = {"top": point.y + off, "middle": point.y - tall / 2, "bottom": point.y - off - tall}[vertical]
    return left, bottom, left + wide, bottom + tall


def _inside(area: Area) -> bool:
    return area[0] > -30 and area[2] < 0.92 * WIDE


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
