"""Filters: Upsampling and unpooling

One idea: a small map grows by a rule that says where each value goes. Repeat it, set it among zeros, send it back to
where the maximum was, or let it stamp a kernel that interpolates and can be learned.
"""

import streamlit as st

from core.errors import CoreError
from core.filters.grids import read_words, values
from pages._kit import lab
from pages._kit.bench import bench, take
from pages._kit.board import board
from pages._kit.stepper import edited
from pages._parts.convolution.figures import table
from pages._parts.upsampling.examples import EXAMPLES, WAYS
from pages._parts.upsampling.figures import (
    FUNCTIONS,
    answer,
    checkerboard,
    findings,
    grow,
    growing_scene,
    python_call,
)

NAMES = ("way", "image", "before", "kernel", "factor", "stride", "crop", "extra")
SETTINGS = tuple(f"up_{name}" for name in NAMES)


def load() -> None:
    """Set everything as the chosen example has it."""
    take(EXAMPLES, NAMES, prefix="up_")


lab.opening(
    __doc__,
    predict="A transposed 3 x 3 convolution with stride 2 and padding 1 reads a 2 x 2 map. How large is the output?",
)
controls, stage = lab.columns()
with controls:
    name = st.selectbox("Worked example", list(EXAMPLES), key="up_example", bind="query-params", on_change=load)
    example = EXAMPLES[name]
    st.caption(f"Lecture {example.lectures}. {example.note}")
    way = st.selectbox("Way to grow", WAYS, WAYS.index(example.way), key="up_way", bind="query-params")
    factor, stride, crop, extra = example.factor, example.stride, example.crop, example.extra
    if way == "transposed":
        stride = st.slider("Stride", 1, 4, example.stride, key="up_stride", bind="query-params")
        crop = st.slider("Padding (cropped)", 0, 3, example.crop, key="up_crop", bind="query-params")
        extra = st.slider(
            "Output padding",
            0,
            3,
            example.extra,
            key="up_extra",
            bind="query-params",
            help="Rows and columns that the stride had dropped on the way down.",
        )
    elif way != "max unpooling":
        factor = st.slider("Factor", 1, 4, example.factor, key="up_factor", bind="query-params")
    before_text, kernel_text = example.before, example.kernel
    with st.expander("Numbers as text"):
        image_text = st.text_area("Map", example.image, max_chars=2_000, key="up_image", bind="query-params")
        if way == "max unpooling":
            before_text = st.text_area(
                "Before pooling", example.before, max_chars=2_000, key="up_before", bind="query-params"
            )
        if way == "transposed":
            kernel_text = st.text_area("Kernel", example.kernel, max_chars=500, key="up_kernel", bind="query-params")
        st.caption("Rows end with a semicolon; write 3, -0.5 or 1/4. Up to 12 by 12 and 7 by 7.")
with stage:
    place = bench(SETTINGS, load)
with place:
    try:
        image, before = read_words(image_text, name="map"), read_words(before_text, name="image before pooling")
        kernel = read_words(kernel_text, most=7, name="kernel")
        grids = {"image": values(image), "before": values(before), "kernel": values(kernel)}
        found = grow(way, **grids, factor=factor, stride=stride, crop=crop, extra=extra)
    except CoreError as error:
        lab.impossible(error)
        st.stop()
    board(
        growing_scene(image, before, kernel, found),
        key="walk",
        on_edit=lambda: edited("walk", ("up_image", "up_before", "up_kernel")),
    )
if found.kernel is not None:
    st.markdown("## How many stamps reach each output of a flat image?")
    figure, alt = checkerboard(found.kernel.shape, found.stride)
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        lab.chart(figure, key="stamps", alt=alt)
    with right:
        st.markdown(alt)
        st.markdown("Choose a stride that divides the kernel's side: away from the border the pattern disappears.")
lab.closing(
    notice=findings(found),
    shows=FUNCTIONS[way],
    call=python_call(image, before, kernel, found),
    answer=answer(found),
    quiz=("Q11", "E13", "Q30"),
    errata=("N51",),
    prepares="ps3",
    exports={"output.csv": lambda: table(found.output), "matrix.csv": lambda: table(found.matrix)},
)
