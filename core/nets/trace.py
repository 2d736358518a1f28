"""Following an input through an architecture: what every layer makes of it, and what that costs.

Volumes are (C, H, W), vectors (N,). Nothing is allocated: this is arithmetic on the table alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from core.errors import LimitError, ShapeError
from core.nets.layers import (
    Activation,
    Conv,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    LocalNorm,
    Network,
    Operation,
    Pool,
)
from core.nets.receptive import Field, View, views
from core.types import Pair, Shape

MOST_LAYERS = 400
MOST_SIDE = 8192
MOST_MAPS = 65_536
BYTES = 4  # a value is a float32


@dataclass(frozen=True)
class Row:
    """One layer at work: what went in, what came out, and what it cost."""

    name: str
    operation: Operation
    taken: Shape
    shape: Shape
    parameters: int
    formula: str  # the parameters with the numbers substituted; empty where there are none
    macs: int  # multiply-accumulates; biases, pooling and activations multiply nothing
    fields: tuple[Field, Field]  # vertical, horizontal

    @property
    def kind(self) -> str:
        """What the layer does, in the word of the text form."""
        return word(self.operation)

    @property
    def values(self) -> int:
        """How many new values it keeps: none where it works in place or only looks at its input differently."""
        return 0 if isinstance(self.operation, Flatten | Activation | Dropout) else prod(self.shape)

    @property
    def receptive_field(self) -> Pair:
        """How many input pixels one of its values sees, vertically and horizontally."""
        return self.fields[0].size, self.fields[1].size


@dataclass(frozen=True)
class Trace:
    """A network at work on an input (C, H, W)."""

    network: Network
    input: tuple[int, int, int]
    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one forward pass of one image."""
        return sum(row.macs for row in self.rows)

    @property
    def activations(self) -> int:
        """Values that a forward pass keeps, the input among them."""
        return prod(self.input) + sum(row.values for row in self.rows)

    def parameters_of(self, *kinds: type[Operation]) -> int:
        """Parameters of the layers that do one of these things."""
        return sum(row.parameters for row in self.rows if isinstance(row.operation, kinds))


def trace(network: Network, input: tuple[int, int, int] | None = None) -> Trace:
    """Every layer of a network on its own input or another one (C, H, W).

    >>> from core.nets.layers import Conv, Network, numbered
    >>> drawn = Network("first layer of LeNet-5", (1, 32, 32), numbered(Conv(6, (5, 5))))
    >>> row = trace(drawn).rows[0]
    >>> row.shape, row.formula, row.macs, row.receptive_field
    ((6, 28, 28), '6·(5·5·1) + 6 = 156', 117600, (5, 5))
    """
    given = input or network.input
    _within_limits(network, given)
    shapes = list(_maps(network.layers, given[0]))
    seen = iter(views(network.layers, given[1:]))
    view, rows, shape = next(seen), list[Row](), Shape(given)
    for layer, maps in zip(network.layers, shapes, strict=True):
        before, taken = view, shape
        if _looks(layer.operation):
            view = next(seen)
        shape = _output(layer.operation, maps, view, taken)
        if prod(shape) > MOST_SIDE**2 * 1024:
            raise LimitError(f"{layer.name}: {prod(shape):,} values are more than one visitor may ask for")
        count, formula = parameters(layer.operation, taken)
        rows.append(
            Row(
                name=layer.name,
                operation=layer.operation,
                taken=taken,
                shape=shape,
                parameters=count,
                formula=formula,
                macs=_macs(layer.operation, taken, shape),
                fields=(view.rows, view.columns) if _looks(layer.operation) else (before.rows, before.columns),
            )
        )
    return Trace(network, given, tuple(rows))


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


def parse_input(text: str) -> tuple[int, int, int]:
    """An input size as people write it.

    >>> parse_input("3x224x224"), parse_input("1 × 28 × 28")
    ((3, 224, 224), (1, 28, 28))
    """
    sides = [side.strip() for side in text.lower().replace("×", "x").split("x")]
    if len(sides) != 3 or not all(side.isascii() and side.isdigit() and len(side) < 10 for side in sides):
        raise ShapeError(f"the input is maps x height x width, such as 3x224x224, got {text[:40]!r}")
    maps, height, width = (int(side) for side in sides)
    return maps, height, width


def _within_limits(network: Network, given: tuple[int, int, int]) -> None:
    if len(network.layers) > MOST_LAYERS:
        raise LimitError(f"a network has at most {MOST_LAYERS} layers here, got {len(network.layers)}")
    if min(given) < 1:
        raise ShapeError(f"every side of the input is 1 or more, got {'x'.join(map(str, given))}")
    if max(given[1:]) > MOST_SIDE or given[0] > MOST_MAPS:
        raise LimitError(
            f"the input has at most {MOST_MAPS:,} maps of at most {MOST_SIDE:,} pixels a side, "
            f"got {'x'.join(map(str, given))}"
        )


def _maps(layers: tuple[Layer, ...], maps: int) -> Iterator[int]:
    """How many maps (of a volume) or values (of a vector; 0 means as many as the volume had) every layer makes."""
    flat = False
    for layer in layers:
        operation = layer.operation
        if flat and isinstance(operation, Conv | Pool | GlobalPool | LocalNorm):
            raise ShapeError(f"{layer.name}: {word(operation)} slides over a volume, and its input is a vector already")
        match operation:
            case Conv(filters=filters, groups=groups):
                if maps % groups or filters % groups:
                    raise ShapeError(
                        f"{layer.name}: {groups} groups must divide its {maps} input maps and its {filters} filters"
                    )
                maps = filters
            case Dense(units=units):
                if not flat:
                    raise ShapeError(
                        f"{layer.name}: dense takes a vector, and its input is a volume: put flatten, or a global "
                        "pooling, before it"
                    )
                maps = units
            case Flatten() | GlobalPool():
                flat = True
        yield maps


def _looks(operation: Operation) -> bool:
    """Whether the layer looks at more than one place, so that `views` has an entry for it."""
    return isinstance(operation, Conv | Pool | Dense | GlobalPool)


def _output(operation: Operation, maps: int, view: View, taken: Shape) -> Shape:
    match operation:
        case Conv() | Pool():
            return (maps, *view.sides)
        case Dense() | GlobalPool():
            return (maps,)
        case Flatten():
            return (prod(taken),)
    return taken


def parameters(operation: Operation, taken: Shape) -> tuple[int, str]:
    """Weights and biases of a layer on an input of that shape, and the sum as a person writes it.

    A filter is as high and wide as its kernel and as deep as its input; a dense unit has one weight per input value.

        convolution: filters * (height * width * depth) + filters
        dense:       units * inputs + units

    >>> parameters(Conv(2, (3, 3)), (3, 32, 32)), parameters(Dense(120), (400,))
    ((56, '2·(3·3·3) + 2 = 56'), (48120, '120·400 + 120 = 48,120'))
    """
    match operation:
        case Conv(filters=filters, kernel=(high, wide), groups=groups, bias=bias):
            depth = taken[0] // groups
            weights, product = filters * high * wide * depth, f"{filters:,}·({high}·{wide}·{depth:,})"
            biases = filters if bias else 0
        case Dense(units=units, bias=bias):
            weights, product = units * taken[0], f"{units:,}·{taken[0]:,}"
            biases = units if bias else 0
        case _:
            return 0, ""
    added = f" + {biases:,}" if biases else ""
    return weights + biases, f"{product}{added} = {weights + biases:,}"


def _macs(operation: Operation, taken: Shape, shape: Shape) -> int:
    match operation:
        case Conv(kernel=(high, wide), groups=groups):
            return prod(shape) * high * wide * (taken[0] // groups)
        case Dense(units=units):
            return units * taken[0]
    return 0
