"""Learning: Saving and stopping in time

One idea: a training says after every epoch how it is doing, and callbacks act on that: they save, they stop, they tell.
"""

from pages._kit import lab
from pages._parts.callbacks import views

VIEWS = {"Replay": views.replay, "Live stream": views.live}

lab.opening(
    __doc__,
    predict="The loss on other digits is lowest in epoch 18 of 60. With a patience of 5, which weights does the "
    "network end with?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="Those of epoch 23, where it stops: five epochs in a row were no better than the 18th. The best weights "
    "come back only with restore_best_weights=True, which is not the default.",
    quiz=("E33", "Q173", "Q174"),
    errata=("D47",),
    prepares="ps5",
)
