"""Explaining: Where does the class look?

One idea: behind a global average the last maps vote for every class, place by place, and the mean of their votes is the
score.
"""

from pages._kit import lab
from pages._parts.cam import sharper, views

VIEWS = {
    "The vote": views.vote,
    "Any layer": views.any_layer,
    "Sharper": sharper.view,
    "Sanity check": views.sanity,
}

lab.opening(
    __doc__,
    predict="A man looks through a camera on a tripod. The network says tripod, and in second place harmonica. "
    "Where does it see the harmonica?",
)
said = lab.one_of(VIEWS)
lab.closing(
    said,
    answer="At the camera that he holds to his face. For the tripod it looks at the legs below: the same 1,280 maps, "
    "weighted otherwise.",
    quiz=("E15", "Q301", "Q302", "Q303"),
    errata=("N122",),
    prepares="ps6",
)
