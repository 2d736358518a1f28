"""Learning: Losses and their slopes

One idea: a loss says how wrong an answer is, and its slope is all that a network ever learns from.
"""

import streamlit as st

from core.learning.losses import cross_entropy, mean_loss
from pages._kit import lab
from pages._parts.losses import views

VIEWS = {"Cross-entropy": views.surprise, "Squares or distances": views.distance}

lab.opening(
    __doc__,
    predict="The right class has a probability of 0.5, the loss is -log p. How steeply does it change with p?",
)
view = st.segmented_control(
    "Look at", list(VIEWS), default="Cross-entropy", key="view", bind="query-params", required=True
)
said = VIEWS[view](*lab.columns())
lab.closing(
    notice=said.notice,
    shows=(*said.shows, cross_entropy if view == "Cross-entropy" else mean_loss),
    call=said.call,
    answer="By -1/p, which is -2. Lecture E prints p - 1, which would be -0.5: that is the slope by the score in front "
    "of the softmax.",
    quiz=("E18",),
    errata=("N143",),
    prepares="ps8",
    exports={"values.csv": lambda: said.table.to_csv()},
)
