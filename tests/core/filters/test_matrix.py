import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.filters.correlate import correlate
from core.filters.matrix import contributions, filter_matrix, matrix_of, which_weight
from core.filters.padding import pad
from core.filters.transposed import transposed
from tests.core.filters.drawing import filterings, grids


@settings(deadline=None, max_examples=60)
@given(filterings())
def test_multiplies_to_the_filtered_image(setting):
    matrix = filter_matrix(setting.image.shape, setting.kernel, **setting.options)
    expected = correlate(setting.image, setting.kernel, **setting.options)
    np.testing.assert_array_equal(matrix @ setting.image.ravel(), expected.ravel())


@settings(deadline=None, max_examples=60)
@given(filterings(), st.randoms(use_true_random=False))
def test_has_the_transposed_filter_as_its_transpose(setting, random):
    matrix = filter_matrix(setting.image.shape, setting.kernel, **setting.options)
    expected = correlate(setting.image, setting.kernel, **setting.options)
    y = np.array([float(random.randint(-9, 9)) for _ in range(expected.size)]).reshape(expected.shape)
    assert (expected * y).sum() == (setting.image.ravel() * (matrix.T @ y.ravel())).sum()  # <F x, y> = <x, F' y>
    span = [d * (k - 1) + 1 for d, k in zip(setting.dilation, setting.kernel.shape, strict=True)]
    dropped = tuple(
        (n + 2 * p - reach) % s
        for n, p, reach, s in zip(setting.image.shape, setting.padding, span, setting.stride, strict=True)
    )
    back = transposed(y, setting.kernel, output_padding=dropped, **setting.options)
    np.testing.assert_array_equal((matrix.T @ y.ravel()).reshape(setting.image.shape), back)


@settings(deadline=None)
@given(grids(4, 5), grids(3, 3), st.sampled_from(["symmetric", "reflect"]))
def test_folds_a_mirrored_border_back_onto_the_image(image, kernel, filling):
    matrix = filter_matrix(image.shape, kernel, padding=1, filling=filling)
    expected = correlate(pad(image, 1, filling), kernel)
    np.testing.assert_array_equal(matrix @ image.ravel(), expected.ravel())


@settings(deadline=None, max_examples=40)
@given(filterings())
def test_is_the_sum_of_what_each_input_adds(setting):
    matrix = filter_matrix(setting.image.shape, setting.kernel, **setting.options)
    parts = contributions(matrix, setting.image)
    assert parts.shape == (setting.image.size, matrix.shape[0])
    np.testing.assert_array_equal(
        parts.sum(axis=0), correlate(setting.image, setting.kernel, **setting.options).ravel()
    )


def test_gives_as_many_entries_as_it_has_rows():
    # N54: lecture E prints five results, the first of them 0
    a, b, c, d, x, y, z = 7.0, 11.0, 13.0, 17.0, 2.0, 3.0, 5.0
    matrix = filter_matrix((6,), np.array([x, y, z]))
    assert matrix.shape == (4, 6)
    result = matrix @ [0, a, b, c, d, 0]
    assert result.tolist() == [a * y + b * z, a * x + b * y + c * z, b * x + c * y + d * z, c * x + d * y]


@pytest.mark.parametrize(
    ("stride", "shape"), [pytest.param(1, (4, 6), id="N54-N55"), pytest.param(2, (2, 6), id="N56-N57")]
)
def test_has_the_sizes_of_lecture_e(stride, shape):
    assert filter_matrix((6,), np.array([1.0, 2.0, 3.0]), stride=stride).shape == shape


def test_transposes_to_a_full_convolution_at_stride_1():
    # N58: a regular filter with other padding; np.convolve flips, as the transpose does
    vector, kernel = np.array([7.0, 11.0, 13.0, 17.0]), np.array([2.0, 3.0, 5.0])
    transpose = filter_matrix((6,), kernel).T
    np.testing.assert_array_equal(transpose @ vector, np.convolve(vector, kernel))


def test_has_five_values_in_each_of_nine_rows_for_the_plus_filter():
    # N43
    plus = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
    matrix = filter_matrix((7, 7), plus, stride=2)
    assert matrix.shape == (9, 49)
    assert np.count_nonzero(matrix) == 45
    assert (np.count_nonzero(matrix, axis=1) == 5).all()


def test_refuses_a_matrix_too_large_to_build():
    with pytest.raises(LimitError, match="entries"):
        filter_matrix((2000, 2000), np.ones((3, 3)))


def test_explains_axes_that_do_not_match():
    with pytest.raises(ShapeError, match="shape"):
        filter_matrix((6,), np.ones((3, 3)))
    with pytest.raises(ShapeError, match="takes 6 values"):
        contributions(np.ones((4, 6)), np.ones(5))


@settings(deadline=None, max_examples=60)
@given(filterings())
def test_is_found_by_asking_the_filter_about_one_pixel_at_a_time(setting):
    matrix = filter_matrix(setting.image.shape, setting.kernel, **setting.options)
    asked = matrix_of(lambda image: correlate(image, setting.kernel, **setting.options), setting.image.shape)
    np.testing.assert_array_equal(asked, matrix)


@settings(deadline=None, max_examples=60)
@given(filterings())
def test_names_the_weight_behind_every_entry(setting):
    which = which_weight(setting.image.shape, setting.kernel.shape, **setting.options)
    matrix = filter_matrix(setting.image.shape, setting.kernel, **setting.options)
    np.testing.assert_array_equal(np.where(which >= 0, setting.kernel.ravel()[which], 0), matrix)


def test_refuses_to_ask_about_too_many_pixels():
    with pytest.raises(LimitError, match="fewer pixels"):
        matrix_of(lambda image: image, (100, 100))
