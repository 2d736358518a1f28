"""Low, middle and high features: what excites a channel most, from a network's stem to its last maps (lectures A, D).

The network is EfficientNet-Lite0, 224 pixels a side. N pictures are shown to it; of every channel the highest value in
each picture is kept, and where it is.
Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.learning.train import Progress
from core.models.cuts import LITE0
from core.models.pretrained import SIDE, prepared
from core.nets.trace import trace
from core.types import Floats

PARTS = ("stem", *(f"stage {number}" for number in range(1, 8)), "last convolution")


@dataclass(frozen=True, eq=False)
class Level:
    """One depth: its maps, how far their values are apart in the image and how much one of them sees, and its peaks."""

    part: str
    maps: int
    side: int  # of a map
    field: int  # pixels that one value sees, across
    peaks: Floats  # (N, maps), the highest value in every picture
    places: NDArray[np.int64]  # (N, maps, 2), row and column of it

    def strongest(self, channel: int, count: int) -> NDArray[np.int64]:
        """The pictures that excite a channel most, the strongest first: (count,)."""
        if not 0 <= channel < self.maps:
            raise CoreError(f"{self.part} has channels 0 to {self.maps - 1}, got {channel}")
        return np.argsort(-self.peaks[:, channel], kind="stable")[:count]

    def window(self, picture: int, channel: int, *, most: int = SIDE) -> tuple[int, int, int, int]:
        """What a channel's peak sees of a picture, at most `most` pixels of it: rows from, to, columns from, to."""
        edge = min(self.field, most, SIDE)
        row, column = (middle(int(index), self.side) for index in self.places[picture, channel])
        top, left = (min(max(0, round(each - edge / 2)), SIDE - edge) for each in (row, column))
        return top, top + edge, left, left + edge


def middle(index: int, side: int) -> float:
    """Where in the image, in pixels, the value at an index of a map of this side has its middle.

        d (index + 1) - 1/2        d = 224 / side

    The network pads by one pixel more below and to the right, as TensorFlow does, so each halving moves the middles.

    >>> middle(0, 112), middle(111, 112)
    (1.5, 223.5)
    """
    distance = SIDE // side
    return distance * (index + 1) - 0.5


@cache
def fields() -> tuple[int, ...]:
    """How many pixels one value sees, across, behind each of the nine parts.

    >>> fields()[:3], len(fields())
    ((3, 7, 19), 9)
    """
    found = dict[str, int]()
    for row in trace(LITE0).rows:
        if row.fields is not None:
            found[row.name.split("_")[0]] = row.fields[0].size
    return tuple(found[name] for name in ("stem", *(f"stage{number}" for number in range(1, 8)), "last"))


def responses(squares: NDArray[np.uint8], *, progress: Progress = lambda done, what: None) -> tuple[Level, ...]:
    """Show pictures (N, 224, 224, 3) to the network and keep every channel's peaks, part by part."""
    groups = list[list[tuple[Floats, NDArray[np.int64], int]]]()
    for number, square in enumerate(squares):
        progress(number / len(squares), f"picture {number + 1} of {len(squares)}")
        groups.append([_peaks(maps) for maps in maps_of(square)])
    progress(1.0, "done")
    return tuple(
        Level(
            part,
            len(each[0][0]),
            each[0][2],
            field,
            np.stack([one[0] for one in each]),
            np.stack([one[1] for one in each]),
        )
        for part, field, each in zip(PARTS, fields(), zip(*groups, strict=True), strict=True)
    )


def maps_of(square: NDArray[np.uint8]) -> Iterator[Floats]:
    """The maps of one picture (224, 224, 3) behind each of the nine parts: (C, H, W) each."""
    import torch

    from core.learning.threads import one_thread
    from core.models.pretrained import lite0

    whole: Any = lite0()
    with torch.no_grad(), one_thread():
        maps = prepared(square[None])
        for part in ((whole.conv_stem, whole.bn1), *((stage,) for stage in whole.blocks), (whole.conv_head, whole.bn2)):
            for step in part:
                maps = step(maps)
            yield maps[0].double().numpy()


def _peaks(maps: Floats) -> tuple[Floats, NDArray[np.int64], int]:
    flat = maps.reshape(len(maps), -1)
    best = flat.argmax(axis=1)
    places = np.stack(np.unravel_index(best, maps.shape[1:]), axis=1).astype(np.int64)
    return flat[np.arange(len(maps)), best], places, maps.shape[1]
