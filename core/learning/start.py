"""How a network starts: random weights that keep the size of the signal from layer to layer.

Source: He et al., "Delving Deep into Rectifiers", ICCV 2015; starting a residual block at zero: Goyal et al.,
"Accurate, Large Minibatch SGD", 2017.
"""

from collections.abc import Collection
from math import prod
from typing import TYPE_CHECKING

from core.nets.build import build
from core.nets.layers import Conv, Dense, Network
from core.nets.trace import Trace, trace

if TYPE_CHECKING:
    from torch import Generator
    from torch.nn import Module


def started(network: Network, *, seed: int, silent: Collection[str] = ()) -> "Module":
    """A table as a module that is ready to learn: weights drawn by `he`, dropout with dice of its own, from one seed.

    >>> from core.blocks.miniatures import tower
    >>> one, two = (started(tower(1, residual=True), seed=3) for _ in range(2))
    >>> all(bool((a == b).all()) for a, b in zip(one.parameters(), two.parameters()))
    True
    """
    import torch

    from core.learning.dropout import own_dice

    traced = trace(network)
    module = build(traced)
    he(module, traced, generator=torch.Generator().manual_seed(seed), silent=silent)
    own_dice(module, torch.Generator().manual_seed(1_000_003 + seed))  # not the numbers the weights came from
    return module


def he(module: "Module", traced: Trace, *, generator: "Generator", silent: Collection[str] = ()) -> None:
    """Draw the weights of what `build` made of a trace; rows named in `silent` start at zero.

        weight ~ normal(0, 2 / inputs of one output)        bias = 0        normalisation: scale 1, shift 0

    The table tells what every layer sees, so nothing is guessed from the module.

    >>> import torch
    >>> from core.nets.build import build
    >>> from core.nets.layers import Flatten, Network, numbered
    >>> from core.nets.trace import trace
    >>> traced = trace(Network("wide", (1000, 1, 1), numbered(Flatten(), Dense(500))))
    >>> module = build(traced)
    >>> he(module, traced, generator=torch.Generator().manual_seed(0))
    >>> f"{module[1].weight.var():.4f}"
    '0.0020'
    """
    weighted = [row for row in traced.rows if isinstance(row.operation, Conv | Dense) and row.shares is None]
    matrices = [weights for weights in module.parameters() if weights.dim() > 1]
    for weights in module.parameters():
        if weights.dim() == 1:
            weights.data.zero_()
    for part in module.modules():
        if hasattr(part, "running_mean"):
            part.weight.data.fill_(1.0)  # type: ignore[operator]
    for row, weights in zip(weighted, matrices, strict=True):
        inputs = prod(weights.shape[1:])
        weights.data.normal_(0.0, 0.0 if row.name in silent else (2 / inputs) ** 0.5, generator=generator)
