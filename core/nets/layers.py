"""The vocabulary of an architecture: a layer is one row of a table, a network is a tuple of rows.

Sizes that have two directions are pairs (vertical, horizontal); `core.types.pair(3)` writes a square one.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.types import Pair


@dataclass(frozen=True)
class Conv:
    """`filters` windows, each as deep as its input (or as its group of the input)."""

    filters: int
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = True


@dataclass(frozen=True)
class Pool:
    """Every map on its own: the largest or the mean value of each window."""

    how: Literal["max", "average"]
    kernel: Pair
    stride: Pair
    padding: Pair = (0, 0)


@dataclass(frozen=True)
class GlobalPool:
    """Every map becomes one number, whatever its size."""

    how: Literal["max", "average"]


@dataclass(frozen=True)
class Flatten:
    """A volume unrolled into a vector."""


@dataclass(frozen=True)
class Dense:
    """Every output sees every input."""

    units: int
    bias: bool = True


@dataclass(frozen=True)
class Activation:
    """A function of one value (softmax: of one vector)."""

    function: Literal["relu", "tanh", "sigmoid", "softmax"]


@dataclass(frozen=True)
class Dropout:
    """Silences a share of the values while training; does nothing afterwards."""

    rate: float


@dataclass(frozen=True)
class LocalNorm:
    """AlexNet's local response normalisation over `size` neighbouring maps."""

    size: int = 5


Operation: TypeAlias = Conv | Pool | GlobalPool | Flatten | Dense | Activation | Dropout | LocalNorm


@dataclass(frozen=True)
class Layer:
    """One row: a name that is unique in its network, and what the row does."""

    name: str
    operation: Operation


@dataclass(frozen=True)
class Network:
    """An architecture and the input it was drawn for, (C, H, W)."""

    name: str
    input: tuple[int, int, int]
    layers: tuple[Layer, ...]


def numbered(*operations: Operation) -> tuple[Layer, ...]:
    """Rows named by what they do and counted: conv1, relu1, pool1, conv2 ...

    >>> [layer.name for layer in numbered(Conv(6, (5, 5)), Activation("tanh"), Conv(16, (5, 5)), Flatten())]
    ['conv1', 'tanh1', 'conv2', 'flatten1']
    """
    counts: dict[str, int] = {}
    layers = []
    for operation in operations:
        word = stem(operation)
        counts[word] = counts.get(word, 0) + 1
        layers.append(Layer(f"{word}{counts[word]}", operation))
    return tuple(layers)


def stem(operation: Operation) -> str:
    """What a name begins with: what the layer does, one word for both kinds of pooling.

    >>> stem(Pool("max", (2, 2), (2, 2))), stem(Activation("relu")), stem(LocalNorm())
    ('pool', 'relu', 'norm')
    """
    match operation:
        case Activation(function=function):
            return function
        case LocalNorm():
            return "norm"
        case _:
            return type(operation).__name__.lower()
