"""Two ways to tell parcels apart: measured features into a small network, or the height map into a CNN (A and C).

Both learn from the same parcels and are judged by the same others.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.parcels import HEIGHT, KINDS, WIDTH, Parcel
from core.errors import CoreError
from core.features.handcrafted import FEATURES, feature_table, standardise
from core.learning.examples import Examples
from core.learning.train import Recipe
from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Pool, numbered

if TYPE_CHECKING:
    from torch import Tensor

RELU, HALVED = Activation("relu"), Pool("max", (2, 2), (2, 2))
TALL = 20.0  # cm: heights are divided by it before the CNN sees them
MOST_HIDDEN = 64
FEATURE_RECIPE = Recipe(epochs=60, batch=32, rate=0.05)
MAP_RECIPE = Recipe(epochs=15, batch=16, rate=0.02)


def feature_net(features: int, hidden: int) -> Network:
    """As many inputs as features, one hidden layer of free size, as many outputs as kinds.

    >>> [str(layer.operation) for layer in feature_net(4, 8).layers if isinstance(layer.operation, Dense)]
    ['Dense(units=8, bias=True)', 'Dense(units=5, bias=True)']
    """
    if not 1 <= features <= len(FEATURES) or not 1 <= hidden <= MOST_HIDDEN:
        raise CoreError(
            f"the network takes 1 to {len(FEATURES)} features and has 1 to {MOST_HIDDEN} hidden units, "
            f"got {features} and {hidden}"
        )
    layers = numbered(Flatten(), Dense(hidden), RELU, Dense(len(KINDS)))
    return Network("Measured features", (features, 1, 1), layers)


def map_net() -> Network:
    """Three convolutions with poolings and one dense layer, on the height map itself.

    >>> map_net().input
    (1, 32, 48)
    """
    stages = (each for maps in (8, 16, 16) for each in (Conv(maps, (3, 3), padding=(1, 1)), RELU, HALVED))
    return Network("CNN on the height map", (1, HEIGHT, WIDTH), numbered(*stages, Flatten(), Dense(len(KINDS))))


def labels_of(found: Sequence[Parcel]) -> NDArray[np.int64]:
    """Which kind each parcel is, as its place in KINDS: N parcels -> (N,)."""
    return np.array([KINDS.index(each.kind) for each in found], dtype=np.int64)


def by_features(train: Sequence[Parcel], test: Sequence[Parcel], names: Sequence[str]) -> tuple[Examples, Examples]:
    """The chosen features of both parts, in units of the training part's spread: (N, F, 1, 1) and (M, F, 1, 1).

    >>> from core.data.parcels import parcels
    >>> learned, judged = by_features(parcels("train", 9), parcels("test", 4), ["area", "perimeter"])
    >>> tuple(learned.inputs.shape), tuple(judged.inputs.shape)
    ((9, 2, 1, 1), (4, 2, 1, 1))
    """
    tables = standardise(*(feature_table([each.heights for each in part], names) for part in (train, test)))
    first, second = (_tensor(table[:, :, None, None]) for table in tables)
    return Examples(first, _labels(train)), Examples(second, _labels(test))


def by_maps(train: Sequence[Parcel], test: Sequence[Parcel]) -> tuple[Examples, Examples]:
    """The height maps of both parts, divided by 20 cm: (N, 1, 32, 48) and (M, 1, 32, 48)."""
    first, second = (_tensor(np.stack([each.heights for each in part])[:, None] / TALL) for part in (train, test))
    return Examples(first, _labels(train)), Examples(second, _labels(test))


def _tensor(values: NDArray[np.float64]) -> "Tensor":
    import torch

    return torch.tensor(values, dtype=torch.float32)


def _labels(found: Sequence[Parcel]) -> "Tensor":
    import torch

    return torch.tensor(labels_of(found))
