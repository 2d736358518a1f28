"""max_pool_with_indices: the largest value of every window, and where it was."""

import numpy as np
from numpy.typing import NDArray

from assignments.referees.drawing import unlike
from assignments.referees.ps3.common import COPIED, POOLING
from core.filters.pooling import max_pool, max_positions
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

Places = NDArray[np.int64]
Found = tuple[Floats, Places]

LECTURE = np.array([[1.0, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]])


def numbered(positions: Places, width: int) -> Places:
    """Rows and columns (OH, OW, 2) as numbers of pixels, counted row after row."""
    numbers: Places = positions[..., 0] * width + positions[..., 1]
    return numbers


def pooled(image: Floats, size: int) -> Found:
    """The reference."""
    return max_pool(image, size), numbered(max_positions(image, size), image.shape[1])


def distinct(*, fits: bool) -> Drawn:
    """Whole numbers above 0, each once; the windows fit evenly, or rows and columns are left over."""

    def draw(random: np.random.Generator) -> Case:
        size = int(random.integers(2, 4))
        rows, columns = (size * count for count in unlike(random, (2, 3, 4)))
        more = (0, 0) if fits else random.integers(1, size, size=2)
        shape = rows + int(more[0]), columns + int(more[1])
        return case(1.0 + random.permutation(shape[0] * shape[1]).reshape(shape), size)

    return draw


def equals(random: np.random.Generator) -> Case:
    """Few different numbers, so that nearly every window holds its largest one several times."""
    size = int(random.integers(2, 4))
    rows, columns = (size * count for count in unlike(random, (2, 3, 4)))
    return case(random.integers(1, 4, size=(rows, columns)).astype(float), size)


def below(random: np.random.Generator) -> Case:
    """Negative numbers only."""
    found = distinct(fits=True)(random)
    image, size = found.arguments
    return case(image - image.max() - 1, size)


def last_of_equals(image: Floats, size: int) -> Found:
    """The search goes on when a value is as large as the largest so far."""
    values, (rows, columns) = max_pool(image, size), (side - side % size for side in image.shape)
    positions = max_positions(image[rows - 1 :: -1, columns - 1 :: -1], size)[::-1, ::-1]
    return values, numbered(np.array([rows - 1, columns - 1]) - positions, image.shape[1])


def down_the_columns(image: Floats, size: int) -> Found:
    """The columns of a window searched one after the other."""
    positions = max_positions(image.T, size).swapaxes(0, 1)[..., ::-1]
    return max_pool(image, size), numbered(positions, image.shape[1])


def numbered_down(image: Floats, size: int) -> Found:
    """Pixels counted column after column."""
    return max_pool(image, size), numbered(max_positions(image, size)[..., ::-1], image.shape[0])


def in_the_window(image: Floats, size: int) -> Found:
    """Places counted anew in every window."""
    return max_pool(image, size), numbered(max_positions(image, size) % size, size)


def times_the_height(image: Floats, size: int) -> Found:
    """The row multiplied by the number of rows."""
    return max_pool(image, size), numbered(max_positions(image, size), image.shape[0])


def from_one(image: Floats, size: int) -> Found:
    """The first pixel called 1."""
    values, places = pooled(image, size)
    return values, places + 1


def hanging_over(image: Floats, size: int) -> Found:
    """A last window that hangs over the edge and takes what is there."""
    rows, columns = image.shape
    around = np.pad(image, ((0, -rows % size), (0, -columns % size)), constant_values=-np.inf)
    return max_pool(around, size), numbered(max_positions(around, size), columns)


def one_by_one(image: Floats, size: int) -> Found:
    """Windows that overlap."""
    positions = max_positions(image, size, stride=1)
    return max_pool(image, size, stride=1), numbered(positions, image.shape[1])


def from_zero(image: Floats, size: int) -> Found:
    """The largest so far starts at 0, its place at 0."""
    values, places = pooled(image, size)
    return np.maximum(values, 0), np.where(values > 0, places, 0)


def unrefused(image: Floats, size: int) -> Found:
    """Arrays without values."""
    if size <= min(image.shape):
        return pooled(image, size)
    nothing = np.zeros((image.shape[0] // size, image.shape[1] // size))
    return nothing, nothing.astype(np.int64)


max_pool_with_indices = Referee(
    name="max_pool_with_indices",
    points=1,
    reference=pooled,
    tolerance=COPIED,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(LECTURE, 2, title="The four largest"),
                case(np.array([[1.0, 4, 4, 2, 9], [4, 0, 2, 4, 9]]), 2, title="Equal values, and a column left over"),
            ),
        ),
        Group("windows that fit evenly", weight=2, drawn=distinct(fits=True), count=6),
        Group("rows and columns left over", weight=1, drawn=distinct(fits=False), count=6),
        Group(
            "equal values",
            weight=1,
            drawn=equals,
            count=6,
            cases=(case(np.full((4, 6), 2.0), 2), case(np.array([[0.0, 1, 3, 3], [1, 0, 3, 3]]), 2)),
        ),
        Group("negative numbers only", weight=1, drawn=below, count=5),
        Group(
            "windows of one pixel, and windows as large as the image",
            weight=1,
            cases=(
                case(LECTURE[:3], 1),
                case(LECTURE[::-1], 4),
                case(np.array([[2.0], [5.0], [3.0]]), 1),
                case(LECTURE[:2, :3], 2),
            ),
        ),
        Group(
            "windows that do not fit",
            weight=1,
            cases=(
                case(LECTURE[:, :3], 4, raises=ValueError),
                case(LECTURE[:2], 3, raises=ValueError),
                case(LECTURE, 5, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "takes the last of equals",
            last_of_equals,
            hint="Of equal values in a window the first one counts. Compare with > and not with >=.",
        ),
        Mistake(
            "reads down the columns",
            down_the_columns,
            hint="Of equal values the first one counts, and a window is read row by row, not column by column.",
        ),
        Mistake(
            "counts down the columns",
            numbered_down,
            hint="Pixels are numbered along the rows: the second pixel of the first row is number 1.",
        ),
        Mistake(
            "counts inside the window",
            in_the_window,
            hint="Your numbers say where in its window a value was. They should say where in the image.",
        ),
        Mistake(
            "multiplies by the height",
            times_the_height,
            hint="A row is as long as the image is wide: multiply the row by the number of columns.",
        ),
        Mistake("counts from 1", from_one, hint="The first pixel has the number 0."),
        Mistake(
            "hangs over the edge",
            hanging_over,
            hint="Your last windows hang over the edge. A window that does not fit completely is left out.",
        ),
        Mistake(
            "moves by one pixel",
            one_by_one,
            hint="Your windows overlap. They lie side by side: each begins where the one before ends.",
        ),
        Mistake(
            "starts from 0",
            from_zero,
            hint="If all values of a window are negative, your answer is 0. The largest of them is negative, too.",
        ),
        Mistake(
            "answers the impossible",
            unrefused,
            hint="A window that is larger than the image fits nowhere: raise a ValueError.",
        ),
    ),
    forbidden=POOLING,
)
