"""Problem set 7: from the guesses of a detector to its answer, on a scene that it has not seen."""

from functools import cache

import numpy as np

from assignments.figures.board import BLACK, BLUE, GREEN, GREY, PURPLE, RED, Board
from core.data.scenes import CLASSES
from core.detect.dense.one_stage import anchors_of, answer
from core.detect.found import Found
from core.detect.pictures import SIDE, picture
from core.models.registry import load
from core.types import Floats

SCENE = 9  # of the test part
SHOWN, GAP, TOP = 240, 20, 34  # pixels
EVERY = 40  # of the anchors one is drawn
LEAST, OVERLAP = 0.3, 0.5
COLOURS = dict(zip(range(len(CLASSES)), (BLUE, RED, GREEN, PURPLE, BLACK), strict=True))
SHOWS = (
    "One scene with four things, three times: covered by 2,268 anchors, of which one in forty is drawn; with 33 boxes "
    "that a trained detector gives a score of 0.3 or more, heaped on the things; and with the 5 that suppression "
    "leaves."
)


def guesses() -> Floats:
    """One in forty of the detector's anchors, in pixels of the scene: (N, 4)."""
    found: Floats = anchors_of(SIDE, SIDE).double().numpy()
    return found[::EVERY]


@cache
def said(*, overlap: float) -> Found:
    """What the detector answers; an overlap of 1 lets every box stay."""
    return answer(load("one_stage"), picture("test", SCENE).image, least=LEAST, overlap=overlap)


def counts() -> tuple[int, int, int, int]:
    """Anchors, sure answers, answers that stay, and things that are there."""
    things = picture("test", SCENE).targets
    return len(anchors_of(SIDE, SIDE)), len(said(overlap=1)), len(said(overlap=OVERLAP)), len(things)


def draw() -> Board:
    """Guesses, sure answers, and those that stay."""
    board = Board(760, TOP + SHOWN + 30)
    scene = picture("test", SCENE, side=SHOWN).image
    every, sure, stay, things = counts()
    panels = (
        (f"{every:,} guesses", f"one in {EVERY} is drawn", None),
        (f"{sure} that it is fairly sure of", f"with a score of {LEAST} or more", said(overlap=1)),
        (f"{stay} boxes for {things} things", f"IoU above {OVERLAP}: only the surest", said(overlap=OVERLAP)),
    )
    for number, (title, note, found) in enumerate(panels):
        left = number * (SHOWN + GAP)
        board.text(left, 8, title, size=17)
        board.text(left, TOP + SHOWN + 8, note, size=14, colour=GREY)
        board.picture(left, TOP, 0.6 * scene if found is None else 0.5 + scene / 2)
        boxes = guesses() if found is None else found.boxes
        for place, box in enumerate(boxes.clip(0, SIDE - 0.5) * SHOWN / SIDE):
            colour = "#ffffff" if found is None else COLOURS[int(found.labels[place])]
            x1, y1, x2, y2 = (box + np.array([left, TOP, left, TOP])).tolist()
            board.box(x1, y1, x2, y2, colour=colour, width=1 if number < 2 else 3)
    return board
