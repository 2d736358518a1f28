import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.filters.pooling import average_pool, max_pool, max_positions, pool_reads
from tests.core.filters.drawing import grids

N46 = np.array([[1.0, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]])


@st.composite
def poolings(draw):
    image = draw(st.tuples(st.integers(1, 7), st.integers(1, 7)).flatmap(lambda size: grids(*size)))
    window = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    padding = (draw(st.integers(0, window[0] // 2)), draw(st.integers(0, window[1] // 2)))
    assume(all(n + 2 * p >= k for n, p, k in zip(image.shape, padding, window, strict=True)))
    stride = draw(st.one_of(st.none(), st.tuples(st.integers(1, 3), st.integers(1, 3))))
    return image, window, {"stride": stride, "padding": padding}


@settings(deadline=None)
@given(poolings())
def test_matches_torch_with_ties_and_negative_values(drawn):
    image, window, options = drawn
    tensor = torch.from_numpy(image)[None, None]
    twin, positions = torch.nn.functional.max_pool2d(tensor, window, return_indices=True, **options)
    np.testing.assert_array_equal(max_pool(image, window, **options), twin[0, 0])
    where = max_positions(image, window, **options)
    np.testing.assert_array_equal(where[..., 0] * image.shape[1] + where[..., 1], positions[0, 0])
    np.testing.assert_allclose(
        average_pool(image, window, **options), torch.nn.functional.avg_pool2d(tensor, window, **options)[0, 0]
    )


@settings(deadline=None)
@given(poolings())
def test_takes_each_maximum_from_its_position(drawn):
    image, window, options = drawn
    where = max_positions(image, window, **options)
    np.testing.assert_array_equal(image[where[..., 0], where[..., 1]], max_pool(image, window, **options))


def test_pools_the_example_of_lecture_a():
    # N46
    assert max_pool(N46, 2).tolist() == [[5, 6], [7, 8]]
    assert max_positions(N46, 2).reshape(-1, 2).tolist() == [[1, 1], [0, 2], [3, 0], [3, 3]]


@pytest.mark.parametrize(
    ("options", "side"),
    [
        pytest.param({}, 112, id="N36-stride-2-halves"),
        pytest.param({"stride": 1}, 223, id="N37-stride-1-loses-a-row"),
    ],
)
def test_has_the_sizes_of_lecture_c(options, side):
    assert max_pool(np.zeros((224, 224)), 2, **options).shape == (side, side)


def test_drops_three_of_four_samples_at_stride_2():
    # N35
    assert max_pool(N46, 2).size / N46.size == 0.25
    assert max_pool(N46, 2, stride=1).size == 9


def test_lets_no_value_beyond_the_border_win():
    assert max_pool(np.full((2, 2), -5.0), 3, stride=1, padding=1).tolist() == [[-5, -5], [-5, -5]]


def test_refuses_padding_that_would_show_a_window_nothing():
    with pytest.raises(ShapeError, match="half of the window"):
        max_pool(N46, 2, padding=2)


def test_keeps_the_size_at_stride_1_only_with_a_border():
    # N37, S37
    for side in (4, 5, 224):
        assert max_pool(np.zeros((side, 1)), (2, 1), stride=1).shape == (side - 1, 1)
        assert max_pool(np.zeros((side, 1)), (2, 1), stride=1, padding="same").shape == (side, 1)


def test_reads_every_pixel_once_when_windows_lie_side_by_side():
    reads = pool_reads((4, 6), 2)
    assert sorted(reads.ravel().tolist()) == list(range(24))


def test_refuses_a_volume_and_a_flood():
    with pytest.raises(ShapeError, match="one map"):
        max_pool(np.zeros((3, 4, 4)), 2)
    with pytest.raises(LimitError):
        pool_reads((3000, 3000), 2)
