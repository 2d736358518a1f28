"""PS6: where one network sees its first two answers on one photo, and the boxes that come of it."""

from functools import cache

import numpy as np

from assignments.figures.board import BLACK, BLUE, Board
from core.data.photos import photo
from core.explain.cam import enlarged
from core.explain.gradcam import look, votes
from core.explain.weak import weak_box
from core.models.pretrained import SIDE, framed, imagenet_classes, lite0, prepared
from core.types import Floats, Heatmap

PHOTO, ASKED, SHOWN, GAP, TOP = "camera", ("tripod", "harmonica"), 240, 20, 34
THIN, THICK = 0.2, 0.5  # of the largest vote
WARM = np.array([230, 159, 0]) / 255
SHOWS = (
    "A man looks through a camera on a tripod, three times: the photo; what argued for the first answer of a network "
    "that names things, tripod, the legs in the lower middle; and for its second answer, harmonica, the camera that he "
    "holds to his face. Around each two boxes: a wide one at 20 percent of the largest vote and a closer one at 50 "
    "percent."
)


@cache
def asked() -> tuple[tuple[Heatmap, Floats, Floats], ...]:
    """For every class the network's coarse votes, (7, 7), and the wide and the close box in pixels of the photo."""
    net, inputs = lite0(), prepared(framed(photo(PHOTO))[None])
    names, found = imagenet_classes(), []
    for name in ASKED:
        heat = votes(look(net, inputs, net.get_submodule("bn2"), names.index(name))[0])
        wide, close = (weak_box(enlarged(heat, SIDE), share) for share in (THIN, THICK))
        if wide is None or close is None:
            raise ValueError(f"no place argues for {name}")
        found.append((heat, wide, close))
    return tuple(found)


def framed_at(board: Board, left: float, box: Floats, share: float, *, colour: str, letters: str, width: int) -> None:
    """A box on a picture, with its share of the largest vote in the upper right corner of it."""
    x1, y1, x2, y2 = (box * SHOWN / SIDE).tolist()
    x2, y2 = left + x2 - 1, TOP + y2 - 1
    board.box(left + x1, TOP + y1, x2, y2, colour=colour, width=width)
    board.box(x2 - 40, TOP + y1, x2, TOP + y1 + 20, colour=colour, fill=colour)
    board.text(x2 - 20, TOP + y1 + 10, f"{100 * share:.0f} %", colour=letters, anchor="mm")


def draw() -> Board:
    """The photo, and two answers about it."""
    board = Board(760, TOP + SHOWN + 32)
    pixels = framed(photo(PHOTO), side=SHOWN) / 255
    board.text(0, 24, "the photo", size=17, anchor="ls")
    board.picture(0, TOP, pixels)
    for place, (name, (heat, wide, close)) in enumerate(zip(ASKED, asked(), strict=True), start=1):
        left = place * (SHOWN + GAP)
        share = np.maximum(enlarged(heat, SHOWN), 0)[..., None] / heat.max()
        board.text(left, 24, f"{('first', 'second')[place - 1]} answer: {name}", size=17, anchor="ls")
        board.picture(left, TOP, (1 - share) * 0.6 * pixels + share * (0.75 * WARM + 0.25 * pixels))
        framed_at(board, left, wide, THIN, colour="#ffffff", letters=BLACK, width=2)
        framed_at(board, left, close, THICK, colour=BLUE, letters="#ffffff", width=4)
    note = f"orange: votes for it.  Boxes: around what is above {100 * THIN:.0f} and {100 * THICK:.0f} % of the largest"
    board.text(SHOWN + GAP, TOP + SHOWN + 11, note, size=14, colour=BLACK)
    return board
