"""A layer thinned by dropout: which units rest in a batch, and what the unit behind them gets on average (A to D).

U units with values (U,) feed one unit through weights (U,). Every batch draws a new mask.
Source: Srivastava et al., "Dropout", JMLR 2014, sections 4 and 10.
"""

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats

if TYPE_CHECKING:
    from numpy.random import Generator

Masks: TypeAlias = NDArray[np.bool_]  # (batches, units), True where a unit is awake
Scaling: TypeAlias = Literal["while training", "when used", "forgotten"]
SCALINGS: tuple[Scaling, ...] = ("while training", "when used", "forgotten")
MOST_UNITS = 14


def masks(batches: int, units: int, rate: float, generator: "Generator") -> Masks:
    """Which units are awake in every batch: each rests with probability `rate`, on its own: -> (batches, units).

    >>> masks(2, 4, 0.5, np.random.default_rng(0))
    array([[ True, False, False, False],
           [ True,  True,  True,  True]])
    """
    _checked(rate)
    awake: Masks = generator.random((batches, units)) >= rate
    return awake


def factor(rate: float, scaling: Scaling) -> tuple[float, float]:
    """What values are multiplied by, while training and when the network is used.

    Inverted dropout makes the awake ones larger while training, by 1 / (1 - rate); the original makes all smaller when
    used, by 1 - rate. If both are forgotten, the next layer gets more in use than it ever met in training.

    >>> factor(0.5, "while training"), factor(0.5, "when used"), factor(0.5, "forgotten")
    ((2.0, 1.0), (1.0, 0.5), (1.0, 1.0))
    """
    _checked(rate)
    if scaling not in SCALINGS:
        raise CoreError(f"the scaling is one of {', '.join(SCALINGS)}, got {str(scaling)[:40]!r}")
    return (1 / (1 - rate) if scaling == "while training" else 1.0), (1 - rate if scaling == "when used" else 1.0)


def training_sums(values: Floats, weights: Floats, awake: Masks, rate: float, scaling: Scaling) -> Floats:
    """What the next unit gets in every batch: (U,), (U,), (B, U) -> (B,).

        sum over u of weights[u] * values[u] * awake[b, u] * factor

    >>> training_sums(np.ones(2), np.array([3.0, 4.0]), np.array([[True, False]]), 0.5, "while training")
    array([6.])
    """
    if values.ndim != 1 or values.shape != weights.shape or awake.shape[-1:] != values.shape:
        raise ShapeError(
            f"need values and weights (U,) and masks (B, U), got {values.shape}, {weights.shape}, {awake.shape}"
        )
    sums: Floats = awake @ (weights * values) * factor(rate, scaling)[0]
    return sums


def used_sum(values: Floats, weights: Floats, rate: float, scaling: Scaling) -> float:
    """What it gets when the network is used, where nobody rests.

    >>> used_sum(np.ones(2), np.array([3.0, 4.0]), 0.5, "when used")
    3.5
    """
    return float(weights @ values * factor(rate, scaling)[1])


def every_mask(units: int, rate: float) -> tuple[Masks, Floats]:
    """All 2^U thinned layers with the probability of each: -> (2^U, U), (2^U,).

    >>> awake, chance = every_mask(2, 0.25)
    >>> awake.astype(int).tolist(), chance.tolist()
    ([[0, 0], [0, 1], [1, 0], [1, 1]], [0.0625, 0.1875, 0.1875, 0.5625])
    """
    _checked(rate)
    if not 1 <= units <= MOST_UNITS:
        raise LimitError(f"all masks are listed for 1 to {MOST_UNITS} units, got {units}")
    awake: Masks = (np.arange(2**units)[:, None] >> np.arange(units)[::-1] & 1).astype(bool)
    return awake, np.where(awake, 1 - rate, rate).prod(axis=1)


def running_means(sums: Floats) -> Floats:
    """The mean of the first 1, 2, 3, ... batches: (B,) -> (B,).

    >>> running_means(np.array([2.0, 4.0, 0.0]))
    array([2., 3., 2.])
    """
    means: Floats = np.cumsum(sums) / np.arange(1, len(sums) + 1)
    return means


def _checked(rate: float) -> None:
    if not 0 <= rate < 1:
        raise CoreError(f"the share that rests is from 0 to below 1, got {rate}")
