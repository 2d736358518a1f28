"""Metrics: Average precision

One idea: a detector is a list of boxes, the surest first; which of them count, and how the curve they draw becomes one
number, is a matter of rules, and two tools may have two.
"""

from pages._kit import lab
from pages._parts.average_precision import disagree, files, views

VIEWS = {
    "What counts": views.matching,
    "Five rules": views.rules,
    "Stricter overlaps": views.stricter,
    "Why tools disagree": disagree.tools,
    "Your files": files.pair,
}

lab.opening(
    __doc__,
    predict="Two detections lie on the same circle, both with an IoU above one half. Are both of them right?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="No. The surer one takes the circle, the other is a duplicate and counts as wrong, even if it lies better.",
    prepares="ps8",
    quiz=("Q34", "E19", "Q516", "Q517", "Q518", "Q519", "Q520", "Q521"),
    errata=("N149",),
)
