"""Two maps of the same pictures side by side: what the browser component draws."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.features.sets import CLASSES, PIXELS, SetName, pictures
from core.features.tsne.descent import Frame
from pages._kit.component import component
from pages._kit.pictures import ACROSS, sheet
from pages._parts.tsne.work import NEAREST, Setting, judged, labels_of, nearest_in_truth, pure

LARGEST = 32  # pixels of a picture on the sheet
GRID = 1000  # places in each direction


def maps(pairs: Sequence[tuple[Setting, Frame]], *, key: str, first: int) -> None:
    """Draw the layouts; `first` is the point that is marked before somebody chooses one."""
    setting = pairs[0][0]
    tile, address = _sheet(setting.name, setting.count)
    mount = component("embedding", html='<div class="embedding"></div>')
    data = {
        "key": repr([each for each, _ in pairs]),
        "maps": [_map(each, frame) for each, frame in pairs],
        "labels": labels_of(setting).tolist(),
        "classes": list(CLASSES[setting.name]),
        "glyphs": list(CLASSES[setting.name]),
        "sheet": address,
        "tile": tile,
        "across": ACROSS,
        "first": min(first, setting.count - 1),
    }
    mount(data=data, key=key)


def called(setting: Setting) -> str:
    """A space in a word or two."""
    return "pixels" if setting.space == PIXELS else "features"


@st.cache_data(show_spinner=False, max_entries=200)
def figures(pairs: Sequence[tuple[Setting, int]], _frames: Sequence[Frame]) -> pd.DataFrame:
    """The numbers behind the maps; `pairs` says which they are, with the iteration."""
    rows = []
    for (setting, _), frame in zip(pairs, _frames, strict=True):
        vectors, shown, trust, torn = judged(setting, frame.coordinates)
        rows.append(
            {
                "map by": f"{called(setting)} ({setting.space})" if setting.space != PIXELS else PIXELS,
                "iteration": frame.iteration,
                "KL": "not yet" if np.isnan(frame.kl) else f"{frame.kl:.3f}",
                "purity of the vectors": f"{vectors:.1%}",
                "purity of the map": f"{shown:.1%}",
                "trust": f"{trust:.3f}",
                "continuity": f"{torn:.3f}",
            }
        )
    return pd.DataFrame(rows).set_index("map by")


def _map(setting: Setting, frame: Frame) -> dict[str, Any]:
    name = called(setting)
    share = pure(setting)
    way = "the start" if np.isnan(frame.kl) else f"divergence {frame.kl:.2f}"
    told = f"{share:.0%} of the 10 nearest are of one class. Iteration {frame.iteration}, {way}."
    return {
        "title": f"By {name}" + ("" if setting.space == PIXELS else f" ({setting.space})"),
        "short": name,
        "told": told,
        "xy": _places(frame.coordinates),
        "near": nearest_in_truth(setting).tolist(),
        "alt": f"Map of {setting.count} pictures by {name}, iteration {frame.iteration}: of a picture's 10 nearest by "
        f"{name}, {share:.0%} are of its class. Arrow keys choose the next point; lines lead to its {NEAREST} nearest.",
    }


def _places(layout: np.ndarray) -> list[int]:
    """A layout in whole numbers from 0 to 1000, as large as fits: (N, 2) -> 2 N numbers."""
    low, high = layout.min(axis=0), layout.max(axis=0)
    middle, reach = (low + high) / 2, float((high - low).max()) or 1.0
    found: list[int] = np.rint(((layout - middle) / reach + 0.5) * GRID).astype(int).ravel().tolist()
    return found


@lru_cache(maxsize=8)
def _sheet(name: SetName, count: int) -> tuple[tuple[int, int], str]:
    images = pictures(name, "test", count).images
    side = min(LARGEST, images.shape[1])
    return (side, side), sheet(images, side=side)
