"""Filters: Sparse connections and shared weights

One idea: a convolution is a dense layer that gave up two things. Each output reads a window only, and all outputs use
the same weights. What it gets back: few parameters, and an output that moves with its input.
"""

import streamlit as st

from core.errors import CoreError
from core.filters.connections import KINDS, Connections, connect
from core.filters.grids import read_words, values
from core.filters.shifts import compare, shift
from pages._kit import lab
from pages._parts.connectivity.figures import (
    WORDS,
    answer,
    counts,
    edges_csv,
    findings,
    graph,
    graph_alt,
    image_bars,
    image_counts,
    lit_by,
    one_row,
    shift_table,
    weights_of,
)


def clicked() -> None:
    """A neuron was clicked: its output lights up, or goes out."""
    state = st.session_state
    state["edges_output"] = lit_by(state["graph"].pick, state.get("edges_output", 0))


lab.opening(
    __doc__,
    predict="Five neurons read five others. How many parameters is that if each reads all of them, if each reads a "
    "window of 3, and if all windows share their weights?",
)
controls, stage = lab.columns()
with controls:
    kind = st.segmented_control("Layer", KINDS, default="dense", key="edges_kind", bind="query-params", required=True)
    side = st.slider("Neurons in a row", 3, 9, 5, key="edges_side", bind="query-params")
    kernel = st.select_slider("Window", (1, 3, 5), 3, key="edges_kernel", bind="query-params")
    if st.session_state.get("edges_output", 0) > side:
        st.session_state["edges_output"] = side
    chosen = st.slider(
        "Light up one output (0: all)",
        0,
        side,
        key="edges_output",
        bind="query-params",
        help="Which inputs does it read? A click on an output does the same.",
    )
with stage:
    try:
        layer = connect(side, kind=kind, kernel=kernel, padding=kernel // 2)
    except CoreError as error:
        lab.impossible(error)
        st.stop()
    lit = chosen - 1 if chosen else None
    lab.chart(graph(layer, lit), key="graph", quick=True, alt=graph_alt(layer, lit), on_pick=clicked)
    st.html(counts(side, kernel, kind))

st.markdown("## The same on an image")
first, second = lab.columns()
with first:
    pixels = st.slider("Image side", 8, 64, 32, key="edges_pixels", bind="query-params")
    window = st.select_slider("Window side", (1, 3, 5, 7), 5, key="edges_window", bind="query-params")
    filters = st.slider("Filters", 1, 32, 6, key="edges_filters", bind="query-params")
    maps = st.segmented_control("Input maps", (1, 3), default=1, key="edges_maps", bind="query-params", required=True)
with second:
    counted = image_counts(pixels, maps, window, filters)
    figure, alt = image_bars(counted, kind)
    lab.chart(figure, key="image", quick=True, alt=alt)
    st.markdown("\n".join(f"- {WORDS[name]}: {counted[name][1]}" for name in KINDS))

st.markdown("## Does the output move with the input?")
third, fourth = lab.columns()
with third:
    by = st.slider("Shift to the right", -4, 4, 1, key="edges_by", bind="query-params")
    signal_text = st.text_input("Input", "0 1 2 0 0", max_chars=80, key="edges_signal", bind="query-params")
    taps_text = st.text_input(
        "Shared weights",
        "1 2 -1 1 1",
        max_chars=80,
        key="edges_taps",
        bind="query-params",
        disabled=kind != "shared",
        help=f"The convolution takes the first {kernel} of them, as many as its window is wide. The other two layers "
        "have a weight for every connection, drawn at random.",
    )
with fourth:
    try:
        signal = values(one_row(read_words(signal_text, name="input"), side))
        taps = values(one_row(read_words(taps_text, name="weights"), kernel))[0]
        matrix = layer.matrix(weights_of(layer, taps.tolist()))
        found = compare(lambda row: (matrix @ row[0])[None], signal, (0, by))
    except CoreError as error:
        lab.impossible(error)
        st.stop()
    st.html(shift_table(signal, by, found))
    st.markdown(
        f"Largest difference: **{found.difference:g}**. "
        + ("The output moved with the input." if found.difference < 1e-9 else "The output did not simply move.")
    )
lab.closing(
    notice=findings(layer, kernel, counted, found.difference, by),
    shows=(connect, Connections, compare, shift),
    call=f'connect({side}, kind="{kind}", kernel={kernel}, padding={kernel // 2}).parameters  # {layer.parameters}',
    answer=answer(counted),
    quiz=("Q02", "Q03", "E22"),
    errata=("D52",),
    prepares="ps1",
    exports={"connections.csv": lambda: edges_csv(layer)},
)
