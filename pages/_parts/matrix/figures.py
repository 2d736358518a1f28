"""The figures of the matrix lab: image and output as grids, the matrix between them, and where they come from."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import LimitError
from core.filters.arithmetic import transposed_side
from core.filters.correlate import correlate
from core.filters.examples import BLOCK, PLUS, TENT
from core.filters.grids import Words, write_words
from core.filters.matrix import filter_matrix, which_weight
from core.filters.transposed import transposed
from core.types import Floats, Pair
from pages._kit.board import gathered, grid, scattered, scene, written
from pages._kit.stepper import TIMES, short

Direction = Literal["filter", "transposed"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
MOST_ENTRIES = 2_500  # cells of a matrix that still can be drawn
MOST_PLAIN = 12  # rows and columns of a matrix whose cells are as large as the others
INPUT_NAMES, WEIGHT_NAMES = "abcdefghijklmnopqrstu", "xyz"


@dataclass(frozen=True)
class Example:
    """One setting of the lab, and what it is there to show."""

    lectures: str
    note: str
    image: str
    kernel: str
    direction: Direction = "filter"
    stride: int = 1
    margin: int = 0
    extra: int = 0
    letters: bool = False


EXAMPLES = {
    "1D, stride 1": Example(
        "E",
        "Four stops on six values: 4 x 6. The lecture prints five results, of which the first is 0.",
        "0 1 2 3 4 0",
        "1000 100 10",
        letters=True,
    ),
    "1D, stride 2": Example(
        "E", "Stride 2 keeps every second row: 2 x 6.", "0 1 2 3 4 0", "1000 100 10", stride=2, letters=True
    ),
    "1D transposed, stride 1": Example(
        "E",
        "The same matrix on its side takes four values and gives six.",
        "1 2 3 4",
        "1000 100 10",
        direction="transposed",
        letters=True,
    ),
    "1D transposed, stride 2": Example(
        "E",
        "Two values in, six out. No stamp reaches the sixth: only the output padding keeps it.",
        "1 2",
        "1000 100 10",
        direction="transposed",
        stride=2,
        extra=1,
        letters=True,
    ),
    "2D, 4 x 4 image": Example(
        "A", "Two dimensions give bands of bands.", "1 2 3 4; 5 6 7 8; 9 10 11 12; 13 14 15 16", "1 2 3; 4 5 6; 7 8 9"
    ),
    "2D, plus filter at stride 2": Example(
        "D", "9 x 49 with five values in every row: the strided example as F vec(I).", BLOCK, PLUS, stride=2
    ),
    "2D transposed, bilinear": Example(
        "D",
        "The tent's matrix on its side brings 3 x 3 to 5 x 5.",
        "4 2 4; 6 4 6; 2 12 2",
        TENT,
        direction="transposed",
        stride=2,
        margin=1,
    ),
}


@dataclass(frozen=True)
class Product:
    """A matrix times an image, and the same by filtering."""

    direction: Direction
    image: Floats  # (H, W)
    output: Floats  # (OH, OW)
    matrix: Floats  # (OH * OW, H * W)
    which: NDArray[np.int64]  # (OH * OW, H * W) the number of the weight, -1 where there is none
    filtered: Floats  # (OH, OW) without any matrix
    weights: int

    @property
    def filled(self) -> int:
        """Entries that are not 0."""
        return int(np.count_nonzero(self.matrix))

    @property
    def apart(self) -> float:
        """The largest difference between the product and the filtered image."""
        return float(np.abs(self.output - self.filtered).max())


def multiply(image: Floats, kernel: Floats, *, direction: Direction, stride: int, margin: int, extra: int) -> Product:
    """The matrix of a filter, or of its transpose, times an image (H, W). One row of numbers counts as 1D."""
    flat = image.shape[0] == kernel.shape[0] == 1
    steps, margins = ((1, stride), (0, margin)) if flat else ((stride, stride), (margin, margin))
    size = (kernel.shape[0], kernel.shape[1])
    if direction == "transposed":
        extras = (0, extra) if flat else (extra, extra)
        shape = _grown(image, size, steps, margins, extras)
        _readable(image.size, shape[0] * shape[1])
        matrix = filter_matrix(shape, kernel, stride=steps, padding=margins).T
        which = which_weight(shape, size, stride=steps, padding=margins).T
        filtered = transposed(image, kernel, stride=steps, padding=margins, output_padding=extras)
    else:
        filtered = correlate(image, kernel, stride=steps, padding=margins)
        _readable(image.size, filtered.size)
        shape = (image.shape[0], image.shape[1])
        matrix = filter_matrix(shape, kernel, stride=steps, padding=margins)
        which = which_weight(shape, size, stride=steps, padding=margins)
    output = (matrix @ image.ravel()).reshape(filtered.shape)
    return Product(direction, image, output, matrix, which, filtered, int(np.unique(which[which >= 0]).size))


def _grown(image: Floats, kernel: Pair, stride: Pair, padding: Pair, extra: Pair) -> Pair:
    rows, columns = (
        transposed_side(n, k, stride=s, padding=p, output_padding=o)
        for n, k, s, p, o in zip(image.shape, kernel, stride, padding, extra, strict=True)
    )
    return rows, columns


def _readable(inputs: int, outputs: int) -> None:
    if inputs * outputs > MOST_ENTRIES:
        raise LimitError(
            f"the matrix would have {outputs} x {inputs} entries: up to {MOST_ENTRIES:,} can be read, "
            "so a smaller image or a larger stride would do"
        )


def matrix_scene(image: Words, kernel: Words, found: Product, *, letters: bool) -> dict[str, Any]:
    """Image, kernel and output, and below them the matrix; one colour for each weight wherever it stands."""
    numbers = np.arange(len(kernel) * len(kernel[0])).reshape(len(kernel), -1)
    weights, inputs = weight_names(found, letters), input_names(image, letters)
    outputs, goes = gathered(found.matrix, found.image), scattered(found.matrix, found.image)
    wide = found.matrix.shape[1]
    for row, each in enumerate(outputs):
        each["marks"]["matrix"] = [
            (row * wide + at, "", "", "tap") for at in np.flatnonzero(found.which[row] >= 0).tolist()
        ]
        if letters:
            each["terms"] = f"{spelled(found.which[row], weights, inputs)} = {each['terms']}"
            each["marks"]["image"] = [(at, f"·{weights[found.which[row, at]]}") for at, _ in each["marks"]["image"]]
    for column, each in enumerate(goes):
        each["marks"]["matrix"] = [
            (row * wide + column, "", "", "tap") for row in np.flatnonzero(found.which[:, column] >= 0).tolist()
        ]
    entries = [
        [("0" if at < 0 else weights[at] if letters else short(value)) for at, value in zip(taps, line, strict=True)]
        for taps, line in zip(found.which.tolist(), found.matrix.tolist(), strict=True)
    ]
    name = "Matrix" if found.direction == "filter" else "Transposed matrix"
    grids = {
        "image": grid(f"Image {_size(found.image)}", image, numbers=found.image, field="matrix_image"),
        "kernel": grid(f"Kernel {_size(numbers)}", kernel, field="matrix_kernel", tints=numbers),
        "output": grid(f"Output {_size(found.output)}", written(found.output), numbers=found.output),
        "matrix": grid(
            f"{name} {_size(found.matrix)}",
            entries,
            tints=found.which,
            tiny=max(found.matrix.shape) > MOST_PLAIN,
            acts="output",
        ),
    }
    legend = "Point at an output (or at its row) to see row times image; point at the image to see a column. "
    legend += (
        "The matrix has a row for each output and a column for each value of the image; one colour is one weight. "
    )
    legend += "Image and kernel can be edited."
    if letters:
        legend += f" In letters the kernel is {_run(weights)}"
        known = [name for name in inputs if name != "0"]
        legend += f", and the values of the image that are not 0 are {_run(known)}." if known else "."
    tall = found.matrix.shape[0] > found.matrix.shape[1]
    layout = [["image", "kernel", "output", "matrix"]] if tall else [["image", "kernel", "output"], ["matrix"]]
    return scene(grids, layout, {"output": outputs, "image": goes}, walk="output", legend=legend)


def _run(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{names[0]} to {names[-1]}"


def weight_names(found: Product, letters: bool) -> list[str]:
    """Names of the weights: x, y, z where they are three, else numbered."""
    count = int(found.which.max()) + 1
    if not letters:
        return []
    return (
        list(WEIGHT_NAMES[:count]) if count <= len(WEIGHT_NAMES) else [f"w{number}" for number in range(1, count + 1)]
    )


def input_names(image: Words, letters: bool) -> list[str]:
    """Names of the values: a, b, c ... and 0 where a 0 is written."""
    words = [word for row in image for word in row]
    names = (
        iter(INPUT_NAMES) if len(words) <= len(INPUT_NAMES) else (f"i{number}" for number in range(1, len(words) + 1))
    )
    return ["0" if word == "0" else next(names) for word in words] if letters else words


def spelled(taps: NDArray[np.int64], weights: list[str], inputs: list[str]) -> str:
    """One row of the product in letters, as the lecture writes it.

    >>> spelled(np.array([0, 1, 2, -1]), ["x", "y", "z"], ["0", "a", "b", "c"])
    'ay + bz'
    """
    terms = [name + weights[tap] for tap, name in zip(taps.tolist(), inputs, strict=True) if tap >= 0 and name != "0"]
    return " + ".join(terms) or "0"


def findings(image: Words, found: Product, *, letters: bool) -> list[str]:
    """What to notice, in the numbers of this setting."""
    rows, columns = found.matrix.shape
    same = "exactly" if found.apart == 0 else f"up to rounding ({found.apart:.0e})"
    dense = rows * columns
    how = "filtering" if found.direction == "filter" else "stamping"
    said = [
        f"**A filter is a dense layer with most weights 0 and the others tied.** {found.filled:,} of {dense:,} entries "
        f"are not 0, and {found.weights} weights fill them all; a dense layer would learn {dense:,}.",
        f"Row times image, for every row, gives what {how} gives: {same} the same {found.output.size} values.",
    ]
    if letters:
        told = ", ".join(spelled(row, weight_names(found, True), input_names(image, True)) for row in found.which)
        said.append(f"In letters the product is [{told}]: one entry for each row, {rows} in all.")
    if found.direction == "filter":
        said.append(
            "Every row is the row above, moved by the stride. Turn the matrix on its side: that is the transposed "
            "filter."
        )
    else:
        said.append(
            "Turned on its side the matrix takes as many values as the filter gave, and returns as many as it took. "
            "It is not the inverse: sizes come back, values do not."
        )
    return said


def answer(found: Product) -> str:
    """The question's numbers, and those of this setting."""
    rows, columns = found.matrix.shape
    return (
        "4 rows and 6 columns, because a kernel of 3 stops 4 times on 6 values; 12 entries are not 0, and they are the "
        f"same 3 weights. Your setting has {rows} {TIMES} {columns}, {found.filled} entries, {found.weights} weights."
    )


def python_call(image: Words, kernel: Words, found: Product, *, stride: int, margin: int, extra: int) -> str:
    """The call that gives the numbers on screen."""
    flat = len(image) == len(kernel) == 1
    steps, margins = (f"(1, {stride})", f"(0, {margin})") if flat else (str(stride), str(margin))
    lines = [
        "from core.filters.grids import read_words, values",
        "from core.filters.matrix import filter_matrix",
        "",
        f'image = values(read_words("{write_words(image)}"))',
        f'kernel = values(read_words("{write_words(kernel)}"))',
    ]
    if found.direction == "filter":
        lines.append(f"matrix = filter_matrix(image.shape, kernel, stride={steps}, padding={margins})")
    else:
        shape = tuple(found.output.shape)
        lines.append(
            f"matrix = filter_matrix({shape}, kernel, stride={steps}, padding={margins}).T  # output padding {extra}"
        )
    return "\n".join([*lines, f"output = (matrix @ image.ravel()).reshape({tuple(found.output.shape)})"])


def _size(shaped: NDArray[Any]) -> str:
    return f"{shaped.shape[0]} {TIMES} {shaped.shape[1]}"
