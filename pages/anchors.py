"""Detection: Anchors

One idea: a detector guesses from fixed boxes of some sizes and shapes at every place, and which of them it is to
believe in depends on their overlap with the objects.
"""

import streamlit as st

from core.errors import CoreError
from pages._kit import lab
from pages._parts.anchors import views
from pages._parts.anchors.setting import found

lab.opening(
    __doc__,
    predict="Four objects, nine anchors in each of 12 x 12 cells: 1,296 in all. How many overlap an object by 0.7?",
)
controls, stage = lab.columns()
try:
    with controls:
        setting = views.controls()
    labels = found(setting)
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()
with stage:
    views.stage(setting, labels)
lab.closing(
    views.said(setting, labels),
    answer="Four. Two of the four objects have no such anchor; each gets its best one all the same, so six of "
    "1,296 are positive.",
    prepares="ps7",
    quiz=("Q410", "Q411", "Q412", "Q413"),
)
