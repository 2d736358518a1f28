"""Three numbers that depend on who made the rule: a pixel score, a loss, and an average precision."""

import numpy as np

from assignments.figures.board import BLACK, BLUE, GREEN, GREY, ORANGE, RED, WHITE, Board
from core.learning.focal import Group, shares_of_loss
from core.measure.detection import ELEVEN, Rule, at_recalls, average_precision
from core.measure.segmentation import counted, mean_iou, pixel_accuracy
from core.models.segmenters import NAMES, labelled

SHOWS = (
    "Left, a scene with a few small things: the answer ground everywhere has a pixel accuracy of 0.84 and a mean IoU "
    "of 0.14. Middle, who holds the loss of 10,000 places with ground and 10 objects: with cross-entropy the ground "
    "has 81 %, with the focal loss the objects have 99.9 %. Right, one curve of precision over recall: an AP of 0.491 "
    "by eleven points, 0.450 by all points"
)
CROWD = (Group("ground", 10_000, 0.99), Group("objects", 10, 0.1))
ROWS = np.arange(1, 10) / 10
READ: tuple[tuple[str, Rule], ...] = (("mean of 11 points", "11 points"), ("area below", "all points"))
TOP, LEFT, MIDDLE, RIGHT = 34, 8, 262, 520
SIDE = 200  # of the axes of the curve


def draw() -> Board:
    """The scene, the two bars, and the curve with both its readings."""
    board = Board(760, 312)
    _scene(board)
    _bars(board)
    _curve(board)
    return board


def judged() -> tuple[float, float]:
    """Pixel accuracy and mean IoU of calling everything ground."""
    truth = labelled("test", 10, "hard").labels
    counts = counted(truth, np.zeros_like(truth), len(NAMES))
    return pixel_accuracy(counts), mean_iou(counts)


def _scene(board: Board) -> None:
    board.text(LEFT, 8, "“All of it is ground”", size=17)
    board.picture(LEFT, TOP, labelled("test", 10, "hard").image)
    accuracy, iou = judged()
    board.text(LEFT, TOP + 234, f"pixel accuracy {accuracy:.2f}", colour=GREEN)
    board.text(LEFT, TOP + 254, f"mean IoU {iou:.2f}", colour=RED)


def _bars(board: Board) -> None:
    board.text(MIDDLE, 8, "Who holds the loss?", size=17)
    board.text(MIDDLE, TOP, "10,000 places with ground,", colour=GREY)
    board.text(MIDDLE, TOP + 19, "10 with an object", colour=GREY)
    for place, (name, gamma) in enumerate((("cross-entropy", 0.0), ("focal loss, gamma 2", 2.0))):
        ground, objects = shares_of_loss(CROWD, gamma)
        top, end = TOP + 62 + 92 * place, MIDDLE + round(220 * ground)
        board.text(MIDDLE, top, name)
        board.box(MIDDLE, top + 22, MIDDLE + 220, top + 56, colour=ORANGE, fill=ORANGE)
        if end > MIDDLE + 2:
            board.box(MIDDLE, top + 22, end, top + 56, colour=BLUE, fill=BLUE)
            board.text(MIDDLE + 8, top + 39, f"ground {ground:.0%}", anchor="lm", colour=WHITE)
        board.text(MIDDLE + 212, top + 39, f"{objects:.0%}" if ground > 0.5 else f"objects {objects:.1%}", anchor="rm")
    board.text(MIDDLE + 220, TOP + 144, "objects", anchor="rb", colour=BLACK)


def _curve(board: Board) -> None:
    board.text(RIGHT, 8, "One curve, two numbers", size=17)
    left, low = RIGHT + 24, TOP + SIDE + 8
    board.line((left, TOP + 8), (left, low), (left + SIDE, low), colour=BLACK)
    board.text(RIGHT, TOP + 8, "1", anchor="lt")
    board.text(left, low + 6, "0")
    board.text(left + SIDE, low + 6, "1", anchor="rt")
    board.text(left + SIDE / 2, low + 6, "recall", anchor="mt")
    board.text(left + 8, TOP + 8, "precision")
    for recall, precision in zip(ROWS, 1 - ROWS, strict=True):
        x, y = left + SIDE * recall, low - SIDE * precision
        board.line((x - SIDE / 10, y), (x, y), (x, y + SIDE / 10), colour=BLUE)
    for recall, precision in zip(ELEVEN, at_recalls(1 - ROWS, ROWS, ELEVEN), strict=True):
        board.dot(left + SIDE * recall, low - SIDE * precision, radius=5, colour=RED)
    board.dot(RIGHT + 10, TOP + 241, radius=5, colour=RED)
    board.line((RIGHT + 2, TOP + 261), (RIGHT + 18, TOP + 261), colour=BLUE)
    for place, (name, rule) in enumerate(READ):
        board.text(RIGHT + 28, TOP + 234 + 20 * place, name)
        board.text(
            left + SIDE, TOP + 234 + 20 * place, f"AP {average_precision(1 - ROWS, ROWS, rule):.3f}", anchor="rt"
        )
