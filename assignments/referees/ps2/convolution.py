"""convolve2d: every pixel stamps a copy of the kernel; the whole of it, as far as kernel and image touch."""

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps2.common import FILTERING, FLOAT32
from core.filters.correlate import convolve, correlate
from core.filters.examples import IMPULSE
from core.filters.grids import read_words, values
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def whole(image: Floats, kernel: Floats) -> Floats:
    """The reference: every place at which kernel and image touch."""
    return convolve(image, kernel, padding=(kernel.shape[0] - 1, kernel.shape[1] - 1))


def drawn(*, square: bool) -> Drawn:
    """An image larger than its kernel in both directions; the image is never square."""

    def draw(random: np.random.Generator) -> Case:
        side = int(random.integers(2, 5))
        sides = (side, side) if square else unlike(random, (1, 2, 3, 4, 5))
        rows, columns = unlike(random, (6, 7, 8, 9))
        return case(random.standard_normal((rows, columns)), random.standard_normal(sides))

    return draw


def laid(image: Floats, kernel: Floats, as_it_lies: Floats) -> Floats:
    """The right padding, and a kernel that was turned in some way."""
    return correlate(image, as_it_lies, padding=(kernel.shape[0] - 1, kernel.shape[1] - 1))


def cropped(image: Floats, kernel: Floats) -> Floats:
    """As large as the image: the middle of the whole."""
    (rows, columns), (down, across) = image.shape, ((side - 1) // 2 for side in kernel.shape)
    return whole(image, kernel)[down : down + rows, across : across + columns]


def around_the_edge(image: Floats, kernel: Floats) -> Floats:
    """A product of spectra without room: what leaves on the right comes in on the left."""
    answer: Floats = np.fft.ifft2(np.fft.fft2(image) * np.fft.fft2(kernel, s=image.shape)).real
    return answer


COUNTING = np.arange(1.0, 10.0).reshape(3, 3)

convolve2d = Referee(
    name="convolve2d",
    points=1,
    reference=whole,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0, 5.0]]), title="Two stamps"),
                case(values(read_words(IMPULSE)), COUNTING, title="A single bright pixel"),
            ),
        ),
        Group("square kernels", weight=1, drawn=drawn(square=True)),
        Group("kernels that are not square", weight=1, drawn=drawn(square=False)),
        Group(
            "single pixels, and kernels larger than the image",
            weight=1,
            cases=(
                case(np.arange(6.0).reshape(2, 3) - 2, np.array([[-3.0]])),
                case(np.array([[-2.0]]), np.arange(6.0).reshape(2, 3)),
                case(np.arange(6.0).reshape(2, 3), np.arange(20.0).reshape(5, 4) - 7),
                case(np.arange(6.0).reshape(3, 2), np.array([[1.0, -2.0, 0.0, 4.0]])),
                case(np.arange(4.0).reshape(1, 4), np.array([[1.0], [5.0], [-2.0]])),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "does not flip",
            lambda image, kernel: laid(image, kernel, kernel),
            hint="That is correlation: the minus signs in the formula turn the kernel by half a turn.",
        ),
        Mistake(
            "flips the rows only",
            lambda image, kernel: laid(image, kernel, kernel[::-1]),
            hint="Your kernel is turned upside down only. Half a turn reverses its columns as well.",
        ),
        Mistake(
            "flips the columns only",
            lambda image, kernel: laid(image, kernel, kernel[:, ::-1]),
            hint="Your kernel is turned left to right only. Half a turn reverses its rows as well.",
        ),
        Mistake(
            "transposes instead",
            lambda image, kernel: laid(image, kernel, kernel.T),
            hint="Transposing swaps rows and columns. Half a turn reverses both of them and swaps nothing.",
        ),
        Mistake(
            "turns by a quarter",
            lambda image, kernel: laid(image, kernel, np.rot90(kernel)),
            hint="You turn the kernel by a quarter. The formula asks for half a turn.",
        ),
        Mistake(
            "stays inside",
            convolve,
            hint="Your kernel stays inside the image. Here every place counts at which the two touch: pad with zeros.",
        ),
        Mistake(
            "keeps the size",
            cropped,
            hint="Your output is as large as the image. Here it is larger: every place counts at which the two touch.",
        ),
        Mistake(
            "goes around the edge",
            around_the_edge,
            hint="What leaves the image on one side comes in on the other. Beyond the image there are zeros.",
        ),
    ),
    forbidden=FILTERING,
)
