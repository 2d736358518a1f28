"""Detection: Where could there be something?

One idea: before anything is classified, a cheap search names some hundred boxes. It must miss almost nothing, and may
be wrong almost always.
"""

from pages._kit import lab
from pages._parts.proposals import views

VIEWS = {
    "Merge step by step": views.steps,
    "Recall and precision": views.measured,
    "Other ways": views.others,
}

lab.opening(
    __doc__,
    predict="Of a hundred boxes proposed for a picture with three things, how many hold a thing well?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="On our scenes about a quarter of them hold a thing with an IoU of 0.5, one in six with 0.7: see precision "
    "in the second view. That is no fault. What counts is that every thing has one; the classifier behind throws the "
    "others away.",
    quiz=("Q432", "Q433", "Q434", "Q435", "Q436"),
    prepares="ps7",
)
