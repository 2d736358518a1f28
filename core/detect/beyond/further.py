"""What the lectures only name: captions of whole pictures, a few networks, and the libraries that hold detectors."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """Something to read on: what it is called, from when, what it does, and where it is."""

    row: str  # of the syllabus
    name: str
    year: int
    does: str
    source: str
    address: str


CARDS: tuple[Card, ...] = (
    Card(
        *("S168", "Image captions", 2015),
        "A convolutional network reads the picture, a recurrent one says the sentence, word by word. Trained together, "
        "on pictures with sentences that people wrote.",
        "Karpathy and Fei-Fei, CVPR 2015",
        "https://arxiv.org/abs/1412.2306",
    ),
    Card(
        *("S180", "CRF as a recurrent network", 2015),
        "Neighbours that look alike should have one label: ten rounds of that rule, written as layers behind a "
        "segmentation network, sharpen its borders and are trained with it.",
        "Zheng et al., ICCV 2015",
        "https://arxiv.org/abs/1502.03240",
    ),
    Card(
        *("S181", "R-FCN", 2016),
        "Two stages with almost nothing left to do for a region: maps that stand for the parts of an object, top left "
        "to bottom right, are worked out once, and a region only averages over them.",
        "Dai et al., NIPS 2016",
        "https://arxiv.org/abs/1605.06409",
    ),
    Card(
        *("S173", "TensorFlow Object Detection API", 2017),
        "Faster R-CNN, SSD, R-FCN and Mask R-CNN in one frame, which the authors compared for speed and accuracy. No "
        "longer maintained.",
        "Huang et al., CVPR 2017",
        "https://github.com/tensorflow/models/tree/master/research/object_detection",
    ),
    Card(
        *("S173", "Detectron", 2018),
        "Mask R-CNN and RetinaNet by their authors; Detectron2 is its successor on PyTorch.",
        "Girshick et al., 2018",
        "https://github.com/facebookresearch/detectron2",
    ),
    Card(
        *("S173", "torchvision", 2019),
        "Faster R-CNN, RetinaNet, SSD, FCOS, Mask R-CNN and Keypoint R-CNN beside the datasets and the operators that "
        "the labs here are tested against.",
        "the PyTorch project",
        "https://docs.pytorch.org/vision/stable/models.html",
    ),
)


def cards(row: str) -> tuple[Card, ...]:
    """Those of one row of the syllabus, the oldest first.

    >>> [card.name for card in cards("S181")]
    ['R-FCN']
    """
    return tuple(sorted((card for card in CARDS if card.row == row), key=lambda card: card.year))
