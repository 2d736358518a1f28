"""Boxes from maps: pieces against scikit-image, the box's edges by name, and the overlap with a drawn truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.measure import label

from core.errors import CoreError, ShapeError
from core.explain.weak import above, box_overlap, overlaps_by_share, pieces, weak_box

MASKS = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=8))


@given(MASKS, st.sampled_from([4, 8]))
def test_finds_the_pieces_that_scikit_image_finds(mask: np.ndarray, neighbours) -> None:
    found, twin = pieces(mask, neighbours=neighbours), label(mask, connectivity=1 if neighbours == 4 else 2)
    assert len(set(zip(found.ravel().tolist(), twin.ravel().tolist(), strict=True))) == found.max() + (not mask.all())
    sizes = np.bincount(found.ravel())[1:]
    assert list(sizes) == sorted(sizes, reverse=True)
    assert ((found > 0) == mask).all()


@given(arrays(np.float64, (5, 6), elements=st.floats(0.1, 9)), st.floats(0, 0.9), st.floats(0.1, 5))
def test_gives_the_same_box_for_a_map_that_is_brighter_everywhere(
    heat: np.ndarray, share: float, factor: float
) -> None:
    mask = above(heat, share)
    bright = heat * 2.0 ** round(factor)  # a power of two, so that nothing is rounded
    assert (above(bright, share) == mask).all()
    assert (weak_box(bright, share) == weak_box(heat, share)).all()


@given(arrays(np.float64, (5, 6), elements=st.floats(-1, 9)), st.floats(0, 0.9), st.floats(0, 0.9))
def test_keeps_less_the_higher_the_threshold(heat: np.ndarray, first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert (above(heat, high) <= above(heat, low)).all()


def test_n123_keeps_what_is_above_a_fifth_and_takes_the_largest_piece() -> None:
    heat = np.zeros((5, 8))
    heat[0, 0] = 10.0  # the maximum stands alone
    heat[2:4, 3:6] = 2.1
    heat[4, 7] = 2.0  # not above 20 %
    assert weak_box(heat).tolist() == [3.0, 2.0, 6.0, 4.0]
    assert weak_box(heat, 0.3).tolist() == [0.0, 0.0, 1.0, 1.0]


def test_connects_across_corners_only_if_asked() -> None:
    assert weak_box(np.eye(3)).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert weak_box(np.eye(3), neighbours=8).tolist() == [0.0, 0.0, 3.0, 3.0]


@pytest.mark.parametrize("value", [0.0, -1.0], ids=["zero", "negative"])
def test_finds_no_box_in_an_empty_map(value: float) -> None:
    assert weak_box(np.full((3, 3), value)) is None
    assert box_overlap(np.full((3, 3), value), np.array([0.0, 0.0, 3.0, 3.0])) == 0.0


def test_measures_every_map_at_every_threshold() -> None:
    heats = np.array([[[0.3, 1.0, 0.3]], [[1.0, 0.0, 0.0]]])
    truths = np.array([[1.0, 0.0, 2.0, 1.0], [0.0, 0.0, 2.0, 1.0]])
    np.testing.assert_allclose(overlaps_by_share(heats, truths, (0.2, 0.5)), [[1 / 3, 1.0], [0.5, 0.5]])


def test_says_what_would_fit() -> None:
    with pytest.raises(CoreError, match="from 0 to below 1"):
        above(np.ones((2, 2)), 1.0)
    with pytest.raises(CoreError, match="4 or 8 neighbours"):
        pieces(np.ones((2, 2), dtype=bool), neighbours=6)
    with pytest.raises(ShapeError, match=r"a box \(N, 4\)"):
        overlaps_by_share(np.ones((2, 3, 3)), np.ones((1, 4)), (0.2,))
