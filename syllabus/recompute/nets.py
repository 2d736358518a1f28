"""Small networks built on the spot, and the rows of a trace by what they do: shared by the files of this folder."""

from core.nets.layers import Activation, Conv, Dense, Flatten, Layer, Network, Operation, Pool
from core.nets.trace import Row, Trace, trace
from core.nets.zoo import network
from core.types import Shape, pair
from syllabus.tables import Value


def zoo(name: str, input: tuple[int, int, int] | None = None) -> Trace:
    """A network of the zoo, followed from its own input or another one."""
    return trace(network(name), input)


def stack(*operations: Operation, input: tuple[int, int, int]) -> Trace:
    """Operations in a row on an input (C, H, W)."""
    layers = tuple(Layer(f"layer{place}", operation) for place, operation in enumerate(operations, start=1))
    return trace(Network("stack", input, layers))


def conv(filters: int, kernel: int, *, padding: int = 0) -> Conv:
    """A square convolution that moves pixel by pixel."""
    return Conv(filters, pair(kernel), padding=pair(padding))


def halving() -> Pool:
    """A 2x2 max pooling, side by side."""
    return Pool("max", pair(2), pair(2))


def perceptron(maps: int) -> Trace:
    """Lecture A's perceptron on an image of 32x32 pixels: 84 hidden units, 10 outputs."""
    return stack(Flatten(), Dense(84), Activation("relu"), Dense(10), Activation("softmax"), input=(maps, 32, 32))


def rows(traced: Trace, *kinds: type[Operation]) -> list[Row]:
    """The rows that do one of these things, in order."""
    return [row for row in traced.rows if isinstance(row.operation, kinds)]


def weighted(traced: Trace) -> list[Row]:
    """The rows with weights."""
    return [row for row in traced.rows if row.parameters]


def parameters(found: list[Row]) -> int:
    """All parameters of some rows."""
    return sum(row.parameters for row in found)


def drawn(shape: Shape) -> Value:
    """A volume (C, H, W) as lectures draw it: height, width, maps. A vector stays what it is."""
    return (*shape[1:], shape[0])
