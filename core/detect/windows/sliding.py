"""Detection by sliding window: every place, at several sizes and shapes, is classified as a crop (lectures A, B, E).

A classifier takes crops of one size. A larger thing needs a larger window, which is shrunk to the classifier's input,
so its windows lie as much further apart: `stride` counts in pixels of that input. Sides are (height, width).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import CoreError, LimitError
from core.nets.layers import Network
from core.segment.windows import Cost, cost
from core.types import Floats, Pair

MOST = 2_000_000  # windows that are made, not only counted
MOST_PARTS = 64  # sizes times shapes


@dataclass(frozen=True)
class Part:
    """All windows of one size and shape: their sides in pixels, and how many there are down and across."""

    sides: tuple[float, float]
    step: tuple[float, float]
    rows: int
    columns: int

    @property
    def count(self) -> int:
        """How many windows."""
        return self.rows * self.columns

    def boxes(self) -> Floats:
        """Their boxes, row by row: (rows · columns, 4)."""
        if self.count > MOST:
            raise LimitError(f"{self.count:,} windows are more than the {MOST:,} that are made here")
        y, x = np.meshgrid(self.step[0] * np.arange(self.rows), self.step[1] * np.arange(self.columns), indexing="ij")
        found: Floats = np.stack([x, y, x + self.sides[1], y + self.sides[0]], axis=-1).reshape(-1, 4)
        return found


def parts(
    sides: Pair, window: Pair, *, stride: int, scales: Sequence[float] = (1.0,), aspects: Sequence[float] = (1.0,)
) -> tuple[Part, ...]:
    """The windows of a picture, by scale and by aspect, which is height over width at the same area.

        height = scale · h · sqrt(aspect),  rows = floor((H - height) / (stride · height / h)) + 1, or 0 if it is larger

    >>> [part.count for part in parts((1000, 2000), (224, 224), stride=32, scales=(1, 2, 4, 8))]
    [1400, 225, 9, 0]
    """
    if min(*sides, *window) < 1 or stride < 1:
        raise CoreError(f"sides, window and stride are 1 at least, got {sides}, {window} and {stride}")
    if not 1 <= len(scales) * len(aspects) <= MOST_PARTS or not min(*scales, *aspects, 1.0) > 0:
        raise CoreError(f"need from 1 to {MOST_PARTS} scales and aspects above 0, got {list(scales)}, {list(aspects)}")
    found = list[Part]()
    for scale in scales:
        for aspect in aspects:
            own = scale * window[0] * aspect**0.5, scale * window[1] / aspect**0.5
            step = stride * own[0] / window[0], stride * own[1] / window[1]
            rows, columns = (
                int((side - each) / pace + 1e-9) + 1 if each <= side else 0
                for side, each, pace in zip(sides, own, step, strict=True)
            )
            found.append(Part(own, step, rows * (columns > 0), columns * (rows > 0)))
    return tuple(found)


def costs(network: Network, sides: Pair, found: Sequence[Part], *, stride: int) -> Iterator[Cost]:
    """What each part costs, crop by crop and as one convolutional network over the picture, resized for the part.

    >>> from core.nets.zoo import network
    >>> vgg16 = network("vgg16")
    >>> one = next(costs(vgg16, (1000, 2000), parts((1000, 2000), (224, 224), stride=32), stride=32))
    >>> f"{one.patches:.2e} {one.convolutions:.2e} {one.ratio:.1f}"
    '2.17e+13 7.84e+11 27.6'
    """
    window = network.input[1:]
    for part in found:
        if part.count:
            down, across = (round(side * own / each) for side, own, each in zip(sides, window, part.sides, strict=True))
            yield cost(network, (max(down, window[0]), max(across, window[1])), stride=stride)
