import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ShapeError
from core.units.activations import CURVES
from core.units.backprop import Net, finite_difference, run
from core.units.terms import number, parameter, stages


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10_000), st.sampled_from(["tanh", "sigmoid", "linear"]), st.integers(1, 3), st.integers(1, 3))
def test_stages_name_every_derivative_once_and_finite_differences_confirm_it(seed, name, hidden, outputs):
    rng = np.random.default_rng(seed)
    layers = rng.normal(size=(hidden, 3)), rng.normal(size=(outputs, hidden + 1))
    net = Net(layers, (CURVES[name], CURVES["linear"]))
    x, target = rng.normal(size=2), rng.normal(size=outputs)
    found = run(net, x, target)
    lines = [line for stage in stages(net, found) for line in stage.lines if line.place]
    assert sorted(line.place for line in lines) == sorted(net.places())
    for line in lines:
        assert line.value == pytest.approx(finite_difference(net, line.place, x[None], target[None]), abs=1e-6)
        assert line.letters.startswith(f"dL/d{parameter(line.place, net.layers[line.place[0]].shape[1] - 1)} = ")
    (told,) = [stage for stage in stages(net, found) if stage.neuron is None]
    assert told.lines[0].value == found.loss


def test_writes_numbers_that_give_the_value_beside_them():
    net = Net((np.array([[0.5, -1.0, 0.25]]), np.array([[2.0, -0.5]])), (CURVES["tanh"], CURVES["linear"]))
    first = stages(net, run(net, np.array([1.0, 2.0]), np.array([0.0])))[0].lines[0]
    assert first.numbers == "0.5·1 + (-1)·2 + 0.25"
    assert first.value == -1.25


def test_refuses_a_net_it_has_no_letters_for():
    net = Net((np.ones((1, 2)),), (CURVES["tanh"],))
    with pytest.raises(ShapeError, match="one hidden layer"):
        stages(net, run(net, np.ones(1), np.ones(1)))


def test_rounds_for_a_reader():
    assert [number(value) for value in (1.0, -0.00001, 2.34567, -3.5)] == ["1", "0", "2.3457", "-3.5"]
