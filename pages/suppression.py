"""Detection: Non-maximum suppression

One idea: a detector finds everything several times; the surest box stays, and what overlaps it too much is removed.
"""

import streamlit as st

from core.errors import CoreError
from pages._kit import lab
from pages._parts.suppression import views

lab.opening(
    __doc__,
    predict="Eleven boxes on four things, the surest one keeps its place in every round. How many will be left?",
)
controls, stage = lab.columns()
try:
    with controls:
        setting = views.controls()
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()
with stage:
    views.stage(setting)
lab.closing(
    views.said(setting),
    answer="Four, one on each thing. At a threshold of 0.6 five would be left, at 0.8 all eleven; and where two people "
    "stand close together, 0.5 is too low already.",
    prepares="ps7",
    quiz=("Q406", "Q407", "Q408", "Q409"),
)
