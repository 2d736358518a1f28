"""The vocabulary of an architecture: a layer is one row of a table, a network is a tuple of rows.

A row takes what the row above it made, unless it names the rows it takes; so a table can branch and join again.
Sizes that have two directions are pairs (vertical, horizontal); `core.types.pair(3)` writes a square one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from core.errors import ShapeError
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
class Local:
    """A convolution without weight sharing: at every place of the map a filter of its own."""

    filters: int
    kernel: Pair
    stride: Pair = (1, 1)
    bias: bool = True


@dataclass(frozen=True)
class Transposed:
    """Every input value spreads a kernel over the output, `stride` apart; copies that overlap are added."""

    filters: int
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    output_padding: Pair = (0, 0)
    groups: int = 1
    bias: bool = True


@dataclass(frozen=True)
class Pool:
    """Every map on its own: the largest or the mean value of each window."""

    how: Literal["max", "average"]
    kernel: Pair
    stride: Pair
    padding: Pair = (0, 0)
    ceil: bool = False  # a last window may reach over the edge
    inside: bool = False  # a mean over what lies on the map, the padding not counted


@dataclass(frozen=True)
class Pad:
    """Zeros around a volume, as many before as after or not: what a padding of a layer's own cannot do."""

    rows: Pair = (0, 0)  # above, below
    columns: Pair = (0, 0)  # left, right
    maps: Pair = (0, 0)  # before the first map, after the last


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


Function: TypeAlias = Literal["relu", "leaky", "relu6", "silu", "tanh", "sigmoid", "softmax"]


@dataclass(frozen=True)
class Activation:
    """A function of one value (softmax: of one vector)."""

    function: Function


@dataclass(frozen=True)
class Dropout:
    """Silences a share of the values while training; does nothing afterwards."""

    rate: float


@dataclass(frozen=True)
class LocalNorm:
    """AlexNet's local response normalisation over `size` neighbouring maps."""

    size: int = 5


@dataclass(frozen=True)
class BatchNorm:
    """Every map brought to mean 0 and variance 1 over the batch, then scaled and shifted by two learned numbers."""

    eps: float = 1e-5
    scale: bool = True  # without it only the shift is learned


@dataclass(frozen=True)
class Add:
    """Volumes of one shape, value by value: what a residual connection does."""

    share: float = 1.0  # of all volumes but the first


@dataclass(frozen=True)
class Mean:
    """The mean of volumes of one shape: where the paths of a fractal join."""


@dataclass(frozen=True)
class Scale:
    """A volume, each of its maps times one number of a vector: what squeeze and excitation does."""


@dataclass(frozen=True)
class Concat:
    """The maps of several volumes in one pile."""


@dataclass(frozen=True)
class Crop:
    """The first volume, cut to the height and width of the second: from the middle, or from `offset` on."""

    offset: int | None = None


Merge: TypeAlias = Add | Mean | Scale | Concat | Crop  # takes several rows
Operation: TypeAlias = (
    Conv
    | Local
    | Transposed
    | Pool
    | Pad
    | GlobalPool
    | Flatten
    | Dense
    | Activation
    | Dropout
    | LocalNorm
    | BatchNorm
    | Merge
)

INPUT = "input"  # the row that every network starts from


@dataclass(frozen=True)
class Layer:
    """One row: a name that is unique in its network, what the row does, and to what."""

    name: str
    operation: Operation
    of: tuple[str, ...] = ()  # the rows it takes; the row above where none is named
    shares: str | None = None  # an earlier row whose weights it uses instead of its own


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
    layers = list[Layer]()
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
        case BatchNorm():
            return "bn"
        case _:
            return type(operation).__name__.lower()


def word(operation: Operation) -> str:
    """What a layer does in one word, as the text form writes it.

    >>> word(Pool("average", (2, 2), (2, 2))), word(Activation("relu")), word(Dense(10))
    ('avgpool', 'relu', 'dense')
    """
    match operation:
        case Pool(how=how):
            return "maxpool" if how == "max" else "avgpool"
        case GlobalPool(how=how):
            return "globalmaxpool" if how == "max" else "globalavgpool"
        case Activation(function=function):
            return function
        case LocalNorm():
            return "lrn"
        case _:
            return type(operation).__name__.lower()


def sources(layers: Sequence[Layer]) -> tuple[tuple[str, ...], ...]:
    """The rows every row takes, by name; a name must stand further up.

    >>> pool = Pool("max", (2, 2), (2, 2))
    >>> sources((Layer("a", pool), Layer("b", pool), Layer("c", Concat(), of=("a", "input"))))
    (('input',), ('a',), ('a', 'input'))
    """
    above, known, found = INPUT, {INPUT}, list[tuple[str, ...]]()
    for layer in layers:
        if unknown := [name for name in layer.of if name not in known]:
            raise ShapeError(f"{layer.name}: there is no row {unknown[0][:50]!r} above it")
        found.append(layer.of or (above,))
        above = layer.name
        known.add(above)
    return tuple(found)


def relinked(rows: Iterable[tuple[Layer, tuple[str, ...]]]) -> tuple[Layer, ...]:
    """Rows with what each takes, as a table: a source is written only where it is not the row above.

    >>> pool = Layer("b", Pool("max", (2, 2), (2, 2)), of=("a",))
    >>> [layer.of for layer in relinked([(pool, ("input",)), (replace(pool, name="c"), ("input",))])]
    [(), ('input',)]
    """
    above, table = INPUT, list[Layer]()
    for layer, of in rows:
        table.append(replace(layer, of=() if of == (above,) else of))
        above = layer.name
    return tuple(table)


def is_chain(layers: Sequence[Layer]) -> bool:
    """Whether every row takes just the row above, and weights of its own."""
    above = (INPUT, *(layer.name for layer in layers))
    return all(
        layer.of in ((), (before,)) and layer.shares is None for layer, before in zip(layers, above, strict=False)
    )
