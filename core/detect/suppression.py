"""Non-maximum suppression: of boxes that overlap much, the surest stays (lecture E).

A detector finds every thing several times. N is the number of boxes, P of those that are kept.
Sources: the greedy rule is older than its name, see Dalal and Triggs, "Histograms of Oriented Gradients", CVPR 2005;
the soft ones: Bodla et al., "Soft-NMS: Improving Object Detection With One Line of Code", ICCV 2017.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from core.detect.boxes import intersection_over_union
from core.errors import CoreError, ShapeError
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

Places = NDArray[np.int64]
Way = Literal["hard", "linear", "gaussian"]
LEAST = 0.001  # below this score a box that was made weaker counts as removed


@dataclass(frozen=True, eq=False)
class Step:
    """One round: which box is kept, which others it makes weaker or removes, and what is left to be looked at."""

    chosen: int
    hit: Places  # (H,) whose score it lowers
    overlaps: Floats  # (H,) their IoU with it
    removed: Places  # those of them that are out
    scores: Floats  # (N,) after this round
    waiting: Places  # still undecided, the surest first


def weight(overlap: float, *, threshold: float, way: Way = "hard", spread: float = 0.5) -> float:
    """What the score of a box is multiplied by, if a surer one has this IoU with it.

        hard      0 if IoU > threshold, else 1
        linear    1 - IoU if IoU > threshold, else 1                                   (Bodla, eq. 2)
        gaussian  exp(-IoU^2 / spread), without any threshold                          (Bodla, eq. 3)

    >>> [round(weight(0.6, threshold=0.5, way=way), 3) for way in ("hard", "linear", "gaussian")]
    [0.0, 0.4, 0.487]
    """
    if way == "gaussian":
        return exp(-overlap * overlap / spread)
    if overlap <= threshold:
        return 1.0
    return 0.0 if way == "hard" else 1 - overlap


def steps(
    boxes: Floats,
    scores: Floats,
    *,
    threshold: float,
    labels: Places | None = None,
    way: Way = "hard",
    spread: float = 0.5,
) -> list[Step]:
    """Round after round until nothing is left to be looked at: (N, 4), (N,) -> P steps.

    1. Keep the box with the highest score, of equal ones the first.
    2. Lower the score of every other one that overlaps it, as `weight` says; with labels, of its own class only.
    3. Whoever falls below 0.001 is removed. Begin again with the rest.

    >>> pair = np.array([[0.0, 0, 10, 10], [1.0, 0, 11, 10], [20.0, 0, 30, 10]])
    >>> [(step.chosen, step.removed.tolist()) for step in steps(pair, np.array([0.8, 0.9, 0.7]), threshold=0.5)]
    [(1, [0]), (2, [])]
    """
    _must_fit(boxes, scores, labels)
    if not 0 <= threshold <= 1 or spread <= 0:
        raise CoreError(f"need a threshold from 0 to 1 and a spread above 0, got {threshold:g} and {spread:g}")
    table, now = intersection_over_union(boxes, boxes), scores.astype(np.float64)  # (N, N), a copy (N,)
    waiting, done = list(range(len(boxes))), list[Step]()
    while waiting:
        chosen = max(waiting, key=lambda place: (now[place], -place))
        waiting.remove(chosen)
        before = now.copy()
        for other in waiting:
            if labels is None or labels[other] == labels[chosen]:
                now[other] *= weight(table[chosen, other], threshold=threshold, way=way, spread=spread)
        hit = np.array([place for place in waiting if now[place] < before[place]], dtype=np.int64)
        removed = hit[now[hit] < LEAST]
        waiting = sorted(set(waiting) - set(removed.tolist()), key=lambda place: (-now[place], place))
        done.append(Step(chosen, hit, table[chosen, hit], removed, now.copy(), np.array(waiting, dtype=np.int64)))
    return done


def kept(rounds: Sequence[Step]) -> Places:
    """Which boxes stay, the surest first: P steps -> (P,)."""
    return np.array([step.chosen for step in rounds], dtype=np.int64)


def staying(
    boxes: Floats, scores: Floats, thresholds: Sequence[float] | Floats, *, labels: Places | None = None
) -> list[int]:
    """How many boxes the hard rule keeps at each of some thresholds, all looked at together: (N, 4), (N,) -> (M,).

    >>> pair = np.array([[0.0, 0, 10, 10], [1.0, 0, 11, 10], [20.0, 0, 30, 10]])
    >>> staying(pair, np.array([0.8, 0.9, 0.7]), [0.5, 0.9])
    [2, 3]
    """
    _must_fit(boxes, scores, labels)
    order = np.argsort(-scores, kind="stable")
    table = intersection_over_union(boxes[order], boxes[order])  # (N, N)
    if labels is not None:
        table[labels[order][:, None] != labels[order]] = 0
    table[:, scores[order] <= 0] = 0  # what has no score cannot lose it
    limits = np.asarray(thresholds, dtype=np.float64)[:, None]
    left = np.ones((len(limits), len(boxes)), dtype=bool)
    for place in range(len(boxes)):
        left[:, place + 1 :] &= ~(left[:, place, None] & (table[place, place + 1 :] > limits))
    return [int(count) for count in left.sum(axis=1)]


def kept_fast(boxes: "Tensor", scores: "Tensor", *, threshold: float, block: int = 256) -> "Tensor":
    """What the hard rule keeps, the surest first, for thousands of boxes: (N, 4), (N,) -> (P,).

    It looks at blocks of boxes, the surest first. Within a block it repeats "who is not overlapped by a surer one that
    stays, stays" until nothing changes; then all that stay remove from the rest at once.

    >>> import torch
    >>> pair = torch.tensor([[0.0, 0, 10, 10], [1.0, 0, 11, 10], [20.0, 0, 30, 10]])
    >>> kept_fast(pair, torch.tensor([0.8, 0.9, 0.7]), threshold=0.5).tolist()
    [1, 2]
    """
    import torch

    order = scores.sort(descending=True, stable=True).indices
    boxes, stays = boxes[order], torch.ones(len(order), dtype=torch.bool)
    for start in range(0, len(boxes), block):
        here = start + stays[start : start + block].nonzero()[:, 0]
        beaten = _beats(boxes[here], boxes[here], threshold).triu(diagonal=1)  # row beats column
        keep, before = torch.ones(len(here), dtype=torch.bool), None
        while before is None or not torch.equal(keep, before):
            keep, before = ~(beaten & keep[:, None]).any(dim=0), keep
        stays[here] = keep
        rest = start + block + stays[start + block :].nonzero()[:, 0]
        stays[rest] = ~_beats(boxes[here[keep]], boxes[rest], threshold).any(dim=0)
    return order[stays]


def _beats(boxes: "Tensor", others: "Tensor", threshold: float) -> "Tensor":
    """Whose IoU is above the threshold, in few passes over memory: (N, 4), (M, 4) -> (N, M)."""
    import torch

    (x1, y1, x2, y2), (u1, v1, u2, v2) = boxes[:, :, None].unbind(1), others.T.contiguous().unbind(0)  # (N, 1), (M,)
    shared = torch.minimum(x2, u2).sub_(torch.maximum(x1, u1)).clamp_(min=0)  # (N, M), the width
    shared.mul_(torch.minimum(y2, v2).sub_(torch.maximum(y1, v1)).clamp_(min=0))
    union = ((x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1)).sub_(shared)
    return shared.div_(union) > threshold  # without any area 0 / 0, which is above nothing


def _must_fit(boxes: Floats, scores: Floats, labels: Places | None) -> None:
    if scores.shape != (len(boxes),) or (labels is not None and labels.shape != scores.shape):
        told = "none" if labels is None else str(labels.shape)
        raise ShapeError(
            f"need boxes (N, 4), scores (N,) and labels (N,) or none, got {boxes.shape}, {scores.shape} and {told}"
        )
