"""Test-time augmentation: ask the network about several changed copies, and put its answers together (A, C).

V is the number of views, K the number of classes.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from core.augment.matrices import about_middle, flip, scaling, shift, turn
from core.errors import CoreError, ShapeError
from core.types import Floats, Pair

if TYPE_CHECKING:
    from torch import Tensor

Aggregation: TypeAlias = Literal["mean", "maximum", "geometric mean"]
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)
MOST_VIEWS = 64


@dataclass(frozen=True)
class Spread:
    """How far the views may differ from the image: degrees, a share of the sides, a share of the size, a mirror."""

    turn: float = 0.0
    shift: float = 0.0
    size: float = 0.0
    mirror: bool = False

    def __post_init__(self) -> None:
        if min(self.turn, self.shift, self.size) < 0:
            raise CoreError(f"views differ by 0 or more, got {self}")


def aggregated(said: Floats, how: Aggregation = "mean") -> Floats:
    """One answer from those to all views, again of sum 1: (V, K) -> (K,).

        mean            p = sum over v of p_v / V                (what lectures A and C write)
        maximum         p ~ max over v of p_v
        geometric mean  p ~ (product over v of p_v)^(1 / V)

    >>> said = np.array([[0.9, 0.1], [0.2, 0.8]])
    >>> [aggregated(said, how).round(3).tolist() for how in AGGREGATIONS]
    [[0.55, 0.45], [0.529, 0.471], [0.6, 0.4]]
    """
    if said.ndim != 2 or not said.size:
        raise ShapeError(f"need the answers to one view or more, (V, K), got {said.shape}")
    if how == "mean":
        joined = said.mean(axis=0)
    elif how == "maximum":
        joined = said.max(axis=0)
    elif how == "geometric mean":
        joined = np.exp(np.log(np.maximum(said, 1e-12)).mean(axis=0))
    else:
        raise CoreError(f"answers are put together by {', '.join(AGGREGATIONS)}, got {how!r}")
    found: Floats = joined / joined.sum()
    return found


def view_matrices(views: int, sides: Pair, spread: Spread, random: np.random.Generator) -> Floats:
    """What is done to an image (H, W) for each view; the first is the image itself: -> (V, 3, 3).

    >>> view_matrices(3, (8, 8), Spread(turn=10), np.random.default_rng(0)).shape
    (3, 3, 3)
    """
    if not 1 <= views <= MOST_VIEWS:
        raise CoreError(f"need 1 to {MOST_VIEWS} views, got {views}: each costs a whole pass")
    (height, width), found = sides, [np.eye(3)]
    for _ in range(views - 1):
        right, down, angle, size, side = random.uniform(-1, 1, 5)  # one draw each, whatever is used
        matrix = about_middle(turn(spread.turn * angle) @ scaling((1 + spread.size) ** size), sides)
        matrix = shift(spread.shift * right * width, spread.shift * down * height) @ matrix
        found.append(matrix @ flip(sides) if spread.mirror and side > 0 else matrix)
    return np.stack(found)


def views_of(images: "Tensor", matrices: Floats) -> "Tensor":
    """Every view of every image: (N, C, H, W), (V, 3, 3) -> (V, N, C, H, W).

    What comes in from outside is the darkest value. The matrices may turn, stretch and shift, not bend.

    >>> import torch
    >>> views_of(torch.tensor([[[[0.0, 1.0]]]]), flip((1, 2))[None])[0, 0, 0].round(decimals=3)
    tensor([[1., 0.]])
    """
    import torch
    from torch.nn.functional import affine_grid, grid_sample

    if images.dim() != 4 or not images.numel() or matrices.shape[1:] != (3, 3) or abs(matrices[:, 2, :2]).max() > 0:
        raise ShapeError(
            f"need images (N, C, H, W) and matrices (V, 3, 3) that bend nothing, "
            f"got {tuple(images.shape)} and {matrices.shape}"
        )
    height, width = images.shape[2:]
    halves = np.array([[width / 2, 0, width / 2], [0, height / 2, height / 2], [0, 0, 1]])  # PyTorch counts in these
    darkest, found = images.min(), []
    for matrix in matrices:
        back = np.linalg.inv(halves) @ np.linalg.inv(matrix) @ halves
        grid = affine_grid(
            torch.tensor(back[:2], dtype=images.dtype).expand(len(images), 2, 3),
            list(images.shape),
            align_corners=False,
        )
        found.append(grid_sample(images - darkest, grid, align_corners=False) + darkest)
    return torch.stack(found)
