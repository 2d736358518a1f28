"""CornerNet in numbers: goals, loss, peaks and pairs; what was drawn comes back as boxes."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import max_pool2d

from core.data.scenes import boxes, labels
from core.detect.boxes import intersection_over_union
from core.detect.corner.corner_net import focal
from core.detect.corner.corners import Corners, boxes_of, focal_loss, goal, pairs, peaks, radius
from core.detect.pictures import picture
from core.errors import CoreError, ShapeError


@given(st.floats(1, 50), st.floats(1, 50), st.floats(0.1, 0.9), st.sampled_from(["out", "in", "along", "across"]))
def test_keeps_the_overlap_within_the_radius(height, width, overlap, way) -> None:
    reach = 0.999 * radius(height, width, overlap=overlap)
    by = {
        "out": (-reach, -reach, reach, reach),
        "in": (reach, reach, -reach, -reach),
        "along": (reach, reach, reach, reach),
        "across": (reach, -reach, reach, -reach),
    }[way]
    box = np.array([[0.0, 0.0, width, height]])
    assert intersection_over_union(box, box + by)[0, 0] >= overlap - 1e-6


def test_gives_up_the_overlap_just_beyond_the_radius() -> None:
    box, reach = np.array([[0.0, 0.0, 10.0, 6.0]]), radius(6, 10, overlap=0.5)
    assert intersection_over_union(box, box + 1.001 * reach * np.array([1, 1, -1, -1]))[0, 0] < 0.5


@pytest.mark.parametrize("number", range(4))
def test_finds_the_drawn_boxes_again_in_a_perfect_answer(number: int) -> None:
    targets = picture("test", number).targets
    true, kinds = boxes(targets), labels(targets)
    wanted = goal(true, kinds, rows=24, columns=24, classes=5)
    found = []
    for corner in (0, 1):
        tags, offsets = np.full((24, 24), -99.0), np.zeros((2, 24, 24))
        for thing, (row, column) in enumerate(wanted.cells[:, corner]):
            tags[row, column], offsets[:, row, column] = 2.0 * thing, wanted.offsets[thing, corner]
        found.append(peaks(wanted.heat[corner], tags, offsets, threshold=0.99))
    said = boxes_of(*found, pairs(*found))
    assert sorted(map(tuple, said.boxes.tolist())) == sorted(map(tuple, true.tolist()))


def test_pays_nothing_for_the_goal_and_less_beside_a_corner_than_far_off() -> None:
    truth = goal(np.array([[10.0, 10.0, 60.0, 60.0]]), np.array([0]), rows=24, columns=24, classes=1).heat
    assert focal_loss(np.where(truth == 1, 1.0, 0.0), truth) == pytest.approx(0, abs=1e-4)
    costs = []
    for row in (3, 20):  # next to the corner, and far from it
        guess = np.where(truth == 1, 1.0, 0.0)
        guess[0, 0, row, 3 if row == 20 else 2] = 0.9
        costs.append(focal_loss(guess, truth))
    assert costs[0] < costs[1]


def test_costs_what_the_net_learns_by() -> None:
    dice = np.random.default_rng(0)
    truth, scores = dice.random((2, 3, 6, 6)), dice.normal(size=(2, 3, 6, 6))
    truth[0, 0, 0, 0] = truth[1, 2, 3, 3] = 1.0
    learned = float(focal(torch.from_numpy(scores), torch.from_numpy(truth)))
    assert focal_loss(1 / (1 + np.exp(-scores)), truth) == pytest.approx(learned, rel=1e-6)


def test_takes_the_peaks_that_max_pooling_keeps() -> None:
    heat = np.random.default_rng(1).random((3, 9, 7))
    kept = max_pool2d(torch.from_numpy(heat)[None], 3, 1, 1)[0].numpy() == heat
    found = peaks(heat, np.zeros((9, 7)), np.zeros((2, 9, 7)), threshold=0.0, most=1000)
    assert len(found) == int(kept.sum())
    assert (np.diff(found.scores) <= 0).all()


def test_pairs_by_class_geometry_and_tag() -> None:
    two = np.array([0, 0])
    first = Corners(np.array([[0.0, 0.0], [50.0, 50.0]]), two, np.array([0.9, 0.8]), np.array([0.0, 4.0]))
    second = Corners(np.array([[20.0, 20.0], [70.0, 70.0]]), two, np.array([0.9, 0.8]), np.array([0.1, 4.1]))
    assert pairs(first, second).tolist() == [[0, 0], [1, 1]]
    assert pairs(first, second, within=None).tolist() == [[0, 0], [0, 1], [1, 1]]
    other = Corners(second.places, two + 1, second.scores, second.tags)
    assert len(pairs(first, other, within=None)) == 0
    nothing = Corners(np.zeros((0, 2)), two[:0], np.zeros(0), np.zeros(0))
    assert len(boxes_of(first, nothing, pairs(first, nothing))) == 0


def test_takes_a_picture_without_things_and_a_corner_on_the_rim() -> None:
    assert goal(np.zeros((0, 4)), np.zeros(0, dtype=np.int64), rows=4, columns=4, classes=2).heat.max() == 0
    rim = goal(np.array([[0.0, 0.0, 16.0, 16.0]]), np.array([1]), rows=4, columns=4, classes=2)
    assert rim.cells.tolist() == [[[0, 0], [3, 3]]]
    assert rim.offsets.tolist() == [[[0.0, 0.0], [1.0, 1.0]]]


def test_says_what_does_not_fit() -> None:
    with pytest.raises(CoreError, match="overlap between 0 and 1"):
        radius(3, 3, overlap=1)
    with pytest.raises(ShapeError, match=r"boxes \(N, 4\)"):
        goal(np.zeros((2, 4)), np.zeros(1, dtype=np.int64), rows=4, columns=4, classes=2)
    with pytest.raises(ShapeError, match="one shape"):
        focal_loss(np.zeros(3), np.zeros(4))
    with pytest.raises(ShapeError, match="offsets"):
        peaks(np.zeros((1, 3, 3)), np.zeros((3, 3)), np.zeros((2, 4, 4)))
