"""Architectures: From maps to classes

One idea: one number per map can replace the dense layers behind a network; whether it is the mean or the largest value
decides what the network is rewarded for.
"""

from pages._kit import lab
from pages._parts.gap import views

VIEWS = {
    "A pixel or a blob": views.maps,
    "As a matrix": views.matrix,
    "Images of any size": views.sizes,
    "Train the heads": views.training,
}

lab.opening(
    __doc__,
    predict="A map has one strong pixel, another a wide weak blob. Which one scores more under global average pooling?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="The one with the larger sum. A pixel of 6 is worth 6 pixels of 1, so a blob of 4x4 ones wins on average; "
    "under global max pooling the pixel wins.",
    quiz=("E16", "Q13"),
    errata=("N124",),
    prepares="ps6",
)
