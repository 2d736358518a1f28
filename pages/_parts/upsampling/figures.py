"""The figures of the upsampling lab: a small map, the larger one, and who went where; the checkerboard of stamps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import LimitError, ShapeError
from core.filters.correlate import flip, windows
from core.filters.grids import Words, write_words
from core.filters.matrix import matrix_of
from core.filters.pooling import max_positions
from core.filters.transposed import (
    bilinear,
    bilinear_kernel,
    coverage,
    overlaps,
    spread_out,
    transposed,
    transposed_by_insertion,
)
from core.filters.unpooling import bed_of_nails, max_unpool, nearest
from core.types import Floats, Pair
from pages._kit.board import Mark, gathered, grid, scattered, scene, written
from pages._kit.stepper import TIMES, short
from pages._parts.upsampling.examples import Way

FUNCTIONS: dict[Way, tuple[Callable[..., Any], ...]] = {
    "nearest": (nearest,),
    "bed of nails": (bed_of_nails,),
    "max unpooling": (max_unpool, max_positions),
    "bilinear": (bilinear, bilinear_kernel),
    "transposed": (transposed, transposed_by_insertion),
}
MOST_SIDE = 24  # cells in one direction that still can be read
FLAT = 8  # side of the flat image that shows a checkerboard


@dataclass(frozen=True)
class Grown:
    """One setting, and what it makes of the image."""

    way: Way
    image: Floats  # (H, W)
    output: Floats  # (OH, OW)
    matrix: Floats  # (OH * OW, H * W)
    call: str
    before: Floats | None = None  # max unpooling: the image whose positions were kept
    kernel: Floats | None = None
    stride: int = 1
    spread: Floats | None = None  # transposed: the image with zeros between and around its pixels
    other: Floats | None = None  # the output of the second view

    @property
    def factor(self) -> str:
        """How much larger it got, in words."""
        rows, columns = (out / into for out, into in zip(self.output.shape, self.image.shape, strict=True))
        return f"{rows:.3g} {TIMES} {columns:.3g}"


def grow(
    way: Way, image: Floats, *, factor: int, before: Floats, kernel: Floats, stride: int, crop: int, extra: int
) -> Grown:
    """The image made larger in the chosen way; only what that way needs is read."""
    size = (image.shape[0], image.shape[1])
    function: Callable[[Floats], Floats]
    more: dict[str, Any] = {}
    if way == "transposed":
        options = {"stride": stride, "padding": crop, "output_padding": extra}
        call = f"transposed(image, kernel, stride={stride}, padding={crop}, output_padding={extra})"
        function = lambda seen: transposed(seen, kernel, **options)  # noqa: E731
        spread = spread_out(image, (kernel.shape[0], kernel.shape[1]), **options)
        more = {"kernel": kernel, "stride": stride, "spread": spread}
        more["other"] = transposed_by_insertion(image, kernel, **options)
    elif way == "max unpooling":
        if (2 * image.shape[0], 2 * image.shape[1]) != before.shape:
            raise ShapeError(
                f"the image before pooling is {before.shape[0]} x {before.shape[1]}, so 2 x 2 windows leave "
                f"{before.shape[0] // 2} x {before.shape[1] // 2} values: the map has {size[0]} x {size[1]}"
            )
        positions, shape = max_positions(before, 2), (before.shape[0], before.shape[1])
        call, more = f"max_unpool(image, max_positions(before, 2), {shape})", {"before": before}
        function = lambda seen: max_unpool(seen, positions, shape)  # noqa: E731
    elif way == "bilinear":
        call = f"bilinear(image, {factor})"
        function = lambda seen: bilinear(seen, factor)  # noqa: E731
        more = {"kernel": bilinear_kernel(2 * factor - factor % 2), "stride": factor}
    else:
        call = f"{FUNCTIONS[way][0].__name__}(image, {factor})"
        function = lambda seen: FUNCTIONS[way][0](seen, factor)  # noqa: E731
    output = function(image)
    if max(*output.shape, *(more["spread"].shape if "spread" in more else (0,))) > MOST_SIDE:
        raise LimitError(
            f"{output.shape[0]} x {output.shape[1]} cells are too many to read: at most {MOST_SIDE} each way, "
            "so a smaller factor or stride would do"
        )
    return Grown(way, image, output, matrix_of(function, size), call, **more)


def growing_scene(image: Words, before: Words, kernel: Words, found: Grown) -> dict[str, Any]:
    """Small map and large map; an output marks what it is made of, an input marks where it goes."""
    grids = {"image": grid(f"Map {_size(found.image)}", image, numbers=found.image, field="up_image")}
    outputs, inputs = gathered(found.matrix, found.image), scattered(found.matrix, found.image)
    row = ["image"]
    if found.before is not None:
        grids["before"] = grid(f"Before pooling {_size(found.before)}", before, numbers=found.before, field="up_before")
        places = max_positions(found.before, 2)
        flat = (places[..., 0] * found.before.shape[1] + places[..., 1]).ravel().tolist()
        for here, place in zip(inputs, flat, strict=True):
            here["marks"]["before"] = [(place, "max", ", the largest of its window", "winner")]
        row.append("before")
    if found.kernel is not None:
        edit = "up_kernel" if found.way == "transposed" else None
        texts = kernel if edit else written(found.kernel)
        grids["kernel"] = grid(f"Kernel {_size(found.kernel)}", texts, field=edit)
        row.append("kernel")
    if found.spread is not None and found.kernel is not None:
        grids["spread"] = grid(f"Zeros inserted {_size(found.spread)}", written(found.spread), numbers=found.spread)
        for each, taps in zip(outputs, _taps(found.spread, found.kernel), strict=True):
            each["marks"]["spread"] = taps
        row.append("spread")
    grids["output"] = grid(f"Output {_size(found.output)}", written(found.output), numbers=found.output)
    legend = (
        "Point at an output: what is it made of? Point at a value of the map: where does it go? Cells can be edited."
    )
    layout = [row, ["output"]] if len(row) > 3 else [[*row, "output"]]
    return scene(grids, layout, {"output": outputs, "image": inputs}, walk="image", legend=legend)


def _taps(spread: Floats, kernel: Floats) -> list[list[Mark]]:
    """What the second view reads at every stop: the turned kernel over the spread image."""
    cells = windows(np.arange(float(spread.size)).reshape(spread.shape), (kernel.shape[0], kernel.shape[1]))
    laid = [short(weight) for weight in flip(kernel).ravel().tolist()]
    stops = cells.reshape(-1, kernel.size).astype(int).tolist()
    return [
        [(cell, f"×{weight}", f", times {weight}", "tap") for cell, weight in zip(stop, laid, strict=True)]
        for stop in stops
    ]


def checkerboard(kernel: Pair, stride: int) -> tuple[dict[str, Any], str]:
    """How many stamps reach every output of a flat image, and the picture in words."""
    counts = coverage((FLAT, FLAT), kernel, stride=stride)
    down, across = (sorted(set(overlaps(side, stride=stride))) for side in kernel)
    least, most = down[0] * across[0], down[-1] * across[-1]
    told = f"away from the border every output gets {most}" if least == most else f"from {least} to {most} in turn"
    figure = {
        "data": [
            {
                "type": "heatmap",
                "z": counts.astype(np.float32),
                "colorscale": "Cividis",
                "colorbar": {"title": {"text": "stamps"}, "thickness": 12, "dtick": 1, "x": 1.0},
                "hovertemplate": "row %{y}, column %{x}: %{z} stamps<extra></extra>",
            }
        ],
        "layout": {
            "height": 320,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"visible": False, "fixedrange": True, "constrain": "domain"},
            "yaxis": {"visible": False, "fixedrange": True, "scaleanchor": "x", "autorange": "reversed"},
        },
    }
    alt = (
        f"Stamps per output of a flat {FLAT} {TIMES} {FLAT} map with a kernel of {kernel[0]} {TIMES} {kernel[1]} "
        f"at stride {stride}: {told}."
    )
    return figure, alt


def findings(found: Grown) -> list[str]:
    """What to notice, in the numbers of this setting."""
    lost = int((found.matrix.any(axis=1) == 0).sum())
    said = [
        f"{_size(found.image)} grows to {_size(found.output)}. Every way to grow is one matrix, here of "
        f"{found.matrix.shape[0]} {TIMES} {found.matrix.shape[1]}: rows say what an output is made of, columns where "
        "an input goes."
    ]
    if found.way in ("nearest", "bed of nails", "max unpooling"):
        empty = f"{lost} of the {found.output.size} outputs stay empty" if lost else "no output stays empty"
        said.append(f"Nothing is learned, nothing is mixed, and {empty}.")
    if found.way == "max unpooling":
        said.append(
            "A pooling and an unpooling layer belong together as a pair: the way up needs the places that the way down "
            "kept. Change the largest value before pooling, and its output moves."
        )
    if found.other is not None:
        apart = float(np.abs(found.other - found.output).max())
        said.append(
            "**Two views, one result.** Stamps of the kernel that add up, or a plain convolution over the map with "
            f"zeros inserted: they differ by {short(apart)}."
        )
    if found.kernel is not None:
        counts = [overlaps(side, stride=found.stride) for side in found.kernel.shape]
        even = all(len(set(each)) == 1 for each in counts)
        said.append(
            f"Along each direction neighbours get {' and '.join(map(str, counts[1]))} stamps. "
            + ("The stride divides the kernel: no checkerboard. " if even else "Unequal: the checkerboard. ")
            + "A tent evens it out by its weights; learned kernels often do not."
        )
    return said


def answer(found: Grown) -> str:
    """The sizes asked for, and those of this setting."""
    return (
        f"3 {TIMES} 3: (2 - 1) * 2 - 2 * 1 + 3 = 3. An output padding of 1 makes it 4 {TIMES} 4. "
        f"Your setting grows {_size(found.image)} to {_size(found.output)}."
    )


def python_call(image: Words, before: Words, kernel: Words, found: Grown) -> str:
    """The call that gives the numbers on screen."""
    names = ", ".join(
        function.__name__ for function in FUNCTIONS[found.way][: 2 if found.way == "max unpooling" else 1]
    )
    module = {"max unpooling": "unpooling", "nearest": "unpooling", "bed of nails": "unpooling"}.get(
        found.way, "transposed"
    )
    lines = ["from core.filters.grids import read_words, values"]
    if found.way == "max unpooling":
        lines += ["from core.filters.pooling import max_positions", "from core.filters.unpooling import max_unpool"]
    else:
        lines.append(f"from core.filters.{module} import {names}")
    lines += ["", f'image = values(read_words("{write_words(image)}"))']
    if found.way == "max unpooling":
        lines.append(f'before = values(read_words("{write_words(before)}"))')
    if found.way == "transposed":
        lines.append(f'kernel = values(read_words("{write_words(kernel)}"))')
    return "\n".join([*lines, f"output = {found.call}"])


def _size(grown: Floats) -> str:
    return f"{grown.shape[0]} {TIMES} {grown.shape[1]}"
