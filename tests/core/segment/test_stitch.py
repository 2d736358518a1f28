"""Shift and stitch: every window once, and the same as the net without strides and with dilated windows."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.errors import LimitError, ShapeError
from core.filters.correlate import correlate
from core.filters.pooling import max_pool
from core.models.registry import load
from core.models.window_net import canvas, prepared
from core.segment.dense import as_convolutions
from core.segment.heatmap import patch_by_patch, scores
from core.segment.stitch import dilated, shift_and_stitch, shifts, stitched


@pytest.mark.parametrize(("factor", "count"), [(2, 4), (4, 16), (8, 64), (16, 256), (32, 1024)], ids="N60-{}".format)
def test_needs_one_shift_per_row_and_column(factor, count):
    assert len(set(shifts(factor))) == count


@given(st.integers(6, 40), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_equals_dilated_filtering_in_one_dimension(length, seed):  # N59: pool 2, filter 3
    random = np.random.default_rng(seed)
    signal, kernel = random.normal(size=(1, length)), random.normal(size=(1, 3))
    net = lambda image: correlate(max_pool(image, (1, 2), stride=(1, 2)), kernel)  # noqa: E731
    full = shift_and_stitch(net, signal, (1, 2), window=(1, 6))
    dense = correlate(max_pool(signal, (1, 2), stride=1), kernel, dilation=2)
    assert full.shape == dense.shape == (1, length - 5)
    assert np.abs(full - dense).max() < 1e-12


@given(st.sampled_from([(1, 1), (2, 1), (2, 2), (3, 2), (1, 4)]), st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=15, deadline=None)
def test_equals_the_dilated_net_exactly(strides, more, wider):
    first, second = strides
    net = nn.Sequential(
        nn.Conv2d(1, 2, 3, stride=first), nn.ReLU(), nn.MaxPool2d(2, second), nn.Conv2d(2, 3, 2), nn.Conv2d(3, 2, 1)
    ).double()
    window = 3 + first + first * second
    image = np.random.default_rng(more).normal(size=(1, window + more, window + wider))

    def run(module, seen):
        with torch.no_grad():
            return module(torch.tensor(np.ascontiguousarray(seen))[None])[0].numpy()

    full = shift_and_stitch(lambda seen: run(net, seen), image, first * second, window=window)
    assert full.shape == (2, more + 1, wider + 1)
    assert np.abs(full - run(dilated(net), image)).max() < 1e-12


def test_is_the_answer_for_every_window_of_a_trained_net():
    module, image = load("digit_windows"), prepared(canvas("test", 2, side=37).image)
    sliding = as_convolutions(module, (1, 16, 16))
    full = shift_and_stitch(lambda seen: scores(sliding, seen), image, 4, window=16)
    assert full.shape == (11, 22, 22)
    assert np.abs(full - patch_by_patch(module, image, window=16, stride=1)).max() <= 2e-5
    assert np.abs(full - scores(dilated(sliding), image)).max() <= 2e-5


def test_leaves_open_what_was_not_run():
    image = np.arange(25.0).reshape(5, 5)
    some = shift_and_stitch(lambda seen: seen[::2, ::2], image, 2, window=1, first=1)
    assert np.isnan(some).sum() == 25 - 9
    assert (some[::2, ::2] == image[::2, ::2]).all()


def test_shares_its_weights_with_the_net_it_was_made_of():
    net = nn.Sequential(nn.Conv2d(1, 1, 3, stride=2), nn.ReLU())
    assert dilated(net)[0].weight is net[0].weight


def test_refuses_what_does_not_fit():
    with pytest.raises(LimitError, match="1024"):
        shifts(33)
    with pytest.raises(ShapeError, match="does not fit"):
        shift_and_stitch(lambda seen: seen, np.zeros((3, 3)), 2, window=4)
    with pytest.raises(ShapeError, match="has room for"):
        stitched({(0, 0): np.zeros((2, 2))}, (3, 5), 2)
    with pytest.raises(ShapeError, match="nothing to interleave"):
        stitched({}, (3, 5), 2)
    with pytest.raises(ShapeError, match="AvgPool2d"):
        dilated(nn.Sequential(nn.AvgPool2d(2)))
