"""A table of counts without a picture: every cell can be typed, or clicked, and all scores follow."""

from typing import Any

import numpy as np
import streamlit as st

from pages._parts.segmentation.case import Case

NAMES = ("sky", "cat", "dog")
START = ((880, 20, 10), (30, 40, 5), (8, 2, 5))
MOST = 1_000_000
CLICKS = (1, 10, 100)


def typed(controls: Any, stage: Any) -> Case:
    """The controls and the cells."""
    with controls:
        classes = st.segmented_control("Classes", (2, 3), default=3, key="kinds", bind="query-params", required=True)
        st.segmented_control(
            "A click on the table below adds", CLICKS, default=10, key="adds", bind="query-params", required=True
        )
        st.caption(
            "No picture, only its table of counts. Two classes make the table of every question that is answered by "
            "yes or no: cat, or not."
        )
    names = NAMES[:classes]
    counts = np.zeros((classes, classes), dtype=np.int64)
    with stage:
        st.caption("Type how many pixels there are of every kind: a cat as dog is a cat that was taken for a dog.")
        for row, is_ in enumerate(names):
            with st.container(horizontal=True, key=f"row-{row}"):
                for column, called in enumerate(names):
                    counts[row, column] = st.number_input(
                        f"{is_} as {called}",
                        0,
                        MOST,
                        START[row][column],
                        key=_key(row, column),
                        bind="query-params",
                        width=104,
                    )
    notice = [
        "Type 10 times as much sky that is called sky, and see which scores move: pixel accuracy does, the "
        "IoU of the others does not.",
        "A class whose row and column are 0 is neither there nor answered: it has no score, and no mean counts it.",
    ]
    return Case(names, counts, "counts that somebody typed", notice=notice)


def clicked() -> None:
    """A click on a cell of the table."""
    row, column = st.session_state["taken"].pick["point"]
    key = _key(row, column)
    st.session_state[key] = min(MOST, st.session_state[key] + st.session_state["adds"])


def _key(row: int, column: int) -> str:
    return f"n{row}{column}"
