"""Learning: Transfer and fine tuning

One idea: what a network learned from a million photos is worth keeping when there are only a few pictures of
something else.
"""

from pages._kit import lab
from pages._parts.transfer import views

VIEWS = {"Train a new head": views.train, "Cut a network": views.cut}

lab.opening(
    __doc__,
    predict="Ten pictures of each of five drawn things, and a network that has only seen photos. How many of a "
    "hundred new pictures does it name right, if nothing but its head learns?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="About 80. From scratch, the same network on the same pictures gets about as many right as guessing, 20.",
    quiz=("Q25", "Q26", "Q38", "E29"),
    errata=("D14",),
    prepares="ps5",
)
