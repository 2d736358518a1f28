import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ShapeError
from core.filters.correlate import correlate
from core.filters.pooling import average_pool, max_pool
from core.filters.shifts import change, compare, shift
from tests.core.filters.drawing import grids

steps = st.integers(-3, 3)


@settings(deadline=None, max_examples=200)
@given(grids(5, 4), steps, steps)
def test_moves_as_scipy_does(image, down, right):
    import scipy.ndimage

    np.testing.assert_array_equal(shift(image, (down, right)), scipy.ndimage.shift(image, (down, right), order=0))


def test_loses_everything_beyond_the_edge():
    assert not shift(np.ones((2, 3)), (0, 7)).any()
    assert not shift(np.ones((2, 3)), (-7, 0)).any()
    with pytest.raises(ShapeError, match=r"\(H, W\)"):
        shift(np.ones(3), (0, 1))


@settings(deadline=None, max_examples=200)
@given(grids(4, 4), grids(3, 3), steps, steps)
def test_finds_that_filtering_is_equivariant_as_long_as_nothing_leaves(image, kernel, down, right):
    # S18
    room = np.pad(image, 5)
    found = compare(lambda seen: correlate(seen, kernel, padding=1), room, (down, right))
    assert found.difference == 0
    np.testing.assert_array_equal(found.shifted_first, found.filtered_first)


@settings(deadline=None)
@given(grids(4, 4), grids(3, 3), st.integers(-1, 1), st.integers(-1, 1))
def test_finds_that_a_stride_is_equivariant_to_its_multiples(image, kernel, down, right):
    room = np.pad(image, 4)
    strided = compare(lambda seen: correlate(seen, kernel, padding=1, stride=2), room, (2 * down, 2 * right), stride=2)
    assert strided.difference == 0


def test_finds_that_a_dense_layer_is_not():
    # S18
    matrix = np.random.default_rng(0).normal(size=(36, 36))
    image = np.pad(np.ones((2, 2)), 2)
    assert compare(lambda seen: (matrix @ seen.ravel()).reshape(6, 6), image, (0, 1)).difference > 1


def test_refuses_a_fraction_of_a_pixel():
    with pytest.raises(ShapeError, match="multiples of the stride 2"):
        compare(lambda image: image[::2, ::2], np.ones((4, 4)), (0, 1), stride=2)


def test_measures_what_pooling_hides():
    # S36: a single bright pixel that moves within its window
    image = np.zeros((4, 4))
    image[0, 0] = 8
    assert change(lambda seen: max_pool(seen, 2), image, (0, 1)) == 0
    assert change(lambda seen: average_pool(seen, 2), image, (0, 1)) == 0
    assert change(lambda seen: max_pool(seen, 2), image, (0, 2)) == 2  # it left one window and came into another
    assert change(lambda seen: seen, image, (0, 1)) == 2


def test_has_nothing_to_measure_in_zeros():
    with pytest.raises(ShapeError, match="not all 0"):
        change(lambda image: image, np.zeros((2, 2)), (0, 1))
