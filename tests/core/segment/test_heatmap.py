"""Heat maps: what the sliding net says is what it says of every window cut out, unless it pads."""

from math import gcd

import numpy as np
import pytest
import torch

from core.errors import LimitError, ShapeError
from core.models.patch_net import PATCH_NET
from core.models.registry import load
from core.models.window_net import WINDOW_NET, canvas, prepared
from core.nets.receptive import Field
from core.nets.trace import trace
from core.nets.zoo import network
from core.segment.dense import as_convolutions, convolutional
from core.segment.heatmap import patch_by_patch, positions, probabilities, scores
from core.segment.windows import cost, sliding_field


@pytest.mark.parametrize(("number", "side"), [(0, 64), (1, 53)])
def test_equals_the_classifier_window_by_window(number, side):
    module, image = load("digit_windows"), prepared(canvas("test", number, side=side).image)
    slid = scores(as_convolutions(module, (1, 16, 16)), image)
    cut = patch_by_patch(module, image, window=16, stride=4)
    assert slid.shape == cut.shape == (11, *[(side - 16) // 4 + 1] * 2)
    assert np.abs(slid - cut).max() <= 1e-5


def test_equals_it_for_the_counter_of_sea_lions_too():
    image = np.random.default_rng(0).uniform(-1, 1, size=(3, 40, 31)).astype(np.float32)
    module = load("patches")
    assert np.abs(scores(module, image) - patch_by_patch(module, image, window=24, stride=2)).max() <= 1e-5


@pytest.mark.parametrize(("name", "shape"), [("digits", (1, 8, 8)), ("placed", (1, 12, 12))])
def test_does_not_where_the_net_pads(name, shape):
    module, image = load(name), canvas("test", 0).image[None]
    slid = scores(as_convolutions(module, shape), image)
    cut = patch_by_patch(module, image, window=shape[1], stride=4)
    assert slid.shape == cut.shape
    assert np.abs(slid - cut).max() > 1
    assert (slid.argmax(axis=0) != cut.argmax(axis=0)).mean() > 0.1


def test_equals_it_again_where_the_window_lies_in_zeros_alone():
    module = load("digits")
    image = np.zeros((1, 24, 24), dtype=np.float32)
    image[0, 9:15, 9:15] = np.random.default_rng(0).random((6, 6))  # in the window at (2, 2), one pixel off its rim
    slid = scores(as_convolutions(module, (1, 8, 8)), image)[:, 2, 2]
    # Biases make zeros into something else behind the first layer, so even then the second padding is off.
    cut = patch_by_patch(module, image, window=8, stride=4)[:, 2, 2]
    assert 0 < np.abs(slid - cut).max() < np.abs(slid).max()


def test_probabilities_add_up():
    drawn = np.random.default_rng(0).normal(size=(4, 3, 2)) * 50
    assert np.allclose(probabilities(drawn), torch.tensor(drawn).softmax(dim=0).numpy())


@pytest.mark.parametrize("stride", [1, 2, 3, 4, 8])
def test_counts_what_the_layers_multiply(stride):
    found = cost(WINDOW_NET, (40, 52), stride=stride)
    assert found.answers == len(positions(40, 16, stride)) * len(positions(52, 16, stride))
    assert found.patches == found.answers * cost(WINDOW_NET, (16, 16), stride=stride).patches
    assert found.passes == {1: 16, 2: 4, 3: 16, 4: 1, 8: 1}[stride]
    assert cost(WINDOW_NET, (16, 16), stride=4).ratio == 1


@pytest.mark.parametrize(("name", "sides", "stride"), [("alexnet", (240, 300), 8), ("vgg16", (240, 250), 4)])
def test_counts_what_a_trace_of_every_shifted_picture_adds_up_to(name, sides, stride):
    table = convolutional(network(name))
    least, jump = network(name).input[1], sliding_field(network(name)).jump
    shifts = range(0, min(jump, *(side - least + 1 for side in sides)), gcd(jump, stride))
    passes = (trace(table, (3, sides[0] - down, sides[1] - across)).macs for down in shifts for across in shifts)
    assert cost(network(name), sides, stride=stride).convolutions == sum(passes)


def test_counts_the_sea_lions_and_a_large_net():
    assert 21 < cost(PATCH_NET, (256, 256), stride=2).ratio < 22
    assert sliding_field(PATCH_NET) == Field(24, 2, 0)
    large = cost(network("vgg16"), (512, 512), stride=32)
    assert (large.answers, large.passes) == (100, 1)
    assert large.ratio > 10


def test_refuses_what_does_not_fit():
    with pytest.raises(ShapeError, match="does not fit"):
        positions(10, 16, 4)
    with pytest.raises(LimitError, match="larger stride"):
        patch_by_patch(load("digit_windows"), np.zeros((1, 400, 400), dtype=np.float32), window=16, stride=1)
    with pytest.raises(ShapeError, match="one image"):
        scores(load("digit_windows"), np.zeros((16, 16), dtype=np.float32))
