"""Detection: Two stages or one?

One idea: a detector has to sort out thousands of places where nothing is. Two stages do it before they ask what a thing
is; one stage asks everything everywhere, and leaves it to the loss.
"""

from pages._kit import lab
from pages._parts.two_or_one import views

VIEWS = {
    "Sort the steps": views.sorting,
    "What it costs": views.cost,
    "Measured here": views.measured,
}

lab.opening(
    __doc__,
    predict="A detector looks at 300 regions one by one behind a large network. What share of its work is that?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="With VGG16 and 600x800 pixels about a fifth: the network before it does the rest, once for all regions.",
    quiz=("Q500", "Q501", "Q502"),
)
