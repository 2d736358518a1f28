"""Where the names of points stand beside a curve: where there is room, and none where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.types import Floats

UNIT = np.array([130.0, 255.0])  # pixels of one recall and one precision, in a window of 1024
LETTER, LINE = 7.0, 16.0  # pixels of a name: of each letter, and in height
BESIDE = np.array([4.0, 0.0])  # so near a mark a name would be taken for its own
SIDES = {
    "middle right": (1, 0),
    "top right": (1, 1),
    "bottom right": (1, -1),
    "middle left": (-1, 0),
    "top left": (-1, 1),
    "bottom left": (-1, -1),
}


@dataclass(frozen=True, eq=False)
class Name:
    """What is written beside a point, on which side of it, and the pixels that it covers: (left, low, right, high)."""

    point: int
    text: str
    side: str
    box: Floats


def stand(
    points: Floats, names: Sequence[str], sizes: Sequence[int], *, lines: Sequence[Floats], room: Floats
) -> list[Name]:
    """Names beside points (M, 2) whose marks have these sizes, inside the room ((left, low), (right, high)).

    A name stands on or beside no mark but its own, on no other name, and on as little as possible of the lines, each
    (K, 2). Points at one place share a name. The first to come has the choice.
    """
    places = points * UNIT
    half = np.array(sizes, dtype=np.float64).reshape(-1, 1) / 2 + BESIDE
    taken = np.hstack([places - half, places + half])  # (M, 4)
    drawn = np.vstack([_dotted(line * UNIT) for line in lines])  # (D, 2)
    standing = list[Name]()
    for point, text in _shared(points, names):
        own = np.all(points == points[point], axis=1)
        boxes = {side: _box(places[point], text, sizes[point], side) for side in SIDES}
        left = np.vstack([taken[~own], *[each.box for each in standing]])
        free = [side for side, box in boxes.items() if _inside(box, room) and not _overlap(box, left).any()]
        if free:
            side = min(free, key=lambda each: _covered(boxes[each], drawn))
            standing.append(Name(point, text, side, boxes[side]))
    return standing


def _shared(points: Floats, names: Sequence[str]) -> list[tuple[int, str]]:
    """One name for each place, of the first point there."""
    at = dict[tuple[float, ...], list[int]]()
    for number, place in enumerate(points.tolist()):
        at.setdefault(tuple(place), []).append(number)
    return [
        (first, names[first] if not more else f"{names[first]} and {len(more)} more") for first, *more in at.values()
    ]


def _box(place: Floats, text: str, size: int, side: str) -> Floats:
    """What a name beside a mark covers; our charts leave three pixels between the two."""
    across, up = SIDES[side]
    wide, far = LETTER * len(text), size / 2 + 3
    left = place[0] + far if across > 0 else place[0] - far - wide
    low = place[1] + (-LINE / 2, far, -far - LINE)[up]
    return np.array([left, low, left + wide, low + LINE])


def _inside(box: Floats, room: Floats) -> bool:
    (left, low), (right, high) = room * UNIT
    return bool(left <= box[0] and low <= box[1] and box[2] <= right and box[3] <= high)


def _overlap(box: Floats, others: Floats) -> np.ndarray:
    return np.all((box[:2] < others[:, 2:]) & (others[:, :2] < box[2:]), axis=1)


def _covered(box: Floats, dots: Floats) -> int:
    return int(np.all((box[:2] < dots) & (dots < box[2:]), axis=1).sum())


def _dotted(line: Floats) -> Floats:
    """A line as dots, three pixels or less from one to the next: (K, 2) -> (D, 2)."""
    parts = [np.linspace(start, end, 2 + int(np.abs(end - start).max() / 3)) for start, end in pairwise(line)]
    return np.vstack([line, *parts])
