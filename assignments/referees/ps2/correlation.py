"""correlate2d: a weighted sum of every window, with a stride and a border."""

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps2.common import FILTERING, FLOAT32, image_for
from core.filters.correlate import correlate_fast, flip
from core.filters.examples import BLOCK, IMPULSE, PLUS
from core.filters.grids import read_words, values
from core.filters.padding import Filling, Padding, filling_of, pad, padding_amount
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

EVEN, ODD = (2, 3, 4, 5), (1, 3, 5)
COUNTING = np.arange(1.0, 10.0).reshape(3, 3)
FLAT, MEAN = np.full((4, 4), 6.0), np.full((3, 3), 1 / 9)
RAMP = np.arange(12.0).reshape(3, 4)


def filtered(image: Floats, kernel: Floats, stride: int = 1, padding: Padding = "valid") -> Floats:
    """The reference."""
    rows, columns = kernel.shape
    around = pad(image, padding_amount((rows, columns), padding), filling_of(padding))
    return correlate_fast(around, kernel, stride=stride)


def drawn(*, steps: bool = False, borders: tuple[Padding, ...] = ("valid",)) -> Drawn:
    """Images and kernels of all sizes, never square and never symmetric."""

    def draw(random: np.random.Generator) -> Case:
        border: Padding = borders[int(random.integers(len(borders)))]
        sides = unlike(random, EVEN if border == "valid" else ODD)
        stride = int(random.integers(2, 4)) if steps else 1
        image = image_for(random, sides, room=(4, 10) if steps else (2, 8))
        return case(image, random.standard_normal(sides), stride, border)

    return draw


def mirrored(random: np.random.Generator) -> Case:
    """A kernel that reaches two pixels or more beyond the border: there the ways to fill it differ."""
    sides = unlike(random, (3, 5, 7))
    return case(image_for(random, sides), random.standard_normal(sides), 1, "symmetric")


def bordered(image: Floats, kernel: Floats, stride: int, padding: Padding, filling: Filling) -> Floats:
    """The right amount of padding with the wrong filling."""
    rows, columns = kernel.shape
    return correlate_fast(pad(image, padding_amount((rows, columns), padding), filling), kernel, stride=stride)


def with_border_pixels(image: Floats, kernel: Floats, stride: int = 1, padding: Padding = "valid") -> Floats:
    """The outermost pixel again and again, where the image should be mirrored."""
    if padding != "symmetric":
        return filtered(image, kernel, stride, padding)
    rows, columns = kernel.shape
    down, across = padding_amount((rows, columns), padding)
    return correlate_fast(np.pad(image, ((down, down), (across, across)), mode="edge"), kernel, stride=stride)


def padded_by_the_kernel(image: Floats, kernel: Floats, stride: int = 1, padding: Padding = "valid") -> Floats:
    """Twice the padding that keeps the size."""
    if padding == "valid":
        return filtered(image, kernel, stride)
    rows, columns = kernel.shape
    padding_amount((rows, columns), padding)  # refuses even sides
    return correlate_fast(pad(image, (rows - 1, columns - 1), filling_of(padding)), kernel, stride=stride)


def unrefused(image: Floats, kernel: Floats, stride: int, padding: Padding, *, more: int) -> Floats:
    """Half of an even side, rounded up or down, and no value where no window fits."""
    rows, columns = kernel.shape
    if rows % 2 and columns % 2 and padding != "valid":
        return filtered(image, kernel, stride, padding)
    down, across = (0, 0) if padding == "valid" else ((rows - 1 + more) // 2, (columns - 1 + more) // 2)
    around = pad(image, (down, across), filling_of(padding))
    if around.shape[0] < rows or around.shape[1] < columns:
        return np.zeros([max(0, (n - k) // stride + 1) for n, k in zip(around.shape, kernel.shape, strict=True)])
    return correlate_fast(around, kernel, stride=stride)


IMPOSSIBLE = (
    "Two inputs are impossible, and a ValueError says so: a kernel that does not fit into the image, and an even side "
    "where the output should keep the size."
)
block, plus, impulse = (values(read_words(text)) for text in (BLOCK, PLUS, IMPULSE))

correlate2d = Referee(
    name="correlate2d",
    points=2,
    reference=filtered,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(block, plus, 2, title="The plus filter at stride 2"),
                case(block, plus, title="The plus filter at stride 1"),
                case(impulse, COUNTING, title="A single bright pixel"),
                case(FLAT, MEAN, 1, "same", title="A flat image with zeros around it"),
                case(FLAT, MEAN, 1, "symmetric", title="A flat image with a mirror around it"),
            ),
        ),
        Group(
            "without padding, step by step",
            weight=2,
            drawn=drawn(),
            count=7,
            cases=(case(RAMP, np.array([[2.0]])), case(RAMP, RAMP - 4), case(RAMP, np.array([[1.0, -1.0, 0.0, 3.0]]))),
        ),
        Group("without padding, larger strides", weight=2, drawn=drawn(steps=True), count=7),
        Group(
            "zeros around the image",
            weight=2,
            drawn=drawn(borders=("same",)),
            count=7,
            cases=(case(RAMP - 5, np.arange(35.0).reshape(7, 5) - 9, 1, "same"),),  # higher than the image
        ),
        Group("a mirror around the image", weight=1, drawn=mirrored, count=7),
        Group(
            "padding and larger strides together",
            weight=1,
            drawn=drawn(steps=True, borders=("same", "symmetric")),
            count=8,
            cases=(
                case(RAMP - 5, COUNTING - 3, 2, "same"),
                case(RAMP - 5, np.arange(15.0).reshape(3, 5) - 4, 2, "symmetric"),
            ),
        ),
        Group(
            "windows that do not fit, and even sides that should keep the size",
            weight=1,
            cases=(
                case(RAMP, np.ones((4, 3)), raises=ValueError),
                case(RAMP, np.ones((2, 5)), 3, raises=ValueError),
                case(RAMP, np.arange(6.0).reshape(2, 3), 1, "same", raises=ValueError),
                case(RAMP, np.arange(12.0).reshape(3, 4), 2, "symmetric", raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "flips the kernel",
            lambda image, kernel, *rest: filtered(image, flip(kernel), *rest),
            hint="You turn the kernel by half a turn: that is convolution. Correlation lays it on the image as it is.",
        ),
        Mistake(
            "transposes the kernel",
            lambda image, kernel, *rest: filtered(image, kernel.T, *rest),
            hint="Rows and columns of the kernel have changed places: its first axis runs down the image.",
        ),
        Mistake(
            "ignores the stride",
            lambda image, kernel, stride=1, padding="valid": filtered(image, kernel, 1, padding),
            hint="Your window moves by one pixel; it should move by `stride`.",
        ),
        Mistake(
            "steps down only",
            lambda image, kernel, stride=1, padding="valid": filtered(image, kernel, 1, padding)[::stride],
            hint="The stride holds in both directions: down the rows and along the columns.",
        ),
        Mistake(
            "stops one short",
            lambda image, kernel, *rest: filtered(image, kernel, *rest)[:-1, :-1],
            hint="The last row and the last column are missing. Count the first place of the window, too.",
        ),
        Mistake(
            "averages",
            lambda image, kernel, *rest: filtered(image, kernel, *rest) / kernel.size,
            hint="Add the products up; do not take their mean.",
        ),
        Mistake(
            "ignores the padding",
            lambda image, kernel, stride=1, padding="valid": filtered(image, kernel, stride),
            hint='Your output is as small as without padding: with "same" and "symmetric" the image grows first.',
        ),
        Mistake(
            "pads by the whole kernel",
            padded_by_the_kernel,
            hint="That is too much padding: half of the kernel hangs over the border, so (k - 1) / 2 on each side.",
        ),
        Mistake(
            "fills with zeros instead of a mirror",
            lambda image, kernel, stride=1, padding="valid": bordered(image, kernel, stride, padding, "zeros"),
            hint='With "symmetric" the image goes on as its own mirror image, not with zeros.',
        ),
        Mistake(
            "mirrors without the border pixel",
            lambda image, kernel, stride=1, padding="valid": bordered(
                image, kernel, stride, padding, "reflect" if padding == "symmetric" else "zeros"
            ),
            hint="The mirror stands at the edge of the border pixel, not in its middle, so that pixel appears twice.",
        ),
        Mistake(
            "repeats the border pixel",
            with_border_pixels,
            hint="You repeat the border pixel. A mirror shows the second pixel next, then the third.",
        ),
        Mistake(
            "answers the impossible, halves rounded up",
            lambda image, kernel, stride=1, padding="valid": unrefused(image, kernel, stride, padding, more=1),
            hint=IMPOSSIBLE,
        ),
        Mistake(
            "answers the impossible, halves rounded down",
            lambda image, kernel, stride=1, padding="valid": unrefused(image, kernel, stride, padding, more=0),
            hint=IMPOSSIBLE,
        ),
    ),
    forbidden=FILTERING,
)
