"""Figures about receptive fields."""

from core.nets.layers import Dense, Pool
from core.nets.receptive import View, views
from core.nets.stack import parse_stack
from core.nets.zoo import network
from syllabus.recompute.registry import ours
from syllabus.tables import Value

SIDE = 256  # of the image; large enough for every stack below


def widths(stack: str) -> tuple[int, ...]:
    """The field after every layer of a stack in short form.

    >>> widths("conv 3, pool 2")
    (3, 4)
    """
    return tuple(view.rows.size for view in views(parse_stack(stack), SIDE)[1:])


@ours("N61")
def two_kernels() -> Value:
    """Two stacked kernels of 3."""
    return widths("conv 3x1 times 2")


@ours("N62")
def six_convolutions() -> Value:
    """The first exercise of lecture A."""
    return widths("conv 3 times 6")


@ours("N63")
def convolutions_and_poolings() -> Value:
    """The second exercise of lecture A."""
    return widths("conv 3, pool 2, conv 3, pool 2, conv 3, pool 2")


@ours("N64")
def three_against_one() -> Value:
    """Three 3x3 layers and one 7x7 layer."""
    return widths("conv 3 times 3")[-1], widths("conv 7")[-1]


@ours("N66")
def nonlinearities() -> Value:
    """One after each layer."""
    return len(parse_stack("conv 3 times 3")), len(parse_stack("conv 7"))


@ours("N67")
def growing_dilation() -> Value:
    """Dilation doubles from layer to layer."""
    return widths("conv 3, conv 3 dilation 2, conv 3 dilation 4, conv 3 dilation 8")


def behind(name: str) -> tuple[View, View]:
    """A network of the zoo behind its last pooling, and at its first dense layer."""
    drawn = network(name)
    seen = {view.name: view for view in views(drawn.layers, drawn.input[1])}
    last = [layer.name for layer in drawn.layers if isinstance(layer.operation, Pool)][-1]
    first = next(layer.name for layer in drawn.layers if isinstance(layer.operation, Dense))
    return seen[last], seen[first]


@ours("N68")
def lenet() -> Value:
    """Behind the second pooling, and at the first dense layer."""
    pooled, dense = behind("lenet5")
    return pooled.rows.size, dense.rows.size


@ours("N69")
def vgg() -> Value:
    """Behind the last pooling, its step, and at the first dense layer."""
    pooled, dense = behind("vgg16")
    return pooled.rows.size, pooled.rows.jump, dense.rows.size
