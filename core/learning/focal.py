"""The focal loss: what is answered well already counts little (lecture E).

p is the probability of the right answer, so the cross-entropy is -log p. Where ten thousand places are background and
ten are not, the many small losses of the easy ones add up to more than the few large ones; the focal factor stops that.
Source: Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor


def focal_factor(p: Floats, gamma: float) -> Floats:
    """By how much an example counts: (...) -> (...), from 0 to 1.

        (1 - p)^gamma,    gamma >= 0                                                        (Lin et al., eq. 4)

    At gamma 2 an example with p = 0.9 counts a hundredth, one with p = 0.5 a quarter.

    >>> focal_factor(np.array([0.5, 0.9]), 2).round(4)
    array([0.25, 0.01])
    """
    _must_be(p, gamma)
    factor: Floats = (1 - p) ** gamma
    return factor


def focal_loss(p: Floats, gamma: float) -> Floats:
    """Cross-entropy times the factor: (...) -> (...).

        FL(p) = -(1 - p)^gamma log p                                                        (Lin et al., eq. 4)

    With gamma 0 it is the cross-entropy. At p = 0 it is infinite, at p = 1 nothing.

    >>> focal_loss(np.array([0.1, 0.5]), 2).round(3)
    array([1.865, 0.173])
    """
    with np.errstate(divide="ignore"):
        surprise = np.maximum(-np.log(p), 0.0)
    loss: Floats = focal_factor(p, gamma) * surprise
    return loss


def focal_slope(p: Floats, gamma: float) -> Floats:
    """How hard the loss pulls at the score z of p = sigmoid(z): (...) -> (...), never above 0.

        dFL/dz = (1 - p)^gamma (gamma p log p + p - 1)                                      (Lin et al., appendix B)

    >>> focal_slope(np.array([0.5]), 0), focal_slope(np.array([0.5]), 2).round(4)
    (array([-0.5]), array([-0.2983]))
    """
    factor = focal_factor(p, gamma)
    surprise = np.log(np.where(p > 0, p, 1.0)) * p
    slope: Floats = factor * (gamma * surprise + p - 1)
    return slope


@dataclass(frozen=True)
class Group:
    """Some examples that are all answered alike: how many, and the probability of the right answer."""

    name: str
    count: int
    p: float

    def __post_init__(self) -> None:
        if self.count < 0 or not 0 < self.p <= 1:
            raise CoreError(f"a group has 0 or more examples and a p in (0, 1], got {self.count} and {self.p:g}")


def shares_of_loss(groups: Sequence[Group], gamma: float) -> Floats:
    """Which part of the loss each group is: G groups -> (G,), summing to 1.

        share_g = n_g FL(p_g) / sum over all groups of n FL(p)

    >>> crowd = [Group("easy background", 10_000, 0.99), Group("objects", 10, 0.1)]
    >>> shares_of_loss(crowd, 0).round(3), shares_of_loss(crowd, 2).round(3)
    (array([0.814, 0.186]), array([0.001, 0.999]))
    """
    return _shares(np.array([each.count * focal_loss(np.array(each.p), gamma) for each in groups]))


def shares_of_pull(groups: Sequence[Group], gamma: float) -> Floats:
    """Which part of all pulling at the scores is each group's: G groups -> (G,), summing to 1."""
    return _shares(np.array([-each.count * focal_slope(np.array(each.p), gamma) for each in groups]))


def _shares(parts: Floats) -> Floats:
    if not parts.sum() > 0:
        raise CoreError("nothing is lost in any group, so there is nothing to share")
    shares: Floats = parts / parts.sum()
    return shares


def sigmoid_focal(scores: "Tensor", wanted: "Tensor", *, gamma: float, alpha: float | None = None) -> "Tensor":
    """The same to be learned from, for answers of yes or no: scores (...) and 0 or 1 (...) -> (...).

        p = sigmoid(z) where the answer is yes, 1 - sigmoid(z) where it is no
        FL = -a (1 - p)^gamma log p,    a = alpha for yes, 1 - alpha for no, 1 without alpha   (Lin et al., eq. 5)

    >>> import torch
    >>> sigmoid_focal(torch.zeros(2), torch.tensor([1.0, 0.0]), gamma=2, alpha=0.25).numpy().round(4).tolist()
    [0.043299999088048935, 0.12999999523162842]
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    if scores.shape != wanted.shape:
        raise ShapeError(f"need an answer for every score, got {tuple(wanted.shape)} for {tuple(scores.shape)}")
    _must_be(np.ones(1), gamma)
    surprise = binary_cross_entropy_with_logits(scores, wanted, reduction="none")  # -log p, finite for any score
    loss = surprise if gamma == 0 else surprise * (1 - torch.exp(-surprise)) ** gamma
    return loss if alpha is None else loss * (alpha * wanted + (1 - alpha) * (1 - wanted))


def _must_be(p: Floats, gamma: float) -> None:
    if gamma < 0:
        raise CoreError(f"gamma is 0 or more, got {gamma:g}: below 0 the easy examples would count most")
    if not ((p >= 0) & (p <= 1)).all():
        raise CoreError(f"p is a probability from 0 to 1, got values from {p.min():g} to {p.max():g}")
