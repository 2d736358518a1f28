from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, LimitError, ShapeError
from core.units.activations import CURVES
from core.units.backprop import (
    Net,
    agreement,
    answers,
    descended,
    finite_difference,
    gradient,
    loss,
    nudged,
    run,
    trained,
)
from core.units.neuron import Neuron, stepped

MANY = settings(deadline=None, max_examples=200)
TWINS = {
    "ReLU": torch.relu,
    "leaky ReLU": lambda x: torch.nn.functional.leaky_relu(x, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "sigmoid as printed": lambda x: torch.sigmoid(2 * x),
    "linear": lambda x: x,
}


@st.composite
def tasks(draw, *, smooth=False):
    """A net of one to four layers, any activation, and a set of samples that fits it."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    names = [name for name in CURVES if not smooth or "ReLU" not in name]
    used = draw(st.lists(st.sampled_from(names), min_size=len(sizes) - 1, max_size=len(sizes) - 1))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    layers = tuple(rng.normal(size=(above, below + 1)) for below, above in pairwise(sizes))
    samples = draw(st.integers(1, 4))
    net = Net(layers, tuple(CURVES[name] for name in used))
    return net, rng.normal(size=(samples, sizes[0])), rng.normal(size=(samples, sizes[-1]))


@MANY
@given(tasks())
def test_equals_autograd(task):
    net, x, targets = task
    layers = [torch.tensor(layer, requires_grad=True) for layer in net.layers]
    value = torch.tensor(x)
    for layer, curve in zip(layers, net.curves, strict=True):
        value = TWINS[curve.name](value @ layer[:, :-1].T + layer[:, -1])
    total = 0.5 * ((value - torch.tensor(targets)) ** 2).sum()
    np.testing.assert_allclose(answers(net, x), value.detach().numpy(), atol=1e-12)
    assert loss(net, x, targets) == pytest.approx(total.item())
    for ours, theirs in zip(gradient(net, x, targets), torch.autograd.grad(total, layers), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-9, atol=1e-9)


@MANY
@given(tasks(smooth=True))
def test_n175_rule_equals_finite_differences(task):
    net, x, targets = task
    found = gradient(net, x, targets)
    for place in net.places():
        number, unit, entry = place
        by_rule = found[number][unit, entry]
        assert by_rule == pytest.approx(finite_difference(net, place, x, targets), rel=1e-4, abs=1e-6), place


@MANY
@given(tasks())
def test_n192_full_gradient_is_the_sum_of_those_of_one_sample(task):
    net, x, targets = task
    singles = [run(net, *sample).gradient for sample in zip(x, targets, strict=True)]
    for number, whole in enumerate(gradient(net, x, targets)):
        np.testing.assert_allclose(sum(each[number] for each in singles), whole, rtol=1e-9, atol=1e-12)
    losses = [run(net, *sample).loss for sample in zip(x, targets, strict=True)]
    assert sum(losses) == pytest.approx(loss(net, x, targets))


@MANY
@given(tasks())
def test_follows_every_neuron_as_the_lecture_writes_it(task):
    net, x, targets = task
    found = run(net, x[0], targets[0])
    for number, (layer, curve) in enumerate(zip(net.layers, net.curves, strict=True)):
        taken = found.below(number)
        for unit, row in enumerate(layer):
            neuron = Neuron(row[:-1], row[-1], curve)
            assert neuron.sum(taken[:-1]) == pytest.approx(found.sums[number][unit])
            assert neuron.output(taken[:-1]) == pytest.approx(found.outputs[number][unit])
            if number + 1 < len(net.layers):  # a neuron below another layer
                onward = net.layers[number + 1][:, unit]
                weights = neuron.blame(taken[:-1], onward, found.blame[number + 1])
                np.testing.assert_allclose(weights, found.gradient[number][unit, :-1], rtol=1e-9, atol=1e-12)


@MANY
@given(tasks(smooth=True))
def test_a_short_step_lowers_the_loss(task):
    net, x, targets = task
    found = gradient(net, x, targets)
    steepness = sum((each**2).sum() for each in found)
    if steepness < 1e-6:
        return
    before, mu = loss(net, x, targets), 1e-6
    after = loss(descended(net, found, mu), x, targets)
    assert after - before == pytest.approx(-mu * steepness, rel=0.05, abs=1e-13)


def xor():
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array([[0.0], [1.0], [1.0], [0.0]])


def test_learns_xor_which_no_single_layer_can():
    x, targets = xor()
    rng = np.random.default_rng(3)
    deep = Net((rng.normal(size=(4, 3)), rng.normal(size=(1, 5))), (CURVES["tanh"], CURVES["linear"]))
    flat = Net((rng.normal(size=(1, 3)),), (CURVES["linear"],))
    seen = []
    deep = trained(
        deep, x, targets, mu=0.5, steps=500, seen=lambda done, now: seen.append((done, loss(now, x, targets)))
    )
    assert loss(deep, x, targets) < 0.01
    assert [done for done, _ in seen] == list(range(1, 501))
    assert seen[-1][1] == loss(deep, x, targets)
    assert loss(trained(flat, x, targets, mu=0.5, steps=500), x, targets) == pytest.approx(0.5, abs=1e-6)


def test_compares_directions():
    x, targets = xor()
    rng = np.random.default_rng(4)
    net = Net((rng.normal(size=(3, 3)), rng.normal(size=(1, 4))), (CURVES["tanh"], CURVES["linear"]))
    whole = gradient(net, x, targets)
    assert agreement(whole, whole) == pytest.approx(1)
    assert agreement(whole, [-3 * layer for layer in whole]) == pytest.approx(-1)
    assert agreement(whole, [0 * layer for layer in whole]) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(
            lambda: Net((np.ones((2, 3)), np.ones((1, 2))), (CURVES["tanh"],) * 2), "layer 2 needs 2", id="net"
        ),
        pytest.param(lambda: Net((np.ones((2, 3)),), ()), "one activation", id="curves"),
        pytest.param(
            lambda: run(Net((np.ones((1, 3)),), (CURVES["tanh"],)), np.ones(3), np.ones(1)), "takes 2", id="x"
        ),
        pytest.param(lambda: Neuron(np.ones(2), 0.0, CURVES["tanh"]).sum(np.ones(3)), "weights for", id="neuron"),
        pytest.param(
            lambda: Neuron(np.ones(2), 0.0, CURVES["tanh"]).blame(np.ones(2), np.ones(2), np.ones(3)),
            "one derivative",
            id="blame",
        ),
        pytest.param(lambda: stepped(np.ones(2), np.ones(3), 0.1), "one derivative", id="step"),
    ],
)
def test_names_the_sizes_that_do_not_fit(call, says):
    with pytest.raises(ShapeError, match=says):
        call()


def test_refuses_to_climb_and_to_go_on_for_ever():
    with pytest.raises(CoreError, match="climb"):
        stepped(np.ones(2), np.ones(2), -0.1)
    net = Net((np.ones((1, 3)),), (CURVES["tanh"],))
    with pytest.raises(LimitError, match="10,000 steps"):
        trained(net, np.ones((1, 2)), np.ones((1, 1)), mu=0.1, steps=10_001)
    assert nudged(net, (0, 0, 2), 1.0).layers[0][0, 2] == 2
    assert net.layers[0][0, 2] == 1  # the net itself stays as it was
