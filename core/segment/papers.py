"""Papers on labelling pixels beside FCN and around it: how each got back the places that pooling takes away."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """One paper: who wrote it, where it is, what it does, and that in a few words."""

    who: str
    where: str
    what: str
    way: str


PAPERS = (
    Paper(
        "Farabet, Couprie, Najman and LeCun, 2013",
        "Learning Hierarchical Features for Scene Labeling. IEEE TPAMI 35(8).",
        "Every pixel is classified from patches around it at three scales, by one net with shared "
        "weights. The labels are then tidied up with regions found by colour: the net itself knows no"
        " outlines.",
        "patch by patch, then regions",
    ),
    Paper(
        "Pinheiro and Collobert, 2014",
        "Recurrent Convolutional Neural Networks for Scene Labeling. ICML 2014.",
        "Patch by patch again, but the net is applied to the picture and its own first answer, and "
        "once more: each round sees more around the pixel with the same few weights. Labels of all "
        "pixels come from shifted inputs.",
        "patch by patch, in rounds",
    ),
    Paper(
        "Long, Shelhamer and Darrell, 2015",
        "Fully Convolutional Networks for Semantic Segmentation. CVPR 2015.",
        "This lab. A classifier made of convolutions alone, its coarse scores added to finer ones, "
        "trained on whole pictures from end to end: FCN-32s, 16s and 8s.",
        "whole pictures, short way up",
    ),
    Paper(
        "Noh, Hong and Han, 2015",
        "Learning Deconvolution Network for Semantic Segmentation. ICCV 2015.",
        "The way up is as long as the way down: unpooling to the remembered places of the maxima, "
        "then transposed convolutions, level by level. It labels proposals of objects one by one and "
        "puts their answers together.",
        "proposals, long way up",
    ),
)
