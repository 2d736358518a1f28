import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.filters.correlate import convolve, correlate
from core.filters.padding import PADDINGS, pad, padding_amount
from core.filters.transposed import transposed
from core.filters.walk import MANNERS, walk
from tests.core.filters.drawing import grids

sizes = st.tuples(st.integers(1, 6), st.integers(1, 6))


@settings(deadline=None, max_examples=200)
@given(
    sizes.flatmap(lambda size: grids(*size)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(lambda size: grids(*size)),
    st.sampled_from(MANNERS),
    st.sampled_from(PADDINGS),
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(0, 2),
)
def test_tells_one_story_in_all_its_views(image, kernel, manner, padding, stride, dilation, extra):
    try:
        found = walk(
            image, kernel, manner=manner, padding=padding, stride=stride, dilation=dilation, output_padding=extra
        )
    except CoreError:
        return
    output = found.output
    np.testing.assert_array_equal(found.products.sum(axis=(2, 3)), output)
    np.testing.assert_array_equal((found.matrix @ image.ravel()).reshape(output.shape), output)
    np.testing.assert_array_equal(found.ground.ravel()[found.taps] * found.laid, found.products)
    shown = found.sources >= 0
    np.testing.assert_array_equal(found.ground[shown], image.ravel()[found.sources[shown]])
    assert (found.ground[~shown] == 0).all()
    np.testing.assert_array_equal(found.ground[found.own], image.ravel())


@settings(deadline=None)
@given(grids(5, 4), grids(3, 3), st.sampled_from(PADDINGS), st.integers(1, 3))
def test_ends_where_the_plain_functions_end(image, kernel, padding, stride):
    amount = padding_amount((3, 3), padding)
    filling = padding if padding in ("symmetric", "reflect") else "zeros"
    options = {"padding": padding, "stride": stride}
    padded = pad(image, amount, filling)
    np.testing.assert_array_equal(walk(image, kernel, **options).output, correlate(padded, kernel, stride=stride))
    np.testing.assert_array_equal(
        walk(image, kernel, manner="convolution", **options).output, convolve(padded, kernel, stride=stride)
    )
    if filling == "zeros":
        np.testing.assert_array_equal(
            walk(image, kernel, manner="transposed", **options).output,
            transposed(image, kernel, padding=amount, stride=stride),
        )


def test_lays_the_kernel_flipped_for_convolution_and_transposed_filtering():
    image, kernel = np.ones((3, 3)), np.arange(4.0).reshape(2, 2)
    assert walk(image, kernel).laid.tolist() == kernel.tolist()
    assert walk(image, kernel, manner="convolution").laid.tolist() == kernel[::-1, ::-1].tolist()
    assert walk(image, kernel, manner="transposed").laid.tolist() == kernel[::-1, ::-1].tolist()


def test_adds_no_row_across_a_vector():
    found = walk(np.array([[1.0, 2.0]]), np.ones((1, 3)), manner="transposed", stride=2, output_padding=1)
    assert found.output.shape == (1, 6)


def test_refuses_a_mirror_for_transposed_filtering():
    with pytest.raises(ShapeError, match="valid, same or full"):
        walk(np.ones((3, 3)), np.ones((3, 3)), manner="transposed", padding="symmetric")
    with pytest.raises(ShapeError, match=r"\(H, W\)"):
        walk(np.ones(3), np.ones((3, 3)))


def test_returns_no_more_pixels_than_a_stride_can_drop():
    with pytest.raises(ShapeError, match="at most 0 would do"):
        walk(np.zeros((1, 1)), np.zeros((1, 2)), manner="transposed", dilation=2, output_padding=1)
