"""A network without pooling beside one with it: what it sees and what it costs, layer by layer (lecture A).

What a thing is takes a wide view; where it ends takes a fine map. Without pooling the map stays fine, the view grows by
two pixels a layer, and every layer works on all of the image.
"""

from dataclasses import dataclass

from core.errors import LimitError
from core.nets.layers import Activation, Conv, Network, Operation, Pool, numbered
from core.nets.trace import BYTES, Trace, trace

MOST_LAYERS, LEAST = 64, 7


@dataclass(frozen=True)
class Depth:
    """A network of so many convolutions: its view, its map, the memory it keeps and the work it does."""

    convolutions: int
    field: int  # pixels across that one value sees
    side: int  # of its last map
    bytes: int  # kept for training: the image and what every layer makes
    macs: int
    parameters: int


def stack(convolutions: int, *, maps: int = 64, pool_every: int | None = None, side: int = 224) -> Trace:
    """Convolutions of 3x3 that keep the size, with a halving after every so many of them or none, on (3, side, side).

    With pooling the number of maps doubles at every halving, up to eight times, as in VGG; as there, a map is halved
    only if 7 pixels or more are left.

    >>> traced = stack(4, maps=8, pool_every=2, side=32)
    >>> traced.rows[-1].shape, traced.rows[-1].receptive_field
    ((16, 8, 8), (16, 16))
    """
    if not 1 <= convolutions <= MOST_LAYERS or (pool_every is not None and pool_every < 1):
        raise LimitError(f"from 1 to {MOST_LAYERS} convolutions, got {convolutions}")
    operations, width, left = list[Operation](), maps, side
    for number in range(1, convolutions + 1):
        operations += [Conv(width, (3, 3), padding=(1, 1)), Activation("relu")]
        if pool_every and number % pool_every == 0 and left // 2 >= LEAST:
            operations.append(Pool("max", (2, 2), (2, 2)))
            left //= 2
            width = min(2 * width, 8 * maps)
    return trace(Network("a stack of 3x3 convolutions", (3, side, side), numbered(*operations)))


def deeper(most: int, *, maps: int = 64, pool_every: int | None = None, side: int = 224) -> tuple[Depth, ...]:
    """Networks of 1 to `most` convolutions.

    >>> plain, pooled = (deeper(8, maps=8, pool_every=every, side=64)[-1] for every in (None, 2))
    >>> (plain.field, plain.side), (pooled.field, pooled.side)
    ((17, 64), (68, 8))
    """
    found = []
    for count in range(1, most + 1):
        traced = stack(count, maps=maps, pool_every=pool_every, side=side)
        last = traced.rows[-1]
        field = last.receptive_field[0] if last.receptive_field else 0
        found.append(Depth(count, field, last.shape[1], BYTES * traced.activations, traced.macs, traced.parameters))
    return tuple(found)
