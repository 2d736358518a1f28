"""Data: What is in a data set?

One idea: a network can only learn what somebody wrote down, so look at the examples, and at what is known about each.
"""

import streamlit as st

from core.errors import CoreError
from pages._kit import lab
from pages._parts.datasets import views

VIEWS = {"Examples": views.browse, "Work for each image": views.genome}

lab.opening(__doc__, predict="A colour image of 32x32 pixels is written as one vector. How long is it?")
view = st.segmented_control("Look at", list(VIEWS), default="Examples", key="view", bind="query-params", required=True)
controls, stage = lab.columns()
try:
    said = VIEWS[view](controls, stage)
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

lab.closing(
    notice=said.notice,
    shows=said.shows,
    call=said.call,
    answer="3072: every pixel has three numbers, 32 · 32 · 3.",
    exports=said.exports,
)
