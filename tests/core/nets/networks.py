"""Drawing small networks at random, for laws and twins."""

from hypothesis import reject
from hypothesis import strategies as st

from core.errors import ShapeError
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, GlobalPool, LocalNorm, Network, Pool, numbered
from core.nets.trace import trace

sides = st.integers(1, 3)
pairs = st.tuples(sides, sides)
activations = st.sampled_from(["relu", "tanh", "sigmoid"]).map(Activation)


@st.composite
def convolutions(draw) -> Conv:
    groups = draw(st.sampled_from([1, 1, 2]))
    return Conv(
        filters=groups * draw(st.integers(1, 3)) * 2,
        kernel=draw(pairs),
        stride=draw(pairs),
        padding=draw(st.tuples(st.integers(0, 2), st.integers(0, 2))),
        dilation=draw(pairs),
        groups=groups,
        bias=draw(st.booleans()),
    )


@st.composite
def poolings(draw) -> Pool:
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = draw(st.tuples(st.integers(0, kernel[0] // 2), st.integers(0, kernel[1] // 2)))
    return Pool(draw(st.sampled_from(["max", "average"])), kernel, draw(pairs), padding)


@st.composite
def networks(draw) -> Network:
    """Volumes first, then perhaps vectors; only networks that fit their input."""
    volumes = st.one_of(convolutions(), poolings(), activations, st.just(LocalNorm(3)))
    operations = draw(st.lists(volumes, min_size=1, max_size=5))
    if draw(st.booleans()):
        operations.append(draw(st.sampled_from([Flatten(), GlobalPool("max"), GlobalPool("average")])))
        dense = st.builds(Dense, st.integers(1, 9), bias=st.booleans())
        operations += draw(st.lists(st.one_of(dense, activations, st.just(Dropout(0.5))), max_size=3))
    network = Network(
        "drawn", (2 * draw(sides), draw(st.integers(6, 24)), draw(st.integers(6, 24))), numbered(*operations)
    )
    try:
        trace(network)
    except ShapeError:
        reject()
    return network
