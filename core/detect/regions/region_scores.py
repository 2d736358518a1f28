"""How well outlines and joints are found: COCO's evaluation of masks, and the share of joints (lectures A and E)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.data.scenes import CLASSES, JOINTS, Target
from core.detect.boxes import intersection_over_union
from core.detect.found import Found, problem
from core.detect.single.pose import CLOSE
from core.detect.single.pose import found as near
from core.measure.coco.records import Problem

LABEL = CLASSES.index("person")
INSIDE = 0.5  # from which value on a pixel belongs to a thing


def mask_problem(found: Sequence[Found], targets: Sequence[Sequence[Target]]) -> Problem:
    """What was outlined beside the true outlines, for COCO's evaluation of masks; areas are pixels of masks."""
    from pycocotools import mask

    boxes = problem(found, targets)
    true = [target.mask for seen in targets for target in seen]
    said = [each >= INSIDE for one in found for each in one.masks]
    packed = [[mask.encode(np.asfortranarray(each, dtype=np.uint8)) for each in masks] for masks in (true, said)]
    sizes = [np.array([each.sum() for each in masks], dtype=np.float64) for masks in (true, said)]
    return replace(
        boxes,
        truths=replace(boxes.truths, area=sizes[0], more=packed[0]),
        answers=replace(boxes.answers, area=sizes[1], more=packed[1]),
        kind="segm",
    )


def joints_found(
    found: Sequence[Found], targets: Sequence[Sequence[Target]], *, sure: float = 0.5, close: float = CLOSE
) -> float:
    """The share of the joints that can be seen and are found, by the size of the figure (PCK).

    Each person takes the detected person with the largest IoU, if it is at least one half; who is not detected has
    all joints missed.
    """
    guesses, truths = list[np.ndarray](), list[np.ndarray]()
    for said, seen in zip(found, targets, strict=True):
        people = said.taken(np.flatnonzero((said.labels == LABEL) & (said.scores >= sure)))
        for target in seen:
            if target.joints is None:
                continue
            guess = np.full((len(JOINTS), 2), np.inf)
            if len(people):
                shares = intersection_over_union(np.array([target.box]), people.boxes)[0]
                if shares.max() >= 0.5:
                    guess = people.joints[int(shares.argmax()), :, :2]
            guesses.append(guess)
            truths.append(target.joints)
    truth = np.stack(truths)
    return float(near(np.stack(guesses), truth, close=close)[truth[..., 2] > 0].mean())
