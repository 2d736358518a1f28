"""correlate2d: a weighted sum of every window."""

import numpy as np

from core.filters.correlate import convolve, correlate
from core.types import Floats
from grading.referee import Case, Drawn, Forbidden, Group, Mistake, Referee, Tolerance, case

FLOAT32 = Tolerance(1e-4, 1e-4, because="float32 carries seven digits, and a window adds up to 64 products")


BLOCK = np.zeros((7, 7))
BLOCK[2:5, 2:5] = [[5, 10, 5], [10, 10, 5], [5, 5, 0]]
PLUS = np.array([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
IMPULSE = np.pad(np.ones((1, 1)), 2)
COUNTING = np.arange(1.0, 10.0).reshape(3, 3)


def any_filtering(*, square: bool) -> Drawn:
    """Images and kernels of all sizes, never symmetric."""

    def draw(random: np.random.Generator) -> Case:
        high = int(random.integers(2, 6))
        wide = high if square else high + int(random.integers(1, 4))
        kernel = random.standard_normal((wide, high) if random.integers(2) else (high, wide))
        rows, columns = kernel.shape
        image = random.standard_normal((rows + int(random.integers(1, 9)), columns + int(random.integers(10, 15))))
        return case(image, kernel)

    return draw


def same_size(image: Floats, kernel: Floats) -> Floats:
    """Correlation on an image padded by zeros, as many as keep its size."""
    rows, columns = kernel.shape
    above, left = (rows - 1) // 2, (columns - 1) // 2
    return correlate(np.pad(image, ((above, rows - 1 - above), (left, columns - 1 - left))), kernel)


correlate2d = Referee(
    name="correlate2d",
    points=2,
    reference=correlate,
    tolerance=FLOAT32,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(case(BLOCK, PLUS, title="The plus filter"), case(IMPULSE, COUNTING, title="A single bright pixel")),
        ),
        Group("square kernels", weight=1, drawn=any_filtering(square=True), count=8),
        Group("kernels that are not square", weight=1, drawn=any_filtering(square=False), count=8),
        Group(
            "very small and very large kernels",
            weight=1,
            cases=(
                case(np.arange(12.0).reshape(3, 4), np.array([[2.0]])),
                case(np.arange(12.0).reshape(3, 4), np.arange(12.0).reshape(3, 4) - 4),
                case(np.arange(12.0).reshape(3, 4), np.array([[1.0, -1.0, 0.0, 3.0]])),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "flips the kernel",
            convolve,
            hint="You turn the kernel by half a turn: that is convolution. Correlation lays it on the image as it is.",
        ),
        Mistake(
            "transposes the kernel",
            lambda image, kernel: correlate(image, kernel.T),
            hint="Rows and columns of the kernel have changed places: its first axis runs down the image.",
        ),
        Mistake(
            "transposes the output",
            lambda image, kernel: correlate(image, kernel).T,
            hint="Rows and columns of your output have changed places: its first axis runs down the image.",
        ),
        Mistake(
            "keeps the size",
            same_size,
            hint="Your output is as large as the image. Without padding the kernel stays inside, so it shrinks.",
        ),
        Mistake(
            "stops one short",
            lambda image, kernel: correlate(image, kernel)[:-1, :-1],
            hint="The last row and the last column are missing: there are H - kh + 1 places from top to bottom.",
        ),
        Mistake(
            "averages",
            lambda image, kernel: correlate(image, kernel) / kernel.size,
            hint="Add the products up; do not take their mean.",
        ),
        Mistake(
            "ignores the weights",
            lambda image, kernel: correlate(image, np.ones_like(kernel)),
            hint="You add up the pixels of the window; each has to be multiplied by its weight first.",
        ),
    ),
    forbidden=tuple(
        Forbidden(name, because="This function does the whole exercise. Slide the window yourself.")
        for name in (
            "scipy.signal.correlate2d",
            "scipy.signal.convolve2d",
            "scipy.signal.correlate",
            "scipy.signal.convolve",
            "scipy.signal.fftconvolve",
            "scipy.ndimage.correlate",
            "scipy.ndimage.convolve",
            "torch.conv2d",
            "torch.nn.functional.conv2d",
        )
    ),
)
