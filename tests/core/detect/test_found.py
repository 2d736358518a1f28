"""What every detector answers with, and its way into the evaluation."""

import numpy as np
import pytest

from core.data.scenes import CLASSES, draw, sketch
from core.data.scenes import boxes as boxes_of
from core.data.scenes import labels as labels_of
from core.detect.found import Found, problem
from core.errors import ShapeError
from core.measure.coco.scores import evaluate, numbers
from core.types import Floats

SCENES = [draw(sketch("test", number), side=96) for number in range(8)]


def perfect(scene_number: int) -> Found:
    targets = SCENES[scene_number].targets
    return Found(boxes_of(targets), labels_of(targets), np.linspace(0.9, 0.5, len(targets)))


def aside(boxes: Floats) -> Floats:
    """Every box, moved to the right by half its width."""
    return boxes + (boxes[:, 2:3] - boxes[:, :1]) * [0.5, 0.0, 0.5, 0.0]


def test_the_truth_itself_is_found_whole() -> None:
    told = [perfect(number) for number in range(len(SCENES))]
    scores = numbers(*evaluate(problem(told, [scene.targets for scene in SCENES])))
    assert scores["AP"] == pytest.approx(1.0)
    assert scores["AR100"] == pytest.approx(1.0)


def test_a_box_moved_by_half_its_width_is_not_found_and_the_wrong_class_neither() -> None:
    targets = [scene.targets for scene in SCENES]
    told = [perfect(number) for number in range(len(SCENES))]
    moved = [Found(aside(answer.boxes), answer.labels, answer.scores) for answer in told]
    other = [Found(answer.boxes, (answer.labels + 1) % len(CLASSES), answer.scores) for answer in told]
    whole = numbers(*evaluate(problem(told, targets)))["AP"]
    for wrong in (moved, other):
        assert numbers(*evaluate(problem(wrong, targets)))["AP"] < 0.5 * whole


def test_nothing_found_is_an_answer_too() -> None:
    nothing = Found(np.zeros((0, 4)), np.zeros(0, np.int64), np.zeros(0))
    scores = numbers(*evaluate(problem([nothing] * len(SCENES), [scene.targets for scene in SCENES])))
    assert scores["AP"] == 0.0


def test_above_keeps_order_masks_and_joints() -> None:
    found = Found(np.zeros((3, 4)), np.arange(3), np.array([0.9, 0.5, 0.2]), np.arange(12.0).reshape(3, 2, 2))
    kept = found.above(0.5)
    assert kept.labels.tolist() == [0, 1]
    assert kept.masks.shape == (2, 2, 2)
    assert kept.joints.size == 0


def test_columns_of_different_length_are_refused_with_their_shapes() -> None:
    with pytest.raises(ShapeError, match=r"\(2, 4\), \(3,\)"):
        Found(np.zeros((2, 4)), np.zeros(3, np.int64), np.zeros(3))
    with pytest.raises(ShapeError, match="one answer for every scene"):
        problem([], [SCENES[0].targets])
