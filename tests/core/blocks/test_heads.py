"""Heads against PyTorch: pooling and its matrices, what a network takes, and training that can be repeated."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blocks.heads import (
    HEADS,
    Examples,
    average_matrix,
    flatten_matrix,
    global_average,
    global_max,
    head,
    maximum_matrix,
    must_take,
    strong_pixel,
    train_head,
    wide_blob,
)
from core.errors import ShapeError
from core.nets.build import build
from core.nets.layers import Dense, Flatten, GlobalPool, Network, numbered
from core.nets.trace import trace
from core.nets.zoo import network, without_top

SIDES = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 6))


def volume(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


@given(SIDES, st.integers(0, 10**6))
@settings(max_examples=200)
def test_pools_like_torch(shape, seed):
    import torch
    from torch.nn.functional import adaptive_avg_pool2d, adaptive_max_pool2d

    given_ = volume(shape, seed)
    theirs = torch.from_numpy(given_)
    np.testing.assert_allclose(global_average(given_), adaptive_avg_pool2d(theirs, 1).flatten(), atol=1e-12)
    np.testing.assert_allclose(global_max(given_), adaptive_max_pool2d(theirs, 1).flatten())


@given(SIDES, st.integers(0, 10**6))
@settings(max_examples=200)
def test_equals_its_matrix_times_the_unrolled_volume(shape, seed):
    given_ = volume(shape, seed)
    unrolled = given_.ravel()
    np.testing.assert_allclose(average_matrix(*shape) @ unrolled, global_average(given_), atol=1e-12)
    np.testing.assert_allclose(maximum_matrix(given_) @ unrolled, global_max(given_))
    np.testing.assert_array_equal(flatten_matrix(*shape) @ unrolled, unrolled)


@given(SIDES, st.integers(0, 10**6))
def test_has_the_gradient_of_torch_in_its_rows(shape, seed):
    import torch

    given_ = volume(shape, seed)
    for pooled, matrix in (("mean", average_matrix(*shape)), ("amax", maximum_matrix(given_))):
        values = torch.from_numpy(given_).requires_grad_()
        answer = getattr(values, pooled)(dim=(1, 2))
        for place in range(shape[0]):
            (gradient,) = torch.autograd.grad(answer[place], values, retain_graph=True)
            np.testing.assert_allclose(matrix[place], gradient.flatten().numpy())


def test_is_block_diagonal_and_constant_N125():
    matrix = average_matrix(3, 7, 7)
    assert matrix.shape == (3, 147)
    for row in range(3):
        block = np.zeros(147)
        block[49 * row : 49 * (row + 1)] = 1 / 49
        np.testing.assert_array_equal(matrix[row], block)


@given(st.integers(1, 9), st.data())
def test_prefers_the_wide_blob_on_average_and_the_pixel_at_most(side, data):
    width = data.draw(st.integers(1, side))
    pixel, blob = strong_pixel(side, 10.0)[None], wide_blob(side, width, 1.0)[None]
    assert global_max(pixel) == 10
    assert global_max(blob) == 1
    assert global_average(blob) == pytest.approx(width**2 / side**2)
    assert (global_average(blob) > global_average(pixel)).item() == (width**2 > 10)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        pytest.param("dense", 800 * 64 + 64 + 64 * 10 + 10, id="dense"),
        pytest.param("dense, dropout", 800 * 64 + 64 + 64 * 10 + 10, id="dropout"),
        pytest.param("average", 32 * 64 + 64 + 64 * 10 + 10, id="average"),
        pytest.param("maximum", 32 * 64 + 64 + 64 * 10 + 10, id="maximum"),
    ],
)
def test_counts_the_parameters_of_a_head(kind, parameters):
    import torch

    traced = trace(head(kind, (32, 5, 5)))
    module = build(traced)
    assert traced.parameters == parameters == sum(weights.numel() for weights in module.parameters())
    assert module(torch.zeros(2, 32, 5, 5)).shape == (2, 10)


@pytest.mark.parametrize("side", [160, 192, 224, 256, 320])
@pytest.mark.parametrize("top", ["dense", "average"])
def test_takes_an_image_exactly_when_torch_does(side, top):
    import torch

    trunk = without_top(network("vgg13"))
    ends = {"dense": (Flatten(), Dense(10)), "average": (GlobalPool("average"), Dense(10))}
    drawn = trace(Network("vgg13", trunk.input, (*trunk.layers, *numbered(*ends[top]))))
    module = build(drawn, device="meta")
    pixels = torch.zeros(1, 3, side, side, device="meta")
    try:
        theirs = tuple(module(pixels).shape[1:])
    except RuntimeError:
        theirs = None
    if theirs is None:
        with pytest.raises(ShapeError, match="has weights for 25,088 values and gets"):
            must_take(drawn, (3, side, side))
    else:
        assert must_take(drawn, (3, side, side)).rows[-1].shape == theirs
    assert (theirs is not None) == (top == "average" or side == 224)


def examples(images, seed):
    """Two classes that differ in the mean of a map."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, images)
    return Examples(random.normal(size=(images, 3, 4, 4)) + 2 * labels[:, None, None, None], labels)


@pytest.mark.parametrize("kind", HEADS)
def test_learns_what_can_be_learned_and_the_same_every_time(kind):
    import torch

    before = torch.get_rng_state()
    curves = [list(train_head(kind, examples(80, 1), examples(60, 2), epochs=12, seed=5)) for _ in range(2)]
    assert curves[0] == curves[1]
    assert [epoch.number for epoch in curves[0]] == list(range(1, 13))
    assert curves[0][-1].training < 0.05
    assert curves[0][-1].held_out < 0.15
    assert torch.equal(torch.get_rng_state(), before)
    assert curves[0] != list(train_head(kind, examples(80, 1), examples(60, 2), epochs=12, seed=6))


def test_stops_when_nobody_asks_on():
    running = train_head("average", examples(40, 1), examples(20, 2), epochs=10**9)
    assert [epoch.number for epoch in islice(running, 2)] == [1, 2]


@pytest.mark.parametrize("pooling", [global_average, global_max, maximum_matrix])
@pytest.mark.parametrize("wrong", [np.zeros((3, 3)), np.zeros((2, 0, 3))], ids=["one map", "no pixel"])
def test_refuses_what_is_no_volume(pooling, wrong):
    with pytest.raises(ShapeError, match=r"volume \(C, H, W\)"):
        pooling(wrong)


@pytest.mark.parametrize("width", [0, 6])
def test_refuses_a_blob_that_does_not_fit(width):
    with pytest.raises(ShapeError, match="1 to 5 pixels wide"):
        wide_blob(5, width, 1.0)


def test_shows_one_pixel_and_a_square():
    assert (strong_pixel(7, 4.0) != 0).sum() == 1
    assert strong_pixel(1, 4.0).item() == 4
    assert (wide_blob(7, 4, 0.5) == 0.5).sum() == 16
