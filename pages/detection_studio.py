"""Detection: Detection studio

One idea: a score says how good a detector is; the kinds of its mistakes say what it does wrong.
"""

from pages._kit import lab
from pages._parts.detection_studio import photos, views

VIEWS = {
    "One scene": views.scene,
    "Many scenes": views.many,
    "A photo": photos.pictured,
}

lab.opening(
    __doc__,
    predict="A detector that learned from drawn scenes makes mistakes on new ones. Which kind is the most frequent: "
    "badly placed boxes, wrong classes, doubles, or boxes on nothing?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="Count them in the view of many scenes. It depends on the score from which detections count: a low one "
    "brings boxes on nothing and badly placed ones first, a high one leaves few mistakes and things that are missed.",
    quiz=("Q522", "Q523"),
)
