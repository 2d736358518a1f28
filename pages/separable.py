"""Architectures: 1x1 and depthwise separable convolutions

One idea: a convolution looks around and mixes maps at once; done one after the other, the same two things cost little.
"""

import pandas as pd
import streamlit as st

from core.blocks.miniatures import separable
from core.blocks.pointwise import merged, mix, ratio, two_ways
from core.errors import CoreError
from core.filters.grids import read_words, values
from core.nets.build import code
from core.nets.export import as_csv
from core.nets.trace import trace
from pages._kit import lab
from pages._parts.separable.figures import (
    EXAMPLES,
    MAPS,
    MOST_OUT,
    costs,
    costs_alt,
    findings,
    floors,
    mixing,
    mixing_alt,
    sums,
)
from pages._parts.small_filters.figures import count

VIEWS = ("two steps", "mixing alone")
COUNTS = (1, 2, 3, 4, 8, 16, 32, 64, 128, 192, 256, 384, 512, 768, 1024)


def load() -> None:
    """Write the chosen mix where it can be edited."""
    st.session_state.weights = EXAMPLES[st.session_state.example]


lab.opening(
    __doc__,
    predict="3x3 windows, 64 maps to 128: which share of a standard layer's work do a depthwise and a 1x1 layer need?",
)
controls, stage = lab.columns()
with controls:
    view = st.segmented_control("Look at", VIEWS, default=VIEWS[0], key="view", bind="query-params", required=True)
    if view == "two steps":
        kernel = st.select_slider("Kernel side", (1, 3, 5, 7, 9, 11), 3, key="kernel", bind="query-params")
        maps = st.select_slider("Maps that come in", COUNTS, 64, key="maps", bind="query-params")
        filters = st.select_slider("Filters: maps that go out", COUNTS, 128, key="filters", bind="query-params")
        side = st.slider("Side of the maps", 1, 224, 56, key="side", bind="query-params")
        bias = st.toggle("Count biases", key="bias", bind="query-params")
    else:
        st.selectbox("Start from", EXAMPLES, 2, key="example", bind="query-params", on_change=load)
        start = EXAMPLES[st.session_state.example]
        text = st.text_area(
            "1x1 weights: a row per output map", start, key="weights", bind="query-params", max_chars=200,
            help="Three numbers in each row, one per input map. Rows end with a semicolon; write 3, -0.5 or 1/4.",
        )  # fmt: skip
        row = st.slider("Row of the framed pixel", 0, 3, 1, key="row", bind="query-params")
        column = st.slider("Column of the framed pixel", 0, 3, 1, key="column", bind="query-params")
        kernel, maps, filters, side, bias = 3, 64, 128, 56, False

standard, split = (trace(network) for network in two_ways(maps, filters, kernel, side, bias=bias))
share = ratio(filters, kernel)
if view == "two steps":
    table = pd.DataFrame(
        {
            "layer": [each.name for each in (*standard.rows, *split.rows)],
            "parameters": [count(each.parameters) for each in (*standard.rows, *split.rows)],
            "operations": [count(each.macs) for each in (*standard.rows, *split.rows)],
        }
    )
    with stage:
        st.markdown(
            f"1/{filters} + 1/{kernel}² = **{share:.4f}**: two steps take {split.macs:,} of {standard.macs:,} "
            f"multiply-accumulates, **{1 / share:.2f} times** {'fewer' if share <= 1 else 'as many, that is more'}."
        )
        lab.chart(costs(standard, split), key="costs", quick=True, alt=costs_alt(standard, split), table=table)
        st.markdown("**The same for other layers:** the share of the work over the number of filters, by kernel side.")
        alt = f"Share of the work over the number of filters; {kernel}x{kernel} with {filters} filters: {share:.4f}."
        lab.chart(floors(kernel, filters), key="floors", quick=True, alt=alt)
    notice = findings(standard, split)
    shows, call = (two_ways, separable, ratio, merged), f"ratio({filters}, {kernel})  # {share:.4f}"
    exports = {"layers.csv": lambda: as_csv(split), "separable.py": lambda: code(split)}
else:
    try:
        words = read_words(text, name="weights", most=MOST_OUT)
        weights = values(words)
        mixed = mix(MAPS, weights)
    except CoreError as error:
        with stage:
            lab.impossible(error)
        st.stop()
    with stage:
        alt = mixing_alt(MAPS, weights, mixed, (row, column))
        lab.chart(mixing(MAPS, weights, mixed, (row, column)), key="mixing", quick=True, alt=alt)
        st.markdown("\n".join(f"- {line}" for line in sums(MAPS, weights, words, mixed, (row, column))))
    notice = [
        f"The depth goes from {len(MAPS)} to {len(mixed)}; height and width stay 4x4, because the window is one pixel.",
        f"The {weights.size} weights are used at all {MAPS[0].size} pixels: {weights.size * MAPS[0].size} products.",
        "Every pixel is a small vector, and the same matrix is multiplied with each. With a rectifier behind it and a "
        "second one on top, that is a perceptron that slides over the image: a network in a network.",
        "It never looks at a neighbour: cover the rest of the maps, and the framed pixel's mix stays.",
    ]
    shows, call = (mix,), f"mix(maps, np.array({weights.round(4).tolist()}))  # shape {mixed.shape}"
    exports = {"mix.csv": "\n".join(",".join(map(str, line)) for one in mixed.tolist() for line in one) + "\n"}

lab.closing(
    notice=notice,
    shows=shows,
    call=call,
    answer=f"1/128 + 1/9 = {ratio(128, 3):.3f}, about an eighth. The layer as it is set: {share:.3f}.",
    quiz=("Q91", "Q92"),
    prepares="ps1",
    exports=exports,
)
