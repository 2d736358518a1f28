"""Detection: A grid over any region

One idea: a dense layer wants as many numbers of a small region as of a large one. A grid over the region gives them:
rounded to whole cells of the map it jumps, sampled between them it glides.
"""

from pages._kit import lab
from pages._parts.roi import views

VIEWS = {
    "Jump and glide": views.region,
    "Cell by cell": views.cells,
    "What rounding costs": views.costs,
    "Grids over all of it": views.pyramid,
}

lab.opening(
    __doc__,
    predict="A map has a value every 16 pixels. A region moves by 5 pixels. Does what is pooled from it change?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="Under RoI pooling often not at all, and now and then all at once: when an edge is rounded the other way. "
    "Under RoI Align always, and a little.",
    prepares="ps7",
    quiz=("Q421", "Q422", "Q423", "Q424", "Q425", "Q426"),
)
