import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.filters.pooling import max_pool, max_positions
from core.filters.unpooling import bed_of_nails, max_unpool, nearest
from tests.core.filters.drawing import grids

FOUR = np.array([[1.0, 2], [3, 4]])


@settings(deadline=None)
@given(grids(6, 4), st.integers(1, 2))
def test_matches_torch_on_the_positions_of_the_maxima(image, window):
    pooled, positions = torch.nn.functional.max_pool2d(torch.from_numpy(image)[None, None], window, return_indices=True)
    twin = torch.nn.functional.max_unpool2d(pooled, positions, window, output_size=image.shape)[0, 0]
    mine = max_unpool(max_pool(image, window), max_positions(image, window), image.shape)
    np.testing.assert_array_equal(mine, twin)


@settings(deadline=None)
@given(grids(3, 4), st.integers(1, 4))
def test_repeats_as_torch_interpolates_to_the_nearest(image, factor):
    twin = torch.nn.functional.interpolate(torch.from_numpy(image)[None, None], scale_factor=factor, mode="nearest")
    np.testing.assert_array_equal(nearest(image, factor), twin[0, 0])


@settings(deadline=None)
@given(grids(3, 4), st.integers(1, 4))
def test_is_undone_by_looking_at_every_first_corner(image, factor):
    np.testing.assert_array_equal(nearest(image, factor)[::factor, ::factor], image)
    np.testing.assert_array_equal(bed_of_nails(image, factor)[::factor, ::factor], image)
    assert bed_of_nails(image, factor).sum() == image.sum()


def test_unpools_the_example_of_lecture_a():
    # N47
    positions = np.array([[[1, 1], [0, 2]], [[3, 0], [3, 3]]])
    expected = [[0, 0, 2, 0], [0, 1, 0, 0], [0, 0, 0, 0], [3, 0, 0, 4]]
    assert max_unpool(FOUR, positions, (4, 4)).tolist() == expected


def test_grows_two_pixels_to_four():
    # N48
    assert nearest(FOUR, 2).tolist() == [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]
    assert bed_of_nails(FOUR, 2).tolist() == [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]


def test_refuses_positions_that_belong_to_another_map():
    with pytest.raises(ShapeError, match="for each"):
        max_unpool(FOUR, np.zeros((1, 1, 2), dtype=np.int64), (4, 4))
    with pytest.raises(ShapeError, match="outside"):
        max_unpool(FOUR, np.full((2, 2, 2), 4), (4, 4))


def test_refuses_a_flood_and_a_factor_of_nothing():
    with pytest.raises(LimitError):
        nearest(FOUR, 10_000)
    with pytest.raises(LimitError):
        max_unpool(FOUR, np.zeros((2, 2, 2), dtype=np.int64), (10**6, 10**6))
    with pytest.raises(ShapeError, match="factor"):
        bed_of_nails(FOUR, 0)
