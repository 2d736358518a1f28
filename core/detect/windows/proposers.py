"""Other ways to propose boxes, as their papers describe them: read, not run here (lectures B and E)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Proposer:
    """One method: what it is called, what it looks at, what its authors report, and where."""

    name: str
    year: int
    looks: str
    reports: str
    source: str


PROPOSERS = (
    Proposer(
        "Objectness",
        2010,
        "Scores windows by four cues: they stand out, their colours differ from those around, edges lie near their "
        "rim, segments do not straddle it.",
        "The first general measure of how likely a window is to hold any thing at all.",
        'Alexe, Deselaers, Ferrari, "What is an object?", CVPR 2010; "Measuring the Objectness of Image Windows", '
        "PAMI 2012",
    ),
    Proposer(
        "Selective search",
        2013,
        "Merges similar segments step by step. The one that runs in this lab.",
        "99 % recall with 10,097 boxes a picture; lectures B and E use about 2,000, a few seconds each.",
        'Uijlings et al., "Selective Search for Object Recognition", IJCV 2013',
    ),
    Proposer(
        "BING",
        2014,
        "Shrinks every window to 8x8, takes the strength of its slopes, keeps a few bits of each, and scores them "
        "with a linear classifier.",
        "300 pictures a second, says the title; 96.2 % of things found with 1,000 boxes.",
        'Cheng, Zhang, Lin, Torr, "BING: Binarized Normed Gradients for Objectness Estimation at 300fps", CVPR 2014',
    ),
    Proposer(
        "Edge boxes",
        2014,
        "Counts the edges that lie wholly inside a window, less those that cross its rim.",
        "Over 96 % recall at an IoU of 0.5 and over 75 % at 0.7 with 1,000 boxes, 0.25 seconds a picture.",
        'Zitnick, Dollár, "Edge Boxes: Locating Object Proposals from Edges", ECCV 2014',
    ),
)
