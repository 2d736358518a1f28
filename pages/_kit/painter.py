"""The browser component with which a visitor paints a label on every pixel of a picture.

It paints in the browser, and after a stroke sends the whole map as runs: `0x120,3x5` are 120 pixels of class 0, then
5 of class 3, row by row. Nothing that arrives is trusted: `unpacked` checks its form, its length and its classes.

A painting is kept in the session. If it is given the name of a parameter, it also stands in the page's address, as long
as it is short enough for one; another visitor who opens the address finds it there.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.label_maps import as_text, from_text
from core.errors import CoreError, LimitError, ShapeError
from core.measure.segmentation import LabelMap
from core.types import Pair
from pages._kit.component import component
from pages._kit.pictures import data_uri

LARGEST = 256 * 256  # pixels of a map
MOST_ADDRESS = 1_500  # letters of a map in an address
MOST_TEXT = 8  # letters for every pixel: enough for a map in which no two neighbours are alike
RUN = "[0-9]{1,3}x[0-9]{1,6}"


@dataclass(frozen=True)
class Ink:
    """A class to paint with: what it is called, and its colour."""

    name: str
    colour: str


def painter(
    picture: NDArray[np.uint8] | str,
    start: LabelMap,
    inks: Sequence[Ink],
    *,
    base: str,
    alt: str,
    key: str,
    address: str = "",
) -> LabelMap:
    """Show a picture, (H, W, 3) or as an address, to be painted on, from a map (h, w) of labels; the map as it is now.

    Class 0 is what the eraser leaves. `base` names what is painted on: the painting is kept as long as it stays the
    same, and another one begins anew from its own start. `address` is the parameter that holds the painting.
    """
    if start.size > LARGEST:
        raise LimitError(f"a map to paint on has at most {LARGEST:,} pixels, got {start.size:,}")
    now = painting(key, base, start, classes=len(inks), address=address)
    if now is start and address in st.query_params:  # a painting on something else
        del st.query_params[address]
    mount = component("painter", html='<div class="painter"></div>', base=("elements",))
    named = _named(key, base)
    mount(
        data={
            "picture": picture if isinstance(picture, str) else data_uri(picture),
            "rows": start.shape[0],
            "columns": start.shape[1],
            "inks": [{"name": ink.name, "colour": ink.colour} for ink in inks],
            "base": named,
            "runs": packed(now),
            "alt": alt,
        },
        key=key,
        on_painted_change=lambda: _take(key, base, start, len(inks), address=address),
    )
    return now


def painting(key: str, base: str, start: LabelMap, *, classes: int = 0, address: str = "") -> LabelMap:
    """What has been painted on `base`, here or by whoever made the address, or its start."""
    of, kept = st.session_state.get(f"_{key}", (None, start))
    if of == base and kept.shape == start.shape:
        found: LabelMap = kept
        return found
    mark, _, text = st.query_params.get(address, "").partition(".") if address else ("", "", "")
    if mark != _mark(base) or len(text) > MOST_ADDRESS:
        return start
    try:
        labels = from_text(text, (start.shape[0], start.shape[1]), classes=classes)
    except CoreError:
        return start
    st.session_state[f"_{key}"] = base, labels
    return labels


def put(key: str, base: str, labels: LabelMap, *, address: str = "") -> None:
    """Have this map on `base` instead of what was painted there; strokes that are still on their way are dropped."""
    st.session_state[f"_{key}-put"] = st.session_state.get(f"_{key}-put", 0) + 1
    _keep(key, base, labels, address)


def packed(labels: LabelMap) -> str:
    """A map as runs of equal labels: (H, W) -> text.

    >>> packed(np.array([[0, 0, 3], [3, 3, 1]]))
    '0x2,3x3,1x1'
    """
    flat = labels.ravel()
    starts = np.flatnonzero(np.diff(flat, prepend=-1))
    lengths = np.diff(starts, append=len(flat))
    return ",".join(f"{label}x{length}" for label, length in zip(flat[starts].tolist(), lengths.tolist(), strict=True))


def unpacked(text: object, shape: Pair, classes: int) -> NDArray[np.uint8]:
    """The map (H, W) that a browser sent as runs; whatever is no such map is refused before it is unpacked.

    >>> unpacked("0x2,3x3,1x1", (2, 3), classes=4)
    array([[0, 0, 3],
           [3, 3, 1]], dtype=uint8)
    """
    pixels = shape[0] * shape[1]
    if not isinstance(text, str) or len(text) > MOST_TEXT * pixels or not re.fullmatch(f"{RUN}(?:,{RUN})*", text):
        raise CoreError("a painted map is runs of labels such as 0x120,3x5")
    runs = np.array([run.split("x") for run in text.split(",")], dtype=np.int64)  # (R, 2)
    if runs[:, 0].max() >= classes or runs[:, 1].min() < 1:
        raise CoreError(f"a painted map has classes 0 to {classes - 1} and no empty run")
    if runs[:, 1].sum() != pixels:
        raise ShapeError(f"a painted map has {pixels:,} pixels, got {runs[:, 1].sum():,}")
    return np.repeat(runs[:, 0].astype(np.uint8), runs[:, 1]).reshape(shape)


def _take(key: str, base: str, start: LabelMap, classes: int, *, address: str = "") -> None:
    """Keep what was painted; a stroke on another picture, which came too late, is dropped, and so is any nonsense."""
    sent = st.session_state[key].painted
    if not isinstance(sent, dict) or sent.get("base") != _named(key, base):
        return
    try:
        labels = unpacked(sent.get("runs"), (start.shape[0], start.shape[1]), classes)
    except CoreError:
        return
    _keep(key, base, labels, address)


def _keep(key: str, base: str, labels: LabelMap, address: str) -> None:
    st.session_state[f"_{key}"] = base, labels
    if not address:
        return
    text = as_text(labels)
    if len(text) <= MOST_ADDRESS:
        st.query_params[address] = f"{_mark(base)}.{text}"
    elif address in st.query_params:
        del st.query_params[address]


def _named(key: str, base: str) -> str:
    """What the browser calls what is painted on: a map that was put there is another beginning."""
    count = st.session_state.get(f"_{key}-put", 0)
    return f"{base} #{count}" if count else base


def _mark(base: str) -> str:
    """By which an address is told from one of another picture."""
    return f"{zlib.crc32(base.encode()):08x}"
