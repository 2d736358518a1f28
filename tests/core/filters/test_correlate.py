import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.filters.correlate import convolve, correlate, correlate_fast, flip, products, windows
from tests.core.filters.drawing import filterings, grids


def by_torch(setting):
    return torch.nn.functional.conv2d(
        torch.from_numpy(setting.image)[None, None],
        torch.from_numpy(setting.kernel)[None, None],
        stride=setting.stride,
        padding=setting.padding,
        dilation=setting.dilation,
    )[0, 0].numpy()


@settings(deadline=None)
@given(filterings())
def test_matches_torch(setting):
    np.testing.assert_array_equal(correlate(setting.image, setting.kernel, **setting.options), by_torch(setting))


@settings(deadline=None)
@given(filterings())
def test_has_a_fast_twin_and_products_that_add_up_to_it(setting):
    expected = correlate(setting.image, setting.kernel, **setting.options)
    np.testing.assert_array_equal(correlate_fast(setting.image, setting.kernel, **setting.options), expected)
    parts = products(setting.image, setting.kernel, **setting.options)
    assert parts.shape == expected.shape + setting.kernel.shape
    np.testing.assert_array_equal(parts.sum(axis=(2, 3)), expected)


@settings(deadline=None)
@given(filterings())
def test_reads_the_windows_that_unfold_reads(setting):
    seen = windows(setting.image, setting.kernel.shape, **setting.options)
    twin = torch.nn.functional.unfold(
        torch.from_numpy(setting.image)[None, None],
        setting.kernel.shape,
        dilation=setting.dilation,
        padding=setting.padding,
        stride=setting.stride,
    )[0]
    np.testing.assert_array_equal(seen.reshape(-1, setting.kernel.size).T, twin.numpy())


@settings(deadline=None)
@given(grids(6, 6), grids(3, 3), st.sampled_from(["valid", "full", "same"]))
def test_matches_scipy_with_and_without_the_flip(image, kernel, mode):
    padding = {"valid": 0, "same": 1, "full": 2}[mode]
    expected = scipy.signal.convolve2d(image, kernel, mode=mode)
    np.testing.assert_allclose(convolve(image, kernel, padding=padding), expected)
    expected = scipy.signal.correlate2d(image, kernel, mode=mode)
    np.testing.assert_allclose(correlate(image, kernel, padding=padding), expected)


@settings(deadline=None)
@given(filterings())
def test_flips_the_kernel_to_convolve(setting):
    twin = correlate(setting.image, np.rot90(setting.kernel, 2), **setting.options)
    np.testing.assert_array_equal(convolve(setting.image, setting.kernel, **setting.options), twin)
    np.testing.assert_array_equal(flip(flip(setting.kernel)), setting.kernel)


def test_flipping_makes_no_difference_for_a_symmetric_kernel_only():
    image = np.arange(36.0).reshape(6, 6) ** 2
    symmetric, other = np.array([[1.0, 2, 1], [2, 5, 2], [1, 2, 1]]), np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(convolve(image, symmetric), correlate(image, symmetric))
    assert not np.array_equal(convolve(image, other), correlate(image, other))


@settings(deadline=None)
@given(filterings(), st.integers(-3, 3), st.integers(-3, 3), st.randoms(use_true_random=False))
def test_is_linear_in_the_image_and_in_the_kernel(setting, a, b, random):
    def like(array):
        return np.array([float(random.randint(-9, 9)) for _ in range(array.size)]).reshape(array.shape)

    image, kernel, options = like(setting.image), like(setting.kernel), setting.options
    np.testing.assert_array_equal(
        correlate(a * setting.image + b * image, kernel, **options),
        a * correlate(setting.image, kernel, **options) + b * correlate(image, kernel, **options),
    )
    np.testing.assert_array_equal(
        correlate(image, a * setting.kernel + b * kernel, **options),
        a * correlate(image, setting.kernel, **options) + b * correlate(image, kernel, **options),
    )


@settings(deadline=None)
@given(grids(5, 5), grids(3, 3), st.integers(-2, 2), st.integers(-2, 2))
def test_shifts_its_output_with_its_input(image, kernel, down, right):
    room = np.pad(image, 4)  # so that a shift loses nothing over the edge
    shifted = np.roll(room, (down, right), axis=(0, 1))
    np.testing.assert_array_equal(
        correlate(shifted, kernel, padding=1), np.roll(correlate(room, kernel, padding=1), (down, right), axis=(0, 1))
    )


@settings(deadline=None)
@given(filterings())
def test_keeps_every_sth_value_at_stride_s(setting):
    options = {"padding": setting.padding, "dilation": setting.dilation}
    every = correlate(setting.image, setting.kernel, **options)
    np.testing.assert_array_equal(
        correlate(setting.image, setting.kernel, stride=setting.stride, **options),
        every[:: setting.stride[0], :: setting.stride[1]],
    )


@settings(deadline=None)
@given(filterings())
def test_is_dilated_by_zeros_inserted_into_the_kernel(setting):
    (dy, dx), (kh, kw) = setting.dilation, setting.kernel.shape
    spread = np.zeros((dy * (kh - 1) + 1, dx * (kw - 1) + 1))
    spread[::dy, ::dx] = setting.kernel
    np.testing.assert_array_equal(
        correlate(setting.image, setting.kernel, **setting.options),
        correlate(setting.image, spread, stride=setting.stride, padding=setting.padding),
    )


@settings(deadline=None)
@given(grids(4, 4), grids(2, 3))
def test_commutes_only_with_the_flip(image, kernel):
    full = {"padding": (kernel.shape[0] - 1, kernel.shape[1] - 1)}
    other = {"padding": (image.shape[0] - 1, image.shape[1] - 1)}
    np.testing.assert_array_equal(convolve(image, kernel, **full), convolve(kernel, image, **other))
    np.testing.assert_array_equal(correlate(image, kernel, **full), flip(correlate(kernel, image, **other)))


def test_reads_a_kernel_as_large_as_the_image_once():
    image = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(correlate(image, np.ones((2, 3))), [[15.0]])


def test_explains_a_volume_and_a_kernel_too_large():
    with pytest.raises(ShapeError, match=r"\(H, W\)"):
        correlate(np.zeros((3, 4, 4)), np.zeros((3, 3)))
    with pytest.raises(ShapeError, match="kernel side of at most 4"):
        correlate(np.zeros((4, 4)), np.zeros((5, 5)))


def test_refuses_a_flood_of_products_before_it_allocates():
    with pytest.raises(LimitError, match="products"):
        products(np.broadcast_to(0.0, (1500, 1500)), np.ones((9, 9)), padding=4)
