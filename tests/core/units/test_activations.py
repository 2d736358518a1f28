import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.units.activations import (
    CURVES,
    curve,
    dead,
    dead_shares,
    leaky_relu,
    leaky_relu_slope,
    linear,
    relu,
    saturated_share,
    sigmoid,
    sigmoid_as_printed,
    softmax,
    softmax_slopes,
    tanh,
)

TWINS = {
    "ReLU": torch.relu,
    "leaky ReLU": lambda x: torch.nn.functional.leaky_relu(x, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "sigmoid as printed": lambda x: torch.sigmoid(2 * x),
    "linear": lambda x: x * 1.0,
}
EDGES = [0.0, -0.0, 1e-30, -1e-30, 88.0, -88.0, 1000.0, -1000.0]
DRAWN = np.concatenate([np.random.default_rng(0).normal(0, s, 100) for s in (0.01, 1, 10)] + [EDGES])  # 308 values
MANY = settings(deadline=None, max_examples=200)
FINITE = st.floats(-50, 50)


@pytest.mark.parametrize("name", CURVES)
def test_equals_torch_and_autograd(name):
    x = torch.tensor(DRAWN, dtype=torch.float32, requires_grad=True)
    twin = TWINS[name](x)
    (slope,) = torch.autograd.grad(twin.sum(), x)
    taken = x.detach().numpy().astype(np.float64)
    np.testing.assert_allclose(CURVES[name].value(taken), twin.detach().numpy(), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(CURVES[name].slope(taken), slope.numpy(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0])
def test_leaks_as_torch_does(slope):
    x = torch.tensor(DRAWN, dtype=torch.float32, requires_grad=True)
    twin = torch.nn.functional.leaky_relu(x, slope)
    (steepness,) = torch.autograd.grad(twin.sum(), x)
    taken = x.detach().numpy().astype(np.float64)
    np.testing.assert_allclose(leaky_relu(taken, slope=slope), twin.detach().numpy(), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(leaky_relu_slope(taken, slope=slope), steepness.numpy(), rtol=1e-5)


@MANY
@given(FINITE, st.sampled_from(list(CURVES)))
def test_has_the_slope_that_finite_differences_find(x, name):
    by, found = 1e-5, CURVES[name]
    if abs(x) < by and "ReLU" in name:
        return  # across the corner there are two slopes
    around = found.value(np.array([x + by, x - by]))
    assert found.slope(np.array([x]))[0] == pytest.approx((around[0] - around[1]) / (2 * by), abs=1e-6)


@MANY
@given(FINITE)
def test_keeps_the_laws_of_the_lecture(x):
    x = np.array(x)
    assert tanh(x) == pytest.approx(2 * sigmoid(2 * x) - 1, abs=1e-12)
    assert sigmoid_as_printed(x) == pytest.approx((tanh(x) + 1) / 2, abs=1e-12)
    assert sigmoid(-x) == pytest.approx(1 - sigmoid(x), abs=1e-12)
    assert relu(x) - relu(-x) == pytest.approx(linear(x), abs=1e-12)
    assert leaky_relu(x, slope=1.0) == linear(x)
    assert leaky_relu(x, slope=0.0) == relu(x)


def test_n32_tanh_as_printed():
    x = np.linspace(-5, 5, 2001)
    assert abs(tanh(x) - np.tanh(x)).max() < 5e-16


def test_n33_sigmoid_with_the_factor_of_two():
    x = np.linspace(-5, 5, 100_001)
    gap = abs(sigmoid_as_printed(x) - sigmoid(x))
    assert sigmoid(np.array(1.0)) == pytest.approx(0.7311, abs=5e-5)
    assert sigmoid_as_printed(np.array(1.0)) == pytest.approx(0.8808, abs=5e-5)
    assert gap.max() == pytest.approx(0.150, abs=5e-4)
    assert abs(x[gap.argmax()]) == pytest.approx(1.1, abs=0.05)


def test_n34_leaky_relu_of_minus_2():
    assert leaky_relu(np.array(-2.0)) == pytest.approx(-0.02)


SCORES = st.lists(st.floats(-800, 800), min_size=1, max_size=8).map(np.array)


@MANY
@given(SCORES, st.floats(0.1, 20))
def test_softmax_equals_torch(scores, temperature):
    x = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    twin = torch.softmax(x / temperature, dim=0)
    np.testing.assert_allclose(softmax(scores, temperature=temperature), twin.detach().numpy(), atol=1e-12)
    slopes = torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in twin])
    np.testing.assert_allclose(softmax_slopes(scores, temperature=temperature), slopes.numpy(), atol=1e-12)
    mild = scores / 100  # in float32 a score of 8000 is rounded to a thousandth
    single = torch.softmax(torch.tensor(mild, dtype=torch.float32) / temperature, dim=0)
    np.testing.assert_allclose(softmax(mild, temperature=temperature), single.numpy(), atol=1e-5)


@MANY
@given(SCORES, st.floats(-1000, 1000), st.floats(0.1, 20))
def test_softmax_sums_to_one_and_forgets_a_shift(scores, shift, temperature):
    shares = softmax(scores, temperature=temperature)
    assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(softmax(scores + shift, temperature=temperature), shares, atol=1e-9)
    np.testing.assert_allclose(softmax_slopes(scores, temperature=temperature).sum(axis=0), 0, atol=1e-12)


def test_softmax_of_two_classes_is_the_logistic_function():
    x = np.linspace(-9, 9, 37)
    np.testing.assert_allclose(softmax(np.stack([x, np.zeros(37)], axis=1))[:, 0], sigmoid(x))


def test_softmax_goes_from_one_winner_to_equal_shares():
    scores = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(softmax(scores, temperature=0.01), [0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(softmax(scores, temperature=1e6), 1 / 3, atol=1e-5)


def test_counts_units_that_no_input_moves():
    sums = np.random.default_rng(1).normal(size=(200, 40))
    least = -sums.max(axis=0)  # the bias that silences each unit
    for bias in (-10.0, -2.5, 0.0, 3.0):
        np.testing.assert_array_equal(dead(sums, CURVES["ReLU"], bias=bias), bias <= least)
        assert not dead(sums, CURVES["leaky ReLU"], bias=bias).any()
    shares = dead_shares(sums, CURVES["ReLU"], [0, -2, -2.5, -3, -9])
    assert (np.diff(shares) >= 0).all()
    assert (shares[0], shares[-1]) == (0, 1)


def test_gives_a_dead_unit_no_gradient():
    x = torch.randn(50, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    weights = torch.randn(9, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64, requires_grad=True)
    sums = x @ weights.T - 4.5
    (gradient,) = torch.autograd.grad((torch.relu(sums) ** 2 + torch.relu(sums)).sum(), weights)
    found = dead(sums.detach().numpy(), CURVES["ReLU"])
    assert 0 < found.sum() < 9
    np.testing.assert_array_equal((gradient == 0).all(dim=1).numpy(), found)


def test_measures_saturation():
    sums = np.random.default_rng(2).normal(size=1000)
    shares = [saturated_share(scale * sums, CURVES["tanh"]) for scale in (0.5, 1, 2, 5, 20)]
    assert shares == sorted(shares)
    assert shares[0] < 0.01
    assert shares[-1] > 0.8
    assert saturated_share(sums, CURVES["linear"]) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(lambda: softmax(np.zeros(3), temperature=0), "above 0", id="temperature 0"),
        pytest.param(lambda: softmax(np.zeros(3), temperature=float("nan")), "above 0", id="temperature nan"),
        pytest.param(lambda: softmax(np.zeros((2, 0))), "score for every class", id="no class"),
        pytest.param(lambda: softmax_slopes(np.zeros((2, 2))), "one vector", id="matrix"),
        pytest.param(lambda: leaky_relu(np.zeros(1), slope=1.5), "between 0", id="slope"),
        pytest.param(lambda: curve("swoosh"), "there is no activation 'swoosh'", id="name"),
        pytest.param(lambda: dead(np.zeros(3), CURVES["ReLU"]), r"\(N, units\)", id="one input"),
        pytest.param(lambda: dead(np.zeros((0, 3)), CURVES["ReLU"]), r"\(N, units\)", id="no input"),
        pytest.param(lambda: saturated_share(np.zeros(0), CURVES["tanh"]), "at least one", id="no value"),
    ],
)
def test_says_what_would_fit(call, says):
    with pytest.raises(CoreError, match=says):
        call()
    assert issubclass(ShapeError, CoreError)
