"""What comes after the last convolution: flatten and dense layers, or one number per map (lectures A, B and C).

Volumes are (C, H, W). Global average pooling (GAP) is a matrix of constant blocks and has no weights; global max
pooling (GMP) picks one pixel of each map. Source: Lin, Chen and Yan, "Network In Network", ICLR 2014.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.nets.build import build
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, GlobalPool, Network, Operation, numbered
from core.nets.trace import Trace, trace
from core.types import FeatureMap, Floats, Heatmap

Head: TypeAlias = Literal["dense", "dense, dropout", "average", "maximum"]
HEADS: tuple[Head, ...] = ("dense", "dense, dropout", "average", "maximum")
BATCH = 50  # images per step of training


def global_average(volume: FeatureMap) -> Floats:
    """The mean of every map: (C, H, W) -> (C,).

    >>> global_average(np.array([[[9.0, 0.0], [0.0, 0.0]], [[2.0, 2.0], [3.0, 3.0]]]))
    array([2.25, 2.5 ])
    """
    means: Floats = _volume(volume).mean(axis=(1, 2))
    return means


def global_max(volume: FeatureMap) -> Floats:
    """The largest value of every map: (C, H, W) -> (C,).

    >>> global_max(np.array([[[9.0, 0.0], [0.0, 0.0]], [[2.0, 2.0], [3.0, 3.0]]]))
    array([9., 3.])
    """
    largest: Floats = _volume(volume).max(axis=(1, 2))
    return largest


def average_matrix(maps: int, height: int, width: int) -> Floats:
    """GAP as a matrix for the unrolled volume: K, H, W -> (K, K·H·W), a block of 1/(H·W) for every map.

    >>> average_matrix(2, 1, 2)
    array([[0.5, 0.5, 0. , 0. ],
           [0. , 0. , 0.5, 0.5]])
    """
    return np.kron(np.eye(maps), np.full((1, height * width), 1 / (height * width)))


def maximum_matrix(volume: FeatureMap) -> Floats:
    """GMP as a matrix, another one for every volume: (C, H, W) -> (C, C·H·W), a single 1 at each map's largest value.

    The rows say where the gradient goes: to one pixel of each map. Of equals the first is taken.

    >>> maximum_matrix(np.array([[[1.0, 5.0]], [[3.0, 2.0]]]))
    array([[0., 1., 0., 0.],
           [0., 0., 1., 0.]])
    """
    maps, pixels = _volume(volume).shape[0], prod(volume.shape[1:])
    matrix = np.zeros((maps, maps * pixels))
    winners = volume.reshape(maps, pixels).argmax(axis=1)
    matrix[np.arange(maps), np.arange(maps) * pixels + winners] = 1.0
    return matrix


def flatten_matrix(maps: int, height: int, width: int) -> Floats:
    """Flatten as a matrix: K, H, W -> (K·H·W, K·H·W). It changes nothing, so what follows needs a weight per pixel.

    >>> flatten_matrix(1, 1, 2)
    array([[1., 0.],
           [0., 1.]])
    """
    return np.eye(maps * height * width)


def strong_pixel(side: int, strength: float) -> Heatmap:
    """A map that is zero but for one pixel: a small detail that was found for certain, (side, side).

    >>> strong_pixel(2, 9.0)
    array([[9., 0.],
           [0., 0.]])
    """
    drawn = np.zeros((side, side))
    drawn[(side - 1) // 3, (side - 1) // 3] = strength
    return drawn


def wide_blob(side: int, width: int, strength: float) -> Heatmap:
    """A map with a square of weak values in its middle: a whole object, found everywhere a little, (side, side).

    >>> wide_blob(3, 2, 1.0)
    array([[1., 1., 0.],
           [1., 1., 0.],
           [0., 0., 0.]])
    """
    if not 1 <= width <= side:
        raise ShapeError(f"a blob on a map of side {side} is 1 to {side} pixels wide, got {width}")
    drawn, first = np.zeros((side, side)), (side - width) // 2
    drawn[first : first + width, first : first + width] = strength
    return drawn


def head(kind: Head, volume: tuple[int, int, int], *, classes: int = 10, hidden: int = 64) -> Network:
    """A classifier for a volume (C, H, W), as a layer table: all four have one hidden layer of as many units.

    >>> [trace(head(kind, (32, 5, 5))).parameters for kind in HEADS]
    [51914, 51914, 2762, 2762]
    """
    ends: dict[Head, tuple[Operation, ...]] = {
        "dense": (Flatten(), Dense(hidden), Activation("relu"), Dense(classes)),
        "dense, dropout": (Flatten(), Dense(hidden), Activation("relu"), Dropout(0.5), Dense(classes)),
        "average": (*_mlpconv(hidden, classes), GlobalPool("average")),
        "maximum": (*_mlpconv(hidden, classes), GlobalPool("max")),
    }
    return Network(f"head: {kind}", volume, numbered(*ends[kind]))


def must_take(drawn: Trace, given: tuple[int, int, int]) -> Trace:
    """A network with its weights on another image (C, H, W): the trace, or which dense layer cannot take it.

    >>> from core.nets.zoo import network
    >>> must_take(trace(network("vgg16")), (3, 256, 256))
    Traceback (most recent call last):
    core.errors.ShapeError: fc1 has weights for 25,088 values and gets 32,768
    """
    other = trace(drawn.network, given)
    for before, after in zip(drawn.rows, other.rows, strict=True):
        if isinstance(before.operation, Dense) and before.taken != after.taken:
            raise ShapeError(
                f"{before.name} has weights for {prod(before.taken):,} values and gets {prod(after.taken):,}"
            )
    return other


@dataclass(frozen=True)
class Epoch:
    """How many of the images are classified wrong after so many rounds, from 0 to 1."""

    number: int
    training: float
    held_out: float


@dataclass(frozen=True)
class Examples:
    """Volumes (N, C, H, W) and the class of each, (N,)."""

    volumes: Floats
    labels: NDArray[np.int64]


def train_head(kind: Head, learn: Examples, held_out: Examples, *, epochs: int, seed: int = 0) -> Iterator[Epoch]:
    """Adam on the cross-entropy of a head, the volumes fixed; the errors after every round. Stop asking to stop it."""
    import torch
    from torch.nn.functional import cross_entropy

    tensors = [(torch.tensor(each.volumes).float(), torch.tensor(each.labels)) for each in (learn, held_out)]
    (volumes, labels), held = tensors
    channels, height, width = learn.volumes.shape[1:]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build(trace(head(kind, (channels, height, width))))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)

    def error(images: "torch.Tensor", truth: "torch.Tensor") -> float:
        model.eval()
        with torch.no_grad():
            return float((model(images).argmax(dim=1) != truth).float().mean())

    for number in range(1, epochs + 1):
        with torch.random.fork_rng(devices=[]):  # nobody else's dice are touched between two rounds
            torch.manual_seed(1_000_003 * seed + number)
            model.train()
            order = torch.randperm(len(labels))
            for first in range(0, len(order), BATCH):
                batch = order[first : first + BATCH]
                optimizer.zero_grad()
                cross_entropy(model(volumes[batch]), labels[batch]).backward()  # type: ignore[no-untyped-call]
                optimizer.step()
        yield Epoch(number, error(volumes, labels), error(*held))


def _mlpconv(hidden: int, classes: int) -> tuple[Operation, ...]:
    return Conv(hidden, (1, 1)), Activation("relu"), Conv(classes, (1, 1))


def _volume(volume: FeatureMap) -> FeatureMap:
    if volume.ndim != 3 or not volume.size:
        raise ShapeError(f"need a volume (C, H, W) with a pixel or more, got {volume.shape}")
    return volume
