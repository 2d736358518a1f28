"""filter_matrix_2d: the matrix of a filter on an image."""

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps2.common import ROUNDED
from core.filters import matrix
from core.filters.examples import BLOCK, PLUS
from core.filters.grids import read_words, values
from core.types import Floats, Pair
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def banded(kernel: Floats, shape: Pair, stride: int = 1) -> Floats:
    """The reference."""
    return matrix.filter_matrix(shape, kernel, stride=stride)


def drawn(*, steps: bool) -> Drawn:
    """Kernel and image are never square, and no weight is 0."""

    def draw(random: np.random.Generator) -> Case:
        sides, shape = unlike(random, (2, 3)), unlike(random, (5, 6, 7))
        kernel = random.uniform(0.5, 2, size=sides[0] * sides[1]).cumsum().reshape(sides)
        return case(kernel, shape, 2 if steps else 1)

    return draw


def places(kernel: Floats, shape: Pair, stride: int, *, width: int | None = None, down: bool = False) -> Floats:
    """The matrix with the columns counted otherwise: by another width, or down the image instead of along its rows."""
    rows, columns = ((n - k) // stride + 1 for n, k in zip(shape, kernel.shape, strict=True))
    answer = np.zeros((rows * columns, shape[0] * shape[1]))
    for r, c, u, v in np.ndindex(rows, columns, *kernel.shape):
        y, x = stride * r + u, stride * c + v
        answer[r * columns + c, x * shape[0] + y if down else y * (width or columns) + x] += kernel[u, v]
    return answer


def in_one_piece(kernel: Floats, shape: Pair, stride: int = 1) -> Floats:
    """All weights of the kernel side by side, as if the image were a signal."""
    answer = np.zeros_like(banded(kernel, shape, stride))
    columns = (shape[1] - kernel.shape[1]) // stride + 1
    for row in range(len(answer)):
        first = row // columns * stride * shape[1] + row % columns * stride
        for place, weight in enumerate(kernel.ravel()):
            if first + place < answer.shape[1]:
                answer[row, first + place] = weight
    return answer


plus, block = values(read_words(PLUS)), values(read_words(BLOCK))

filter_matrix_2d = Referee(
    name="filter_matrix_2d",
    points=1,
    reference=banded,
    tolerance=ROUNDED,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(np.array([[1.0, 2.0], [3.0, 4.0]]), (2, 3), title="Two places"),
                case(plus, block.shape, 2, title="The plus filter at stride 2"),
            ),
        ),
        Group("stride 1", weight=1, drawn=drawn(steps=False), count=8),
        Group("stride 2", weight=1, drawn=drawn(steps=True), count=8),
        Group(
            "kernels of one row, of one column, and as large as the image",
            weight=1,
            cases=(
                case(np.array([[2.0, -1.0, 5.0]]), (3, 4)),
                case(np.array([[2.0], [-1.0]]), (3, 4), 1),
                case(np.arange(12.0).reshape(3, 4) - 5, (3, 4), 2),
                case(np.array([[-3.0]]), (4, 5), 3),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "counts down the columns",
            lambda kernel, shape, stride=1: places(kernel, shape, stride, down=True),
            hint="Pixels are counted row after row: pixel (y, x) has the number y * W + x.",
        ),
        Mistake(
            "counts in rows of the output",
            lambda kernel, shape, stride=1: places(kernel, shape, stride),
            hint="Pixels are counted in rows of the image, which have W pixels, not in rows of the output.",
        ),
        Mistake(
            "lays the kernel in one piece",
            in_one_piece,
            hint="The rows of the kernel do not lie side by side: the next row of the image begins W pixels later.",
        ),
        Mistake(
            "flips the kernel",
            lambda kernel, *rest: banded(kernel[::-1, ::-1], *rest),
            hint="The weights stand backwards in your rows: correlation lays the kernel on the image as it is.",
        ),
        Mistake(
            "transposes the kernel",
            lambda kernel, *rest: banded(kernel.T, *rest),
            hint="Rows and columns of the kernel have changed places: its first axis runs down the image.",
        ),
        Mistake(
            "transposes the matrix",
            lambda *arguments: banded(*arguments).T,
            hint="Rows and columns have changed places: a row for every output, a column for every pixel.",
        ),
        Mistake(
            "ignores the stride",
            lambda kernel, shape, stride=1: banded(kernel, shape),
            hint="Your window moves by one pixel; it should move by `stride` in both directions.",
        ),
        Mistake(
            "steps along the rows only",
            lambda kernel, shape, stride=1: matrix.filter_matrix(shape, kernel, stride=(1, stride)),
            hint="The stride holds in both directions: down the rows and along the columns.",
        ),
    ),
)
