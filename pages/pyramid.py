"""Detection: A level for every size

One idea: large and small things need maps of different sizes; a pyramid brings what the coarse maps know down to the
fine ones, and each size of box has its level.
"""

from pages._kit import lab
from pages._parts.pyramid import views

VIEWS = {
    "The way down": views.down,
    "Which level": views.sizes,
    "Default boxes": views.defaults,
}

lab.opening(
    __doc__,
    predict="The finest map has the most places and knows the least about things. How can it find small ones?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="It is told from above: the coarser map, doubled, is added to it. So it knows what the coarse one knows, "
    "and still where it is.",
    quiz=("Q33", "Q461", "Q462", "Q463"),
    prepares="ps7",
)
