"""Dense connections: every layer of a block reads all that was made before it (lectures B and C).

Source: Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional Networks", CVPR 2017, section 3.
"""

from core.blocks.miniatures import RELU, same, without
from core.errors import ShapeError
from core.nets.layers import INPUT, BatchNorm, Concat, Conv, Layer, Network
from core.nets.zoo.densenet import dense_block

NARROWING = ("_conv1", "_bn2", "_relu2")  # what the block of the zoo does before its window


def block(layers: int, growth: int, maps: int, side: int, *, narrow: bool = False) -> Network:
    """A dense block on its own: (maps, side, side) -> (maps + layers * growth, side, side).

    With `narrow` a 1x1 layer brings what is read down to 4 * growth maps first, as in the published networks.

    >>> from core.nets.trace import trace
    >>> trace(block(4, 12, 16, 8)).rows[-1].shape
    (64, 8, 8)
    """
    if min(layers, growth, maps) < 1:
        raise ShapeError(
            f"a block has one layer, one new map and one input map or more, got {layers}, {growth}, {maps}"
        )
    rows = dense_block("dense", INPUT, layers, growth)
    kept = rows if narrow else without(rows, lambda layer: layer.name.endswith(NARROWING))
    return Network(f"dense block of {layers}", (maps, side, side), kept)


def plain_twin(network: Network) -> Network:
    """A chain of the same depth whose layers all have as many maps as the block ends with.

    >>> [row.name for row in plain_twin(block(1, 12, 16, 8)).layers]
    ['norm1', 'relu1', 'conv1']
    """
    windows = [row.operation for row in network.layers if isinstance(row.operation, Conv)]
    piles = sum(isinstance(row.operation, Concat) for row in network.layers)
    maps = network.input[0] + piles * windows[-1].filters
    rows = list[Layer]()
    for place, window in enumerate(windows, 1):
        rows += [Layer(f"norm{place}", BatchNorm()), Layer(f"relu{place}", RELU)]
        rows.append(Layer(f"conv{place}", same(maps, window.kernel[0], bias=False)))
    return Network(f"chain of {len(windows)}", network.input, tuple(rows))


def connections(layers: int) -> int:
    """Direct links into the layers of a block: 1 into the first, one more into each further one.

        1 + 2 + ... + n = n * (n + 1) / 2

    >>> connections(5)
    15
    """
    return layers * (layers + 1) // 2
