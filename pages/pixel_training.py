"""Segmentation: Training on pixels

One idea: a net that labels pixels can learn from patches or from whole pictures; a random mask and class weights give
whole pictures what patches had, and one pass does the work of thousands.
"""

from pages._kit import lab
from pages._parts.pixel_training import views

VIEWS = {"Patches": views.patchwise, "Whole pictures": views.whole, "How steady is a step?": views.steady}

lab.opening(
    __doc__,
    predict="To label all 224x224 pixels of a picture patch by patch, with patches of 39x39: how many times the work "
    "of one pass over the picture is that?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="1521 times: 39x39. There is one patch for every pixel, and each pixel lies in as many patches as a patch "
    "has pixels.",
    quiz=("Q347", "Q348", "Q349"),
    errata=("N195",),
)
