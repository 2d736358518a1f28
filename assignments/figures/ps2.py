"""PS2: one stage of a convolutional network on a photo, from the pixels to the pooled maps."""

import numpy as np
from PIL import Image

from assignments.figures.board import BLUE, ORANGE, PALE, Board
from core.data.photos import photo
from core.filters.layer import conv_layer
from core.filters.pooling import max_pool
from core.types import Heatmap
from core.units.activations import relu

SHOWS = (
    "A photo of a cup of coffee passes through one stage of a network. Two filters make a map each: one is positive "
    "where the photo gets brighter to the right, the other where it gets brighter downwards. The activation keeps the "
    "positive values, and pooling halves the sides of both maps."
)
FILTERS = np.array([[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]], dtype=float)


def coffee(width: int, height: int) -> Heatmap:
    """The photo in greys from 0 to 1, cropped to the form of what it becomes: (height, width)."""
    whole = Image.fromarray(photo("coffee")).convert("L")
    wide = min(whole.width, whole.height * width // height)
    high = wide * height // width
    left, top = (whole.width - wide) // 2, (whole.height - high) // 2
    part = whole.crop((left, top, left + wide, top + high)).resize((width, height), Image.Resampling.BOX)
    grey: Heatmap = np.asarray(part, dtype=float) / 255
    return grey


def draw() -> Board:
    """From left to right what one stage does, a row for each filter."""
    seen = coffee(128, 96)
    maps = conv_layer(seen[None], FILTERS[:, None], np.zeros(2))  # (2, 94, 126)
    bent = relu(maps)
    pooled = np.stack([max_pool(each, 2) for each in bent])  # (2, 47, 63)
    white = 0.7 * float(np.abs(maps).max())  # brighter than that is white as well, or the weaker edges would drown

    board = Board(760, 304)
    columns = ((74, "a photo"), (220, "two filters"), (363, "conv_layer"), (525, "activation"), (687, "pool2d"))
    for x, words in columns:
        board.text(x, 18, words, size=16, anchor="mm")
    board.picture(10, 98, seen)
    sizes = (
        f"{height} x {width}" for height, width in (seen.shape, (3, 3), maps[0].shape, bent[0].shape, pooled[0].shape)
    )
    for (x, _), size in zip(columns, sizes, strict=True):
        board.text(x, 290 if x > 74 else 208, size, size=14, anchor="mm")
    for row, kernel in enumerate(FILTERS):
        top, middle = 38 + 134 * row, 85 + 134 * row
        fills = [[ORANGE if weight < 0 else BLUE if weight > 0 else PALE for weight in line] for line in kernel]
        board.arrow((142, 146), (174, middle))
        board.grid(178, middle - 42, kernel.astype(int).tolist(), side=28, fills=_pale(fills), size=15)
        board.arrow((266, middle), (296, middle))
        board.picture(300, top, 0.5 + maps[row] / (2 * white))
        board.arrow((430, middle), (458, middle))
        board.picture(462, top, bent[row] / white)
        board.arrow((592, middle), (620, middle))
        board.picture(624, top, pooled[row] / white, scale=2)
    return board


def _pale(fills: list[list[str]]) -> list[list[str]]:
    """The same colours, two thirds of the way to white, so that numbers can be read on them."""
    return [
        ["#" + "".join(f"{(int(fill[i : i + 2], 16) + 2 * 255) // 3:02x}" for i in (1, 3, 5)) for fill in line]
        for line in fills
    ]
