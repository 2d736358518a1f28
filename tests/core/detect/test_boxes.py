import numpy as np
import pytest
import torch
import torchvision
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.detect.boxes import areas, intersection_over_union, intersections, overlap
from core.errors import ShapeError

# whole coordinates, so that boxes often touch, coincide or have no area, and every sum is exact
corners = arrays.arrays(np.float64, st.tuples(st.integers(0, 6), st.just(4)), elements=st.integers(-5, 5))


@st.composite
def boxes(draw):
    drawn = draw(corners)
    return np.concatenate([np.minimum(drawn[:, :2], drawn[:, 2:]), np.maximum(drawn[:, :2], drawn[:, 2:])], axis=1)


@given(boxes(), boxes())
def test_matches_torchvision_wherever_there_is_area(first, second):
    ours = intersection_over_union(first, second)
    twin = torchvision.ops.box_iou(torch.from_numpy(first), torch.from_numpy(second)).numpy()
    joint = areas(first)[:, None] + areas(second)[None, :] > 0
    np.testing.assert_allclose(ours[joint], twin[joint], rtol=1e-12)
    assert (ours[~joint] == 0).all()


@given(boxes(), boxes())
def test_counts_the_pixels_that_boxes_share(first, second):
    def mask(box):
        canvas = np.zeros((10, 10), bool)
        x1, y1, x2, y2 = (int(side) + 5 for side in box)
        canvas[y1:y2, x1:x2] = True
        return canvas

    counted = [[(mask(a) & mask(b)).sum() for b in second] for a in first]
    np.testing.assert_array_equal(intersections(first, second), np.array(counted).reshape(len(first), len(second)))
    np.testing.assert_array_equal(areas(first), [mask(box).sum() for box in first])


@given(boxes(), boxes())
def test_is_symmetric_and_between_nothing_and_one(first, second):
    ours = intersection_over_union(first, second)
    np.testing.assert_array_equal(ours, intersection_over_union(second, first).T)
    assert ((ours >= 0) & (ours <= 1)).all()


@given(boxes(), st.integers(-7, 7), st.integers(1, 4))
def test_does_not_care_where_the_boxes_lie_or_how_large_a_pixel_is(drawn, shift, scale):
    np.testing.assert_allclose(
        intersection_over_union(drawn * scale + shift, drawn * scale + shift), intersection_over_union(drawn, drawn)
    )


@given(boxes())
def test_is_one_for_a_box_and_itself_unless_it_has_no_area(drawn):
    np.testing.assert_array_equal(np.diag(intersection_over_union(drawn, drawn)), areas(drawn) > 0)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param((2, 2, 6, 6), 4 / 28, id="a corner shared"),
        pytest.param((4, 0, 8, 4), 0.0, id="an edge touched"),
        pytest.param((4, 4, 8, 8), 0.0, id="a corner touched"),
        pytest.param((1, 1, 3, 3), 4 / 16, id="inside"),
        pytest.param((0, 0, 4, 2), 0.5, id="one half, which usually counts as a hit"),
        pytest.param((2, 2, 2, 2), 0.0, id="a point inside"),
    ],
)
def test_gives_the_share_of(other, expected):
    found = intersection_over_union(np.array([[0.0, 0, 4, 4]]), np.array([other], dtype=float))
    assert found.item() == expected


def test_gives_no_rows_for_no_boxes():
    assert intersection_over_union(np.zeros((0, 4)), np.zeros((3, 4))).shape == (0, 3)


def test_refuses_what_is_no_list_of_boxes():
    with pytest.raises(ShapeError, match=r"\(N, 4\).*\(4,\)"):
        areas(np.array([0.0, 0, 1, 1]))
    with pytest.raises(ShapeError, match="box 1 is"):
        areas(np.array([[0.0, 0, 1, 1], [5, 0, 1, 1]]))


@given(boxes().filter(lambda drawn: len(drawn) > 1))
def test_says_the_arithmetic_of_two_boxes(drawn):
    found = overlap(drawn[0], drawn[1])
    assert found.intersection == found.width * found.height == intersections(drawn[:1], drawn[1:2]).item()
    assert found.iou == pytest.approx(intersection_over_union(drawn[:1], drawn[1:2]).item())
    assert found.union == areas(drawn[:2]).sum() - found.intersection
