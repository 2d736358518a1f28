"""ImageNet: how large it is, and who won its challenge (lectures A, B, C and D).

A top-5 error is the share of images whose class is not among a network's first five guesses. Figures of the lectures
carry the id they have there; the others come from
[1] Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", IJCV 2015,
[2] Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015,
[3] the results page of the challenge of 2016,
[4] Hu, Shen and Sun, "Squeeze-and-Excitation Networks", CVPR 2018.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Entrant:
    """One result of the challenge in classification."""

    year: int
    name: str
    error: float  # top-5, percent, as submitted
    place: int
    learned: bool  # whether its features were learned, and not designed
    source: str  # a figure of the lectures, or a number in brackets from the head of this file
    ours: str = ""  # the network in our zoo
    note: str = ""


ENTRANTS = (
    Entrant(2010, "NEC-UIUC", 28.2, 1, False, "[1]", note="designed features, a linear classifier"),
    Entrant(2011, "XRCE", 25.8, 1, False, "[1]", note="designed features, compressed Fisher vectors"),
    Entrant(2012, "AlexNet", 15.4, 1, True, "N78", "alexnet-two-streams", "seven networks; one alone has 18.2 %"),
    Entrant(2012, "ISI", 26.2, 2, False, "[1]", note="designed features, the best without a network"),
    Entrant(2013, "Clarifai", 11.7, 1, True, "[1]", note="several networks like AlexNet"),
    Entrant(2014, "GoogLeNet", 6.7, 1, True, "N106", "googlenet", "seven networks"),
    Entrant(2014, "VGG", 7.3, 2, True, "[2]", "vgg19", "first in localization"),
    Entrant(2015, "ResNet", 3.57, 1, True, "N108", "resnet152", "an ensemble up to 152 layers deep"),
    Entrant(2016, "Trimps-Soushen", 2.99, 1, True, "[3]", note="an ensemble of known networks"),
    Entrant(2017, "SENet", 2.25, 1, True, "[4]", note="an ensemble with squeeze and excitation"),
)
TURING_AWARD = (2018, ("Yoshua Bengio", "Geoffrey Hinton", "Yann LeCun"))  # given in March 2019, for deep networks
HUMAN_ERROR = 5.1  # percent, one trained annotator on 1500 images [1]

Part = Literal["the whole collection", "the challenge", "neither"]


@dataclass(frozen=True)
class Size:
    """A number of images and a number of categories."""

    images: int
    categories: int


COLLECTION = Size(14_000_000, 20_000)
CHALLENGE = Size(1_281_167, 1000)  # its training images, 2012 to 2017 [1]


@dataclass(frozen=True)
class Claim:
    """What a lecture says about the size of ImageNet, in its words and as numbers of that order."""

    lecture: str
    words: str
    size: Size


CLAIMS = (
    Claim("A", "tens of thousands of images in hundreds of classes", Size(50_000, 500)),
    Claim(
        "C", "over 14 million images in over 20,000 categories, a million of them with boxes", Size(14_000_000, 20_000)
    ),
    Claim("D", "14 million images of 1000 classes", Size(14_000_000, 1000)),
)


def parts(size: Size) -> tuple[Part, Part]:
    """What the images and what the categories of a claim belong to: a number counts as right within a tenth.

    >>> parts(Size(14_200_000, 1000))
    ('the whole collection', 'the challenge')
    """
    return (
        _part(size.images, COLLECTION.images, CHALLENGE.images),
        _part(size.categories, COLLECTION.categories, CHALLENGE.categories),
    )


def _part(number: int, collection: int, challenge: int) -> Part:
    if abs(number - collection) <= collection / 10:
        return "the whole collection"
    return "the challenge" if abs(number - challenge) <= challenge / 10 else "neither"
