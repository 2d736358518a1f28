"""Detection: Ten thousand easy answers against ten

One idea: a detector that answers everywhere learns mostly from places where there is nothing; the focal loss quiets
what is answered well already.
"""

from pages._kit import lab
from pages._parts.focal import training, views

VIEWS = {
    "Who holds the loss": views.crowd,
    "The curves": views.curve,
    "Train it": training.live,
    "Measured": training.measured,
}

lab.opening(
    __doc__,
    predict="10,000 background answers at p = 0.99 and 10 objects at p = 0.1: whose losses add up to more?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="Those of the background, by far: 81 % of the cross-entropy. With the focal loss and gamma 2 the ten "
    "objects hold 99.9 %.",
    prepares="ps8",
    quiz=("Q32", "Q441", "Q442", "Q443", "E18"),
    errata=("N143",),
)
