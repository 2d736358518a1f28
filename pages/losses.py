"""Learning: Losses and their slopes

One idea: a loss says how wrong an answer is, and its slope is all that a network ever learns from.
"""

from pages._kit import lab
from pages._parts.losses import views

VIEWS = {"Cross-entropy": views.surprise, "Squares or distances": views.distance}

lab.opening(
    __doc__,
    predict="The right class has a probability of 0.5, the loss is -log p. How steeply does it change with p?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="By -1/p, which is -2. Lecture E prints p - 1, which would be -0.5: that is the slope by the score in front "
    "of the softmax.",
    quiz=("E18",),
    errata=("N143",),
    prepares="ps8",
)
