"""The lecture's three lines that move the weights: choose a repair for each, and see what the program does."""

from typing import Any

import streamlit as st

from core.segment.dense import dense_to_conv_keras, keras_to_torch
from core.segment.transplant import GET, LECTURE, SECOND, THIRD, Ran, run
from pages._kit import lab


@st.cache_data(show_spinner=False)
def ran(second: str, third: str) -> Ran:
    """What the program does."""
    return run(second, third)


def bugs(controls: Any, stage: Any) -> lab.Said:
    """Two lines to repair, out of lists; nothing typed is run."""
    with controls:
        st.markdown("The dense layer 7 has 256 units on a volume of 20x20x10. Choose a line 2 and a line 3.")
        second = st.radio("Line 2", list(SECOND), key="second", bind="query-params", format_func=_shown)
        third = st.radio("Line 3", list(THIRD), key="third", bind="query-params", format_func=_shown)
    found = ran(second, third)
    with stage:
        st.markdown("The convolution of `model2` was made with 256 filters of 20x20. It waits for its weights:")
        st.code(f"{GET}\n{second}\n{third}", language="python", line_numbers=True, wrap_lines=True)
        if found.right:
            st.success(
                f"Both layers now give the same 256 values: they differ by at most {found.apart:.0e}.",
                icon=":material/check_circle:",
            )
        elif found.line is None:
            st.error(
                f"It runs, and it is wrong: the values of both layers differ by up to {found.apart:.3g}. The shape is "
                "right, the numbers stand in wrong places. No message tells you so.",
                icon=":material/cancel:",
            )
        else:
            st.error(f"Line {found.line} stops: {found.error}", icon=":material/cancel:")
        st.caption(_hint(second, third, found))
    return lab.Said(
        notice=[
            "NumPy's reshape gives a new array and leaves w7 alone. Nobody kept it, so w7 goes on as (4000, 256).",
            "set_weights takes one list, as get_weights gives one. With two arguments it stops before it looks at a "
            "shape, so the second mistake hides the first.",
            "Keras keeps filters as (height, width, maps, filters) and a dense layer as (inputs, units), flattened "
            "with the maps last: reshape alone is right. Turned over first, it has the right shape and wrong places.",
            "PyTorch keeps (filters, maps, height, width) and flattens maps first. From Keras to PyTorch the axes must "
            "be moved, not reshaped.",
            "Another sentence of the lecture needs care: a dense layer on a volume is no convolution of 1x1. Its "
            "kernel is as large as the volume, here 20x20x10; only the dense layers after it are 1x1.",
        ],
        call=f"run({second!r}, {third!r})",
        shows=(run, dense_to_conv_keras, keras_to_torch),
        exports={"transplant.py": f"{GET}\n{second}\n{third}\n"},
    )


def _shown(line: str) -> str:
    return f"`{line}`"


def _hint(second: str, third: str, found: Ran) -> str:
    if (second, third) == LECTURE:
        return "These are the lecture's lines. There are two mistakes; the program stops at the first it meets."
    if found.right:
        return "Now ask yourself how you would notice a mistake that raises no error."
    if third == LECTURE[1]:
        return "Look at how many things set_weights is given."
    if second == LECTURE[0]:
        return "Which shape does w7 have when it arrives?"
    return "Compare the shape that is wanted with the one that is given, and which number stands where."
