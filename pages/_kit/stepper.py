"""The stepper: image, kernel and output as three grids; the window walks, its products are written out.

The browser does no arithmetic: every number it may show is computed by `core.filters.walk` and sent along, as text.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, get_args

import numpy as np
import streamlit as st

from core.errors import CoreError, LimitError
from core.filters.grids import Words, read_words, replaced, write_words
from core.filters.matrix import contributions
from core.filters.walk import Walk
from core.types import Floats
from pages._kit.component import component

View = Literal["windows", "stamps", "matrix"]
VIEWS: tuple[View, ...] = get_args(View)
MOST_SIDE = 32  # cells in one direction of a grid that still can be read
MOST_MATRIX = 2_400  # entries of a matrix that still can be read
MOST_TERMS = 9  # of a sum that is written out in full
TIMES = "\N{MULTIPLICATION SIGN}"
PAST = "_stepper_past"
WRONG = "_stepper_wrong"
EDITS = "_stepper_edits"


def stepper(
    image: Words, kernel: Words, found: Walk, *, view: View, compute: bool, key: str, on_edit: Callable[[], None]
) -> None:
    """Mount the three grids; an edited cell calls `on_edit`, which finds it as `st.session_state[key].edit`."""
    mount = component("stepper", html='<div class="stepper"></div>', base=("grids",))
    data = scene(image, kernel, found, view=view, compute=compute)
    data["edits"] = edits()
    mount(data=data, key=key, on_edit_change=on_edit)


def scene(image: Words, kernel: Words, found: Walk, *, view: View, compute: bool) -> dict[str, Any]:
    """Everything the grids show, as text."""
    if max(*found.ground.shape, *found.output.shape) > MOST_SIDE:
        tall, wide = found.ground.shape
        raise LimitError(
            f"the grid to walk over would be {tall} x {wide} cells: at most {MOST_SIDE} each way can be read"
        )
    laid = [word for row in kernel for word in row]
    laid = laid[::-1] if found.flipped else laid
    ground = _ground(image, found)
    shown: dict[str, Any] = {
        "compute": compute,
        "captions": _captions(image, kernel, found, view),
        "legend": _legend(ground, view),
        "view": view,
        "kernel": {"rows": [list(row) for row in kernel], "flipped": found.flipped, "laid": laid},
        "image": {"rows": len(image), "columns": len(image[0])},
        "ground": ground,
        "output": {
            "rows": _texts(found.output),
            "values": found.output.ravel().tolist(),
            "shades": shades(found.output),
        },
        "taps": found.taps.reshape(found.output.size, -1).tolist(),
        "sums": [_sum(laid, values, parts) for values, parts in _stops(image, found)],
        "matrix": None,
        "stamps": None,
    }
    if view == "matrix":
        shown["matrix"] = _matrix(image, found)
    if view == "stamps":
        shown["stamps"] = _stamps(image, found)
    return shown


def short(value: float) -> str:
    """A number as a cell shows it: at most three decimals.

    >>> short(8.000000000000002), short(-1 / 3), short(0.25)
    ('8', '-0.333', '0.25')
    """
    rounded = round(value, 3) + 0.0  # no "-0"
    return f"{rounded:.3f}".rstrip("0").rstrip(".")


def edited(key: str, fields: Collection[str] = ("image", "kernel"), *, most: int = 12) -> None:
    """Write an edited cell back into the text field of its grid, of at most `most` rows; the text is the state."""
    edit = st.session_state[key].edit
    if not isinstance(edit, Mapping) or edit.get("grid") not in fields:
        return
    st.session_state[EDITS] = st.session_state.get(EDITS, 0) + 1
    grid = str(edit["grid"])
    try:
        words = read_words(st.session_state[grid], most=most)
        words = replaced(words, int(edit["row"]), int(edit["column"]), str(edit["text"]))
        st.session_state[grid] = write_words(words)
    except CoreError as error:
        st.session_state[WRONG] = str(error)


def edits() -> int:
    """How many edits there were: a refused one must be drawn anew, too."""
    count: int = st.session_state.get(EDITS, 0)
    return count


def complaint() -> str | None:
    """What was wrong with the last edit, told once."""
    told: str | None = st.session_state.pop(WRONG, None)
    return told


def remember(keys: tuple[str, ...]) -> bool:
    """Keep the settings that were just seen; True if there is one to go back to. Every lab has its own past."""
    past = st.session_state.setdefault(PAST, {}).setdefault(keys, [])
    now = {name: st.session_state[name] for name in keys if name in st.session_state}
    if not past or past[-1] != now:
        past.append(now)
        del past[:-50]
    return len(past) > 1


def undo(keys: tuple[str, ...]) -> None:
    """Back to the settings before the last change."""
    past = st.session_state.get(PAST, {}).get(keys, [])
    if len(past) > 1:
        past.pop()
        st.session_state.update(past[-1])


def _captions(image: Words, kernel: Words, found: Walk, view: View) -> dict[str, str]:
    taken, ground = _size(len(image), len(image[0])), _size(*found.ground.shape)
    around = "" if taken == ground or view == "stamps" else f", walked over as {ground}"
    turned = ", laid down turned" if found.flipped else ""
    if view == "stamps":  # what an input gives mirrors what an output takes
        turned = "" if found.flipped else ", stamped turned"
    return {
        "ground": f"Image {taken}{around}",
        "kernel": f"Kernel {_size(len(kernel), len(kernel[0]))}{turned}",
        "output": f"Output {_size(*found.output.shape)}",
        "matrix": f"The same as a {_size(*found.matrix.shape)} matrix. The image, written as one row, stands above it: "
        "multiply each weight by the value above it and add. The marked row is the selected output.",
    }


def _legend(ground: dict[str, Any], view: View) -> str:
    kinds = {cell["kind"] for row in ground["rows"] for cell in row} if view != "stamps" else set()
    hint = "To change the image or the kernel, select a cell and type (or tap it twice)."
    told = {"edge": "Dashed cells are padding.", "hole": "Dotted cells are zeros inserted between the pixels."}
    return " ".join([hint, *(sentence for kind, sentence in told.items() if kind in kinds)])


def _size(rows: int, columns: int) -> str:
    return f"{rows} {TIMES} {columns}"


def _ground(image: Words, found: Walk) -> dict[str, Any]:
    words = [word for row in image for word in row]
    between = np.zeros(found.own.shape, dtype=bool)  # inserted zeros lie inside the image's own corners
    places = np.argwhere(found.own)
    (top, left), (bottom, right) = places.min(axis=0), places.max(axis=0)
    between[top : bottom + 1, left : right + 1] = True
    cells = []
    for place, shade in zip(np.ndindex(*found.ground.shape), shades(found.ground), strict=True):
        source = int(found.sources[place])
        kind = "own" if found.own[place] else "hole" if between[place] else "edge"
        at = divmod(source, len(image[0])) if kind == "own" else None
        cells.append({"text": words[source] if source >= 0 else "0", "kind": kind, "shade": shade, "at": at})
    wide = found.ground.shape[1]
    return {"rows": [cells[start : start + wide] for start in range(0, len(cells), wide)]}


def _stops(image: Words, found: Walk) -> list[tuple[list[str], Floats]]:
    words = [word for row in image for word in row]
    ground = [words[source] if source >= 0 else "0" for source in found.sources.ravel()]
    taps = found.taps.reshape(found.output.size, -1)
    parts = found.products.reshape(found.output.size, -1)
    return [([ground[cell] for cell in cells], row) for cells, row in zip(taps, parts, strict=True)]


def _sum(weights: list[str], ground: list[str], parts: Floats) -> dict[str, Any]:
    terms = [f"{_signed(weight)} {TIMES} {_signed(value)}" for weight, value in zip(weights, ground, strict=True)]
    total, left = float(parts.sum()), ""
    if len(terms) > MOST_TERMS:
        kept = [term for term, part in zip(terms, parts, strict=True) if part != 0]
        left = f" + {len(terms) - len(kept)} products that are 0" if len(kept) < len(terms) else ""
        terms = kept or ["0"]
    exact = abs(total - round(total, 3)) < 1e-9
    return {"terms": " + ".join(terms) + left, "sign": "=" if exact else "\N{ALMOST EQUAL TO}", "total": short(total)}


def _signed(word: str) -> str:
    return f"({word})" if word.startswith("-") else word


def _matrix(image: Words, found: Walk) -> dict[str, Any]:
    if found.matrix.size > MOST_MATRIX:
        rows, columns = found.matrix.shape
        return {"refused": f"The matrix has {rows} rows and {columns} columns: too many to read. Take a smaller image."}
    return {
        "entries": [[short(value) for value in row] for row in found.matrix.tolist()],
        "image": [word for row in image for word in row],
    }


def _stamps(image: Words, found: Walk) -> dict[str, Any]:
    words = [word for row in image for word in row]
    values = found.ground[found.own]
    stamps = contributions(found.matrix, values)  # (inputs, outputs)
    totals = np.cumsum(stamps, axis=0)
    steps = []
    for word, column, stamp, total in zip(words, found.matrix.T, stamps, totals, strict=True):
        adds = {int(cell): f"+{short(stamp[cell])}".replace("+-", "-") for cell in np.flatnonzero(column)}
        told = f"{word} {TIMES} the kernel is added to {len(adds)} of the outputs." if adds else "It reaches no output."
        steps.append({"adds": adds, "totals": [short(value) for value in total.tolist()], "told": told})
    order = [number for number, value in enumerate(values.tolist()) if value != 0]
    return {"steps": steps, "order": order or list(range(len(words)))}


def _texts(grid: Floats) -> list[list[str]]:
    return [[short(value) for value in row] for row in grid.tolist()]


def shades(grid: Floats) -> list[float]:
    """How dark each cell is, from 0 to 1: its size beside the largest."""
    most = float(np.abs(grid).max()) or 1.0
    return [round(abs(value) / most, 2) for value in grid.ravel().tolist()]
