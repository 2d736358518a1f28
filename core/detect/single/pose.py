"""Pose: where are the joints of a person? By regression and by heat maps (lectures A and D).

A pose is (J, 2), x and y of each joint; with a third number it also says whether a joint can be seen: (J, 3). A network
that regresses k joints has 2k outputs. One that makes maps has k of them, each high where its joint is.
Sources: Toshev and Szegedy, "DeepPose: Human Pose Estimation via Deep Neural Networks", CVPR 2014; heat maps: Tompson
et al., "Joint Training of a Convolutional Network and a Graphical Model for Human Pose Estimation", NIPS 2014; the
share of correct joints: Yang and Ramanan, "Articulated Human Detection with Flexible Mixtures of Parts", PAMI 2013.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.scenes import JOINTS, MIRRORED
from core.errors import CoreError, ShapeError
from core.types import Floats, Mask

if TYPE_CHECKING:
    from torch import Tensor

OUTPUTS = 2 * len(JOINTS)
HIP, SHOULDER = JOINTS.index("right hip"), JOINTS.index("left shoulder")
CLOSE = 0.2  # of the trunk's diagonal: a joint that is no farther off counts as found


def pose_loss(guess: Floats, truth: Floats) -> float:
    """The squared distance of the joints that can be seen: (J, 2), (J, 3) -> one number.

        L = sum over joints i that can be seen of |guess_i - truth_i|^2            (Toshev and Szegedy, eq. 4)

    What nobody can see, nobody can mark: a hidden joint adds nothing, and the network is free to guess.

    >>> truth = np.array([[1.0, 1.0, 1.0], [5.0, 5.0, 0.0]])
    >>> pose_loss(np.array([[4.0, 5.0], [9.0, 9.0]]), truth)
    25.0
    """
    _must_fit(guess, truth)
    return float((truth[:, 2] * np.square(guess - truth[:, :2]).sum(axis=1)).sum())


def pose_loss_by_guess(guess: Floats, truth: Floats) -> Floats:
    """Its derivative by every coordinate, 0 at hidden joints: (J, 2), (J, 3) -> (J, 2).

        dL / d guess_i = 2 (guess_i - truth_i) if joint i can be seen, else 0

    >>> pose_loss_by_guess(np.array([[4.0, 5.0], [9.0, 9.0]]), np.array([[1.0, 1.0, 1.0], [5.0, 5.0, 0.0]]))
    array([[6., 8.],
           [0., 0.]])
    """
    _must_fit(guess, truth)
    slopes: Floats = 2 * truth[:, 2:] * (guess - truth[:, :2])
    return slopes


def learned_loss(outputs: "Tensor", joints: "Tensor") -> "Tensor":
    """The mean squared error of the joints that can be seen, to be learned from: (N, 2J), (N, J, 3) -> one number.

    Per joint and not per picture: a figure of which little can be seen does not count less.

    >>> import torch
    >>> truth = torch.tensor([[[0.1, 0.1, 1.0], [0.5, 0.5, 0.0]]])
    >>> round(float(learned_loss(torch.tensor([[0.4, 0.5, 0.9, 0.9]]), truth)), 3)
    0.25
    """
    places, seen = joints[:, :, :2], joints[:, :, 2]
    off = (outputs.reshape(places.shape) - places).square().sum(dim=2)  # (N, J)
    loss: Tensor = (off * seen).sum() / seen.sum().clamp(min=1)
    return loss


def mirrored(joints: Floats, width: float, *, swap: bool = True) -> Floats:
    """The joints in a mirrored picture: (J, 2 or 3) -> the same shape.

        x' = width - x, and joint i takes the place of its counterpart: right wrist and left wrist change names

    The figure in the mirror raises the other hand. Without the swap every label but neck and head is wrong.

    >>> hands = np.zeros((14, 2)) + 50
    >>> hands[JOINTS.index("right wrist"), 0] = 10
    >>> mirrored(hands, 100)[JOINTS.index("left wrist"), 0]
    np.float64(90.0)
    """
    if joints.ndim != 2 or len(joints) != len(MIRRORED) or joints.shape[1] not in (2, 3):
        raise ShapeError(f"need the {len(MIRRORED)} joints of one figure, (14, 2) or (14, 3), got {joints.shape}")
    found = joints.copy()
    found[:, 0] = width - found[:, 0]
    return found[list(MIRRORED)] if swap else found


def distances(guesses: Floats, truths: Floats) -> Floats:
    """How far every joint is off; not a number where it cannot be seen: (N, J, 2), (N, J, 3) -> (N, J).

    >>> distances(np.array([[[4.0, 5.0], [9.0, 9.0]]]), np.array([[[1.0, 1.0, 1.0], [5.0, 5.0, 0.0]]]))
    array([[ 5., nan]])
    """
    if truths.ndim != 3 or truths.shape[2] != 3 or guesses.shape != (*truths.shape[:2], 2):
        raise ShapeError(f"need guesses (N, J, 2) and truths (N, J, 3), got {guesses.shape} and {truths.shape}")
    off: Floats = np.hypot(*np.moveaxis(guesses - truths[..., :2], -1, 0))
    return np.where(truths[..., 2] > 0, off, np.nan)


def found(guesses: Floats, truths: Floats, *, close: float = CLOSE) -> Mask:
    """Which joints lie close enough, by the size of the figure: (N, 14, 2), (N, 14, 3) -> (N, 14).

        |guess_i - truth_i| <= close * |left shoulder - right hip|

    A joint that cannot be seen is not found, and not missed: count over those that can be seen.
    """
    if close <= 0:
        raise CoreError(f"close is a share of the trunk's diagonal above 0, got {close:g}")
    off = distances(guesses, truths)  # (N, 14)
    trunk = np.hypot(*np.moveaxis(truths[:, SHOULDER, :2] - truths[:, HIP, :2], -1, 0))  # (N,)
    near: Mask = off <= close * trunk[:, None]
    return near


def share_found(guesses: Floats, truths: Floats, *, close: float = CLOSE) -> float:
    """The share of joints that can be seen and are found (percentage of correct key points, PCK).

    >>> truth = np.zeros((1, 14, 3)) + [[[0.0, 0.0, 1.0]]]
    >>> truth[0, SHOULDER, 1] = 10.0
    >>> guess = truth[:, :, :2].copy()
    >>> guess[0, 0] += 3.0
    >>> round(share_found(guess, truth), 3), share_found(guess, truth, close=0.5)
    (0.929, 1.0)
    """
    seen = truths[..., 2] > 0
    if not seen.any():
        raise CoreError("no joint can be seen, so nothing can be found")
    return float(found(guesses, truths, close=close)[seen].mean())


def heat_maps(joints: Floats, side: int, *, spread: float) -> Floats:
    """What a network is to draw, one bump for every joint that can be seen: (J, 3) in cells -> (J, side, side).

        M_i(x, y) = exp(-((x - x_i)^2 + (y - y_i)^2) / (2 spread^2)), read in the middle of every cell

    >>> heat_maps(np.array([[1.5, 0.5, 1.0]]), 3, spread=1.0)[0].round(2)
    array([[0.61, 1.  , 0.61],
           [0.37, 0.61, 0.37],
           [0.08, 0.14, 0.08]])
    """
    if joints.ndim != 2 or joints.shape[1] != 3 or side < 1 or spread <= 0:
        raise ShapeError(f"need joints (J, 3), a side from 1, a spread above 0, got {joints.shape}, {side}, {spread:g}")
    middles = np.arange(side) + 0.5
    across = np.exp(-np.square(middles - joints[:, :1]) / (2 * spread**2))  # (J, side)
    down = np.exp(-np.square(middles - joints[:, 1:2]) / (2 * spread**2))  # (J, side)
    maps: Floats = joints[:, 2, None, None] * down[:, :, None] * across[:, None, :]
    return maps


def peaks(maps: Floats) -> tuple[Floats, Floats]:
    """Where each map is highest, in cells, and how high: (J, H, W) -> (J, 2), (J,).

    A peak lies between cells: a parabola through the highest value and its two neighbours says where. In logarithms a
    bump is a parabola, so the place of a drawn one comes back exactly.

    >>> places, heights = peaks(heat_maps(np.array([[4.3, 2.8, 1.0]]), 8, spread=1.0))
    >>> places.round(6)
    array([[4.3, 2.8]])
    """
    if maps.ndim != 3 or not maps.size:
        raise ShapeError(f"need one map for each joint, (J, H, W), got {maps.shape}")
    joints, height, width = maps.shape
    highest = maps.reshape(joints, -1).argmax(axis=1)
    rows, columns, each = highest // width, highest % width, np.arange(joints)
    logarithms = np.log(np.maximum(maps, 1e-6))
    right = _between(logarithms[each, rows], columns)
    down = _between(logarithms[each, :, columns], rows)
    places = np.stack([np.clip(right + 0.5, 0, width), np.clip(down + 0.5, 0, height)], axis=1)
    return places, maps[each, rows, columns]


def _between(lines: Floats, highest: NDArray[np.int64]) -> Floats:
    """Where the parabola through the highest value of each line and its neighbours has its top: (J, W), (J,) -> (J,).

    At the rim the two neighbours lie on one side. Values on a line, or bent upwards, have no top: the highest then.
    """
    if lines.shape[1] < 3:
        return highest.astype(np.float64)
    each, middle = np.arange(len(lines)), np.clip(highest, 1, lines.shape[1] - 2)
    before, here, after = (lines[each, middle + step] for step in (-1, 0, 1))
    bend = before - 2 * here + after
    top = middle + (before - after) / (2 * np.where(bend < -1e-9, bend, -1.0))
    inside = (bend < -1e-9) & (np.abs(top - highest) <= 0.5 + 1e-9)
    return np.where(inside, top, highest)


def _must_fit(guess: Floats, truth: Floats) -> None:
    if truth.ndim != 2 or truth.shape[1] != 3 or guess.shape != (len(truth), 2):
        raise ShapeError(f"need a guess (J, 2) and a truth (J, 3): x, y and seen; got {guess.shape} and {truth.shape}")
