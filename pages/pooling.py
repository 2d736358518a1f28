"""Filters: Pooling, window by window

One idea: one number stands for a window. The largest says whether something is there, the mean says how much; either
way most values are dropped, and nothing is learned.
"""

import pandas as pd
import streamlit as st

from core.errors import CoreError
from core.filters.grids import read_words
from core.filters.pooling import average_pool, max_pool, max_positions
from core.filters.shifts import change
from pages._kit import lab
from pages._kit.bench import bench
from pages._kit.board import board
from pages._kit.stepper import edited
from pages._parts.pooling.figures import (
    BORDERS,
    EXAMPLES,
    answer,
    findings,
    pool,
    pooling_scene,
    positions_table,
    python_call,
    shift_alt,
    shift_chart,
    torch_code,
)

SETTINGS = ("pool_image", "pool_window", "pool_stride", "pool_border")


def load() -> None:
    """Take the image of the chosen example."""
    st.session_state["pool_image"] = EXAMPLES[st.session_state["pool_example"]]


lab.opening(__doc__, predict="A window of 2 x 2 moves by 2 pixels. What share of the values is dropped?")
controls, stage = lab.columns()
with controls:
    name = st.selectbox("Image", list(EXAMPLES), key="pool_example", bind="query-params", on_change=load)
    window = st.slider("Window side", 1, 4, 2, key="pool_window", bind="query-params")
    stride = st.slider("Stride", 1, 4, 2, key="pool_stride", bind="query-params")
    border = st.segmented_control(
        "Padding",
        BORDERS,
        default="valid",
        key="pool_border",
        bind="query-params",
        required=True,
        help="valid adds nothing; same lets windows hang over the edge, so that stride 1 keeps the size.",
    )
    with st.expander("Image as text"):
        text = st.text_area("Your image", EXAMPLES[name], max_chars=2_000, key="pool_image", bind="query-params")
        st.caption("Rows end with a semicolon; write 3, -0.5 or 1/4. Up to 12 by 12.")
with stage:
    place = bench(SETTINGS, load)
with place:
    try:
        words = read_words(text, name="image")
        found = pool(words, window, stride, border)
        figure, changes = shift_chart(found)
    except CoreError as error:
        lab.impossible(error)
        st.stop()
    with st.container(horizontal=True, gap="medium", key="totals"):
        rows, columns = found.largest.shape
        st.metric("Output", f"{rows} x {columns}", width="content")
        st.metric("Values kept", f"{found.kept:.0%}", width="content")
        st.metric("Values dropped", f"{1 - found.kept:.0%}", width="content")
        st.metric("Weights to learn", "0", width="content")
    board(pooling_scene(words, found), key="walk", on_edit=lambda: edited("walk", ("pool_image",)))
st.markdown("## Does the output notice that the image moved?")
table = pd.DataFrame({"moved by": range(len(changes["max"])), **{f"{way} (%)": row for way, row in changes.items()}})
lab.chart(figure, key="shifts", quick=True, alt=shift_alt(changes), table=table.set_index("moved by"))
st.caption(
    "The sum of all differences, as a share of the sum of the output. At 200 % nothing is left where it was: what "
    "stood there is gone, and as much stands elsewhere."
)
lab.closing(
    notice=findings(found, changes),
    shows=(max_pool, max_positions, average_pool, change),
    call=python_call(words, found),
    answer=answer(found),
    quiz=("E21",),
    errata=("N37",),
    prepares="ps2",
    exports={"pooled.csv": lambda: positions_table(found), "pooling.py": lambda: torch_code(found)},
)
