"""The figures of the pooling lab: image and two pooled maps on one board, and what a shift does to them."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.filters.arithmetic import same_margins
from core.filters.examples import DIGIT
from core.filters.grids import Words, values, write_words
from core.filters.pooling import average_pool, max_pool, max_positions, pool_reads
from core.filters.shifts import pooling_changes
from core.types import Floats
from pages._kit.board import grid, link, scene, written
from pages._kit.stepper import TIMES, short

Border = Literal["valid", "same"]
BORDERS: tuple[Border, ...] = get_args(Border)
EXAMPLES = {
    "Lecture A's image": "1 2 6 3; 3 5 2 1; 1 2 2 1; 7 3 4 8",
    "A handwritten zero": DIGIT,
    "A checkerboard": "9 0 9 0 9 0; 0 9 0 9 0 9; 9 0 9 0 9 0; 0 9 0 9 0 9; 9 0 9 0 9 0; 0 9 0 9 0 9",
    "One bright pixel": "0 0 0 0 0 0; 0 0 0 0 0 0; 0 0 8 0 0 0; 0 0 0 0 0 0; 0 0 0 0 0 0; 0 0 0 0 0 0",
}
STEPS = 4
LOOKS = {
    "no pooling": {"color": "#8A8F98", "dash": "dot", "symbol": "circle-open"},
    "max": {"color": "#D55E00", "dash": "solid", "symbol": "square"},
    "average": {"color": "#0072B2", "dash": "dash", "symbol": "diamond"},
}


@dataclass(frozen=True)
class Pooled:
    """One setting, and all that comes out."""

    image: Floats  # (H, W)
    window: int
    stride: int
    border: Border
    reads: NDArray[np.int64]  # (OH, OW, window * window)
    largest: Floats  # (OH, OW)
    mean: Floats  # (OH, OW)
    positions: NDArray[np.int64]  # (OH, OW, 2)

    @property
    def kept(self) -> float:
        """Values that come out, as a share of those that went in."""
        return self.largest.size / self.image.size

    @property
    def unread(self) -> int:
        """Pixels that no window reads."""
        return self.image.size - np.unique(self.reads[self.reads >= 0]).size


def pool(words: Words, window: int, stride: int, border: Border) -> Pooled:
    """Both kinds of pooling of a written image."""
    image, padding = values(words), "same" if border == "same" else 0
    options: dict[str, Any] = {"stride": stride, "padding": padding}
    return Pooled(
        image,
        window,
        stride,
        border,
        pool_reads((image.shape[0], image.shape[1]), window, **options),
        max_pool(image, window, **options),
        average_pool(image, window, **options, count_padding=False),
        max_positions(image, window, **options),
    )


def pooling_scene(words: Words, found: Pooled) -> dict[str, Any]:
    """Image, maxima and means; a chosen output marks its window and, for the maximum, where it was."""
    texts, wide = [word for row in words for word in row], found.image.shape[1]
    size = (f"{side[0]} {TIMES} {side[1]}" for side in (found.image.shape, found.largest.shape))
    before, after = size
    grids = {
        "image": grid(f"Image {before}", words, numbers=found.image, field="pool_image"),
        "max": grid(f"Largest {after}", written(found.largest), numbers=found.largest),
        "average": grid(f"Mean {after}", written(found.mean), numbers=found.mean),
    }
    largest, means = [], []
    winners = (found.positions[..., 0] * wide + found.positions[..., 1]).ravel().tolist()
    for place, (reads, winner) in enumerate(zip(found.reads.reshape(found.largest.size, -1), winners, strict=True)):
        there = reads[reads >= 0].tolist()
        seen = [texts[pixel] for pixel in there]
        window = [(pixel, "", ", in the window", "tap") for pixel in there]
        where = (winner, "max", ", the largest", "winner")
        at = f"row {winner // wide + 1}, column {winner % wide + 1}"
        top, mean = float(found.largest.ravel()[place]), float(found.mean.ravel()[place])
        other = [(place, "", ", the same window", "stamped")]
        kept = f", in {at}: that place is kept too, for unpooling."
        largest.append(link({"image": [*window, where], "average": other}, f"max({', '.join(seen)})", top, after=kept))
        summed = " + ".join(word if not word.startswith("-") else f"({word})" for word in seen)
        means.append(link({"image": window, "max": other}, f"({summed}) / {len(seen)}", mean))
    legend = "Point at an output, or press Play. To change the image, select a cell and type (or tap it twice)."
    if (found.reads < 0).any():
        legend += " At the border windows hang over the edge: nothing beyond it can win, and the mean leaves it out."
    return scene(grids, [["image", "max", "average"]], {"max": largest, "average": means}, walk="max", legend=legend)


def shift_chart(found: Pooled) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """How much the output changes while the image moves to the right, in percent, and the numbers."""
    shares = pooling_changes(found.image, found.window, stride=found.stride, steps=STEPS)
    changes = {name: [round(100 * share, 1) for share in row] for name, row in shares.items()}
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(range(STEPS + 1)),
            "y": row,
            "name": name,
            "line": {"color": LOOKS[name]["color"], "dash": LOOKS[name]["dash"], "width": 3},
            "marker": {"symbol": LOOKS[name]["symbol"], "size": 9},
            "hovertemplate": "moved by %{x}: %{y:.1f} % changed<extra>" + name + "</extra>",
        }
        for name, row in changes.items()
    ]
    layout = {
        "height": 300,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {"title": {"text": "image moved to the right by (pixels)"}, "fixedrange": True, "dtick": 1},
        "yaxis": {"title": {"text": "output changed by (%)"}, "fixedrange": True, "rangemode": "tozero"},
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
    }
    return {"data": data, "layout": layout}, changes


def shift_alt(changes: dict[str, list[float]]) -> str:
    """The chart in words."""
    said = "; ".join(f"{name} {', '.join(f'{value:g}' for value in row)}" for name, row in changes.items())
    return f"Change of the output in percent while the image moves by 0 to {STEPS} pixels: {said}."


def findings(found: Pooled, changes: dict[str, list[float]]) -> list[str]:
    """What to notice, in the numbers of this setting."""
    columns = found.largest.shape[1]
    share = f"{found.kept:.0%} kept, {1 - found.kept:.0%} dropped"
    said = [
        f"{found.largest.size} of {found.image.size} values come out: {share}. "
        "Pooling learns nothing: it has no weights."
    ]
    if found.stride == 1:
        side = found.image.shape[1]
        lost = side - columns
        said.append(
            f"**Stride 1 keeps the size only with a border.** Without padding {side} columns become "
            f"{side} - {found.window} + 1 = {side - found.window + 1}; with padding they stay {side}. "
            f"Here {f'{lost} is lost' if lost else 'none is lost'}."
        )
    elif found.stride == found.window:
        said.append(
            "The stride is the window's side, the usual choice: windows lie side by side, each value is read once."
        )
    elif found.stride < found.window:
        said.append(
            "The stride is smaller than the window: windows overlap, and one large value can win several times."
        )
    if found.unread:
        said.append(f"{found.unread} pixels are read by no window: a stride this large skips them.")
    one = {name: row[1] for name, row in changes.items()}
    said.append(
        f"Move the image by one pixel: without pooling the output changes by {one['no pooling']:g} % of its sum, with "
        f"max by {one['max']:g} %, with average by {one['average']:g} %. {_softer(one)}"
        + (f" Only a move by whole strides of {found.stride} gives the same output, moved." if found.stride > 1 else "")
    )
    said.append(
        "The maximum asks whether something is there, the mean asks how much: compare the two on the checkerboard."
    )
    return said


def _softer(one: dict[str, float]) -> str:
    less = [name for name in ("max", "average") if one[name] < one["no pooling"]]
    if len(less) == 2:
        return "Pooling softens a shift, it does not remove it."
    return f"Only {less[0]} pooling softens this shift." if less else "On this image pooling does not soften the shift."


def answer(found: Pooled) -> str:
    """Size and share, for the prediction."""
    rows, columns = found.largest.shape
    return (
        f"2 {TIMES} 2 windows at stride 2 keep 1 value of 4, so 75 % are dropped. In your setting "
        f"{found.largest.size} of {found.image.size} values are kept ({found.kept:.0%}): "
        f"a map of {rows} {TIMES} {columns}."
    )


def positions_table(found: Pooled) -> str:
    """Every output with its values and where the maximum was, as comma-separated values."""
    lines = ["row,column,max,max_row,max_column,mean"]
    for place in np.ndindex(*found.largest.shape):
        at = found.positions[place].tolist()
        lines.append(f"{place[0]},{place[1]},{short(found.largest[place])},{at[0]},{at[1]},{found.mean[place]:.6g}")
    return "\n".join(lines) + "\n"


def python_call(words: Words, found: Pooled) -> str:
    """The call that gives the numbers on screen."""
    options = f"{found.window}, stride={found.stride}" + (', padding="same"' if found.border == "same" else "")
    return (
        "from core.filters.grids import read_words, values\nfrom core.filters.pooling import average_pool, max_pool\n\n"
        f'image = values(read_words("{write_words(words)}"))\n'
        f"largest = max_pool(image, {options})\nmean = average_pool(image, {options}, count_padding=False)"
    )


def torch_code(found: Pooled) -> str:
    """The same in PyTorch; where windows hang over the edge, the image gets a border that cannot win."""
    rows = ", ".join(f"[{', '.join(str(value) for value in row)}]" for row in found.image.tolist())
    size = f"{found.window}, stride={found.stride}"
    lines = ["import torch", "import torch.nn.functional as F", "", f"image = torch.tensor([[{rows}]])  # one map"]
    if (found.reads < 0).any():
        down, across = (same_margins(side, found.window, stride=found.stride) for side in found.image.shape)
        lines += [
            f"border = {(*across, *down)}  # left, right, top, bottom",
            f'largest = F.max_pool2d(F.pad(image, border, value=float("-inf")), {size})',
            f"inside = F.avg_pool2d(F.pad(torch.ones_like(image), border), {size})  # the share of each window",
            f"mean = F.avg_pool2d(F.pad(image, border), {size}) / inside",
        ]
    else:
        lines += [
            f"largest, positions = F.max_pool2d(image, {size}, return_indices=True)",
            f"mean = F.avg_pool2d(image, {size})",
        ]
    return "\n".join([*lines, "print(largest, mean)"]) + "\n"
