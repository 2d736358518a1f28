"""The losses of a two-stage detector: two for the proposals, two for the final boxes, one for masks, one for joints.

    L = objectness + anchor offsets + label + box offsets      (Faster R-CNN: four)
      + mask                                                   (Mask R-CNN: five)
      + joints                                                 (with pose: six)

S is what was drawn by lot to be learned from (anchors or regions), P those of them that hold a thing, K the number of
classes, J of joints.
Sources: Ren et al., "Faster R-CNN", NIPS 2015, eq. 1; Girshick, "Fast R-CNN", ICCV 2015, eq. 1 to 3; He et al., "Mask
R-CNN", ICCV 2017, sections 3 and 5.
"""

from typing import TYPE_CHECKING

from core.errors import ShapeError

if TYPE_CHECKING:
    from torch import Tensor

FOUR = ("objectness", "anchor offsets", "label", "box offsets")  # of Faster R-CNN
NAMES = (*FOUR, "mask", "joints")
UNITS = (0.1, 0.1, 0.2, 0.2)  # how far off offsets usually are: the loss, and what the layers answer, are told in these
SPREAD = 1.0  # of the bump around a joint, in cells


def objectness_loss(scores: "Tensor", things: "Tensor") -> "Tensor":
    """Thing or ground, for every chosen anchor: (S,), (S,) of 0 and 1 -> ().

        L = -mean over anchors of [t log p + (1 - t) log(1 - p)],  p = sigmoid(score)

    >>> import torch
    >>> round(float(objectness_loss(torch.zeros(4), torch.tensor([1.0, 0.0, 0.0, 0.0]))), 4)
    0.6931
    """
    from torch.nn.functional import binary_cross_entropy_with_logits

    return binary_cross_entropy_with_logits(scores, things)


def offsets_loss(offsets: "Tensor", wanted: "Tensor", count: int) -> "Tensor":
    """How far the offsets of the P with a thing are off, shared by all `count` that were chosen: (P, 4), (P, 4) -> ().

        L = 1 / count * sum over P and four offsets of s((offset - wanted) / unit)
        s(x) = x^2 / 2 where |x| < 1, else |x| - 1/2                          (Girshick, eq. 3)

    Ground has no box, so it adds nothing. Far from the truth the slope stays 1: one wild box does not rule the step.
    The units are 0.1 for the middle and 0.2 for the sides.

    >>> import torch
    >>> float(offsets_loss(torch.tensor([[0.0, 0.0, 0.2, 0.6]]), torch.zeros(1, 4), 2))  # (1/2 + 5/2) / 2
    1.5
    """
    import torch
    from torch.nn.functional import smooth_l1_loss

    if offsets.shape != wanted.shape:
        raise ShapeError(f"every box has four offsets, got {tuple(offsets.shape)} for {tuple(wanted.shape)}")
    units = torch.tensor(UNITS)
    return smooth_l1_loss(offsets / units, wanted / units, reduction="sum") / max(count, 1)


def label_loss(scores: "Tensor", labels: "Tensor") -> "Tensor":
    """Which class, the ground being class 0: (S, 1 + K), (S,) -> ().

        L = -mean over regions of log softmax(scores)[label]                  (Girshick, eq. 1)

    >>> import torch
    >>> round(float(label_loss(torch.zeros(2, 6), torch.tensor([0, 3]))), 4)  # log 6
    1.7918
    """
    from torch.nn.functional import cross_entropy

    return cross_entropy(scores, labels)


def mask_loss(masks: "Tensor", wanted: "Tensor", classes: "Tensor") -> "Tensor":
    """Inside or outside, for every cell of the true class's mask: (P, K, M, M), (P, M, M), (P,) -> ().

        L = -mean over P and cells of [m log p_k + (1 - m) log(1 - p_k)],  k the true class    (He, section 3)

    The masks of the other classes add nothing: classes do not compete for a cell. Which mask counts when the detector
    is used, its class says.

    >>> import torch
    >>> masks = torch.zeros(1, 3, 2, 2)
    >>> masks[0, 2] = 100.0  # sure of itself, and another class: nobody asks
    >>> round(float(mask_loss(masks, torch.ones(1, 2, 2), torch.tensor([0]))), 4)
    0.6931
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    if masks.ndim != 4 or wanted.shape != (masks.shape[0], *masks.shape[2:]) or classes.shape != masks.shape[:1]:
        shapes = ", ".join(str(tuple(each.shape)) for each in (masks, wanted, classes))
        raise ShapeError(f"need masks (P, K, M, M), their truth (P, M, M) and classes (P,), got {shapes}")
    if not len(masks):
        return masks.sum()
    return binary_cross_entropy_with_logits(masks[torch.arange(len(masks)), classes], wanted)


def joints_loss(maps: "Tensor", joints: "Tensor") -> "Tensor":
    """Which cell, for every joint that counts: (P, J, M, M), (P, J, 3) in cells -> ().

        L = -mean over joints that count of [sum over cells of b log p],  p = softmax of the map over its cells
        b = a bump around the joint, its sum 1

    In the paper b is 1 in one cell. A bump tells the cell beside it that it is nearly right. A joint with 0 as its
    third number does not count.

    >>> import torch
    >>> round(float(joints_loss(torch.zeros(1, 1, 4, 4), torch.tensor([[[1.5, 2.5, 1.0]]]))), 4)  # log 16
    2.7726
    """
    import torch

    if maps.ndim != 4 or joints.shape != (*maps.shape[:2], 3) or maps.shape[2] != maps.shape[3]:
        raise ShapeError(f"need maps (P, J, M, M) and joints (P, J, 3), got {tuple(maps.shape)}, {tuple(joints.shape)}")
    counts = joints[:, :, 2] > 0  # (P, J)
    if not counts.any():
        return 0 * maps.sum()
    middles = torch.arange(maps.shape[3]) + 0.5
    places = joints[counts][:, :2]  # (Q, 2)
    across, down = (torch.exp(-((middles - places[:, axis, None]) ** 2) / (2 * SPREAD**2)) for axis in (0, 1))
    bumps = (down[:, :, None] * across[:, None, :]).flatten(1)  # (Q, M M)
    bumps = bumps / bumps.sum(dim=1, keepdim=True)
    shares = maps[counts].flatten(1).log_softmax(dim=1)
    loss: Tensor = -(bumps * shares).sum(dim=1).mean()
    return loss
