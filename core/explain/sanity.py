"""A sanity check: if the network forgets what it learned, its map must change (lecture A's maps, put to the test).

From the last layer on, one after the other, the weights of a layer are shuffled: the same numbers in random places. A
map that stays as it is does not show what the network learned, but edges of the picture.
Source: Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Heatmap

if TYPE_CHECKING:
    from torch import Generator
    from torch.nn import Module


def cascade(module: "Module", parts: Sequence[str], *, seed: int) -> Iterator[tuple[str, "Module"]]:
    """A copy of the network whose parts are shuffled, the last first: after each, its name and the copy as it is then.

    `parts` are names of modules from the picture to the answer. The copy is one and the same: look before you go on.
    """
    import torch

    changed, dice = deepcopy(module), torch.Generator().manual_seed(seed)
    inside = dict(changed.named_modules())
    for name in reversed(parts):
        if name not in inside:
            raise CoreError(
                f"the network has no part {name!r}; it has {', '.join(each for each in inside if each)[:200]}"
            )
        shuffle(inside[name], dice)
        yield name, changed


def shuffle(part: "Module", dice: "Generator") -> None:
    """Put the weights of every convolution and dense layer in a part into random places; norms and biases stay."""
    import torch

    with torch.no_grad():
        for weights in part.parameters():
            if weights.ndim >= 2:
                order = torch.randperm(weights.numel(), generator=dice)
                weights.copy_(weights.flatten()[order].reshape(weights.shape))


def alike(map_: Heatmap, other: Heatmap) -> float:
    """How alike two maps order their places, (H, W) twice: 1 the same, 0 nothing in common; an empty map is like none.

    Spearman's rank correlation; places of equal value share their mean rank.

    >>> alike(np.array([[1.0, 2.0, 3.0]]), np.array([[10.0, 40.0, 90.0]]))
    1.0
    """
    from scipy.stats import rankdata

    if map_.shape != other.shape or map_.ndim != 2:
        raise ShapeError(f"need two maps of one size, got {map_.shape} and {other.shape}")
    first, second = (rankdata(each) - (each.size + 1) / 2 for each in (map_, other))
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return round(float(first @ second) / length, 12) if length > 0 else 0.0
