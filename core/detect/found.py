"""What a detector says of one picture, and its score over many (lectures A, B and E).

Every detector of the house answers with a `Found`, whatever it is built of: so the labs draw them alike, and `problem`
hands them all to the same evaluation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.data.scenes import CLASSES, Target
from core.data.scenes import boxes as boxes_of
from core.data.scenes import labels as labels_of
from core.data.scenes.truth import Labels
from core.errors import ShapeError
from core.measure.coco.records import Answers, Problem, Truths
from core.types import Floats


def _none() -> Floats:
    return np.zeros((0, 0, 0))


@dataclass(frozen=True, eq=False)
class Found:
    """N things, the surest first: boxes (x1, y1, x2, y2) in pixels, places of classes, and scores from 0 to 1."""

    boxes: Floats  # (N, 4)
    labels: Labels  # (N,)
    scores: Floats  # (N,)
    masks: Floats = field(default_factory=_none)  # (N, H, W) from 0 to 1, of detectors that answer with masks
    joints: Floats = field(default_factory=_none)  # (N, J, 3): x, y and a score, of those that answer with joints

    def __post_init__(self) -> None:
        if self.boxes.shape != (len(self.scores), 4) or self.labels.shape != self.scores.shape:
            raise ShapeError(
                "need N boxes (N, 4), their classes (N,) and their scores (N,), "
                f"got {self.boxes.shape}, {self.labels.shape} and {self.scores.shape}"
            )

    def __len__(self) -> int:
        return len(self.scores)

    def above(self, score: float) -> "Found":
        """Those with at least this score."""
        return self.taken(np.flatnonzero(self.scores >= score))

    def taken(self, places: Labels) -> "Found":
        """Some of them, in a new order."""
        masks, joints = (column[places] if len(column) else column for column in (self.masks, self.joints))
        return Found(self.boxes[places], self.labels[places], self.scores[places], masks, joints)


def problem(found: Sequence[Found], targets: Sequence[Sequence[Target]], *, classes: int = len(CLASSES)) -> Problem:
    """What was found in some scenes beside what is to be seen there, for COCO's evaluation of boxes.

    An area is that of the box: the sizes are those of boxes, too.
    """
    if len(found) != len(targets):
        raise ShapeError(f"need one answer for every scene, got {len(found)} for {len(targets)}")
    true = np.concatenate([boxes_of(seen) for seen in targets]) if targets else np.zeros((0, 4))
    said = np.concatenate([answer.boxes for answer in found]) if found else np.zeros((0, 4))
    nothing = np.zeros(len(true), dtype=np.bool_)
    truths = Truths(
        image=_numbers([len(seen) for seen in targets]),
        label=np.concatenate([labels_of(seen) for seen in targets] or [np.zeros(0, np.int64)]),
        area=_sides(true).prod(axis=1),
        crowd=nothing,
        ignored=nothing,
        boxes=np.hstack([true[:, :2], _sides(true)]),
    )
    answers = Answers(
        image=_numbers([len(answer) for answer in found]),
        label=np.concatenate([answer.labels for answer in found] or [np.zeros(0, np.int64)]),
        confidence=np.concatenate([answer.scores for answer in found] or [np.zeros(0)]),
        area=_sides(said).prod(axis=1),
        boxes=np.hstack([said[:, :2], _sides(said)]),
    )
    return Problem(len(targets), classes, truths, answers)


def _numbers(counts: Sequence[int]) -> Labels:
    return np.repeat(np.arange(len(counts), dtype=np.int64), np.array(counts, dtype=np.int64))


def _sides(boxes: Floats) -> Floats:
    sides: Floats = boxes[:, 2:] - boxes[:, :2]
    return sides
