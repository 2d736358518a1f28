"""Metrics: Segmentation studio

One idea: one table of counts, what every pixel is and what it was taken for, holds every score of a segmentation, and
the scores disagree about what a good answer is.
"""

import streamlit as st

from pages._kit import lab
from pages._parts.segmentation import answers, studio, views

VIEWS = {
    "Every class": views.classes,
    "One class": views.one,
    "Dice and IoU": views.dice,
    "Precision and recall": views.surface,
    "Many scenes": views.many,
}

lab.opening(__doc__, predict="Nothing is painted yet. Which share of the pixels is right already?")
controls, stage = lab.columns()
with controls:
    setting = studio.controls()
with stage:
    found = studio.picture(setting)
    counts = answers.counts(setting, found)
    studio.scores(counts, answers.counts(setting, found, near=True))
    view = st.segmented_control(
        "Look at", list(VIEWS), default="Every class", key="view", bind="query-params", required=True, wrap=True
    )
    said = VIEWS[view](setting, found, counts)

lab.closing(
    said,
    answer="All of the ground: 84 of 100 pixels in the first scene. The mean IoU of the same answer is 0.14, because "
    "five of six classes are missed altogether.",
    quiz=("Q361", "Q362", "Q363", "Q364"),
    prepares="ps8",
)
