"""Detection: A window that slides

One idea: a classifier becomes a detector if it looks at every place, at every size, in every shape, and may say that
there is nothing. Nothing has to be invented for it but patience.
"""

from pages._kit import lab
from pages._parts.sliding import views

VIEWS = {"How many windows": views.counts, "On a scene": views.scene}

lab.opening(
    __doc__,
    predict="A picture of 1000x2000 pixels, a window of 224x224 that moves pixel by pixel: how many crops are that?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="777 places down and 1,777 across, 1,380,729 crops, at one size and in one shape. At a stride of 32 they "
    "are 1,400.",
    quiz=("Q12", "Q427", "Q428", "Q429", "Q430", "Q431"),
)
