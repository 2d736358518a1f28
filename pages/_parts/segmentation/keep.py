"""A painting that shall not be lost: in the address if it is short enough, as a file in any case, and back again."""

from collections.abc import Sequence

import streamlit as st

from core.data.label_maps import MOST_BYTES, as_text, map_png, read_map
from core.errors import CoreError
from core.measure.segmentation import LabelMap
from core.types import Pair
from pages._kit.lab import Exports
from pages._kit.painter import MOST_ADDRESS, Ink, put

PAINTED = "painted"  # the parameter of the address
PAINTER = "painter"
FILE = "painted.png"


def bring_back(base: str, now: LabelMap, inks: Sequence[Ink]) -> None:
    """A fold with a field for the file, and a word on what the address can hold."""
    shape = (now.shape[0], now.shape[1])
    with st.expander("Keep your painting, or bring one back", key="keep", on_change="rerun") as fold:
        if not fold.open:
            return
        long = len(as_text(now))
        st.markdown(
            f"At the end of the page, {FILE} is a file with a label for every pixel. "
            + (
                "The address holds this painting as well: copy its link, and it is there again."
                if long <= MOST_ADDRESS
                else f"The address cannot hold it: it would take {long:,} letters, and {MOST_ADDRESS:,} are the most."
            )
        )
        st.file_uploader(
            "A painting of this picture, as PNG",
            ["png"],
            key="painted-map",
            max_upload_size=max(1, MOST_BYTES // 2**20),
            on_change=_bring,
            args=(base, shape, len(inks)),
        )
        if wrong := st.session_state.get("_painted-wrong"):
            st.warning(wrong, icon=":material/lightbulb:")


def exported(now: LabelMap, inks: Sequence[Ink]) -> Exports:
    """The painting as a file to take along."""
    return {FILE: lambda: map_png(now, [ink.colour for ink in inks])}


def _bring(base: str, shape: Pair, classes: int) -> None:
    st.session_state["_painted-wrong"] = ""
    file = st.session_state["painted-map"]
    if file is None:
        return
    try:
        put(PAINTER, base, read_map(file.getvalue(), shape, classes=classes), address=PAINTED)
    except CoreError as error:
        st.session_state["_painted-wrong"] = f"This file cannot be taken: {error}"
