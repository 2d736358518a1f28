"""The grid of YOLO: both layouts, there and back, and the offsets' twin."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.detect import offsets
from core.detect.dense.grid import BASES, Layout, decode, encode, parts, shape_of
from core.errors import CoreError, ShapeError

BOTH: tuple[Layout, Layout] = ("classes per cell", "classes per box")


@pytest.mark.parametrize(
    ("boxes", "layout", "numbers"),
    [(3, BOTH[1], 3675), (3, BOTH[0], 1715), (2, BOTH[0], 1470)],
    ids=["N138-per-box", "N139-per-cell", "N139-the-first-yolo"],
)
def test_the_answer_has_so_many_numbers(boxes: int, layout: Layout, numbers: int) -> None:
    assert np.prod(shape_of(7, boxes, 20, layout)) == numbers


@given(st.integers(1, 20), st.integers(1, 9), st.integers(1, 90))
def test_both_layouts_are_as_long_only_with_one_box(cells: int, boxes: int, classes: int) -> None:
    cell, box = (int(np.prod(shape_of(cells, boxes, classes, layout))) for layout in BOTH)
    assert box - cell == cells * cells * classes * (boxes - 1)


def test_N140_a_grid_of_7_with_3_base_boxes_has_147_boxes() -> None:
    assert decode(np.zeros((7, 7, 35)), BOTH[0], classes=20).boxes.reshape(-1, 4).shape == (147, 4)


def test_offsets_mean_what_they_mean_elsewhere() -> None:
    random = np.random.default_rng(0)
    answer = random.normal(0, 0.5, (5, 5, 3, 9))
    found = decode(answer, BOTH[1], classes=4)
    bases = decode(np.zeros((5, 5, 3, 9)), BOTH[1], classes=4).boxes
    in_order = torch.tensor(answer[..., [0, 1, 3, 2]])  # elsewhere dw stands before dh
    np.testing.assert_allclose(found.boxes, offsets.decode(in_order, torch.tensor(bases)).numpy(), atol=1e-12)
    middles = (bases[..., :2] + bases[..., 2:]) / 2
    np.testing.assert_allclose(middles[1, 3, 0], [0.7, 0.3])


@pytest.mark.parametrize("layout", BOTH)
@given(
    st.lists(
        st.tuples(st.floats(0, 0.8), st.floats(0, 0.8), st.floats(0.05, 0.9), st.floats(0.05, 0.9), st.integers(0, 4)),
        max_size=6,
    )
)
def test_what_is_encoded_comes_back(layout: Layout, things: list[tuple[float, float, float, float, int]]) -> None:
    boxes = np.array([(x, y, x + w, y + h) for x, y, w, h, _ in things]).reshape(-1, 4)
    labels = np.array([each[4] for each in things], dtype=np.int64)
    answer, owners = encode(boxes, labels, layout, cells=7, classes=5)
    assert answer.shape == shape_of(7, len(BASES), 5, layout)
    found = decode(answer, layout, classes=5)
    placed = owners[:, 0] >= 0
    assert found.confidences.sum() == placed.sum()
    for box, label, owner in zip(boxes[placed], labels[placed], owners[placed].tolist(), strict=True):
        np.testing.assert_allclose(found.boxes[tuple(owner)], box, atol=1e-9)
        if layout == "classes per box":
            assert found.scores[tuple(owner)].argmax() == label


def test_two_classes_in_one_cell_need_scores_of_their_own() -> None:
    boxes = np.array([[0.4, 0.4, 0.6, 0.6], [0.45, 0.2, 0.55, 0.8]])
    named = []
    for layout in BOTH:
        answer, owners = encode(boxes, np.array([0, 1]), layout, cells=7, classes=2)
        found = decode(answer, layout, classes=2)
        named.append([int(found.scores[tuple(owner)].argmax()) for owner in owners.tolist()])
    assert named == [[1, 1], [0, 1]]


def test_a_cell_with_more_things_than_boxes_loses_one() -> None:
    same = np.array([[0.4, 0.4, 0.6, 0.6]] * 4)
    _, owners = encode(same, np.zeros(4, dtype=np.int64), BOTH[1], cells=7, classes=1)
    assert (owners[:, 0] < 0).tolist() == [False, False, False, True]


def test_a_middle_on_the_far_edge_belongs_to_the_last_cell() -> None:
    _, owners = encode(np.array([[0.9, 0.9, 1.1, 1.1]]), np.array([0]), BOTH[1], cells=7, classes=1)
    assert owners[0, :2].tolist() == [6, 6]


def test_wrong_inputs_are_explained() -> None:
    with pytest.raises(ShapeError, match="7 x 7 x 35"):
        parts(np.zeros((7, 7, 30)), BOTH[0], boxes=3, classes=20)
    with pytest.raises(CoreError, match="at least one"):
        shape_of(0, 3, 20, BOTH[0])
    with pytest.raises(ShapeError, match="with an area"):
        encode(np.zeros((1, 4)), np.array([0]), BOTH[0], cells=7, classes=1)
