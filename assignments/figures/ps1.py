"""PS1 opens with where VGG16 keeps its parameters, does its work and holds its values: three different places."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from assignments.figures.board import BLUE, GREY, PALE, RED, Board
from core.data.photos import photo
from core.nets.layers import Conv, Dense, Pool
from core.nets.trace import Row, Trace, trace
from core.nets.zoo import network

SHOWS = (
    "A photo goes through the 21 layers of VGG16. Three rows of bars, one bar for each layer: 89 % of the parameters "
    "are in the three dense layers at the end, 99 % of the multiplications in the convolutions before them, and 47 % "
    "of the values in the first block."
)
LEFT, STEP, WIDE = 192, 26, 18  # of the bars
HIGH, APART = 58, 96
KINDS = {"conv": BLUE, "pool": GREY, "dense": RED}


def shown(traced: Trace) -> list[Row]:
    """The layers that hold parameters or make values."""
    return [row for row in traced.rows if isinstance(row.operation, Conv | Pool | Dense)]


def kind(row: Row) -> str:
    """One of the three words in the legend."""
    return "dense" if isinstance(row.operation, Dense) else "conv" if isinstance(row.operation, Conv) else "pool"


def places(rows: list[Row]) -> list[int]:
    """Where each bar begins, with a little air behind each block."""
    found, x, before = list[int](), LEFT, rows[0].name.partition("_")[0]
    for row in rows:
        stem = "dense" if kind(row) == "dense" else row.name.partition("_")[0]
        x += 9 if stem != before else 0
        found.append(x)
        x, before = x + STEP - 3, stem
    return found


def draw() -> Board:
    """Three rows of bars over the layers, each as shares of its sum."""
    board, traced = Board(760, 394), trace(network("vgg16"))
    rows = shown(traced)
    counted: list[tuple[str, str, Callable[[Row], int]]] = [
        ("parameters", f"{traced.parameters / 1e6:.0f} million", lambda row: row.parameters),
        ("multiplications", f"{traced.macs / 1e9:.1f} billion", lambda row: row.macs),
        ("values kept", f"{traced.activations / 1e6:.1f} million", lambda row: row.values),
    ]
    side = min(photo("pagoda").shape[:2])
    square = Image.fromarray(np.asarray(photo("pagoda"))[:side, 60 : 60 + side]).resize((64, 64))
    board.picture(LEFT - 84, 4, np.asarray(square))
    board.arrow((LEFT - 16, 36), (LEFT - 2, 36))
    across = places(rows)
    board.text(across[-1] + WIDE, 4, "VGG16", size=17, anchor="rt")
    for row, x in zip(rows, across, strict=True):  # how high the maps are, and what the layer does
        sides = row.shape[1] if len(row.shape) == 3 else 0
        reach = max(5.0, 60 * sides / 224)
        board.box(x, 36 - reach / 2, x + WIDE, 36 + reach / 2, colour=KINDS[kind(row)], fill=KINDS[kind(row)])
    for place, (row, x) in enumerate(zip(rows, across, strict=True)):
        if place in (0, 3, 6, 10, 14):  # the first layer of a block
            board.text(x, 74, f"{row.shape[1]} x {row.shape[2]}", size=14, colour=GREY)
    for number, (what, total, value) in enumerate(counted):
        floor = 168 + number * APART
        board.text(LEFT - 16, floor - 34, what, size=17, anchor="rs")
        board.text(LEFT - 16, floor - 12, total, size=15, colour=GREY, anchor="rs")
        largest = max(value(row) for row in rows)
        for row, x in zip(rows, across, strict=True):
            reach = HIGH * value(row) / largest
            board.box(x, floor - HIGH, x + WIDE, floor, colour=PALE, fill=PALE, width=1)
            if reach >= 1:
                board.box(x, floor - reach, x + WIDE, floor, colour=KINDS[kind(row)], fill=KINDS[kind(row)], width=1)
    _span(board, across[-3], across[-1] + WIDE, 0, traced.parameters_of(Dense) / traced.parameters, RED)
    convolved = sum(row.macs for row in rows if isinstance(row.operation, Conv))
    _span(board, across[0], across[-5] + WIDE, 1, convolved / traced.macs, BLUE)
    kept = sum(row.values for row in rows if row.name.startswith("block1"))
    _span(board, across[0], across[2] + WIDE, 2, kept / traced.activations, BLUE)
    for number, word in enumerate(KINDS):
        board.dot(10, 14 + 22 * number, radius=6, colour=KINDS[word])
        board.text(22, 14 + 22 * number, {"conv": "convolution", "pool": "pooling"}.get(word, word), anchor="lm")
    return board


def _span(board: Board, x1: float, x2: float, number: int, share: float, colour: str) -> None:
    """A line under some bars of a row, and their share of its sum."""
    y = 174 + number * APART
    board.line((x1, y), (x2, y), colour=colour, width=3)
    board.text((x1 + x2) / 2, y + 5, f"{share:.0%}", size=16, colour=colour, anchor="mt")
