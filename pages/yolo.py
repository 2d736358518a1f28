"""Detection: A grid that answers at once

One idea: cut the picture into cells and let each answer for the things whose middle lies in it: all boxes of a picture
are one tensor, from one pass.
"""

from pages._kit import lab
from pages._parts.yolo import views

VIEWS = {
    "Decode a cell": views.cell,
    "Count the outputs": views.outputs,
    "Fast or accurate": views.trade,
}

lab.opening(
    __doc__,
    predict="One lecture prints S x S x (5B + C) for the answer, another S x S x B x (5 + C). When are they equal?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="For B = 1 only. With more boxes the first form has one set of class scores for a cell, the second one for "
    "each box: 1,715 numbers against 3,675 for B = 3 and C = 20.",
    prepares="ps7",
    quiz=("E17", "Q451", "Q452", "Q453", "Q454"),
)
