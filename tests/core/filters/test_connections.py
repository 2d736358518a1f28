import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.filters.connections import KINDS, connect
from core.filters.correlate import correlate
from core.filters.matrix import filter_matrix
from core.nets.costs import parameters
from core.nets.layers import Conv, Dense, Local

rows = st.tuples(st.integers(1, 9), st.integers(1, 5), st.integers(0, 2)).filter(
    lambda row: row[0] + 2 * row[2] >= row[1]
)


@pytest.mark.parametrize(
    ("kind", "edges", "weights", "biases"),
    [
        pytest.param("dense", 25, 25, 5, id="N06-Q03-dense"),
        pytest.param("local", 13, 13, 5, id="N06-local"),
        pytest.param("shared", 13, 3, 1, id="N06-Q03-shared"),
    ],
)
def test_counts_the_five_neurons_of_lecture_a(kind, edges, weights, biases):
    found = connect(5, kind=kind, padding=1)
    assert (len(found.edges), found.weights, found.biases) == (edges, weights, biases)


@pytest.mark.parametrize("side", range(5, 9))
def test_counts_what_the_layers_of_a_network_count(side):
    for kind, operation in (("local", Local(1, (1, 3))), ("shared", Conv(1, (1, 3)))):
        assert connect(side, kind=kind).parameters == parameters(operation, (1, 1, side))[0]
    dense = connect(side, kind="dense")
    assert dense.parameters == parameters(Dense(dense.outputs), (side,))[0]


@settings(deadline=None, max_examples=200)
@given(rows, st.randoms(use_true_random=False))
def test_is_correlation_once_the_weights_are_shared(row, random):
    side, kernel, padding = row
    taps = np.array([float(random.randint(1, 9)) for _ in range(kernel)])
    found = connect(side, kind="shared", kernel=kernel, padding=padding)
    met = sorted({edge.source - edge.target + padding for edge in found.edges})
    matrix = found.matrix(taps[met])
    np.testing.assert_array_equal(matrix, filter_matrix((side,), taps, padding=padding))
    signal = np.array([[float(random.randint(-9, 9)) for _ in range(side)]])
    np.testing.assert_array_equal(matrix @ signal[0], correlate(signal, taps[None], padding=(0, padding))[0])


@settings(deadline=None)
@given(rows)
def test_forgets_connections_on_the_way_from_dense_to_local_and_weights_on_the_way_to_shared(row):
    side, kernel, padding = row
    dense, local, shared = (connect(side, kind=kind, kernel=kernel, padding=padding) for kind in KINDS)
    pairs = [{(edge.source, edge.target) for edge in each.edges} for each in (dense, local, shared)]
    assert len(pairs[0]) == side * dense.outputs == dense.weights
    assert pairs[2] == pairs[1] <= pairs[0]
    assert shared.weights <= min(kernel, local.weights)
    assert local.weights == len(local.edges)


def test_refuses_what_cannot_be_drawn_or_does_not_fit():
    with pytest.raises(LimitError, match="1 to 64"):
        connect(65, kind="dense")
    with pytest.raises(ShapeError, match="does not fit"):
        connect(2, kind="local", kernel=3)
    with pytest.raises(ShapeError, match="3 weights of its own, got 2"):
        connect(5, kind="shared").matrix([1.0, 2.0])
