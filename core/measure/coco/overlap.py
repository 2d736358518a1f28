"""How much a detection and a true thing share: boxes, masks, joints. Many pairs at once, in COCO's own arithmetic."""

from typing import Any

import numpy as np

from core.errors import CoreError
from core.measure.coco.records import Flags, Problem, Whole
from core.types import Floats

# How far off people are when they mark a joint, in shares of a person's size: nose, eyes, ears, shoulders, elbows,
# wrists, hips, knees, ankles (COCO's keypoint evaluation).
SPREADS = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000


def overlaps(problem: Problem, answers: Whole, truths: Whole) -> Floats:
    """The share that each of P pairs has in common, detections and true things by number: (P,), (P,) -> (P,)."""
    if problem.kind == "segm":
        return _masks(problem, answers, truths)
    if problem.kind == "keypoints":
        return _joints(problem, answers, truths)
    return _boxes(problem, answers, truths)


def box_overlaps(answers: Floats, truths: Floats, crowd: Any) -> Floats:
    """Shared area over joint area; of a crowd, over the detection's own area: (4, P), (4, P), (P,) -> (P,).

    Boxes are (x, y, width, height), one column each.

    >>> answers, truths = np.array([[0.0, 0, 4, 2]] * 2).T, np.array([[2.0, 0, 4, 2]] * 2).T
    >>> box_overlaps(answers, truths, np.array([False, True])).round(3)
    array([0.333, 0.5  ])
    """
    x, y, width, height = answers
    left, top, across, down = truths
    shared_width = np.minimum(width + x, across + left) - np.maximum(x, left)
    shared_height = np.minimum(height + y, down + top) - np.maximum(y, top)
    shared = np.where((shared_width > 0) & (shared_height > 0), shared_width * shared_height, 0.0)
    own = width * height
    joint = np.where(crowd, own, own + across * down - shared)
    shares: Floats = np.divide(shared, joint, out=np.zeros_like(shared), where=shared > 0)
    return shares


def joint_overlaps(answers: Floats, truths: Floats, boxes: Floats, area: Floats, spreads: Floats) -> Floats:
    """Object keypoint similarity: (P, J, 3), (P, J, 3), (P, 4), (P,), (J,) -> (P,).

        mean over the marked joints of exp(-d^2 / (2 * area * (2 * spread)^2))

    Where no joint is marked, d is the distance to the box made twice as large on every side.

    >>> joint = np.array([[[3.0, 4.0, 2.0]]])
    >>> joint_overlaps(joint, joint, np.zeros((1, 4)), np.ones(1), np.array([0.1]))
    array([1.])
    """
    marked: Flags = truths[..., 2] > 0  # (P, J)
    none: Flags = ~np.any(marked, axis=1)  # (P,)
    off = answers[..., :2] - truths[..., :2]
    low, high = boxes[:, None, :2] - boxes[:, None, 2:], boxes[:, None, :2] + boxes[:, None, 2:] * 2
    beyond = np.maximum(0.0, low - answers[..., :2]) + np.maximum(0.0, answers[..., :2] - high)
    off = np.where(none[:, None, None], beyond, off)
    distance = (off**2).sum(axis=2) / (spreads * 2) ** 2 / (area + np.spacing(1))[:, None] / 2
    counted = marked | none[:, None]
    alike: Floats = (np.exp(-distance) * counted).sum(axis=1) / counted.sum(axis=1)
    return alike


def _boxes(problem: Problem, answers: Whole, truths: Whole) -> Floats:
    said, true = np.ascontiguousarray(problem.answers.boxes.T), np.ascontiguousarray(problem.truths.boxes.T)
    return box_overlaps(said[:, answers], true[:, truths], problem.truths.crowd[truths])


def _joints(problem: Problem, answers: Whole, truths: Whole) -> Floats:
    said, true = np.asarray(problem.answers.more), np.asarray(problem.truths.more)
    if not len(answers):
        return np.zeros(0)
    if said.shape[1:] != true.shape[1:]:
        raise CoreError(f"detections have joints {said.shape[1:]}, true things {true.shape[1:]}: they must be the same")
    joints = true.shape[1]
    spreads = SPREADS if joints == len(SPREADS) else np.full(joints, SPREADS.mean())
    return joint_overlaps(
        said[answers], true[truths], problem.truths.boxes[truths], problem.truths.area[truths], spreads
    )


def _masks(problem: Problem, answers: Whole, truths: Whole) -> Floats:
    from pycocotools import mask  # its runs are compared in C

    found = np.zeros(len(answers))
    images = problem.answers.image[answers] * problem.classes + problem.answers.label[answers]
    order = np.argsort(images, kind="stable")
    starts = np.flatnonzero(np.diff(images[order], prepend=-1))
    for group in np.split(order, starts[1:]) if len(order) else ():
        mine, places = np.unique(answers[group], return_inverse=True)
        theirs, things = np.unique(truths[group], return_inverse=True)
        crowd = [int(problem.truths.crowd[each]) for each in theirs]
        shares = mask.iou(
            [problem.answers.more[each] for each in mine], [problem.truths.more[each] for each in theirs], crowd
        )
        found[group] = shares[places, things]
    return found
