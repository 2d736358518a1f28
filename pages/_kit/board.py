"""The board: grids of numbers in which pointing at a value lights up what it is made of.

Like the stepper it computes nothing in the browser. A scene is grids, where they stand, and for each cell that can be
chosen a link: the cells to mark, and a sentence with the sum.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.types import Floats
from pages._kit.component import component
from pages._kit.stepper import TIMES, edits, shades, short

Mark: TypeAlias = tuple[int, str] | tuple[int, str, str, str]  # cell, small note; how a reader says it, and its look
Link: TypeAlias = dict[str, Any]
TINTS = 9  # colours for shared weights; more weights use them again
MOST_TEXTS = 20  # tiny cells in one direction that still can hold a number
MOST_TERMS = 12  # of a sum that is written out in full


def board(scene: Mapping[str, Any], *, key: str, on_edit: Callable[[], None] = lambda: None) -> None:
    """Mount the grids; an edited cell calls `on_edit`, which finds it as `st.session_state[key].edit`."""
    mount = component("board", html='<div class="stepper board"></div>', base=("grids",))
    mount(data={**scene, "edits": edits()}, key=key, on_edit_change=on_edit)


def scene(
    grids: Mapping[str, dict[str, Any]],
    layout: Sequence[Sequence[str | None]],
    links: Mapping[str, Sequence[Link | None]],
    *,
    walk: str,
    legend: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Everything the board shows; `walk` is the grid that the Play button walks over."""
    order = [place for place, link in enumerate(links[walk]) if link]
    plain = {
        "grids": dict(grids),
        "layout": [list(row) for row in layout],
        "links": {k: list(v) for k, v in links.items()},
    }
    return {**plain, "walk": walk, "order": order, "start": order[0], "legend": legend, "brief": False, **more}


def grid(
    caption: str,
    texts: Sequence[Sequence[str]],
    *,
    numbers: Floats | None = None,
    field: str | None = None,
    tints: NDArray[np.int64] | None = None,
    tiny: bool = False,
    acts: str | None = None,
) -> dict[str, Any]:
    """One grid. With `field` its cells can be edited, and belong to the text field of that name.

    `numbers` shade it; `tints` colour it (-1: not at all); the rows of a grid that `acts` are the cells of another.
    """
    dark = None if numbers is None else shades(numbers)
    wide, rows = len(texts[0]), list[list[dict[str, Any]]]()
    for row, line in enumerate(texts):
        cells = []
        for column, text in enumerate(line):
            cell: dict[str, Any] = {"text": text}
            if field:
                cell["edit"] = (field, row, column)
            if dark is not None:
                cell["shade"] = dark[row * wide + column]
            if tints is not None and tints[row, column] >= 0:
                cell["tint"] = int(tints[row, column]) % TINTS
            if tiny and max(wide, len(texts)) > MOST_TEXTS:
                cell["kind"] = "faint"
            cells.append(cell)
        rows.append(cells)
    return {"caption": caption, "rows": rows, "tiny": tiny, "acts": acts}


def written(numbers: Floats) -> list[list[str]]:
    """The texts of a grid (H, W)."""
    return [[short(value) for value in row] for row in numbers.tolist()]


def link(
    marks: Mapping[str, Sequence[Mark]], terms: str, total: float | None = None, *, after: str = "", code: str = ""
) -> Link:
    """What is marked and said when a cell is chosen."""
    exact = total is None or abs(total - round(total, 3)) < 1e-9
    told = "" if total is None else short(total)
    return {
        "marks": dict(marks),
        "terms": terms,
        "sign": "=" if exact else "\N{ALMOST EQUAL TO}",
        "total": told,
        "after": after,
        "code": code,
    }


def sum_of(products: Sequence[tuple[str, str, float]], *, bias: str = "") -> str:
    """A sum of products as text; where it is long, products that are 0 are only counted."""
    kept = products if len(products) <= MOST_TERMS else [each for each in products if each[2] != 0]
    left = len(products) - len(kept)
    terms = [f"{signed(weight)} {TIMES} {signed(value)}" for weight, value, _ in kept]
    if left:
        terms.append(f"{left} products that are 0")
    return " + ".join([*([signed(bias)] if bias else []), *terms]) or "0"


def signed(word: str) -> str:
    """A number as a factor: negative ones in brackets."""
    return f"({word})" if word.startswith("-") else word


def gathered(matrix: Floats, image: Floats, *, source: str = "image") -> list[Link]:
    """One link for each output: the inputs it is made of, (outputs, inputs), (H, W)."""
    values, links = image.ravel(), []
    for row in matrix:
        reads = np.flatnonzero(row).tolist()
        marks = [(place, f"×{short(row[place])}") for place in reads]
        products = [(short(row[place]), short(values[place]), row[place] * values[place]) for place in reads]
        links.append(link({source: marks}, sum_of(products), float(row @ values)))
    return links


def scattered(matrix: Floats, image: Floats, *, target: str = "output") -> list[Link]:
    """One link for each input: the outputs it goes into, (outputs, inputs), (H, W)."""
    links = []
    for value, column in zip(image.ravel().tolist(), matrix.T, strict=True):
        reached = np.flatnonzero(column).tolist()
        marks = []
        for place in reached:
            adds = f"+{short(column[place] * value)}".replace("+-", "-")
            marks.append((place, adds, f", of which {adds} from here", "stamped"))
        where = "1 output" if len(reached) == 1 else f"{len(reached)} outputs"
        told = f"{short(value)} goes into {where}." if reached else f"{short(value)} reaches no output."
        links.append(link({target: marks}, told))
    return links
