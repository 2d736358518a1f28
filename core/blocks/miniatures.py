"""Small networks for one idea each, built from the blocks of the zoo (lectures B and C)."""

from collections.abc import Callable, Sequence

from core.errors import ShapeError
from core.filters.arithmetic import same_padding
from core.nets.layers import INPUT, Activation, BatchNorm, Conv, Dense, Flatten, Layer, Network, relinked, sources
from core.nets.zoo.resnet import basic
from core.types import pair

Rows = tuple[Layer, ...]
RELU = Activation("relu")


def same(filters: int, kernel: int, *, stride: int = 1, groups: int = 1, bias: bool = True) -> Conv:
    """A square convolution, padded so that stride 1 keeps the size.

    >>> same(64, 3).padding
    (1, 1)
    """
    return Conv(filters, pair(kernel), pair(stride), pair(same_padding(kernel)), groups=groups, bias=bias)


def stacked(filters: int, kernel: int, times: int, *, side: int, bias: bool = True) -> Network:
    """`times` convolutions of one kind on as many maps as they make, a rectifier after each.

    >>> [layer.name for layer in stacked(64, 3, 2, side=56).layers]
    ['conv1', 'relu1', 'conv2', 'relu2']
    """
    if times < 1:
        raise ShapeError(f"a stack has one layer or more, got {times}")
    rows = list[Layer]()
    for place in range(1, times + 1):
        rows += [Layer(f"conv{place}", same(filters, kernel, bias=bias)), Layer(f"relu{place}", RELU)]
    return Network(f"{times} of {kernel}x{kernel}", (filters, side, side), tuple(rows))


def large_side(kernel: int, times: int) -> int:
    """The side of the one window that sees as much as a stack: times * (kernel - 1) + 1.

    >>> large_side(3, 3), large_side(5, 2)
    (7, 9)
    """
    return times * (kernel - 1) + 1


def separable(maps: int, filters: int, kernel: int, *, bias: bool = False) -> Rows:
    """A convolution in two steps: each map on its own with one kernel, then 1x1 windows that mix the maps.

    >>> [layer.name for layer in separable(32, 64, 3)]
    ['depthwise', 'pointwise']
    """
    return (
        Layer("depthwise", same(maps, kernel, groups=maps, bias=bias)),
        Layer("pointwise", same(filters, 1, bias=bias)),
    )


def tower(blocks: int, *, residual: bool, maps: int = 8, norm: bool = True) -> Network:
    """A small network for digits of 8x8 pixels: a convolution at stride 2, basic blocks, one dense layer.

    Its depth counts layers with weights, 2 * blocks + 2. A plain tower is the residual one without its sums, so both
    have the same parameters.

    >>> tower(5, residual=True).name, tower(9, residual=False).name
    ('residual 12', 'plain 20')
    """
    if blocks < 1:
        raise ShapeError(f"a tower has one block or more, got {blocks}")
    rows = [Layer("stem", same(maps, 3, stride=2, bias=False)), Layer("stem_bn", BatchNorm()), Layer("stem_relu", RELU)]
    for place in range(1, blocks + 1):
        rows += basic(f"block{place}", rows[-1].name, maps, stride=1, widened=False, residual=residual)
    rows += [Layer("flatten", Flatten()), Layer("predictions", Dense(10))]
    kept = tuple(rows) if norm else without(rows, lambda row: isinstance(row.operation, BatchNorm))
    return Network(f"{'residual' if residual else 'plain'} {2 * blocks + 2}", (1, 8, 8), kept)


def without(rows: Sequence[Layer], unwanted: Callable[[Layer], bool]) -> Rows:
    """A table without some of its rows: what took one of them takes what that one took.

    >>> rows = [Layer("c", same(4, 3)), Layer("bn", BatchNorm()), Layer("r", RELU)]
    >>> [row.name for row in without(rows, lambda row: isinstance(row.operation, BatchNorm))]
    ['c', 'r']
    """
    stands_for, left = {INPUT: INPUT}, list[tuple[Layer, tuple[str, ...]]]()
    for layer, of in zip(rows, sources(rows), strict=True):
        taken = tuple(stands_for[name] for name in of)
        if unwanted(layer):
            stands_for[layer.name] = taken[0]
        else:
            stands_for[layer.name] = layer.name
            left.append((layer, taken))
    return relinked(left)
