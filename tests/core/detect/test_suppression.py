import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import batched_nms, nms

from core.detect.boxes import intersection_over_union
from core.detect.suppression import LEAST, kept, kept_fast, staying, steps, weight
from core.errors import CoreError, ShapeError

LIMITS = st.sampled_from([0.0, 1 / 3, 0.5, 0.7, 1.0])


@st.composite
def scenes(draw):
    """Whole corners and few scores: boxes touch, coincide, have no area, and are equally sure; classes beside them."""
    count = draw(st.integers(0, 12))
    numbers = st.lists(st.integers(0, 8), min_size=4 * count, max_size=4 * count)
    drawn = np.array(draw(numbers), dtype=np.float64).reshape(count, 4)
    boxes = np.concatenate([np.minimum(drawn[:, :2], drawn[:, 2:]), np.maximum(drawn[:, :2], drawn[:, 2:])], axis=1)
    each = st.lists(st.integers(1, 4), min_size=count, max_size=count)
    return boxes, np.array(draw(each), dtype=np.float64) / 4, np.array(draw(each), dtype=np.int64)


@given(scenes(), LIMITS)
def test_keeps_what_torchvision_keeps_in_the_same_order(scene, threshold):
    boxes, scores, _ = scene
    twin = nms(torch.from_numpy(boxes), torch.from_numpy(scores), threshold).tolist()
    assert kept(steps(boxes, scores, threshold=threshold)).tolist() == twin
    fast = kept_fast(torch.from_numpy(boxes), torch.from_numpy(scores), threshold=threshold, block=3)
    assert fast.tolist() == twin


@given(scenes(), LIMITS)
def test_keeps_per_class_what_torchvision_keeps(scene, threshold):
    boxes, scores, labels = scene
    twin = batched_nms(torch.from_numpy(boxes), torch.from_numpy(scores), torch.from_numpy(labels), threshold)
    found = kept(steps(boxes, scores, threshold=threshold, labels=labels))
    assert sorted(found.tolist()) == sorted(twin.tolist())
    assert (np.diff(scores[found]) <= 0).all()


def test_keeps_the_same_of_a_thousand_boxes_as_torchvision():
    random = np.random.default_rng(3)
    starts = random.uniform(0, 400, (1000, 2))
    boxes = torch.from_numpy(np.hstack([starts, starts + random.uniform(10, 90, (1000, 2))])).float()
    scores = torch.from_numpy(random.uniform(size=1000).round(2)).float()  # many equal ones
    assert kept_fast(boxes, scores, threshold=0.5).tolist() == nms(boxes, scores, 0.5).tolist()
    assert kept_fast(boxes[:0], scores[:0], threshold=0.5).tolist() == []


@given(scenes(), LIMITS)
def test_is_done_after_once(scene, threshold):
    boxes, scores, _ = scene
    once = kept(steps(boxes, scores, threshold=threshold))
    again = kept(steps(boxes[once], scores[once], threshold=threshold))
    assert again.tolist() == list(range(len(once)))


@given(scenes(), LIMITS)
def test_removes_only_for_a_surer_neighbour_that_stays(scene, threshold):
    boxes, scores, _ = scene
    rounds, overlaps = steps(boxes, scores, threshold=threshold), intersection_over_union(boxes, boxes)
    stay = kept(rounds)
    among = overlaps[np.ix_(stay, stay)] - np.eye(len(stay)) * overlaps[stay, stay]
    assert (among <= threshold).all()
    for step in rounds:
        assert (overlaps[step.chosen, step.removed] > threshold).all()
        assert (scores[step.removed] <= scores[step.chosen]).all()
    assert sorted([*stay, *(place for step in rounds for place in step.removed)]) == list(range(len(boxes)))


@given(scenes(), st.sampled_from(["linear", "gaussian"]), LIMITS)
def test_soft_rules_multiply_by_every_surer_neighbour(scene, way, threshold):
    boxes, scores, _ = scene
    rounds, overlaps = steps(boxes, scores, threshold=threshold, way=way), intersection_over_union(boxes, boxes)
    order = kept(rounds)
    final = rounds[-1].scores if rounds else scores
    for at, place in enumerate(order):
        expected = scores[place]
        for surer in order[:at]:
            overlap = overlaps[surer, place]
            factor = np.exp(-(overlap**2) / 0.5) if way == "gaussian" else (1 - overlap if overlap > threshold else 1)
            expected = expected * factor
        assert final[place] == pytest.approx(expected)
        assert final[place] >= LEAST
    assert (np.diff(final[order]) <= 1e-12).all()


def test_N145_removes_above_one_half_and_leaves_strangers_alone():
    boxes = np.array([[0.0, 0, 4, 2], [0.0, 0, 4, 4], [0.0, 0.5, 4, 4.5], [20.0, 0, 24, 4]])
    rounds = steps(boxes, np.array([0.77, 0.9, 0.85, 0.82]), threshold=0.5)
    assert kept(rounds).tolist() == [1, 3, 0]  # exactly one half is not above one half
    assert rounds[0].removed.tolist() == [2]
    assert rounds[0].overlaps.tolist() == [pytest.approx(7 / 9)]
    assert rounds[0].waiting.tolist() == [3, 0]


def test_a_chain_survives_whose_middle_was_removed():
    boxes = np.array([[0.0, 0, 10, 10], [3.0, 0, 13, 10], [6.0, 0, 16, 10]])
    assert kept(steps(boxes, np.array([0.9, 0.8, 0.7]), threshold=0.5)).tolist() == [0, 2]
    assert kept_fast(torch.from_numpy(boxes), torch.tensor([0.9, 0.8, 0.7]), threshold=0.5).tolist() == [0, 2]


@pytest.mark.parametrize("way", ["hard", "linear"])
def test_a_weight_is_one_up_to_the_threshold(way):
    assert weight(0.5, threshold=0.5, way=way) == 1.0
    assert weight(0.0, threshold=0.5, way="gaussian") == 1.0


def test_refuses_what_does_not_fit():
    with pytest.raises(ShapeError, match=r"\(2, 4\), \(3,\) and none"):
        steps(np.zeros((2, 4)), np.zeros(3), threshold=0.5)
    with pytest.raises(ShapeError, match=r"\(2,\) and \(1,\)"):
        steps(np.zeros((2, 4)), np.zeros(2), threshold=0.5, labels=np.zeros(1, np.int64))
    with pytest.raises(CoreError, match="threshold from 0 to 1"):
        steps(np.zeros((2, 4)), np.zeros(2), threshold=1.5)


@given(scenes(), st.booleans())
def test_counts_at_many_thresholds_what_the_rounds_keep(scene, own_class):
    boxes, scores, labels = scene
    scores[:1] = 0  # what has no score cannot lose it, and stays
    classes, limits = labels if own_class else None, [0.0, 1 / 3, 0.5, 0.7, 1.0]
    rounds = [len(steps(boxes, scores, threshold=limit, labels=classes)) for limit in limits]
    assert staying(boxes, scores, limits, labels=classes) == rounds
