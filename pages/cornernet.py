"""Detection: Boxes from pairs of corners

One idea: a box is two corners. Corner pooling finds them where nothing of the thing is, and a tag on each says which
two belong together.
"""

from pages._kit import lab
from pages._parts.cornernet import views

VIEWS = {
    "Corner pooling": views.on_numbers,
    "Corners to boxes": views.on_scenes,
}

lab.opening(
    __doc__,
    predict="Three circles on a picture have three top-left and three bottom-right corners. How many boxes can they "
    "make, if nothing says which two belong together?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="Up to nine, if every bottom-right corner lies to the right of and below every top-left one. Three are "
    "right. The tags leave those out whose numbers differ.",
    prepares="ps7",
    quiz=("Q491", "Q492", "Q493", "Q494"),
)
