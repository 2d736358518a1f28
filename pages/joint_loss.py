"""Detection: One loss for label and box

One idea: a class and a box share one network, so their losses are mixed, and the loss itself cannot say how.
"""

from pages._kit import lab
from pages._parts.joint_loss import views

VIEWS = {"One weight, two wishes": views.by_hand, "Train two heads": views.trained}

lab.opening(
    __doc__,
    predict="L = alpha S + (1 - alpha) R. Somebody trains at many alphas and keeps the one with the least L. Which one "
    "will it be?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="0 or 1: the least loss over all trainings is a curve that bends downwards only, so it is least at an end. "
    "One of the two tasks is then not learned at all.",
    quiz=("Q383", "Q384"),
    prepares="ps6",
)
