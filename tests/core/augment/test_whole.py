"""Whole pixels moved, against the matrices that move points, and against torchvision's boxes."""

import numpy as np
import pytest
import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from core.augment.matrices import flip, moved, shift
from core.augment.whole import changed, mirrored, quarter_turned, shifted
from core.errors import CoreError, ShapeError


def example(seed: int, height: int = 7, width: int = 11, count: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    corners = np.sort(random.uniform(0, 1, (count, 2, 2)), axis=1) * [width, height]
    return random.uniform(0, 1, (height, width, 2)), corners.reshape(count, 4)


@pytest.mark.parametrize("seed", range(5))
def test_moves_boxes_as_the_matrices_move_their_corners(seed: int) -> None:
    image, boxes = example(seed)
    for matrix, found in (
        (flip((7, 11)), mirrored(image, boxes)[1]),
        (shift(2, -1), shifted(np.zeros((30, 40, 1)), boxes + 2, 2, -1)[1] - 2),
    ):
        corners = moved(boxes.reshape(-1, 2, 2), matrix)
        np.testing.assert_allclose(found, np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1))


@pytest.mark.parametrize("seed", range(5))
def test_mirrors_as_torchvision_does(seed: int) -> None:
    image, boxes = example(seed)
    pair = torch.from_numpy(image).movedim(-1, 0), tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=(7, 11))
    theirs, their_boxes = v2.functional.horizontal_flip(pair[0]), v2.functional.horizontal_flip(pair[1])
    ours, our_boxes = mirrored(image, boxes)
    np.testing.assert_array_equal(ours, theirs.movedim(0, -1).numpy())
    np.testing.assert_allclose(our_boxes, their_boxes.numpy(), atol=1e-5)


@pytest.mark.parametrize(("name", "times"), [("mirror", 2), ("turn", 4)])
def test_comes_back_after_two_mirrors_or_four_turns(name: str, times: int) -> None:
    image, boxes = example(3)
    again, there = changed(image, boxes, [(name,)] * times)
    np.testing.assert_array_equal(again, image)
    np.testing.assert_allclose(there, boxes)


def test_turns_the_top_left_pixel_to_the_top_right() -> None:
    image = np.zeros((3, 5, 1))
    image[0, 0] = 1
    turned, boxes = quarter_turned(image, np.array([[0.0, 0.0, 1.0, 1.0]]))
    assert turned.shape == (5, 3, 1)
    assert np.argwhere(turned[..., 0]).tolist() == [[0, 2]]
    assert boxes.tolist() == [[2, 0, 3, 1]]


@pytest.mark.parametrize(("right", "down"), [(2, 3), (-2, 1), (0, -3), (20, 0), (0, 0), (-11, 7)])
def test_keeps_a_box_around_the_pixels_it_was_around(right: int, down: int) -> None:
    image = np.zeros((7, 11, 1))
    image[2:4, 3:8] = 1
    out, boxes = shifted(image, np.array([[3.0, 2.0, 8.0, 4.0]]), right, down)
    assert out.shape == image.shape
    seen = np.argwhere(out[..., 0])
    if len(seen):
        (top, left), (bottom, last) = seen.min(axis=0), seen.max(axis=0) + 1
        assert boxes.tolist() == [[left, top, last, bottom]]
    else:
        assert boxes.shape == (0, 4)


def test_changes_values_without_moving_boxes_and_keeps_the_order() -> None:
    image, boxes = example(4)
    lit, same = changed(image, boxes, [("brighter", 0.5)])
    assert lit.max() == 1
    np.testing.assert_array_equal(same, boxes)
    first, second = (changed(image, boxes, order)[1] for order in ([("mirror",), ("turn",)], [("turn",), ("mirror",)]))
    assert not np.allclose(first, second)


def test_refuses_what_it_does_not_know() -> None:
    image, boxes = example(0)
    with pytest.raises(CoreError, match="mirror, turn, shift, brighter, got 'melt'"):
        changed(image, boxes, [("melt",)])
    with pytest.raises(ShapeError, match=r"\(7, 11\)"):
        changed(image[..., 0], boxes, [])
