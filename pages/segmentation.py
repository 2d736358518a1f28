"""Metrics: Segmentation studio

One idea: one table of counts, what every pixel is and what it was taken for, holds every score of a segmentation, and
the scores disagree about what a good answer is.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.errors import CoreError
from pages._kit import lab
from pages._parts.segmentation import case, photos, scenes, typed, views

JUDGED: dict[str, Callable[[Any, Any], case.Case]] = {
    "plain": partial(scenes.scene, "plain"),
    "hard": partial(scenes.scene, "hard"),
    "photo": photos.photo,
    "counts": typed.typed,
}
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
    judged = st.segmented_control(
        "Judge plain or hard scenes, a photo, or counts alone",
        list(JUDGED),
        default="hard",
        key="scenes",
        bind="query-params",
        required=True,
    )
with stage:
    top = st.container()  # the scores stand above the picture: they move while one paints
try:
    found = JUDGED[judged](controls, stage)
    with top:
        case.scores(found)
    with stage:
        view = st.segmented_control(
            "Look at", list(VIEWS), default="Every class", key="view", bind="query-params", required=True, wrap=True
        )
        said = VIEWS[view](found)
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

lab.closing(
    said,
    answer="All of the ground: 84 of 100 pixels in the first scene. The mean IoU of the same answer is 0.14, because "
    "five of six classes are missed altogether.",
    quiz=("Q361", "Q362", "Q363", "Q364"),
    prepares="ps8",
)
