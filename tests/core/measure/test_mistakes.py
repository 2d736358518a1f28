"""Every detection and thing gets one kind: by drawn cases, by law, and as a compiled evaluator counts them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.measure.coco.confusion import most_confused, taken_for
from core.measure.coco.records import Answers, Problem, Truths
from core.measure.mistakes import KINDS, STATES, Judged, counted, judged

THINGS = np.array([[0.0, 0, 10, 10], [40, 0, 50, 10]])  # a circle and a square
LABELS = np.array([0, 1])
DRAWN = {
    "right": ([0, 0, 10, 9], 0),
    "badly placed": ([0, 0, 10, 4], 0),
    "wrong class": ([40, 0, 50, 9], 0),
    "both": ([40, 0, 50, 4], 0),
    "background": ([80, 80, 90, 90], 0),
}


def problem(seed: int) -> tuple[Problem, list[Judged]]:
    """Things and detections of no special overlap, and every picture judged."""
    random = np.random.default_rng(seed)
    count, said, classes, images = int(random.integers(1, 12)), int(random.integers(1, 40)), 3, 2
    boxes = np.hstack([random.uniform(0, 30, (count, 2)), random.uniform(5, 20, (count, 2))])
    image, label = random.integers(0, images, count), random.integers(0, classes, count)
    like = random.integers(0, count, said)
    answers = np.abs(boxes[like] + random.normal(0, 4, (said, 4)))
    called = np.where(random.random(said) < 0.6, label[like], random.integers(0, classes, said))
    no = np.zeros(count, dtype=np.bool_)
    whole = Problem(
        images,
        classes,
        Truths(image, label, boxes[:, 2] * boxes[:, 3], no, no, boxes),
        Answers(image[like], called, random.permutation(said) / said, answers[:, 2] * answers[:, 3], answers),
    )
    pictures = []
    for place in range(images):
        mine, theirs = whole.answers.image == place, image == place
        pictures.append(
            judged(
                _corners(answers[mine]),
                called[mine],
                whole.answers.confidence[mine],
                _corners(boxes[theirs]),
                label[theirs],
            )
        )
    return whole, pictures


@pytest.mark.parametrize("kind", DRAWN)
def test_names_a_drawn_mistake(kind: str) -> None:
    box, label = DRAWN[kind]
    found = judged(np.array([box], dtype=float), np.array([label]), np.array([0.9]), THINGS, LABELS)
    assert found.detections == (kind,)
    state = {"right": "found", "badly placed": "badly placed"}.get(kind, "missed")
    assert found.things[0] == state
    assert found.things[1] == ("wrong class" if kind == "wrong class" else "missed")


def test_the_surer_of_two_is_right_and_the_other_a_duplicate() -> None:
    boxes = np.array([[0.0, 0, 10, 8], [0, 0, 10, 10]])
    found = judged(boxes, np.zeros(2, dtype=int), np.array([0.9, 0.8]), THINGS, LABELS)
    assert found == Judged(("right", "duplicate"), ("found", "missed"), (0, 0))


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_everything_has_one_kind_and_a_thing_is_found_once(seed: int) -> None:
    whole, pictures = problem(seed)
    for picture in pictures:
        assert set(picture.detections) <= set(KINDS)
        assert set(picture.things) <= set(STATES)
        taken = [thing for kind, thing in zip(picture.detections, picture.meant, strict=True) if kind == "right"]
        assert len(taken) == len(set(taken)) == picture.things.count("found")
        for kind, thing in zip(picture.detections, picture.meant, strict=True):
            assert (thing < 0) == (kind == "background")
            if kind == "duplicate":
                assert picture.things[thing] == "found"
    counts = counted(pictures)
    assert sum(counts.values()) - counts["missed"] == len(whole.answers.area)


@pytest.mark.parametrize("seed", range(12))
def test_counts_as_a_compiled_evaluator_does(seed: int) -> None:
    from hotcoco import COCO, COCOeval

    whole, pictures = problem(seed)
    truths, answers = whole.truths, whole.answers
    true = COCO.from_arrays(
        [{"id": place, "width": 100, "height": 100} for place in range(whole.images)],
        [{"id": place, "name": str(place)} for place in range(whole.classes)],
        truths.image,
        truths.label,
        truths.boxes,
        area=truths.area,
    )
    rows = zip(answers.image, answers.label, answers.boxes, answers.confidence, strict=True)
    said = [
        {"image_id": int(image), "category_id": int(label), "bbox": box.tolist(), "score": float(sure)}
        for image, label, box, sure in rows
    ]
    verdict = COCOeval(true, true.load_res(said), "bbox")
    verdict.evaluate()
    theirs, ours = verdict.tide_errors()["counts"], counted(pictures)
    names = {
        "Loc": "badly placed", "Cls": "wrong class", "Dupe": "duplicate", "Bkg": "background", "Both": "both",
        "Miss": "missed",
    }  # fmt: skip
    assert {name: theirs[name] for name in names} == {name: ours[word] for name, word in names.items()}
    np.testing.assert_array_equal(verdict.confusion_matrix(min_score=0.3)["matrix"], taken_for(whole, confidence=0.3))


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_a_table_of_confusion_counts_every_thing_once(seed: int) -> None:
    whole, _ = problem(seed)
    table = taken_for(whole, confidence=0.2)
    np.testing.assert_array_equal(table[:-1].sum(axis=1), np.bincount(whole.truths.label, minlength=3))
    sure = whole.answers.label[whole.answers.confidence >= 0.2]
    np.testing.assert_array_equal(table[:, :-1].sum(axis=0), np.bincount(sure, minlength=3))


def test_a_crowd_neither_is_missed_nor_makes_wrong() -> None:
    one, box = np.zeros(1, dtype=int), np.array([[0.0, 0, 40, 40]])
    crowd = Truths(one, one, np.array([1600.0]), one == 0, one == 0, box)
    small = np.array([[0.0, 0, 10, 10], [60, 60, 10, 10]])
    answers = Answers(np.zeros(2, int), np.ones(2, int), np.array([0.9, 0.8]), np.full(2, 100.0), small)
    table = taken_for(Problem(1, 2, crowd, answers))
    assert table.tolist() == [[0, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert most_confused(table) == []


def test_refuses_with_a_sentence() -> None:
    with pytest.raises(ShapeError, match="a class for each of 2 boxes"):
        judged(THINGS, np.array([0]), np.ones(2), THINGS, LABELS)
    with pytest.raises(CoreError, match="less overlap than counts"):
        judged(THINGS, LABELS, np.ones(2), THINGS, LABELS, some=0.6)
    with pytest.raises(CoreError, match="above 0 and at most 1"):
        taken_for(problem(0)[0], threshold=0.0)


@pytest.mark.parametrize("count", [0, 2])
def test_nothing_there_or_nothing_said(count: int) -> None:
    none, labels = np.zeros((0, 4)), np.zeros(0, dtype=int)
    assert judged(none, labels, np.zeros(0), THINGS[:count], LABELS[:count]).things == ("missed",) * count
    assert judged(THINGS[:count], LABELS[:count], np.ones(count), none, labels).detections == ("background",) * count


def _corners(boxes: np.ndarray) -> np.ndarray:
    return np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
