"""The browser component that shows volumes as pictures, and lets a visitor choose a cell of the last one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.types import Floats, Pair
from pages._kit.component import component


@dataclass(frozen=True)
class Frame:
    """A window drawn on some maps: first and last map, row and column."""

    maps: Pair
    rows: Pair
    columns: Pair


@dataclass(frozen=True)
class Volume:
    """A volume (C, H, W) to draw: title, colours, the frames on it, and the chosen cell where one can be chosen."""

    title: str
    values: Floats
    scale: Literal["ink", "signs", "grey"]
    told: str
    frames: Sequence[Frame] = ()
    chosen: tuple[int, int, int] | None = None


def volume(shown: Sequence[Volume], *, key: str, on_cell: Callable[[], None]) -> None:
    """Draw volumes one below the other; `st.session_state[key].cell` is what was chosen."""
    mount = component("volume", html='<div class="volume"></div>')
    mount(data={"groups": [_group(each) for each in shown]}, key=key, on_cell_change=on_cell)


def _group(shown: Volume) -> dict[str, Any]:
    maps, rows, columns = shown.values.shape
    digits = 2 if shown.values.size > 2000 else 3
    most = float(np.abs(shown.values).max()) or 1.0
    first = f"{shown.title}: {maps} {'map' if maps == 1 else 'maps'} of {rows} x {columns}, values from "
    alt = f"{first}{shown.values.min():.2f} to {shown.values.max():.2f}."
    if shown.chosen:
        alt += " Arrow keys move the chosen cell, Page Up and Page Down change the map."
    return {
        "title": shown.title,
        "rows": rows,
        "columns": columns,
        "maps": np.round(shown.values.reshape(maps, -1), digits).tolist(),
        "names": [f"map {place}" for place in range(maps)] if maps > 1 else ["one map"],
        "scale": shown.scale,
        "most": most,
        "frames": [{"maps": each.maps, "rows": each.rows, "columns": each.columns} for each in shown.frames],
        "chosen": dict(zip(("map", "row", "column"), shown.chosen, strict=True)) if shown.chosen else None,
        "told": shown.told,
        "alt": alt,
        "width": 340 if rows == 1 else 208 if maps == 1 else 80 if columns <= 10 else 160,
    }
