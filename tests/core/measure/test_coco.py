"""COCO's evaluation beside COCO's own: the same bits for boxes, masks and joints, crowds, ties and empty images too."""

from contextlib import redirect_stdout
from io import StringIO
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from core.errors import ShapeError
from core.measure.coco import plain
from core.measure.coco.matching import match
from core.measure.coco.records import Answers, Kind, Problem, Truths
from core.measure.coco.scores import by_class, evaluate, numbers

KINDS: tuple[Kind, ...] = get_args(Kind)
OLD_NUMPY = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools
FUZZ = settings(max_examples=60, deadline=None)


def drawn(seed: int, kind: Kind) -> Problem:
    """Few images and classes, whole numbers and few confidences: full of ties, crowds and things of no area."""
    random = np.random.default_rng(seed)
    images, classes = int(random.integers(1, 5)), int(random.integers(1, 4))
    count, said, side = int(random.integers(0, 16)), int(random.integers(0, 40)), int(random.choice([8, 40, 150]))
    if kind == "bbox" and random.random() < 0.2:
        said *= 8  # more than a hundred in one image
    boxes, answers = _boxes(random, count, side), _boxes(random, said, side)
    image, label = random.integers(0, images, count), random.integers(0, classes, count)
    where, what = random.integers(0, images, said), random.integers(0, classes, said)
    like = np.zeros(0, dtype=np.int64)
    near = np.zeros(said, dtype=np.bool_)
    if count and said:
        like, near = random.integers(0, count, said), random.random(said) < 0.7
        answers[near] = np.maximum(boxes[like[near]] + random.integers(-1, 2, (near.sum(), 4)), 0)
        where[near] = image[like[near]]
        what[near] = np.where(random.random(near.sum()) < 0.8, label[like[near]], what[near])
    crowd = random.random(count) < 0.15
    area = boxes[:, 2] * boxes[:, 3] * random.uniform(0.5, 1.0, count)
    own_area = answers[:, 2] * answers[:, 3]
    ignored, more, own = crowd, (), ()
    if kind == "segm":
        more, own = _masks(random, boxes, 2 * side), _masks(random, answers, 2 * side)
        own_area = np.array([float(mask.area(each)) for each in own])
    if kind == "keypoints":
        more = _joints(random, boxes)
        own = _joints(random, answers)
        if near.any():
            own[near] = more[like[near]] + random.integers(-2, 3, (near.sum(), 17, 3))
        ignored = crowd | ~(more[:, :, 2] > 0).any(axis=1)
        low, high = own[:, :, :2].min(axis=1, initial=1e9), own[:, :, :2].max(axis=1, initial=-1e9)
        answers = np.concatenate([low, high - low], axis=1) if said else answers
        own_area = (answers[:, 2] * answers[:, 3]) if said else own_area
    confidence = random.integers(0, 8, said) / 8 + 0.1
    truths = Truths(image, label, area, crowd, ignored, boxes, more)
    return Problem(images, classes, truths, Answers(where, what, confidence, own_area, answers, own), kind)


def cocos(problem: Problem) -> COCOeval:
    """COCO's own verdict."""
    truths, answers = problem.truths, problem.answers
    masks = [each["size"] for each in (*truths.more, *answers.more)] if problem.kind == "segm" else []
    height, width = masks[0] if masks else (1, 1)
    frame = {
        "info": {},
        "images": [{"id": place + 1, "height": height, "width": width} for place in range(problem.images)],
        "categories": [{"id": place + 1} for place in range(problem.classes)],
    }
    said = [
        _entry(answers, place, problem.kind) | {"score": float(answers.confidence[place]), "iscrowd": 0}
        for place in range(len(answers.area))
    ]
    true = [
        _entry(truths, place, problem.kind) | {"iscrowd": int(truths.crowd[place])} for place in range(len(truths.area))
    ]
    with redirect_stdout(StringIO()):
        both = COCO(), COCO()
        for read, entries in zip(both, (true, said), strict=True):
            read.dataset = frame | {"annotations": entries}
            read.createIndex()
        verdict = COCOeval(*both, problem.kind)
        verdict.evaluate()
        verdict.accumulate()
        verdict.summarize()
    return verdict


@pytest.mark.parametrize("kind", KINDS)
@OLD_NUMPY
@given(st.integers(0, 2**32))
@FUZZ
def test_gives_the_bits_of_coco(kind: Kind, seed: int) -> None:
    problem = drawn(seed, kind)
    theirs = cocos(problem)
    precision, recall = evaluate(problem)
    np.testing.assert_array_equal(precision, theirs.eval["precision"][..., -1])
    np.testing.assert_array_equal(recall, theirs.eval["recall"])
    assert list(numbers(precision, recall, kind).values()) == theirs.stats.tolist()


@pytest.mark.parametrize("kind", KINDS)
@OLD_NUMPY
@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_the_version_to_read_gives_the_same(kind: Kind, seed: int) -> None:
    problem = drawn(seed, kind)
    for plainly, fast in zip(plain.evaluated(problem), evaluate(problem), strict=True):
        np.testing.assert_array_equal(plainly, fast)


def test_a_perfect_detector_has_everything() -> None:
    boxes = np.array([[0.0, 0, 40, 40], [50, 50, 20, 20], [0, 0, 100, 100]])
    image, label, area, no = np.array([0, 0, 1]), np.array([0, 1, 0]), boxes[:, 2] * boxes[:, 3], np.zeros(3, bool)
    problem = Problem(2, 2, Truths(image, label, area, no, no, boxes), Answers(image, label, np.ones(3), area, boxes))
    precision, recall = evaluate(problem)
    found = numbers(precision, recall)
    assert list(found.values()) == pytest.approx([1.0] * 12)
    assert by_class(precision, recall)[1]["APm"] == -1.0  # the second class has no thing of that size


def test_nothing_to_find_is_no_zero() -> None:
    empty = np.zeros(0, dtype=np.int64)
    none = Truths(empty, empty, empty * 1.0, empty > 0, empty > 0, np.zeros((0, 4)))
    problem = Problem(3, 2, none, Answers(empty, empty, empty * 1.0, empty * 1.0, np.zeros((0, 4))))
    assert set(numbers(*evaluate(problem)).values()) == {-1.0}
    assert match(problem).near.size == 0


def test_a_column_too_short_is_named() -> None:
    two = np.zeros(2, dtype=np.int64)
    with pytest.raises(ShapeError, match="one confidence"):
        Answers(two, two, np.zeros(1), two * 1.0, np.zeros((2, 4)))
    with pytest.raises(ShapeError, match=r"\(N, 4\)"):
        Answers(two, two, two * 1.0, two * 1.0, np.zeros((2, 3)))


def _boxes(random: np.random.Generator, count: int, side: int) -> np.ndarray:
    return random.integers(0, side, (count, 4)).astype(float)


def _masks(random: np.random.Generator, boxes: np.ndarray, side: int) -> list[dict[str, Any]]:
    found = []
    for x, y, width, height in boxes.astype(int):
        pixels = np.zeros((side, side), dtype=np.uint8, order="F")
        pixels[y : y + height, x : x + width] = random.random((min(height, side - y), min(width, side - x))) < 0.9
        found.append(mask.encode(pixels))
    return found


def _joints(random: np.random.Generator, boxes: np.ndarray) -> np.ndarray:
    places = boxes[:, None, :2] + random.random((len(boxes), 17, 2)) * boxes[:, None, 2:]
    shown = random.integers(0, 3, (len(boxes), 17, 1)) * (random.random((len(boxes), 1, 1)) < 0.8)
    return np.concatenate([places.round(), shown], axis=2)


def _entry(things: Truths | Answers, place: int, kind: Kind) -> dict[str, Any]:
    entry = {
        "id": place + 1,
        "image_id": int(things.image[place]) + 1,
        "category_id": int(things.label[place]) + 1,
        "bbox": things.boxes[place].tolist(),
        "area": float(things.area[place]),
    }
    if kind == "segm":
        entry["segmentation"] = things.more[place]
    if kind == "keypoints":
        entry["keypoints"] = np.asarray(things.more[place]).ravel().tolist()
        entry["num_keypoints"] = int((things.more[place][:, 2] > 0).sum())
    return entry
