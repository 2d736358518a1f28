"""Filters: Convolution as a matrix

One idea: write the image as one long column, and a filter is a matrix times it: mostly zeros, and in every row the same
few weights. Turned on its side, the same matrix is the transposed filter.
"""

import streamlit as st

from core.errors import CoreError
from core.filters.grids import read_words, values
from core.filters.matrix import filter_matrix, which_weight
from pages._kit import lab
from pages._kit.bench import bench, take
from pages._kit.board import board
from pages._kit.stepper import edited
from pages._parts.convolution.figures import table
from pages._parts.matrix.figures import (
    DIRECTIONS,
    EXAMPLES,
    answer,
    findings,
    matrix_scene,
    multiply,
    python_call,
)

NAMES = ("image", "kernel", "direction", "stride", "margin", "extra", "letters")
SETTINGS = tuple(f"matrix_{name}" for name in NAMES)


def load() -> None:
    """Set everything as the chosen example has it."""
    take(EXAMPLES, NAMES, prefix="matrix_")


lab.opening(
    __doc__,
    predict="Three weights slide over six values. How large is the matrix, and how many weights does it hold?",
)
controls, stage = lab.columns()
with controls:
    name = st.selectbox("Worked example", list(EXAMPLES), key="matrix_example", bind="query-params", on_change=load)
    example = EXAMPLES[name]
    st.caption(f"Lecture {example.lectures}. {example.note}")
    direction = st.segmented_control(
        "Matrix", DIRECTIONS, default=example.direction, key="matrix_direction", bind="query-params", required=True
    )
    stride = st.slider("Stride", 1, 3, example.stride, key="matrix_stride", bind="query-params")
    margin = st.slider(
        "Padding",
        0,
        2,
        example.margin,
        key="matrix_margin",
        bind="query-params",
        help="Zeros beyond the border need no column. The transposed filter crops as much.",
    )
    extra = 0
    if direction == "transposed":
        extra = st.slider("Output padding", 0, 2, example.extra, key="matrix_extra", bind="query-params")
    letters = st.toggle("Letters in place of numbers", example.letters, key="matrix_letters", bind="query-params")
    with st.expander("Image and kernel as text"):
        image_text = st.text_area("Image", example.image, max_chars=2_000, key="matrix_image", bind="query-params")
        kernel_text = st.text_area("Kernel", example.kernel, max_chars=500, key="matrix_kernel", bind="query-params")
        st.caption("Rows end with a semicolon; a single row is a 1D signal.")
with stage:
    place = bench(SETTINGS, load)
with place:
    try:
        image, kernel = read_words(image_text, name="image"), read_words(kernel_text, most=7, name="kernel")
        setting = {"stride": stride, "margin": margin, "extra": extra}
        found = multiply(values(image), values(kernel), direction=direction, **setting)
    except CoreError as error:
        lab.impossible(error)
        st.stop()
    with st.container(horizontal=True, gap="medium", key="totals"):
        st.metric("Matrix", f"{found.matrix.shape[0]} x {found.matrix.shape[1]}", width="content")
        st.metric("Entries not 0", f"{found.filled:,}", width="content")
        st.metric("Weights to learn", f"{found.weights}", width="content")
        st.metric("Differs from filtering by", f"{found.apart:.3g}", width="content")
    board(
        matrix_scene(image, kernel, found, letters=letters),
        key="walk",
        on_edit=lambda: edited("walk", ("matrix_image", "matrix_kernel")),
    )
lab.closing(
    notice=[
        *findings(image, found, letters=letters),
        "To see the same filter as a walking window, open [Convolution, step by step](convolution).",
    ],
    shows=(filter_matrix, which_weight),
    call=python_call(image, kernel, found, **setting),
    answer=answer(found),
    quiz=("Q02", "E14"),
    errata=("N54", "N55", "N56", "N57"),
    prepares="ps2",
    exports={"matrix.csv": lambda: table(found.matrix), "output.csv": lambda: table(found.output)},
)
