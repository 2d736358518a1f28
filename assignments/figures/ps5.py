"""Three ways to get more out of little data: changed copies, blends, and a training that stops in time."""

from functools import cache

import numpy as np

from assignments.figures.board import BLUE, GREEN, GREY, ORANGE, RED, Board
from core.augment.mixup import mixup, one_hot
from core.augment.subjects import subject
from core.augment.whole import Change, changed
from core.data.scenes import CLASSES
from core.learning.recorded import recorded
from core.learning.stopping import EarlyStopping
from core.models.scene_net import single
from core.types import Floats

SHOWS = (
    "Left, a cat with boxes around its eyes, its mirror image, the cat turned by 90 degrees and made brighter, and the "
    "cat shifted to the left and down: the boxes move along. Middle, 0.7 of one drawn picture and 0.3 of another give "
    "a blend whose label is 0.7 and 0.3. Right, the loss on other digits over 60 epochs: it is lowest in epoch 18 and "
    "rises afterwards; early stopping with a patience of 5 ends in epoch 23"
)
TOP, LEFT, MIDDLE, RIGHT = 40, 8, 268, 512
SHARE, PATIENCE, PAIR = 0.7, 5, (0, 1)
COPIES: tuple[tuple[str, tuple[Change, ...]], ...] = (
    ("mirror", (("mirror",),)),
    ("turn, brighter", (("turn",), ("brighter", 0.2))),
    ("shift", (("shift", -36, 12),)),
)


def draw() -> Board:
    """The cat and its copies, the blend, and the curve."""
    board = Board(760, 312)
    _copies(board)
    _blend(board)
    _curve(board)
    return board


def blended() -> tuple[Floats, Floats, Floats, Floats]:
    """Two pictures, their blend, and its label."""
    (one, label), (other, partner) = (single("test", number) for number in PAIR)
    pictures = np.stack([one, other]).astype(float)
    images, labels = mixup(pictures, one_hot(np.array([label, partner]), len(CLASSES)), SHARE, np.array([1, 0]))
    return pictures[0], pictures[1], images[0], labels[0]


@cache
def curve() -> tuple[tuple[float, ...], int, int]:
    """The loss on other digits, where the training stops, and the best epoch."""
    values = tuple(numbers["val_loss"] for numbers in recorded())
    last = EarlyStopping("val_loss", patience=PATIENCE).replay(values)[-1]
    return values, last.epoch, last.best_epoch


def _shrunk(image: Floats, boxes: Floats, factor: int) -> tuple[Floats, Floats]:
    """Means of blocks of pixels, and boxes to match."""
    high, wide = (side // factor for side in image.shape[:2])
    small = image[: high * factor, : wide * factor].reshape(high, factor, wide, factor, -1).mean(axis=(1, 3))
    return small, boxes / factor


def _copies(board: Board) -> None:
    board.text(LEFT, 8, "One cat is several", size=17)
    cat = subject("cat")
    image, boxes = _shrunk(cat.image, cat.boxes, max(1, round(cat.image.shape[1] / 120)))
    places = [(LEFT, TOP), (LEFT + 126, TOP), (LEFT, TOP + 120), (LEFT + 126, TOP + 120)]
    for (x, y), (name, changes) in zip(places, (("the photo", ()), *COPIES), strict=True):
        out, found = changed(image, boxes, changes)
        board.picture(x, y, out)
        for x1, y1, x2, y2 in found:
            board.box(x + x1, y + y1, x + x2, y + y2, colour=ORANGE)
        board.text(x, y + out.shape[0] + 4, name, colour=GREY)


def _blend(board: Board) -> None:
    board.text(MIDDLE, 8, "Two are three", size=17)
    one, other, between, label = blended()
    for place, (picture, words) in enumerate(((one, f"{SHARE:.1f} of"), (other, f"{1 - SHARE:.1f} of"))):
        y = TOP + 22 + 106 * place
        board.text(MIDDLE, y - 20, words)
        board.picture(MIDDLE, y, picture)
        board.arrow((MIDDLE + 70, y + 32), (MIDDLE + 96, TOP + 106 - (1 - 2 * place) * 14))
    board.picture(MIDDLE + 102, TOP + 42, between, scale=2)
    for place, kind in enumerate(np.argsort(-label)[:2]):  # the larger share first
        board.text(MIDDLE + 102, TOP + 176 + 20 * place, f"{label[kind]:.1f} {CLASSES[kind]}")


def _curve(board: Board) -> None:
    board.text(RIGHT, 8, "Stop in time", size=17)
    values, last, best = curve()
    left, low, wide, high = RIGHT + 8, TOP + 216, 228, 190
    board.line((left, TOP + 12), (left, low), (left + wide, low), colour=GREY)
    least, most = min(values), max(values)

    def at(epoch: int) -> tuple[float, float]:
        share = (values[epoch - 1] - least) / (most - least)
        return left + wide * epoch / len(values), low - 24 - (high - 24) * share

    board.line(*(at(epoch) for epoch in range(last, len(values) + 1)), colour=GREY, width=1)
    board.line(*(at(epoch) for epoch in range(1, last + 1)), colour=BLUE, width=3)
    board.text(left + 40, TOP + 14, "loss on other digits", colour=BLUE)
    for epoch, words, colour, side in ((best, f"best: {best}", GREEN, -1), (last, f"stop: {last}", RED, 1)):
        x, y = at(epoch)
        board.line((x, y), (x, low + 40), colour=colour)
        board.dot(x, y, radius=5, colour=colour)
        board.text(x + 6 * side, low + 24, words, colour=colour, anchor="rt" if side < 0 else "lt")
    board.text(left + wide, low + 6, f"epoch {len(values)}", anchor="rt", colour=GREY)
