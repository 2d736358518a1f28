import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.filters.correlate import correlate
from core.filters.transposed import (
    bilinear,
    bilinear_kernel,
    coverage,
    overlaps,
    spread_out,
    transposed,
    transposed_by_insertion,
    transposed_shape,
    zero_insert,
)
from tests.core.filters.drawing import grids

TENT = np.array([[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]])
LECTURE_D = np.array([[4.0, 2, 4], [6, 4, 6], [2, 12, 2]])
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def growings(draw):
    image = draw(pairs.flatmap(lambda size: grids(*size)))
    kernel = draw(pairs.flatmap(lambda size: grids(*size)))
    stride, dilation = draw(pairs), draw(pairs)
    padding, extra = [], []
    for n, k, s, d in zip(image.shape, kernel.shape, stride, dilation, strict=True):
        more = draw(st.integers(0, max(s, d) - 1))
        full = (n - 1) * s + d * (k - 1) + 1 + more
        extra.append(more)
        padding.append(draw(st.integers(0, min(d * (k - 1), (full - 1) // 2))))
    options = {
        "stride": stride,
        "padding": tuple(padding),
        "output_padding": tuple(extra),
        "dilation": dilation,
    }
    return image, kernel, options


@settings(deadline=None)
@given(growings())
def test_matches_torch(drawn):
    image, kernel, options = drawn
    twin = torch.nn.functional.conv_transpose2d(
        torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None], **options
    )[0, 0].numpy()
    np.testing.assert_array_equal(transposed(image, kernel, **options), twin)
    assert transposed_shape(image, kernel, **options) == twin.shape


@settings(deadline=None)
@given(growings())
def test_is_a_convolution_over_inserted_zeros(drawn):
    # N53
    image, kernel, options = drawn
    np.testing.assert_array_equal(
        transposed_by_insertion(image, kernel, **options), transposed(image, kernel, **options)
    )


def test_interpolates_the_example_of_lecture_d():
    # N44, in both views
    expected = [[4, 3, 2, 3, 4], [5, 4, 3, 4, 5], [6, 5, 4, 5, 6], [4, 6, 8, 6, 4], [2, 7, 12, 7, 2]]
    np.testing.assert_array_equal(transposed(LECTURE_D, TENT, stride=2, padding=1), expected)
    np.testing.assert_array_equal(transposed_by_insertion(LECTURE_D, TENT, stride=2, padding=1), expected)


def test_inserts_the_zeros_of_lecture_d():
    # N45
    expected = [[4, 0, 2, 0, 4], [0] * 5, [6, 0, 4, 0, 6], [0] * 5, [2, 0, 12, 0, 2]]
    np.testing.assert_array_equal(zero_insert(LECTURE_D, 2), expected)
    np.testing.assert_array_equal(spread_out(LECTURE_D, (3, 3), stride=2, padding=1), np.pad(expected, 1))
    np.testing.assert_array_equal(correlate(zero_insert(LECTURE_D, 2), TENT, padding=1)[2, 2], 4)


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_interpolates_linearly_between_pixels(stride):
    sides = [2 * stride - 1] + ([2 * stride] if stride > 1 else [])
    ramp = np.outer(np.ones(5), 10.0 * np.arange(5.0))
    for side in sides:
        kernel = bilinear_kernel(side)
        inner = transposed(ramp, kernel, stride=stride)[side:-side, side:-side]
        np.testing.assert_allclose(np.diff(inner, axis=1), 10 / stride)
        np.testing.assert_allclose(np.diff(inner, axis=0), 0, atol=1e-12)


def test_has_the_bilinear_kernels_of_fcn_and_of_lecture_d():
    np.testing.assert_array_equal(bilinear_kernel(3), TENT)
    np.testing.assert_array_equal(bilinear_kernel(4)[0] * 4, [0.25, 0.75, 0.75, 0.25])
    np.testing.assert_array_equal(bilinear_kernel(1), [[1]])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, (4, 4), id="N49-stride-1"),
        pytest.param({"stride": 2}, (5, 5), id="N50-stride-2"),
        pytest.param({"stride": 2, "padding": 1}, (3, 3), id="N51-padding-1"),
        pytest.param({"stride": 2, "padding": 1, "output_padding": 1}, (4, 4), id="N51-output-padding"),
    ],
)
def test_grows_two_pixels_as_the_lectures_ask(options, expected):
    assert transposed(np.ones((2, 2)), TENT, **options).shape == expected


def test_is_not_an_inverse():
    image = np.arange(16.0).reshape(4, 4)
    back = transposed(correlate(image, TENT, stride=2, padding=1), TENT, stride=2, padding=1, output_padding=1)
    assert back.shape == image.shape
    assert not np.allclose(back, image)


def test_refuses_what_does_not_fit_with_a_reason():
    with pytest.raises(ShapeError, match="output_padding 2"):
        transposed(np.ones((2, 2)), TENT, stride=2, output_padding=2)
    with pytest.raises(ShapeError, match="at most 2"):
        spread_out(np.ones((9, 9)), (3, 3), padding=3)
    with pytest.raises(ShapeError, match="crops all"):
        transposed(np.ones((1, 1)), TENT, padding=2)
    with pytest.raises(LimitError):
        transposed(np.ones((100, 100)), TENT, stride=10**6)
    with pytest.raises(ShapeError, match="factor"):
        zero_insert(np.ones((2, 2)), 0)
    with pytest.raises(ShapeError, match="1 to 1001"):
        bilinear_kernel(0)
    with pytest.raises(ShapeError, match=r"\(H, W\)"):
        transposed(np.ones(3), TENT)


@pytest.mark.parametrize("factor", range(1, 6))
def test_interpolates_as_torch_does_away_from_the_border(factor):
    for seed in range(40):
        image = np.random.default_rng(seed).normal(size=(4 + seed % 3, 5)).astype(np.float32)
        twin = torch.nn.functional.interpolate(
            torch.from_numpy(image)[None, None], scale_factor=factor, mode="bilinear", align_corners=False
        )[0, 0]
        found = bilinear(image, factor)
        assert found.shape == twin.shape
        inner = slice(factor, -factor)
        np.testing.assert_allclose(found[inner, inner], twin[inner, inner], atol=1e-5)


@pytest.mark.parametrize("factor", range(1, 5))
def test_interpolates_as_torch_does_with_aligned_corners_everywhere(factor):
    # the way of lecture D: 3x3 becomes 5x5
    for seed in range(50):
        image = np.random.default_rng(seed).normal(size=(1 + seed % 4, 3)).astype(np.float32)
        size = tuple(factor * (side - 1) + 1 for side in image.shape)
        twin = torch.nn.functional.interpolate(
            torch.from_numpy(image)[None, None], size=size, mode="bilinear", align_corners=True
        )[0, 0]
        found = transposed(image, bilinear_kernel(2 * factor - 1), stride=factor, padding=factor - 1)
        np.testing.assert_allclose(found, twin, atol=1e-5)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 5))
def test_covers_the_inside_evenly_if_and_only_if_the_stride_divides_the_kernel(side, kernel, stride):
    counts = coverage((1, side + 4), (1, kernel), stride=(1, stride))[0]
    inside = counts[kernel : len(counts) - kernel]
    assert counts.sum() == (side + 4) * kernel
    expected = [overlaps(kernel, stride=stride)[place % stride] for place in range(kernel, len(counts) - kernel)]
    assert inside.tolist() == expected
    if len(inside) >= stride:
        assert (len(set(inside)) == 1) == (kernel % stride == 0)


def test_refuses_a_factor_of_nothing():
    with pytest.raises(ShapeError, match="factor"):
        bilinear(np.ones((2, 2)), 0)
    with pytest.raises(ShapeError, match="1 or more"):
        overlaps(3, stride=0)
