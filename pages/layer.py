"""Filters: One convolutional layer

One idea: a layer is a bank of filters. Each is as deep as its input, looks at all its maps at once, and makes one map;
so the input forces the depth of a filter, and the number of filters is the depth of the output.
"""

import streamlit as st

from core.errors import CoreError
from core.filters.grids import read_words
from core.filters.layer import conv_layer, made_of, stamped_by, transposed_layer
from core.nets.costs import multiplications, parameters
from core.nets.layers import Conv, Transposed
from core.types import pair
from pages._kit import lab
from pages._kit.bench import bench, take
from pages._kit.board import board
from pages._kit.stepper import edited
from pages._parts.layer.examples import EXAMPLES, FILTERS, VOLUME, WAYS
from pages._parts.layer.figures import (
    answer,
    findings,
    layer_scene,
    output_csv,
    python_call,
    torch_code,
    work,
)

CHOICES = ("maps", "filters", "groups", "kernel", "way", "stride", "margin", "dilation", "extra")
SETTINGS = tuple(f"layer_{name}" for name in (*CHOICES, "volume", "bank", "biases"))


def load() -> None:
    """Set everything as the chosen example has it."""
    take(EXAMPLES, CHOICES, prefix="layer_")
    st.session_state.update({"layer_volume": VOLUME, "layer_bank": FILTERS, "layer_biases": "1 0 -1"})


lab.opening(__doc__, predict="Three maps come in, and two filters of 3 x 3 read them. How deep is each filter?")
controls, stage = lab.columns()
with controls:
    name = st.selectbox("Worked example", list(EXAMPLES), key="layer_example", bind="query-params", on_change=load)
    example = EXAMPLES[name]
    st.caption(example.note)
    maps = st.slider("Input maps", 1, 3, example.maps, key="layer_maps", bind="query-params")
    filters = st.slider("Filters", 1, 3, example.filters, key="layer_filters", bind="query-params")
    groups = st.slider("Groups", 1, 3, example.groups, key="layer_groups", bind="query-params")
    kernel = st.segmented_control(
        "Filter side", (1, 3), default=example.kernel, key="layer_kernel", bind="query-params", required=True
    )
    way = st.segmented_control("Way", WAYS, default=example.way, key="layer_way", bind="query-params", required=True)
    stride = st.slider("Stride", 1, 3, example.stride, key="layer_stride", bind="query-params")
    margin = st.slider("Padding", 0, 2, example.margin, key="layer_margin", bind="query-params")
    dilation = st.slider("Dilation", 1, 2, example.dilation, key="layer_dilation", bind="query-params")
    options = {"stride": stride, "padding": margin, "dilation": dilation}
    if way == "transposed":
        options["output_padding"] = st.slider(
            "Output padding", 0, 2, example.extra, key="layer_extra", bind="query-params"
        )
    with st.expander("Numbers as text"):
        volume_text = st.text_area(
            "Three maps of 5 x 5", VOLUME, max_chars=900, key="layer_volume", bind="query-params"
        )
        bank_text = st.text_area(
            "Nine slices of 3 x 3: filter by filter, map by map",
            FILTERS,
            max_chars=900,
            key="layer_bank",
            bind="query-params",
        )
        biases_text = st.text_input("Biases", "1 0 -1", max_chars=60, key="layer_biases", bind="query-params")
with stage:
    place = bench(SETTINGS, load)
with place:
    try:
        volume = read_words(volume_text, most=27, name="volume")
        bank = read_words(bank_text, most=27, name="filters")
        biases = read_words(biases_text, name="biases")
        shape = {"maps": maps, "count": filters, "kernel": kernel, "groups": groups, "way": way}
        found = work(volume, bank, biases, **shape, **options)
    except CoreError as error:
        lab.impossible(error)
        st.stop()
    kind = Conv if way == "convolution" else Transposed
    operation = kind(filters, pair(kernel), groups=groups)
    count, formula = parameters(operation, found.volume.shape)
    products = multiplications(operation, found.volume.shape, found.output.shape)
    with st.container(horizontal=True, gap="medium", key="totals"):
        st.metric("Input", " x ".join(map(str, found.volume.shape)), width="content")
        st.metric("Each filter", f"{found.depth} x {kernel} x {kernel}", width="content")
        st.metric("Output", " x ".join(map(str, found.output.shape)), width="content")
        st.metric("Parameters", f"{count}", width="content")
    st.caption("Volumes are maps x height x width.")
    board(
        layer_scene(volume, bank, biases, found),
        key="walk",
        on_edit=lambda: edited("walk", ("layer_volume", "layer_bank"), most=27),
    )
lab.closing(
    notice=findings(found, formula, products),
    shows=(conv_layer, made_of) if way == "convolution" else (transposed_layer, stamped_by),
    call=python_call(found),
    answer=answer(found),
    quiz=("Q01", "Q36", "Q22", "E03"),
    errata=("N11", "D29"),
    prepares="ps2",
    exports={"layer.py": lambda: torch_code(found), "output.csv": lambda: output_csv(found)},
)
