"""PS3: a classifier of small windows on a large canvas: its answers, coarse, interpolated and stitched."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from assignments.figures.board import GREY, Board
from core.filters.transposed import bilinear
from core.models.window_net import NOTHING, STEP, WINDOW, canvas, prepared
from core.segment.dense import as_convolutions
from core.segment.heatmap import probabilities, scores
from core.segment.stitch import shift_and_stitch
from core.types import Floats, Heatmap

SIDE, NUMBER, SCALE, GAP = 56, 1, 3, 24  # of the canvas, and of its picture
WARM = np.array([230, 159, 0]) / 255
SHOWS = (
    "A canvas with handwritten digits, and three maps of where a small classifier sees one. One pass over the canvas "
    "gives 11 by 11 answers, large squares. Interpolated they become smooth, with 44 by 44 values. All 16 shifts, "
    "stitched, give 41 by 41 answers of the classifier itself: every digit has a spot of its own."
)


@cache
def heats() -> tuple[Heatmap, Heatmap, Heatmap, Heatmap]:
    """The canvas, the probability of any digit in one pass, the same interpolated, and that of all windows."""
    from core.models.registry import load

    image = canvas("test", NUMBER, side=SIDE).image
    net = as_convolutions(load("digit_windows"), (1, WINDOW, WINDOW))

    def any_digit(seen: NDArray[np.float32]) -> Heatmap:
        heat: Heatmap = 1 - probabilities(scores(net, seen))[NOTHING]
        return heat

    coarse = any_digit(prepared(image))
    full = shift_and_stitch(any_digit, prepared(image), STEP, window=WINDOW)
    return image.astype(float), coarse, bilinear(coarse, STEP), full


def draw() -> Board:
    """The canvas and three maps over it, each value in the middle of its window."""
    image, coarse, smooth, full = heats()
    board, wide = Board(760, 250), SCALE * SIDE
    squares = coarse.repeat(STEP, axis=0).repeat(STEP, axis=1)
    panels: tuple[tuple[str, Heatmap | None, float, str], ...] = (
        ("a canvas", None, 0, f"{SIDE} x {SIDE} pixels"),
        ("one pass", squares, (WINDOW - STEP) / 2, f"{len(coarse)} x {len(coarse)} answers"),
        ("interpolated", smooth, (WINDOW - STEP) / 2, f"{len(smooth)} x {len(smooth)} values"),
        (f"{STEP * STEP} shifts, stitched", full, (WINDOW - 1) / 2, f"{len(full)} x {len(full)} answers"),
    )
    for place, (title, heat, first, says) in enumerate(panels):
        left = 8 + place * (wide + GAP)
        board.text(left + wide / 2, 16, title, size=16, anchor="mm")
        board.picture(left, 34, _over(image, heat, first))
        board.box(left - 1, 33, left + wide, 34 + wide, colour=GREY, width=1)
        board.text(left + wide / 2, 34 + wide + 20, says, size=15, anchor="mm")
    return board


def _over(image: Heatmap, heat: Heatmap | None, first: float) -> Floats:
    """A dimmed picture under its heat, which begins at pixel `first` down and across: (H, W), (h, w) -> (H', W', 3)."""
    large = image.repeat(SCALE, axis=0).repeat(SCALE, axis=1)[..., None] * np.ones(3)
    if heat is None:
        return large
    share, start = np.zeros_like(large), round(SCALE * first)
    shown = heat.repeat(SCALE, axis=0).repeat(SCALE, axis=1)
    share[start : start + shown.shape[0], start : start + shown.shape[1]] = shown[..., None]
    over: Floats = (1 - share) * 0.6 * large + share * (0.85 * WARM + 0.15 * large)
    return over
