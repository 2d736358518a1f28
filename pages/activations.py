"""Architectures: Activations and dying units

One idea: a unit bends its sum with a simple function, and the slope of that function decides whether it can learn.
"""

import streamlit as st

from pages._kit import lab
from pages._parts.activations.views import draw_curves, draw_dying, draw_linear, draw_map

VIEWS = {
    "Curves": draw_curves,
    "Feature map": draw_map,
    "Dying units": draw_dying,
    "No activation": draw_linear,
}

lab.opening(
    __doc__,
    predict="The lectures print the sigmoid as 1 / (1 + exp(-2x)). How steep is it at 0, and how steep is the logistic "
    "function 1 / (1 + exp(-x))?",
)
view = st.segmented_control(
    "What to look at",
    list(VIEWS),
    default="Curves",
    key="view",
    bind="query-params",
    required=True,
    label_visibility="collapsed",
)
told = VIEWS[view](*lab.columns())
lab.closing(
    notice=told.notice,
    shows=told.shows,
    call=told.call,
    answer="0.5 against 0.25. The printed one is the logistic function of 2x: at 1 it is 0.881 in place of 0.731. "
    "Choose both under Functions and move x.",
    quiz=("E01", "Q80", "Q81", "Q82"),
    errata=("N33",),
    prepares="ps2",
    exports=told.exports,
)
