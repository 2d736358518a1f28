"""Dense layers as convolutions: equal on the training size, on arrays and on trained nets, and a map beyond it."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.errors import ShapeError
from core.filters.layer import conv_layer
from core.models.patch_net import PATCH_NET
from core.models.registry import load
from core.models.window_net import WINDOW_NET, many_windows
from core.nets.build import build
from core.nets.trace import trace
from core.nets.zoo import network
from core.segment.dense import (
    as_convolutions,
    convolutional,
    dense_to_conv,
    dense_to_conv_keras,
    keras_to_torch,
    run_through,
)

NETS = {"digit_windows": (1, 16, 16), "digits": (1, 8, 8), "placed": (1, 12, 12)}


@given(st.tuples(*[st.integers(1, 5)] * 3), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_is_the_dense_layer_on_its_own_volume(volume, units, seed):
    random = np.random.default_rng(seed)
    image, matrix, biases = (
        random.normal(size=volume),
        random.normal(size=(units, np.prod(volume))),
        random.normal(size=units),
    )
    slid = conv_layer(image, dense_to_conv(matrix, volume), biases)
    assert slid.shape == (units, 1, 1)
    assert np.abs(slid[:, 0, 0] - (matrix @ image.ravel() + biases)).max() < 1e-10


def test_slides_over_a_larger_volume_as_the_lecture_has_it():
    random = np.random.default_rng(0)
    matrix, image = random.normal(size=(3, 4000)), random.normal(size=(10, 24, 25))
    slid = conv_layer(image, dense_to_conv(matrix, (10, 20, 20)))
    assert slid.shape == (3, 5, 6)
    assert np.allclose(slid[:, 2, 4], matrix @ image[:, 2:22, 4:24].ravel(), atol=1e-9)


def test_keeps_the_order_of_keras_which_is_not_that_of_torch():
    random = np.random.default_rng(1)
    matrix, image = random.normal(size=(4 * 3 * 2, 5)), random.normal(size=(4, 3, 2))  # (h·w·C, L), (h, w, C)
    kernel = dense_to_conv_keras(matrix, (4, 3, 2))
    assert np.allclose(np.einsum("hwc,hwcl->l", image, kernel), image.ravel() @ matrix)
    torchs = keras_to_torch(kernel)
    assert torchs.shape == (5, 2, 4, 3)
    assert np.allclose(conv_layer(image.transpose(2, 0, 1), torchs)[:, 0, 0], image.ravel() @ matrix)
    scrambled = conv_layer(image.transpose(2, 0, 1), kernel.reshape(5, 2, 4, 3))[:, 0, 0]
    assert np.abs(scrambled - image.ravel() @ matrix).max() > 0.5


@pytest.mark.parametrize("name", NETS)
def test_gives_the_same_scores_on_the_training_size(name):
    module, shape = load(name), NETS[name]
    sliding = as_convolutions(module, shape)
    images = torch.rand(64, *shape, generator=torch.Generator().manual_seed(0))
    assert not any(isinstance(layer, nn.Linear | nn.Flatten) for layer in sliding)
    with torch.no_grad():
        once, again = module(images), sliding(images)
        assert again.shape == (64, once.shape[1], 1, 1)
        assert (once - again.flatten(1)).abs().max() <= 1e-5
        exact = deepcopy(module).double()
        slid = as_convolutions(exact, shape)(images.double()).flatten(1)
        assert (exact(images.double()) - slid).abs().max() < 1e-12


def test_names_the_windows_of_its_card():
    inputs, labels = many_windows("test", 10)
    sliding = as_convolutions(load("digit_windows"), (1, 16, 16))
    with torch.no_grad():
        assert (sliding(inputs).flatten(1).argmax(dim=1) == labels).double().mean() > 0.93


@pytest.mark.parametrize("name", ["vgg16", "alexnet", "lenet5"])
def test_writes_a_table_with_as_many_parameters(name):
    table = network(name)
    fully = trace(convolutional(table))
    assert fully.parameters == trace(table).parameters
    assert fully.macs == trace(table).macs
    assert fully.rows[-1].shape == (*trace(table).rows[-1].shape, 1, 1)


def test_has_a_first_kernel_as_large_as_the_volume_and_then_single_pixels():
    kernels = [row.operation.kernel for row in trace(convolutional(network("vgg16"))).rows if row.kind == "conv"]
    assert kernels[-3:] == [(7, 7), (1, 1), (1, 1)]


def test_builds_from_its_table_what_it_makes_of_the_module():
    table = trace(convolutional(WINDOW_NET), (1, 40, 52))
    sliding = as_convolutions(load("digit_windows"), (1, 16, 16))
    assert tuple(sliding(torch.zeros(1, 1, 40, 52)).shape[1:]) == table.rows[-1].shape
    assert [tuple(p.shape) for p in build(table).parameters()] == [tuple(p.shape) for p in sliding.parameters()]


def test_says_where_a_larger_image_stops():
    stops = run_through(load("digit_windows"), np.zeros((1, 20, 20), dtype=np.float32))
    assert [stop.layer for stop in stops[-2:]] == ["Flatten", "Linear"]
    assert "1x288 and 128x64" in stops[-1].error
    assert all(not stop.error for stop in run_through(load("digit_windows"), np.zeros((1, 16, 16), dtype=np.float32)))


def test_refuses_what_does_not_fit():
    with pytest.raises(ShapeError, match=r"\(L, 4000\), got \(256, 100\)"):
        dense_to_conv(np.zeros((256, 100)), (10, 20, 20))
    with pytest.raises(ShapeError, match=r"\(4000, L\), got \(256, 4000\)"):
        dense_to_conv_keras(np.zeros((256, 4000)), (20, 20, 10))
    with pytest.raises(ShapeError, match="Linear"):
        as_convolutions(nn.Linear(2, 2), (1, 1, 2))
    assert convolutional(PATCH_NET).layers == PATCH_NET.layers  # nothing to do
