"""Detection: Masks and joints, region by region

One idea: once a region is found, one small head draws a mask for each class in it, another a map for each joint; the
class says which mask counts.
"""

from pages._kit import lab
from pages._parts.mask_rcnn import views

VIEWS = {
    "Masks of all classes": views.by_class,
    "A mask made 14x14": views.targets,
    "Joints": views.joints,
}

lab.opening(
    __doc__,
    predict="A mask head knows 80 classes and draws masks of 14x14. How many numbers does it say of a single region?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="15,680: 80 masks of 14 x 14. All but one are thrown away; the class head says which one stays.",
    quiz=("Q466", "Q467", "Q468", "Q469"),
    errata=("D36",),
)
