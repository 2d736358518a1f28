"""max_unpool: every value back where its maximum was."""

from collections.abc import Callable

import numpy as np

from assignments.referees.ps3.common import COPIED, grid
from assignments.referees.ps3.pooling import LECTURE, Places, distinct, pooled
from core.filters import unpooling
from core.types import Floats, Pair
from grading.referee import Case, Drawn, Forbidden, Group, Mistake, Referee, case


def unpooled(values: Floats, places: Places, shape: Pair) -> Floats:
    """The reference."""
    return unpooling.max_unpool(values, np.stack(np.divmod(places, shape[1]), axis=-1), shape)


def anywhere(*, fits: bool = True, signs: bool = False) -> Drawn:
    """Numbers for the places that a pooling kept; the sides of the image are a multiple of its window, or not."""

    def draw(random: np.random.Generator) -> Case:
        image, size = distinct(fits=fits)(random).arguments
        places = pooled(image, size)[1]
        values = grid(random, places.shape)
        return case(values if signs else np.abs(values), places, image.shape)

    return draw


def written(values: Floats, places: Places, shape: Pair) -> Floats:
    """The values at their numbers, whatever these are."""
    output = np.zeros(shape[0] * shape[1])
    output[places] = values
    return output.reshape(shape)


def by_the_height(values: Floats, places: Places, shape: Pair) -> Floats:
    """Row and column with the number of rows for the length of a row."""
    unpooled(values, places, shape)  # refuses
    output = np.zeros(shape)
    output[np.divmod(places, shape[0])] = values
    return output


def down(values: Floats, places: Places, shape: Pair) -> Floats:
    """Pixels counted column after column."""
    answer: Floats = unpooled(values, places, shape).ravel().reshape(shape, order="F")
    return answer


def blocks(values: Floats, places: Places, shape: Pair, *, fill: Callable[[Floats, int], Floats]) -> Floats:
    """Every value as a block of its own, the rest 0."""
    unpooled(values, places, shape)  # refuses
    factor = min(side // count for side, count in zip(shape, values.shape, strict=True))
    grown = fill(values, factor)
    output = np.zeros(shape)
    output[: grown.shape[0], : grown.shape[1]] = grown
    return output


def without_the_rest(values: Floats, places: Places, shape: Pair) -> Floats:
    """Only as large as the windows together."""
    answer = unpooled(values, places, shape)
    rows, columns = (side - side % count for side, count in zip(shape, values.shape, strict=True))
    return answer[:rows, :columns]


def one_before(values: Floats, places: Places, shape: Pair) -> Floats:
    """The first pixel taken for number 1."""
    unpooled(values, places, shape)  # refuses
    return written(values, places - 1, shape)


def left_out(values: Floats, places: Places, shape: Pair) -> Floats:
    """What lies outside is not written."""
    inside = (places >= 0) & (places < shape[0] * shape[1])
    return written(values[inside], places[inside], shape)


def not_below(values: Floats, places: Places, shape: Pair) -> Floats:
    """Refuses numbers that are too large, and counts negative ones from the end."""
    if places.max() >= shape[0] * shape[1]:
        raise ValueError("outside")
    return written(values, places, shape)


ONE_TO_FOUR = np.array([[1.0, 2], [3, 4]])
NUMBERS = pooled(LECTURE, 2)[1]
OUTSIDE = "A number below 0, or one beyond the last pixel, belongs to no pixel of the output: raise a ValueError."

max_unpool = Referee(
    name="max_unpool",
    points=1,
    reference=unpooled,
    tolerance=COPIED,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(ONE_TO_FOUR, NUMBERS, (4, 4), title="The numbers 1 to 4"),
                case(np.array([[6.0, -7.0]]), np.array([[1, 8]]), (2, 5), title="A column left over"),
            ),
        ),
        Group("windows that fit evenly", weight=3, drawn=anywhere(), count=8),
        Group("rows and columns left over", weight=2, drawn=anywhere(fits=False), count=8),
        Group(
            "negative values",
            weight=1,
            drawn=anywhere(signs=True),
            count=8,
            cases=(case(-ONE_TO_FOUR[:1], np.array([[0, 7]]), (2, 4)),),
        ),
        Group(
            "places outside of the output",
            weight=1,
            cases=(
                case(ONE_TO_FOUR, NUMBERS, (3, 4), raises=ValueError),
                case(ONE_TO_FOUR[:1], np.array([[0, 6]]), (2, 3), raises=ValueError),
                case(ONE_TO_FOUR[:1], np.array([[-1, 4]]), (2, 3), raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "divides by the height",
            by_the_height,
            hint="A row is as long as the output is wide: divide the number of a pixel by the number of columns.",
        ),
        Mistake(
            "counts down the columns",
            down,
            hint="Pixels are numbered along the rows: number 1 is the second pixel of the first row.",
        ),
        Mistake(
            "fills the blocks",
            lambda *arguments: blocks(*arguments, fill=unpooling.nearest),
            hint="You repeat every value all over its block. It goes to one place only, and the others are 0.",
        ),
        Mistake(
            "writes into the first corner",
            lambda *arguments: blocks(*arguments, fill=unpooling.bed_of_nails),
            hint="You write into the first corner of every block. The stored place says where the value goes.",
        ),
        Mistake(
            "cuts the rest off",
            without_the_rest,
            hint="Rows and columns that no window reached belong to the output, too: its size is `shape`.",
        ),
        Mistake("counts from 1", one_before, hint="The first pixel has the number 0, so all your values are one off."),
        Mistake(
            "drops negative values",
            lambda values, places, shape: unpooled(np.maximum(values, 0), places, shape),
            hint="Negative values return to their places, too. Only where nothing is written there is a 0.",
        ),
        Mistake(
            "loses the signs",
            lambda values, places, shape: unpooled(np.abs(values), places, shape),
            hint="A value returns as it is, with its sign.",
        ),
        Mistake(
            "cuts the decimals off",
            lambda values, places, shape: unpooled(np.trunc(values), places, shape),
            hint="Your output keeps whole numbers only. Begin with zeros that are floats.",
        ),
        Mistake("does not look at the places", written, hint=OUTSIDE),
        Mistake("leaves places outside out", left_out, hint=OUTSIDE),
        Mistake(
            "counts from the end",
            not_below,
            hint="numpy reads a negative number as counted from the end. Here it is no pixel: raise a ValueError.",
        ),
    ),
    forbidden=(
        Forbidden(
            "torch.nn.functional.max_unpool2d",
            because="This function does the whole exercise. Write the values yourself.",
        ),
    ),
)
