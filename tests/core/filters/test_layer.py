"""A convolutional layer: depths, groups, and the products of one value. Against PyTorch: test_agreement.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ShapeError
from core.filters.correlate import correlate
from core.filters.layer import (
    common_divisors,
    conv_layer,
    grouped,
    made_of,
    stamped_by,
    transposed_layer,
    turned,
)


def numbers(seed, *shape):
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(float)


@pytest.mark.parametrize(
    ("maps", "filters", "kernel", "parameters"),
    [
        pytest.param(3, 2, 3, 56, id="N01-Q36"),
        pytest.param(3, 2, 5, 152, id="N02-Q22"),
        pytest.param(1, 2, 5, 52, id="N03"),
        pytest.param(6, 16, 5, 2416, id="N10"),
    ],
)
def test_takes_as_many_numbers_as_the_lectures_count(maps, filters, kernel, parameters):
    bank, biases = numbers(0, filters, maps, kernel, kernel), numbers(1, filters)
    assert bank.size + biases.size == parameters
    assert conv_layer(numbers(2, maps, 8, 8), bank, biases).shape == (filters, 9 - kernel, 9 - kernel)


def test_forces_the_depth_of_a_filter():
    with pytest.raises(ShapeError, match="each filter must be 3 deep, because it reads 3 of the 3 maps"):
        conv_layer(numbers(0, 3, 5, 5), numbers(1, 2, 2, 3, 3))
    with pytest.raises(ShapeError, match="must be 1 deep, because it reads 1 of the 3 maps"):
        conv_layer(numbers(0, 3, 5, 5), numbers(1, 3, 3, 3, 3), groups=3)


def test_refuses_groups_that_do_not_share_out_and_names_those_that_do():
    with pytest.raises(ShapeError, match="1, 2 would do"):
        conv_layer(numbers(0, 4, 5, 5), numbers(1, 6, 1, 3, 3), groups=4)
    with pytest.raises(ShapeError, match="filters of each of the 3 maps"):
        transposed_layer(numbers(0, 3, 5, 5), numbers(1, 2, 1, 3, 3))
    with pytest.raises(ShapeError, match="one bias for each"):
        conv_layer(numbers(0, 1, 5, 5), numbers(1, 2, 1, 3, 3), numbers(2, 3))
    with pytest.raises(ShapeError, match="four axes"):
        conv_layer(numbers(0, 5, 5), numbers(1, 2, 1, 3, 3))


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_is_one_filter_per_map_with_as_many_groups_as_maps(seed, maps):
    volume, bank = numbers(seed, maps, 5, 4), numbers(seed + 1, maps, 1, 3, 2)
    expected = [correlate(image, kernel[0]) for image, kernel in zip(volume, bank, strict=True)]
    np.testing.assert_array_equal(conv_layer(volume, bank, groups=maps), expected)


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_is_a_dense_filter_with_zeros_where_groups_do_not_look(seed):
    volume, bank = numbers(seed, 4, 5, 5), numbers(seed + 1, 6, 2, 3, 3)
    whole = np.zeros((6, 4, 3, 3))
    whole[:3, :2], whole[3:, 2:] = bank[:3], bank[3:]
    np.testing.assert_array_equal(conv_layer(volume, bank, groups=2), conv_layer(volume, whole))
    np.testing.assert_array_equal(grouped(whole, 2), bank)
    with pytest.raises(ShapeError, match="1, 2 would do"):
        grouped(whole, 3)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 2]))
def test_stamps_with_turned_filters_what_the_layer_reads(seed, groups):
    volume, bank = numbers(seed, 4, 3, 3), numbers(seed + 1, 2, 4 // groups, 1, 1)  # 1x1: both are a mix of maps
    np.testing.assert_array_equal(
        transposed_layer(volume, turned(bank, groups), groups=groups), conv_layer(volume, bank, groups=groups)
    )


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 2), st.integers(0, 1), st.integers(1, 2))
def test_is_turned_around_by_the_transposed_layer_with_the_same_filters(seed, groups, padding, stride):
    volume, bank = numbers(seed, 2, 5, 5), numbers(seed + 1, 4, 2 // groups, 3, 3)
    options = {"stride": stride, "padding": padding, "groups": groups}
    forward = conv_layer(volume, bank, **options)
    other = numbers(seed + 2, *forward.shape)
    extra = (5 + 2 * padding - 3) % stride
    back = transposed_layer(other, bank, **options, output_padding=extra)
    assert (forward * other).sum() == (volume * back).sum()  # <F x, y> = <x, F' y>


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 2), st.integers(1, 3))
def test_makes_a_value_of_the_products_it_names(seed, groups, stride):
    volume, bank = numbers(seed, 2, 6, 5), numbers(seed + 1, 2, 2 // groups, 3, 2)
    options = {"stride": stride, "padding": 1, "dilation": (1, 2), "groups": groups}
    out = conv_layer(volume, bank, **options)
    for place in np.ndindex(*out.shape):
        found = made_of(place, volume, bank, **options)
        assert sum(each.value * each.factor for each in found) == out[place]
        for each in found:
            assert (volume[each.pixel], bank[each.weight]) == (each.value, each.factor)
            assert each.pixel[0] // (2 // groups) == place[0] // (2 // groups)  # its own group only


def test_knows_no_value_outside_of_the_output():
    with pytest.raises(ShapeError, match=r"no value at \(2, 0, 0\)"):
        made_of((2, 0, 0), numbers(0, 1, 3, 3), numbers(1, 2, 1, 3, 3))
    with pytest.raises(ShapeError, match="no value"):
        stamped_by((0, 0, 9), numbers(0, 1, 3, 3), numbers(1, 1, 2, 3, 3))


def test_finds_the_groups_that_fit():
    assert common_divisors(6, 4) == (1, 2)
    assert common_divisors(3, 3) == (1, 3)
