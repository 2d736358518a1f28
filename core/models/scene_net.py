"""The scene net: which of five things is in a drawn picture of 64x64 pixels; four convolutions and an average.

It ends in global average pooling and one dense layer, so every one of its answers is a weighted vote of 64 maps.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part
from core.data.scenes import CLASSES, draw, sketch
from core.errors import LimitError
from core.nets.layers import Activation, BatchNorm, Conv, Dense, GlobalPool, Network, Operation, Pool, numbered

if TYPE_CHECKING:
    from torch import Tensor

SIDE = 64
SIZES = (0.14, 0.30)  # radius of the thing, as a share of the picture's side
WIDTHS = (16, 32, 64, 64)  # maps of the four convolutions; a pooling after each but the last
MOST = 100_000


def _stage(maps: int, *, pool: bool) -> tuple[Operation, ...]:
    halved = (Pool("max", (2, 2), (2, 2)),) if pool else ()
    return Conv(maps, (3, 3), padding=(1, 1), bias=False), BatchNorm(), Activation("relu"), *halved


SCENE_NET = Network(
    "Scene net",
    (3, SIDE, SIDE),
    numbered(
        *(operation for place, maps in enumerate(WIDTHS) for operation in _stage(maps, pool=place < len(WIDTHS) - 1)),
        *(GlobalPool("average"), Dense(len(CLASSES))),
    ),
)


def single(part: Part, number: int) -> tuple[NDArray[np.float32], int]:
    """One drawn thing on its ground, (64, 64, 3) from 0 to 1, and which class it is.

    >>> image, label = single("train", 0)
    >>> image.shape, CLASSES[label]
    ((64, 64, 3), 'triangle')
    """
    scene = draw(sketch(part, number, objects=(1, 1), sizes=SIZES, name="single things"), side=SIDE)
    return scene.image, CLASSES.index(scene.targets[0].label)


def singles(part: Part, count: int, *, start: int = 0) -> tuple["Tensor", "Tensor"]:
    """Some of a part as what the net takes: (N, 3, 64, 64) from -1 to 1, and their classes (N,).

    >>> inputs, labels = singles("test", 4)
    >>> tuple(inputs.shape), tuple(labels.shape), bool(inputs.min() >= -1)
    ((4, 3, 64, 64), (4,), True)
    """
    import torch

    if not 1 <= count <= MOST:
        raise LimitError(f"from 1 to {MOST:,} drawn things at once, got {count}")
    images, labels = zip(*(single(part, number) for number in range(start, start + count)), strict=True)
    inputs = torch.tensor(np.stack(images)).permute(0, 3, 1, 2).contiguous() * 2 - 1
    return inputs, torch.tensor(labels)
