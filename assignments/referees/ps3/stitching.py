"""shift_and_stitch: a net that answers at every f-th place is asked again on shifted images."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps3.common import FLOAT32, grid
from core.filters.correlate import correlate_fast
from core.filters.unpooling import nearest
from core.segment import stitch
from core.types import Floats, Pair
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

Net = Callable[[Floats], Floats]


def strided(weights: Floats, factor: int) -> Net:
    """A net of one filter that answers at every `factor`-th place: (H, W) -> (h, w).

    It answers factor * factor times and refuses then. The class is made in here so that it stays with the judge, and a
    copy begins to count anew, so that every question has a net of its own.
    """

    shifts = factor * factor

    @dataclass
    class Filter:
        """The net, and how often it may still be asked."""

        factor: int
        weights: Floats
        left: int = field(default=shifts, repr=False)

        def net(self, image: Floats) -> Floats:
            self.left -= 1
            if self.left < 0:
                raise RuntimeError(f"a factor of {self.factor} needs no more than {self.factor**2} shifts")
            if min(np.shape(image)) < len(self.weights):
                raise ValueError(f"no window of {len(self.weights)} fits into {np.shape(image)}")
            return correlate_fast(np.asarray(image, dtype=float), self.weights, stride=self.factor)

        def __deepcopy__(self, memo: dict[int, object]) -> "Filter":
            return Filter(self.factor, self.weights)

    return Filter(factor, weights).net


def full(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """The reference."""
    return stitch.shift_and_stitch(net, image, factor, window=window)


def asked(weights: Floats, image: Floats, factor: int, *, title: str = "") -> Case:
    """A question about a net with this filter."""
    return case(strided(weights, factor), image, factor, len(weights), title=title)


def drawn(*, fits: bool) -> Drawn:
    """Images that are not square; all shifts give maps of the same size, or certainly not."""

    def draw(random: np.random.Generator) -> Case:
        factor, window = int(random.integers(2, 4)), int(random.integers(2, 5))
        sides = [factor * count for count in unlike(random, (2, 3, 4))]  # of the answer
        if not fits:
            sides = [side + int(random.integers(1, factor)) for side in sides]
        rows, columns = (side + window - 1 for side in sides)
        return asked(grid(random, (window, window)), grid(random, (rows, columns)), factor)

    return draw


def maps(net: Net, image: Floats, factor: int, window: int) -> tuple[Mapping[Pair, Floats], Pair]:
    """The answers to all shifts for which there is a window, and the sides of the whole."""
    rows, columns = image.shape[0] - window + 1, image.shape[1] - window + 1
    shifts = [(r, c) for r, c in np.ndindex(factor, factor) if r < rows and c < columns]
    return {(r, c): net(image[r:, c:]) for r, c in shifts}, (rows, columns)


def side_by_side(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """The maps beside and below each other."""
    found, (rows, columns) = maps(net, image, factor, window)
    down, across = range(min(factor, rows)), range(min(factor, columns))
    return np.block([[found[r, c] for c in across] for r in down])


def other_way(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """The image moved down and to the right, zeros behind it."""
    rows, columns = image.shape[0] - window + 1, image.shape[1] - window + 1
    answer = np.zeros((rows, columns))
    for r, c in np.ndindex(min(factor, rows), min(factor, columns)):
        room = answer[r::factor, c::factor]
        room[:] = net(np.pad(image, ((r, 0), (c, 0))))[: room.shape[0], : room.shape[1]]
    return answer


def some(net: Net, image: Floats, factor: int, window: int, *, wanted: Callable[[int, int], bool]) -> Floats:
    """Not all shifts; zeros where none answered."""
    rows, columns = image.shape[0] - window + 1, image.shape[1] - window + 1
    answer = np.zeros((rows, columns))
    for r, c in np.ndindex(min(factor, rows), min(factor, columns)):
        if wanted(r, c):
            answer[r::factor, c::factor] = net(image[r:, c:])
    return answer


def repeated(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """One pass, every answer repeated."""
    answer = nearest(net(image), factor)
    return answer[: image.shape[0] - window + 1, : image.shape[1] - window + 1]


def turned_shifts(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """Every map where that of the opposite shift belongs."""
    found, (rows, columns) = maps(net, image, factor, window)
    answer = np.zeros((rows, columns))
    for (r, c), coarse in found.items():
        room = answer[min(factor, rows) - 1 - r :: factor, min(factor, columns) - 1 - c :: factor]
        high, wide = min(room.shape[0], coarse.shape[0]), min(room.shape[1], coarse.shape[1])
        room[:high, :wide] = coarse[:high, :wide]
    return answer


def swapped_shifts(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """Rows of a shift taken for columns where the maps are put together."""
    found, (rows, columns) = maps(net, image, factor, window)
    answer = np.zeros((rows, columns))
    for (r, c), coarse in found.items():
        room = answer[c::factor, r::factor]
        high, wide = min(room.shape[0], coarse.shape[0]), min(room.shape[1], coarse.shape[1])
        room[:high, :wide] = coarse[:high, :wide]
    return answer


def rounded_up(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """As large as the first map would be factor times, the rest 0."""
    answer = full(net, image, factor, window)
    return np.pad(answer, ((0, -answer.shape[0] % factor), (0, -answer.shape[1] % factor)))


def rounded_down(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """As large as the last map would be factor times."""
    answer = full(net, image, factor, window)
    rows, columns = answer.shape
    return answer[: rows - rows % factor, : columns - columns % factor]


def as_large_as_the_image(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """Zeros where no window begins."""
    answer = full(net, image, factor, window)
    return np.pad(answer, (0, window - 1))


def without_a_look(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """All shifts, also those for which no window fits."""
    found: Any = {(r, c): net(image[r:, c:]) for r, c in np.ndindex(factor, factor)}
    return stitch.stitched(found, (image.shape[0] - window + 1, image.shape[1] - window + 1), factor)


def window_by_window(net: Net, image: Floats, factor: int, window: int) -> Floats:
    """Every window cut out and shown to the net."""
    rows, columns = image.shape[0] - window + 1, image.shape[1] - window + 1
    return np.array([[net(image[r : r + window, c : c + window])[0, 0] for c in range(columns)] for r in range(rows)])


LOOK = np.array([[1.0, 2.0], [3.0, -4.0]])
PIXELS = np.array([[3.0, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
SMALL = PIXELS[:3] - 4

shift_and_stitch = Referee(
    name="shift_and_stitch",
    points=2,
    reference=full,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the notebook",
            weight=1,
            visible=True,
            cases=(
                asked(LOOK[:1, :1], np.arange(6.0).reshape(2, 3), 2, title="A net that keeps every second pixel"),
                asked(LOOK, PIXELS, 2, title="A net that sees two by two pixels"),
            ),
        ),
        Group("maps of one size", weight=2, drawn=drawn(fits=True), count=5),
        Group("maps of several sizes", weight=3, drawn=drawn(fits=False), count=5),
        Group(
            "images so small that some shifts leave no window",
            weight=1,
            cases=(
                asked(LOOK, SMALL, 3),
                asked(LOOK, SMALL[:2], 2),
                asked(LOOK, SMALL[:, :2], 4),
                asked(LOOK, SMALL[:2, 1:3], 3),
            ),
        ),
        Group("the factor 1", weight=1, cases=(asked(LOOK, SMALL, 1), asked(LOOK[:1, :1], SMALL, 1))),
    ),
    mistakes=(
        Mistake(
            "lays the maps side by side",
            side_by_side,
            hint="You lay the maps beside each other. Their values take turns: those of one map lie `factor` apart.",
        ),
        Mistake(
            "moves the image the other way",
            other_way,
            hint="A shift leaves the first rows and columns out. You put zeros before them: the net looks too early.",
        ),
        Mistake(
            "swaps down and across",
            swapped_shifts,
            hint="The map of a shift by r rows and c columns belongs to the rows from r and the columns from c on.",
        ),
        Mistake(
            "begins at the wrong end",
            turned_shifts,
            hint="Your shifts stand in the opposite order: the map without any shift begins at the first place.",
        ),
        Mistake(
            "shifts along the diagonal only",
            lambda *arguments: some(*arguments, wanted=lambda r, c: r == c),
            hint="You shift down and across by as much. Every number of rows goes with every number of columns.",
        ),
        Mistake(
            "shifts down only",
            lambda *arguments: some(*arguments, wanted=lambda r, c: c == 0),
            hint="You shift down only. Every number of rows goes with every number of columns.",
        ),
        Mistake(
            "asks once and repeats",
            repeated,
            hint="You ask once and repeat the answers. Ask the net again on a shifted image for the places between.",
        ),
        Mistake(
            "rounds the size up",
            rounded_up,
            hint="Your output has rows or columns for which there is no window.",
        ),
        Mistake(
            "rounds the size down",
            rounded_down,
            hint="Your output lacks rows or columns: the maps of some shifts are larger than those of others.",
        ),
        Mistake(
            "is as large as the image",
            as_large_as_the_image,
            hint="There is a value for every window that fits, so the output is smaller than the image.",
        ),
        Mistake(
            "asks where no window fits",
            without_a_look,
            hint="On a small image some shifts leave less than a window: do not ask the net for them.",
        ),
        Mistake(
            "asks for every window",
            window_by_window,
            hint="You ask the net once for every window. Once for every shift is enough, and the net refuses more.",
        ),
    ),
)
