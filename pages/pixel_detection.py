"""Detection: A score for every pixel

One idea: a network of convolutions alone says at every place of a picture what lies there; islands of high scores are
detections, and two of one class that touch may become one.
"""

from pages._kit import lab
from pages._parts.pixel_detection import views

VIEWS = {
    "Peaks": views.found,
    "Level by level": views.by_level,
    "Two that touch": views.touching,
}

lab.opening(
    __doc__,
    predict="Two circles on a picture move together until they touch. How many circles does a score per pixel find?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="One. The scores say that there is circle all over; where the one ends and the other begins, no score says.",
    quiz=("Q391", "Q392", "Q393", "Q394"),
)
