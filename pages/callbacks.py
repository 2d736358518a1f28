"""Learning: Saving and stopping in time

One idea: a training says after every epoch how it is doing, and callbacks act on that: they save, they stop, they tell.
"""

from core.learning.stopping import Checkpoint, EarlyStopping
from pages._kit import lab
from pages._parts.callbacks import figures, views

VIEWS = {"Replay": views.replay, "Live stream": views.live}

lab.opening(
    __doc__,
    predict="The loss on other digits is lowest in epoch 18 of 60. With a patience of 5, which weights does the "
    "network end with?",
)
said = lab.one_of(VIEWS)


def event_file() -> bytes:
    """The numbers as TensorBoard reads them."""
    from core.learning.events import events

    return events(said.logs)


lab.closing(
    notice=said.notice,
    shows=(*said.shows, EarlyStopping.replay, Checkpoint.replay),
    call=said.call,
    answer="Those of epoch 23, where it stops: five epochs in a row were no better than the 18th. The best weights "
    "come back only with restore_best_weights=True, which is not the default.",
    quiz=("E33", "Q173", "Q174"),
    errata=("D47",),
    prepares="ps5",
    exports={"log.csv": lambda: figures.as_csv(said.logs), "events.out.tfevents.fovea": event_file}
    if said.logs else {},
)  # fmt: skip
