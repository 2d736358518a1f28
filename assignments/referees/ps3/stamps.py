"""transposed_conv2d: every pixel stamps a weighted kernel onto a larger output."""

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps3.common import FLOAT32, STAMPING, grid
from core.filters.correlate import flip
from core.filters.examples import TENT
from core.filters.grids import read_words, values
from core.filters.transposed import transposed
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def stamped(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """The reference."""
    return transposed(image, kernel, stride=stride, padding=padding, output_padding=output_padding)


def drawn(*, strides: tuple[int, ...], crops: tuple[int, ...] = (0,), extra: bool = False) -> Drawn:
    """Images and kernels of all sizes, never square and never symmetric."""

    def draw(random: np.random.Generator) -> Case:
        stride, padding = int(random.choice(strides)), int(random.choice(crops))
        kernel = grid(random, unlike(random, (2, 3, 4, 5) if padding < 2 else (3, 4, 5)))
        image = grid(random, unlike(random, (2, 3, 4, 5) if padding < 2 else (3, 4, 5)))
        if extra:
            return case(image, kernel, stride, padding, int(random.integers(1, stride)))
        return case(image, kernel, stride, padding) if padding else case(image, kernel, stride)

    return draw


def overwritten(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """The last stamp wins."""
    answer = stamped(image, kernel, stride, padding, output_padding)  # refuses, and has the size
    rows, columns = answer.shape
    sheet, (high, wide) = np.zeros((rows + 2 * padding, columns + 2 * padding)), kernel.shape
    for r, c in np.ndindex(*image.shape):
        sheet[stride * r : stride * r + high, stride * c : stride * c + wide] = image[r, c] * kernel
    return sheet[padding : padding + rows, padding : padding + columns]


def averaged(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """The mean of the stamps that meet."""
    many = stamped(np.ones_like(image), np.ones_like(kernel), stride, padding, output_padding)
    return stamped(image, kernel, stride, padding, output_padding) / np.maximum(many, 1)


def cut(sheet: Floats, padding: int) -> Floats:
    """As many rows and columns off every side; nothing may be left."""
    rows, columns = sheet.shape
    return sheet[padding : max(padding, rows - padding), padding : max(padding, columns - padding)]


def padded(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Zeros around the output in place of a crop."""
    stamped(image, kernel, stride, padding, output_padding)  # refuses
    return np.pad(stamped(image, kernel, stride, 0, output_padding), padding)


def half_cropped(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Rows off above and columns off on the left only."""
    stamped(image, kernel, stride, padding, output_padding)  # refuses
    return stamped(image, kernel, stride, 0, output_padding)[padding:, padding:]


def zeros_after(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Crop first, then put zeros below and on the right."""
    stamped(image, kernel, stride, padding, output_padding)  # refuses
    cropped = cut(stamped(image, kernel, stride), padding)
    return np.pad(cropped, ((0, output_padding), (0, output_padding)))


def above(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Further rows above and columns on the left."""
    stamped(image, kernel, stride, padding, output_padding)  # refuses
    return cut(np.pad(stamped(image, kernel, stride), ((output_padding, 0), (output_padding, 0))), padding)


def on_all_sides(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Further rows and columns on every side."""
    stamped(image, kernel, stride, padding, output_padding)  # refuses
    return cut(np.pad(stamped(image, kernel, stride), output_padding), padding)


def down_only(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Steps of one pixel along the columns."""
    stamped(image, kernel, stride, padding, output_padding)  # refuses
    sheet = transposed(image, kernel, stride=(stride, 1))
    return cut(np.pad(sheet, ((0, output_padding), (0, output_padding))), padding)


def gap_at_the_end(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Zeros behind the last pixel as behind every other."""
    stamped(image, kernel, stride, padding, output_padding)  # refuses
    more = stride - 1 + output_padding
    return cut(np.pad(stamped(image, kernel, stride), ((0, more), (0, more))), padding)


def unrefused(image: Floats, kernel: Floats, stride: int = 1, padding: int = 0, output_padding: int = 0) -> Floats:
    """Any output padding, and an output without values."""
    sheet = np.pad(stamped(image, kernel, stride), ((0, output_padding), (0, output_padding)))
    return cut(sheet, padding)


THREE, SMALL = np.array([[4.0, 2, 4], [6, 4, 6], [2, 12, 2]]), np.array([[1.0, 2], [3, 4]])
TWO, DIGITS = np.array([[1.0, 2.0]]), np.array([[1.0, 10.0, 100.0]])
RAMP = np.arange(1.0, 7.0).reshape(2, 3) - 3.5
tent = values(read_words(TENT))

transposed_conv2d = Referee(
    name="transposed_conv2d",
    points=3,
    reference=stamped,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(TWO, DIGITS, title="Two values, stride 1"),
                case(TWO, DIGITS, 2, title="Two values, stride 2"),
                case(THREE, tent, 2, 1, title="A tent fills the gaps"),
                case(SMALL, tent, 2, 1, title="Two by two becomes three by three"),
                case(SMALL, tent, 2, 1, 1, title="Two by two becomes four by four"),
            ),
        ),
        Group(
            "stride 1",
            weight=2,
            drawn=drawn(strides=(1,)),
            count=7,
            cases=(case(RAMP, np.array([[2.0]])), case(np.array([[3.0]]), RAMP), case(np.array([[3.0]]), RAMP, 1, 0)),
        ),
        Group(
            "larger strides",
            weight=2,
            drawn=drawn(strides=(2, 3, 4)),
            count=9,
            cases=(case(RAMP, RAMP + 3.25, 4), case(RAMP, np.array([[2.0]]), 3)),  # gaps that no stamp reaches
        ),
        Group(
            "cropped",
            weight=2,
            drawn=drawn(strides=(1, 2, 3), crops=(1, 2)),
            count=9,
            cases=(case(RAMP, np.array([[2.0, 3.0]]), 3, 1), case(RAMP, RAMP.T, 1, 1)),
        ),
        Group(
            "with output padding",
            weight=2,
            drawn=drawn(strides=(2, 3, 4), crops=(0, 1, 2), extra=True),
            count=9,
            cases=(
                case(RAMP, RAMP.T + 0.25, 2, 1, 1),
                case(RAMP, RAMP.T + 0.25, 3, 1, 2),
                case(RAMP, RAMP, 3, 0, 2),
                case(np.array([[5.0]]), RAMP.T, 2, 1, 1),
            ),
        ),
        Group(
            "output paddings and crops that are impossible",
            weight=1,
            cases=(
                case(RAMP, RAMP, 1, 0, 1, raises=ValueError),
                case(RAMP, RAMP.T, 2, 1, 2, raises=ValueError),
                case(RAMP, RAMP.T, 3, 0, 4, raises=ValueError),
                case(RAMP, RAMP.T, 1, 2, raises=ValueError),  # no row is left, or no column
                case(RAMP, np.array([[2.0], [1.0], [3.0]]), 1, 2, raises=ValueError),
                case(RAMP.T, np.array([[2.0, 1.0, 3.0, 4.0]]), 2, 3, 1, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "flips the kernel",
            lambda image, kernel, *rest: stamped(image, flip(kernel), *rest),
            hint="Your stamps are turned by half a turn. A pixel stamps the kernel as it is.",
        ),
        Mistake(
            "transposes the kernel",
            lambda image, kernel, *rest: stamped(image, kernel.T, *rest),
            hint="Transposed is the matrix of the filter, not the kernel: a pixel stamps the kernel as it is.",
        ),
        Mistake("overwrites", overwritten, hint="Where stamps overlap they add up. Yours replace each other."),
        Mistake("averages", averaged, hint="Where stamps overlap they add up; do not take their mean."),
        Mistake(
            "forgets to crop",
            lambda image, kernel, stride=1, padding=0, output_padding=0: stamped(
                image, kernel, stride, 0, output_padding
            ),
            hint="Your output still has its margins: `padding` rows and columns go off on every side.",
        ),
        Mistake(
            "pads",
            padded,
            hint="Here `padding` makes the output smaller, not larger: as many rows and columns are cropped.",
        ),
        Mistake(
            "crops two sides",
            half_cropped,
            hint="You crop above and on the left. Crop below and on the right as well.",
        ),
        Mistake(
            "appends zeros",
            zeros_after,
            hint="You crop first and append zeros then. Make the sheet larger before you crop: less is lost then.",
        ),
        Mistake(
            "puts output padding first",
            above,
            hint="Output padding makes the sheet larger below and on the right, not above and on the left.",
        ),
        Mistake(
            "puts output padding on all sides",
            on_all_sides,
            hint="Output padding makes the sheet larger below and on the right only.",
        ),
        Mistake(
            "ignores output padding",
            lambda image, kernel, stride=1, padding=0, output_padding=0: stamped(image, kernel, stride, padding),
            hint="Your output is too small where an output padding is given.",
        ),
        Mistake(
            "ignores the stride",
            lambda image, kernel, stride=1, padding=0, output_padding=0: unrefused(
                image, kernel, 1, padding, output_padding
            ),
            hint="Neighbouring pixels stamp `stride` pixels apart, yours only one.",
        ),
        Mistake(
            "steps down only",
            down_only,
            hint="The stride holds in both directions: from row to row and from column to column.",
        ),
        Mistake(
            "leaves a gap at the end",
            gap_at_the_end,
            hint="Zeros come between the pixels, not behind the last one: your output is too large.",
        ),
        Mistake(
            "answers the impossible",
            unrefused,
            hint="Two inputs are impossible, and a ValueError says so: an output padding as large as the stride, and a "
            "crop that leaves nothing.",
        ),
    ),
    forbidden=STAMPING,
)
