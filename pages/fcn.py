"""Segmentation: FCN-32s, 16s and 8s

One idea: coarse maps know what is there, fine maps know where it ends; their scores are added, from coarse to fine.
"""

from pages._kit import lab
from pages._parts.fcn import compared, others, photos, views

VIEWS = {
    "Three nets": compared.compared,
    "Sums of scores": views.summed,
    "Many scenes": views.many,
    "Photos": photos.photos,
    "Others": others.others,
}

lab.opening(
    __doc__,
    predict="A net has one score for every 32x32 pixels. Which of a circle, a square, a star and a person suffers "
    "most?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="The one with the most border for its size: the person, then the star. A circle of 100 pixels survives a "
    "grid of 32; an arm of 10 does not, until finer scores are added.",
    quiz=("Q341", "Q342", "Q343"),
)
