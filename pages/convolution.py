"""Filters: Convolution, step by step

One idea: every output value is one window of the image, multiplied by the kernel and added up. Flip, padding, stride
and dilation only say where the window goes and how the kernel lies in it.
"""

import streamlit as st

from core.errors import CoreError
from core.filters.correlate import convolve, correlate
from core.filters.examples import EXAMPLES
from core.filters.grids import read_words, values
from core.filters.matrix import filter_matrix
from core.filters.padding import PADDINGS
from core.filters.transposed import transposed
from core.filters.walk import MANNERS, walk
from pages._kit import lab
from pages._kit.bench import bench, take
from pages._kit.stepper import VIEWS, edited, stepper
from pages._parts.convolution.figures import answer, findings, python_call, table

SETTINGS = ("image", "kernel", "manner", "padding", "stride", "dilation", "output_padding", "view")


def load() -> None:
    """Set everything as the chosen example has it."""
    take(EXAMPLES, SETTINGS)


lab.opening(
    __doc__,
    predict="Choose one setting to change. How large will the output be then, and what will stand in its middle?",
)
controls, stage = lab.columns()
with controls:
    name = st.selectbox("Worked example", list(EXAMPLES), key="example", bind="query-params", on_change=load)
    example = EXAMPLES[name]
    st.caption(f"Lecture {example.lectures}. {example.note}")
    manner = st.segmented_control(
        "Way of filtering", MANNERS, default=example.manner, key="manner", bind="query-params", required=True
    )
    padding = st.selectbox(
        "Padding",
        PADDINGS,
        PADDINGS.index(example.padding),
        key="padding",
        bind="query-params",
        help="valid adds nothing, same adds zeros so that stride 1 keeps the size, full adds zeros as far as the "
        "window touches the image; symmetric and reflect mirror it. Transposed filtering crops instead of adding.",
    )
    stride = st.slider("Stride", 1, 4, example.stride, key="stride", bind="query-params")
    dilation = st.slider("Dilation", 1, 3, example.dilation, key="dilation", bind="query-params")
    output_padding = 0
    if manner == "transposed":
        output_padding = st.slider(
            "Output padding",
            0,
            3,
            example.output_padding,
            key="output_padding",
            bind="query-params",
            help="Rows and columns that the stride had dropped on the way down.",
        )
    with st.expander("Image and kernel as text"):
        image_text = st.text_area("Image", example.image, max_chars=2_000, key="image", bind="query-params")
        kernel_text = st.text_area("Kernel", example.kernel, max_chars=500, key="kernel", bind="query-params")
        st.caption("Rows end with a semicolon; write 3, -0.5 or 1/4. Up to 12 by 12 and 7 by 7.")
with stage:
    view = st.segmented_control("View", VIEWS, default=example.view, key="view", bind="query-params", required=True)
    compute = view != "stamps" and st.toggle(
        "Let me compute: hide the output until I type it", key="compute", bind="query-params"
    )
    place = bench(SETTINGS, load)
setting = {
    "manner": manner,
    "padding": padding,
    "stride": stride,
    "dilation": dilation,
    "output_padding": output_padding,
}
with place:
    try:
        image = read_words(image_text, name="image")
        kernel = read_words(kernel_text, name="kernel", most=7)
        found = walk(values(image), values(kernel), **setting)
        stepper(
            image,
            kernel,
            found,
            view=view,
            compute=compute,
            key="walk",
            on_edit=lambda: edited("walk"),
        )
    except CoreError as error:
        lab.impossible(error)
        st.stop()
lab.closing(
    notice=[
        *findings(image, kernel, found, manner=manner, stride=stride, dilation=dilation),
        "Go on with [several maps and filters](layer), or with [the matrix of a filter](matrix).",
    ],
    shows={"correlation": (correlate,), "convolution": (convolve, correlate), "transposed": (transposed,)}[manner]
    + ((filter_matrix,) if view == "matrix" else ()),
    call=python_call(image, kernel, **setting),
    answer=answer(found),
    quiz=("Q35", "Q21", "E14", "Q31", "Q30", "E13"),
    errata=("N51", "N54", "N56"),
    prepares="ps2",
    exports={"output.csv": lambda: table(found.output)},
)
