"""filter_matrix: a filter along a signal, written as a matrix."""

import numpy as np

from assignments.referees.ps2.common import ROUNDED
from core.filters import matrix
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def banded(kernel: Floats, n: int, stride: int = 1, padding: int = 0) -> Floats:
    """The reference."""
    return matrix.filter_matrix((n,), kernel, stride=stride, padding=padding)


def drawn(*, steps: bool = False, padded: bool = False) -> Drawn:
    """A kernel without symmetry on a signal at least twice as long."""

    def draw(random: np.random.Generator) -> Case:
        k = int(random.integers(3, 6))
        n = 2 * k + int(random.integers(1, 9))
        kernel = random.uniform(0.5, 2, size=k).cumsum() * random.choice([-1, 1])  # never 0, never symmetric
        return case(kernel, n, int(random.integers(2, 4)) if steps else 1, int(random.integers(1, k)) if padded else 0)

    return draw


def with_columns_of_padding(kernel: Floats, n: int, stride: int = 1, padding: int = 0) -> Floats:
    """A column for every zero of the padding."""
    return banded(kernel, n + 2 * padding, stride)


def around_the_end(kernel: Floats, n: int, stride: int = 1, padding: int = 0) -> Floats:
    """Weights that belong to the padding return at the other end, as negative places in Python do."""
    wide = with_columns_of_padding(kernel, n, stride, padding)
    answer = np.zeros((len(wide), n))
    for column in range(n + 2 * padding):
        answer[:, (column - padding) % n] += wide[:, column]
    return answer


def padded_at_the_start(kernel: Floats, n: int, stride: int = 1, padding: int = 0) -> Floats:
    """No zeros behind the end."""
    return banded(kernel, n + padding, stride)[:, padding:]


def unrefused(kernel: Floats, n: int, stride: int = 1, padding: int = 0) -> Floats:
    """A matrix without rows."""
    return banded(kernel, n, stride, padding) if len(kernel) <= n + 2 * padding else np.zeros((0, n))


def whole_rows(kernel: Floats, n: int, stride: int = 1, padding: int = 0) -> Floats:
    """Rows at the border made to add up to what the others add up to."""
    answer = banded(kernel, n, stride, padding)
    sums = answer.sum(axis=1, keepdims=True)
    even: Floats = answer * np.divide(kernel.sum(), sums, out=np.zeros_like(sums), where=sums != 0)
    return even


filter_matrix = Referee(
    name="filter_matrix",
    points=2,
    reference=banded,
    tolerance=ROUNDED,
    torch_or_numpy=True,
    groups=(
        Group(
            "matrices of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(np.array([1.0, 2.0, 3.0]), 6, title="Stride 1"),
                case(np.array([1.0, 2.0, 3.0]), 6, 2, title="Stride 2"),
                case(np.array([1.0, 2.0, 3.0]), 4, 1, 1, title="With padding"),
            ),
        ),
        Group(
            "stride 1 without padding",
            weight=2,
            drawn=drawn(),
            count=8,
            cases=(case(np.array([3.0, -1.0, 0.0, 2.0]), 4), case(np.array([-5.0]), 3)),
        ),
        Group(
            "larger strides", weight=2, drawn=drawn(steps=True), count=10, cases=(case(np.array([2.0, -1.0]), 7, 4),)
        ),
        Group(
            "padding",
            weight=2,
            drawn=drawn(padded=True),
            count=10,
            cases=(case(np.array([1.0, 4.0, 9.0]), 2, 1, 1), case(np.array([2.0, 7.0]), 3, 1, 3)),
        ),
        Group("padding and larger strides together", weight=2, drawn=drawn(steps=True, padded=True), count=10),
        Group(
            "kernels that do not fit",
            weight=1,
            cases=(
                case(np.array([1.0, 2.0, 3.0, 4.0]), 3, raises=ValueError),
                case(np.arange(8.0), 3, 1, 2, raises=ValueError),
                case(np.arange(9.0), 3, 4, 1, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "flips the kernel",
            lambda kernel, *rest: banded(kernel[::-1], *rest),
            hint="The weights stand backwards in your rows: correlation lays the kernel on the signal as it is.",
        ),
        Mistake(
            "transposes the matrix",
            lambda *arguments: banded(*arguments).T,
            hint="Rows and columns have changed places: a row for every output, a column for every input.",
        ),
        Mistake(
            "ignores the stride",
            lambda kernel, n, stride=1, padding=0: banded(kernel, n, 1, padding),
            hint="From row to row the weights should move to the right by `stride` columns.",
        ),
        Mistake(
            "ignores the padding",
            lambda kernel, n, stride=1, padding=0: banded(kernel, n, stride),
            hint="With padding there are more outputs: the kernel starts before the first input, in the zeros.",
        ),
        Mistake(
            "keeps the columns of the padding",
            with_columns_of_padding,
            hint="You have a column for every zero of the padding. Only the n inputs get a column.",
        ),
        Mistake(
            "comes back at the other end",
            around_the_end,
            hint="Weights that fall on the padding come back at the other end of the row: leave them out. In Python a "
            "negative place counts from the end.",
        ),
        Mistake(
            "pads at the start only",
            padded_at_the_start,
            hint="The padding is added at both ends of the signal, so there are more outputs.",
        ),
        Mistake(
            "evens the border out",
            whole_rows,
            hint="Rows at the border have fewer weights, and those are the kernel's own: do not scale them.",
        ),
        Mistake(
            "stops one short",
            lambda *arguments: banded(*arguments)[:-1],
            hint="The last row is missing. Count the first place of the kernel, too.",
        ),
        Mistake(
            "answers the impossible",
            unrefused,
            hint="A kernel that is longer than the padded signal fits nowhere: raise a ValueError.",
        ),
    ),
)
