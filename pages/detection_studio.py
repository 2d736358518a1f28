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
    answer="Wrong classes, if you ask the detector of two stages and an IoU of one half counts: on all three kinds of "
    "scenes and at every score. It puts no box on nothing. Ask the others in the view of many scenes: their most "
    "frequent mistake may be another. For all, a low score brings more mistakes, a high one leaves more things missed.",
    quiz=("Q522", "Q523"),
    prepares="ps7",
)
