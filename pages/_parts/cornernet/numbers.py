"""Corner pooling on numbers: two maps that can be edited, the largest along rows and columns, and their sum."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from core.detect.corner.corner_pooling import Look, bottom_right, largest, top_left
from core.errors import ShapeError
from core.filters.grids import Words, values
from core.types import Floats
from pages._kit.board import Link, Mark, grid, link, scene, written
from pages._kit.stepper import short

Corner = Literal["top left", "bottom right"]
CORNERS: tuple[Corner, ...] = get_args(Corner)
LOOKS: dict[Corner, tuple[Look, Look]] = {"top left": ("right", "down"), "bottom right": ("left", "up")}
WHERE = {"right": "to the right", "left": "to the left", "down": "below", "up": "above"}


@dataclass(frozen=True)
class Example:
    """Two maps as text, made for a top-left corner, and what to look for; and what to look for in the other one."""

    across: str
    along: str
    note: str
    turned: str = ""  # the note if another one is needed

    def of(self, corner: Corner) -> "Example":
        """The same for a corner: for a bottom-right one the thing is turned by half a circle.

        >>> Example("0 5; 0 0", "0 0; 4 0", "").of("bottom right").across
        '0 0; 5 0'
        """
        if corner == "top left":
            return self
        return Example(_turned(self.across), _turned(self.along), self.turned or self.note)


def _turned(text: str) -> str:
    """Half a circle: the last row first, and each from its end."""
    return "; ".join(" ".join(reversed(row.split())) for row in reversed(text.split(";")))


EXAMPLES = {
    "A round thing": Example(
        "0 0 5 1; 0 0 0 0; 0 0 0 0; 0 0 0 0",
        "0 0 0 0; 0 0 0 0; 0 4 0 0; 0 0 0 0",
        "Its upper edge shows in the first row, its left edge in the second column: nothing of it lies in the corner.",
        "Its lower edge shows in the last row, its right edge in the third column: nothing of it lies in the corner.",
    ),
    "Two things": Example(
        "0 0 5 0 0 0; 0 0 0 0 0 0; 0 0 0 0 6 0; 0 0 0 0 0 0; 0 0 0 0 0 0; 0 0 0 0 0 0",
        "0 0 0 0 0 0; 0 0 0 0 0 0; 0 4 0 0 0 0; 0 0 0 0 0 0; 0 0 0 3 0 0; 0 0 0 0 0 0",
        "Rows and columns cross also where no corner is: look for sums that belong to neither.",
    ),
    "A stronger edge behind": Example(
        "0 0 2 0 9; 0 0 0 0 0; 0 0 0 0 0; 0 0 0 0 0; 0 0 0 0 0",
        "0 0 0 0 0; 0 0 0 0 0; 0 3 0 0 0; 0 0 0 0 0; 0 9 0 0 0",
        "A maximum looks past the near edge to a stronger one farther on. The sum is still largest in that corner's "
        "row and column.",
    ),
}


@dataclass(frozen=True)
class Pooled:
    """One setting, and all that comes out."""

    corner: Corner
    across: Floats  # (H, W)
    along: Floats  # (H, W)
    most_across: Floats
    most_along: Floats
    total: Floats

    @property
    def best(self) -> tuple[int, int]:
        """Row and column of the largest sum, from 0; the first of equals."""
        row, column = np.unravel_index(int(self.total.argmax()), self.total.shape)
        return int(row), int(column)


def pool(across: Words, along: Words, corner: Corner) -> Pooled:
    """Corner pooling of two written maps."""
    first, second = values(across), values(along)
    if first.shape != second.shape:
        raise ShapeError(
            f"both maps must have one shape, got {'x'.join(map(str, first.shape))} and "
            f"{'x'.join(map(str, second.shape))}"
        )
    wide, tall = LOOKS[corner]
    whole = (top_left if corner == "top left" else bottom_right)(first, second)
    return Pooled(corner, first, second, largest(first, look=wide), largest(second, look=tall), whole)


def pooling_scene(across: Words, along: Words, found: Pooled) -> dict[str, Any]:
    """Both maps, their maxima, and the sum; pointing at a value shows what it has seen."""
    wide, tall = LOOKS[found.corner]
    grids = {
        "across": grid("Map A: edges that lie flat", across, numbers=found.across, field="corner_across"),
        "along": grid("Map B: edges that stand", along, numbers=found.along, field="corner_along"),
        "most_across": grid(f"Largest of A {WHERE[wide]}", written(found.most_across), numbers=found.most_across),
        "most_along": grid(f"Largest of B {WHERE[tall]}", written(found.most_along), numbers=found.most_along),
        "sum": grid("Sum", written(found.total), numbers=found.total),
    }
    cells = list(np.ndindex(*found.across.shape))
    links = {
        "most_across": [_largest(found.across, "across", wide, cell) for cell in cells],
        "most_along": [_largest(found.along, "along", tall, cell) for cell in cells],
        "sum": [_sum(found, place, cell, wide, tall) for place, cell in enumerate(cells)],
    }
    legend = "Point at a value of the lower grids, or press Play. To change a map, select a cell and type."
    layout = [["across", "along"], ["most_across", "most_along", "sum"]]
    return scene(grids, layout, links, walk="sum", legend=legend, start=int(found.total.argmax()))


def _seen(shape: tuple[int, ...], look: Look, cell: tuple[int, ...]) -> list[int]:
    """The places that a cell looks at, itself first."""
    row, column = cell
    rows = {"down": range(row, shape[0]), "up": range(row, -1, -1)}.get(look, (row,))
    columns = {"right": range(column, shape[1]), "left": range(column, -1, -1)}.get(look, (column,))
    return [at * shape[1] + across for at in rows for across in columns]


def _marks(values_: Floats, look: Look, cell: tuple[int, ...]) -> tuple[list[int], list[Mark]]:
    seen = _seen(values_.shape, look, cell)
    winner = max(seen, key=lambda place: values_.ravel()[place])
    marks: list[Mark] = [(place, "", ", looked at", "tap") for place in seen]
    return seen, [*marks, (winner, "max", ", the largest", "winner")]


def _largest(values_: Floats, name: str, look: Look, cell: tuple[int, ...]) -> Link:
    seen, marks = _marks(values_, look, cell)
    flat = values_.ravel()
    here, rest = float(flat[seen[0]]), [float(flat[place]) for place in seen[1:]]
    listed = ", ".join(short(float(flat[place])) for place in seen)
    after = (
        f", which beginning at the far end is one comparison: max({short(here)}, {short(max(rest))})" if rest else ""
    )
    return link({name: marks}, f"max({listed})", max([here, *rest]), after=after)


def _sum(found: Pooled, place: int, cell: tuple[int, ...], wide: Look, tall: Look) -> Link:
    terms = f"{short(float(found.most_across[cell]))} + {short(float(found.most_along[cell]))}"
    marks: dict[str, list[Mark]] = {
        "across": _marks(found.across, wide, cell)[1],
        "along": _marks(found.along, tall, cell)[1],
        "most_across": [(place, "", ", the first of both", "stamped")],
        "most_along": [(place, "", ", the second of both", "stamped")],
    }
    own = found.across[cell] == 0 and found.along[cell] == 0
    after = ". Both maps have 0 here: the evidence lies elsewhere." if own and found.total[cell] else ""
    return link(marks, terms, float(found.total[cell]), after=after)
