"""Segmentation: U-Net explorer

One idea: the way up is as long as the way down and gets copies of what was there before; nothing is padded, so the
answer is smaller than the picture, and the lines between touching cells count more than all else.
"""

from pages._kit import lab
from pages._parts.unet import views

VIEWS = {"Sizes": views.sizes, "Weights of pixels": views.weighted, "The net on cells": views.on_cells}

lab.opening(
    __doc__,
    predict="A picture of 572x572 goes through four poolings and back, every convolution 3x3 and none padded. How "
    "large is the answer?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="388x388: 92 pixels are lost on every side, whatever the picture's side.",
    prepares="ps8",
    quiz=("Q344", "Q345", "Q346"),
)
