"""What a sliding window costs, patch by patch or as one convolutional network (lectures A, B and E).

Costs are multiply-accumulates. The network is a classifier for one window; it looks f pixels further from one answer
to the next where it slides, f being the product of its strides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, prod

import numpy as np

from core.errors import ShapeError
from core.filters.arithmetic import output_side
from core.nets.layers import Conv, Network, Operation, Pool
from core.nets.receptive import Field
from core.nets.stack import windows_of
from core.nets.trace import Trace, trace
from core.segment.dense import convolutional
from core.types import Floats, Pair


@dataclass(frozen=True)
class Cost:
    """One image: how many answers are wanted, and the multiply-accumulates of both ways."""

    answers: int
    patches: int  # multiply-accumulates of classifying window by window
    passes: int  # of the convolutional network over the image, each shifted otherwise
    convolutions: int  # multiply-accumulates of these passes
    dilated: int  # of one pass without strides, its windows dilated instead: an answer for every pixel

    @property
    def ratio(self) -> float:
        """How many times the work the patches are."""
        return self.patches / self.convolutions


def sliding_field(network: Network) -> Field:
    """What one answer of the sliding network sees: the window, and the step from one answer to the next.

    >>> from core.models.window_net import WINDOW_NET
    >>> sliding_field(WINDOW_NET)
    Field(size=16, jump=4, start=0)
    """
    fields = _sliding(network).rows[-1].fields
    if fields is None or fields[0] != fields[1]:
        raise ShapeError(f"{network.name}: need a network that looks the same way down and across")
    return fields[0]


def cost(network: Network, sides: Pair, *, stride: int) -> Cost:
    """What it costs to have an answer every `stride` pixels of an image of these sides (H, W).

        patches:       answers * multiply-accumulates of one window
        convolutions:  (f / gcd(f, stride))^2 shifted passes over the image

    A pass answers at every f-th pixel. For a stride that f does not divide, the image is shifted and asked again.

    >>> from core.models.window_net import WINDOW_NET
    >>> found = cost(WINDOW_NET, (64, 64), stride=4)
    >>> found.answers, found.passes, round(found.ratio, 1)
    (169, 1, 3.6)
    """
    maps, *window = network.input
    answers = prod(output_side(side, least, stride=stride) for side, least in zip(sides, window, strict=True))
    jump = sliding_field(network).jump
    apart, sliding = gcd(jump, stride), _sliding(network)
    shifts = range(0, min(jump, *(side - least + 1 for side, least in zip(sides, window, strict=True))), apart)
    operations = [row.operation for row in trace(sliding.network, (maps, *sides)).rows]
    down, across = (_summed(operations, [side - shift for shift in shifts], way) for way, side in enumerate(sides))
    each = np.array([row.macs / prod(row.shape[1:]) for row in sliding.rows])  # for one place of the map
    done = round(float((each * down * across).sum()))
    return Cost(answers, answers * _macs(network), (jump // apart) ** 2, done, dilated_macs(network, sides))


def dilated_macs(network: Network, sides: Pair) -> int:
    """Multiply-accumulates of one pass over (H, W) with every stride taken out and the later windows dilated.

    >>> from core.models.window_net import WINDOW_NET
    >>> round(cost(WINDOW_NET, (64, 64), stride=1).convolutions / dilated_macs(WINDOW_NET, (64, 64)), 1)
    2.6
    """
    (height, width), rates, total = sides, [1, 1], 0
    for row in _sliding(network).rows:
        found = windows_of(row.operation, (row.taken[1], row.taken[2])) if len(row.taken) == 3 else None
        if found is None:
            continue
        height, width = (
            output_side(side, window.kernel, dilation=rate, padding=rate * window.padding)
            for side, window, rate in zip((height, width), found, rates, strict=True)
        )
        rates = [rate * window.stride for rate, window in zip(rates, found, strict=True)]
        if isinstance(row.operation, Conv):
            depth = row.taken[0] // row.operation.groups
            total += height * width * row.operation.filters * prod(row.operation.kernel) * depth
        elif not isinstance(row.operation, Pool):
            raise ShapeError(f"{network.name}: only convolutions and poolings slide, got {row.kind}")
    return total


@lru_cache(maxsize=30)
def _sliding(network: Network) -> Trace:
    """The convolutional network on one window."""
    return trace(convolutional(network))


@lru_cache(maxsize=30)
def _macs(network: Network) -> int:
    """Multiply-accumulates of one window."""
    return trace(network).macs


def _summed(operations: Sequence[Operation], sides: Sequence[int], way: int) -> Floats:
    """Along one way, the lengths of the maps that each layer makes of images this long, summed: (L,).

    Most shifts have maps as long as others: of VGG16's 32 only two lengths are left at the end. Each is asked once.
    """
    totals, made = list[int](), list(sides)
    for operation in operations:
        if windows := windows_of(operation, (1, 1)):
            known = {below: windows[way].side(below) for below in set(made)}
            made = [known[below] for below in made]
        totals.append(sum(made))
    return np.array(totals, dtype=float)
