"""A forward pass and its single values in numpy, against the PyTorch module of the same table."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.nets.build import build, modules
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, GlobalPool, LocalNorm, Network, Pool, numbered
from core.nets.trace import trace
from core.nets.zoo import network
from core.types import pair
from core.units.cell import cell, unit
from core.units.collapse import collapse, nonlinear
from core.units.forward import forward, step

FEW = settings(deadline=None, max_examples=200)
SMOOTH = ("relu", "leaky", "tanh", "sigmoid")


@st.composite
def chains(draw, *, linear=False):
    """A chain on a small image that it fits, and a seed for its weights."""
    maps, first = draw(st.integers(1, 4)), draw(st.integers(4, 9))
    layers, depth, side = [], maps, first
    for kind in draw(st.lists(st.sampled_from(["conv", "pool", "curve", "norm"]), min_size=1, max_size=5)):
        if kind == "conv":
            groups, padding, dilation = (
                draw(st.sampled_from([1, depth])),
                draw(st.integers(0, 2)),
                draw(st.integers(1, 2)),
            )
            kernel, stride = draw(st.integers(1, 3)), draw(st.integers(1, 3))
            room = side + 2 * padding - dilation * (kernel - 1) - 1
            if room < 0:
                continue
            depth, side = groups * draw(st.integers(1, 3)), room // stride + 1
            layers.append(Conv(depth, pair(kernel), pair(stride), pair(padding), pair(dilation), groups))
        elif kind == "pool" and side >= 2:
            how = "average" if linear else draw(st.sampled_from(["max", "average"]))
            layers.append(Pool(how, (2, 2), (2, 2)))
            side //= 2
        elif kind == "curve" and not linear:
            layers.append(Activation(draw(st.sampled_from(SMOOTH))))
        elif kind == "norm" and not linear:
            layers.append(LocalNorm(draw(st.integers(1, 5))))
    if linear:
        layers += [Flatten(), Dense(3)]
    else:
        layers += [draw(st.sampled_from([Flatten(), GlobalPool("max"), GlobalPool("average")]))]
        layers += [Dense(3), Dropout(0.5), Activation("softmax")]
    return trace(Network("drawn", (maps, first, first), numbered(*layers))), draw(st.integers(0, 10_000))


def prepared(traced, seed):
    """The module with weights from `seed`, and the same weights for numpy."""
    module, generator = build(traced).eval(), torch.Generator().manual_seed(seed)
    for values in module.parameters():
        values.data = torch.randn(values.shape, generator=generator)
    owners = [row.name for row in traced.rows if row.parameters]
    values = [each.detach().double().numpy() for each in module.parameters()]
    weights = {name: (values[2 * place], values[2 * place + 1]) for place, name in enumerate(owners)}
    image = torch.randn(1, *traced.input, generator=generator)
    return module, weights, image


@FEW
@given(chains())
def test_forward_equals_torch_volume_by_volume(drawn):
    traced, seed = drawn
    module, weights, image = prepared(traced, seed)
    ours, theirs = forward(traced, weights, image[0].double().numpy()), iter(module)
    assert [volume.shape for volume in ours] == [row.shape for row in traced.rows]
    for row, volume in zip(traced.rows, ours, strict=True):
        for _ in modules(row):  # a global pooling is two
            image = next(theirs)(image)
        np.testing.assert_allclose(volume, image[0].detach().numpy(), rtol=1e-4, atol=1e-5)


@FEW
@given(chains(), st.integers(0, 10**6))
def test_cell_equals_the_value_of_the_volume(drawn, pick):
    traced, seed = drawn
    _, weights, image = prepared(traced, seed)
    volumes = [image[0].double().numpy(), *forward(traced, weights, image[0].double().numpy())]
    for row, taken, made in zip(traced.rows, volumes, volumes[1:], strict=False):
        place = np.unravel_index(pick % made.size, made.shape)
        if isinstance(row.operation, Conv | Pool) or (row.kind == "relu" and made.ndim == 3):
            found = cell(row, weights, taken, tuple(map(int, place)))
            assert found.value == pytest.approx(made[place], abs=1e-9)
            if isinstance(row.operation, Conv):
                assert found.products.sum() + found.bias == pytest.approx(found.value)
                assert found.window.shape == found.kernel.shape
        if isinstance(row.operation, Dense):
            assert unit(row, weights, taken, int(place[0])).value == pytest.approx(made[place])


@settings(deadline=None, max_examples=12)
@given(chains(linear=True))
def test_collapse_gives_one_matrix_with_the_same_answers(drawn):
    traced, seed = drawn
    module, weights, image = prepared(traced, seed)
    matrix, bias = collapse(traced, weights)
    assert matrix.shape == (3, int(np.prod(traced.input)))
    theirs = module(image)[0].detach().numpy()
    np.testing.assert_allclose(matrix @ image[0].double().numpy().ravel() + bias, theirs, rtol=1e-4, atol=1e-4)


def test_collapse_refuses_what_is_not_linear():
    with_relu = trace(network("minimal-cnn"))
    assert nonlinear(with_relu) == ["relu1", "softmax1"]
    with pytest.raises(ShapeError, match="relu1, softmax1 cannot be written as a matrix"):
        collapse(with_relu, {})
    huge = trace(Network("huge", (1, 100, 100), numbered(Flatten(), Dense(2))))
    with pytest.raises(LimitError, match="10,000 columns"):
        collapse(huge, {})


def test_one_relu_is_enough_to_escape_every_matrix():
    """Superposition fails: what the net answers to a sum is not the sum of its answers."""
    bent = trace(Network("bent", (1, 4, 4), numbered(Conv(3, (3, 3)), Activation("relu"), Flatten(), Dense(2))))
    _, weights, image = prepared(bent, 0)
    one, other = image[0].double().numpy(), np.random.default_rng(0).normal(size=(1, 4, 4))
    black = forward(bent, weights, np.zeros((1, 4, 4)))[-1]
    together = forward(bent, weights, one + other)[-1] - black
    apart = sum(forward(bent, weights, each)[-1] - black for each in (one, other))
    assert abs(together - apart).max() > 0.1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(lambda net, image: forward(net, {}, image), "conv1 has no weights", id="no weights"),
        pytest.param(lambda net, image: forward(net, {}, image[:, 1:]), "was drawn for an image", id="image"),
        pytest.param(lambda net, image: cell(net.rows[0], {}, image, (6, 0, 0)), "no value at", id="place"),
        pytest.param(lambda net, image: cell(net.rows[1], {}, image, (0, 0, 0)), "not worked out", id="tanh"),
        pytest.param(lambda net, image: unit(net.rows[0], {}, image, 0), "no unit", id="unit"),
    ],
)
def test_says_what_is_missing(call, says):
    with pytest.raises(ShapeError, match=says):
        call(trace(network("lenet5")), np.zeros((1, 32, 32)))


def test_step_takes_one_row():
    row = trace(network("lenet5")).rows[1]
    np.testing.assert_allclose(step(row, None, np.full((6, 28, 28), 9.0)), 1.0, atol=1e-6)
