import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.units.normalise import local_response_norm, neighbours

MANY = settings(deadline=None, max_examples=200)


@st.composite
def volumes(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    shape = draw(st.integers(1, 9)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    return rng.normal(0, draw(st.sampled_from([0.1, 1.0, 50.0])), shape).astype(np.float32)


@MANY
@given(volumes(), st.integers(1, 12), st.sampled_from([1e-4, 0.1, 2.0]), st.sampled_from([0.5, 0.75, 2.0]))
def test_local_response_norm_equals_torch(volume, size, alpha, beta):
    for k in (1.0, 2.0):
        twin = torch.nn.LocalResponseNorm(size, alpha=alpha, beta=beta, k=k)(torch.from_numpy(volume)[None])[0]
        ours = local_response_norm(volume.astype(np.float64), size=size, alpha=alpha, beta=beta, k=k)
        np.testing.assert_allclose(ours, twin.numpy(), rtol=1e-5, atol=1e-5)


@MANY
@given(volumes(), st.integers(1, 12))
def test_never_raises_a_value_nor_turns_its_sign(volume, size):
    found = local_response_norm(volume.astype(np.float64), size=size, alpha=1.0)
    assert (abs(found) <= abs(volume) + 1e-12).all()
    assert (np.sign(found) == np.sign(volume)).all()


def test_sees_itself_and_half_its_size_on_each_side():
    assert all(each in span for each, span in enumerate(neighbours(9, 5)))
    assert [len(span) for span in neighbours(9, 5)] == [3, 4, 5, 5, 5, 5, 5, 4, 3]
    assert neighbours(3, 99) == [range(3)] * 3


def test_a_loud_neighbour_damps_a_map_and_a_far_one_does_not():
    quiet = np.ones((9, 1, 1))
    loud = quiet.copy()
    loud[4] = 100.0
    before, after = (local_response_norm(each, size=5, alpha=1.0) for each in (quiet, loud))
    changed = [place for place in range(9) if place != 4 and after[place] != before[place]]
    assert changed == [2, 3, 5, 6]
    assert all(after[place] < before[place] for place in changed)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        pytest.param(lambda: local_response_norm(np.ones((2, 2))), ShapeError, id="no volume"),
        pytest.param(lambda: local_response_norm(np.ones((2, 2, 2)), size=0), ShapeError, id="no neighbour"),
        pytest.param(lambda: local_response_norm(np.ones((2, 2, 2)), alpha=-1.0), CoreError, id="alpha"),
        pytest.param(lambda: local_response_norm(np.zeros((2, 2, 2)), k=0.0), CoreError, id="nothing"),
    ],
)
def test_refuses(call, error):
    with pytest.raises(error):
        call()
