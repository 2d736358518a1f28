"""Detection: From R-CNN to Mask R-CNN

One idea: detectors that decide region by region became fast by looking at the picture once and cutting the regions
from its map.
"""

from pages._kit import lab
from pages._parts.rcnn_family import views

VIEWS = {
    "Four pipelines": views.pipelines,
    "Step by step": views.step_by_step,
    "Move a proposal": views.regression,
    "The losses": views.losses,
}

lab.opening(
    __doc__,
    predict="R-CNN looks at 60 regions of a picture, Fast R-CNN at the same 60. How often does the network with the "
    "convolutions run in the one and in the other?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="60 times and once. Fast R-CNN runs it on the whole picture and cuts the regions from the map.",
    quiz=("Q470", "Q471", "Q472", "Q473", "Q474", "Q475"),
    errata=("D34",),
    prepares="ps7",
)
