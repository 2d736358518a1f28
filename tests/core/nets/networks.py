"""Drawing small networks at random, for laws and twins."""

from hypothesis import reject
from hypothesis import strategies as st

from core.errors import ShapeError
from core.nets.layers import (
    Activation,
    Add,
    BatchNorm,
    Concat,
    Conv,
    Crop,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Local,
    LocalNorm,
    Mean,
    Network,
    Pad,
    Pool,
    Scale,
    Transposed,
    numbered,
)
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


@st.composite
def graphs(draw) -> Network:
    """Networks whose rows branch and join: residuals, piles, crops, upsamplings, shared weights."""
    maps = 2 * draw(sides)
    image = (maps, draw(st.integers(6, 16)), draw(st.integers(6, 16)))
    layers, top = [Layer("stem", Conv(4, (3, 3), padding=(1, 1)))], "stem"
    moves = ["residual", "pile", "mean", "cropped", "up", "local", "shared", "norm", "excite", "down", "padded", "part"]
    for number, move in enumerate(draw(st.lists(st.sampled_from(moves), min_size=1, max_size=4)), 1):

        def name(what: str, number: int = number) -> str:
            return f"{what}{number}"

        same, filters = Conv(4, (3, 3), padding=(1, 1)), 4
        match move:
            case "residual":
                layers += [Layer(name("a"), same), Layer(name("sum"), Add(), of=(name("a"), top))]
                top = name("sum")
            case "mean":
                layers += [
                    Layer(name("a"), same, of=(top,)),
                    Layer(name("b"), Conv(4, (1, 1)), of=(top,)),
                    Layer(name("mean"), Mean(), of=(name("a"), name("b"))),
                ]
                top = name("mean")
            case "pile":
                layers += [
                    Layer(name("a"), Conv(3, (5, 5), padding=(2, 2), bias=draw(st.booleans()))),
                    Layer(name("b"), Pool("average", (3, 3), (1, 1), (1, 1)), of=(top,)),
                    Layer(name("pile"), Concat(), of=(name("a"), name("b"))),
                    Layer(name("mix"), Conv(filters, (1, 1))),
                ]
                top = name("mix")
            case "cropped":
                layers += [
                    Layer(name("valid"), Conv(4, (3, 3))),
                    Layer(name("crop"), Crop(draw(st.sampled_from([None, 0, 2]))), of=(top, name("valid"))),
                    Layer(name("sum"), Add(), of=(name("crop"), name("valid"))),
                ]
                top = name("sum")
            case "up":
                kernel, padding = draw(st.sampled_from([(2, 0), (4, 1), (3, 1), (3, 0)]))
                layers.append(Layer(name("up"), Transposed(4, (kernel, kernel), (2, 2), (padding, padding))))
                top = name("up")
            case "local":
                layers.append(Layer(name("local"), Local(4, (2, 3), draw(pairs), draw(st.booleans()))))
                top = name("local")
            case "shared":
                layers += [Layer(name("a"), same), Layer(name("again"), same, shares=name("a"))]
                top = name("again")
            case "norm":
                layers.append(Layer(name("norm"), BatchNorm(draw(st.sampled_from([1e-5, 1e-3])), draw(st.booleans()))))
                top = name("norm")
            case "excite":
                layers += [
                    Layer(name("squeeze"), GlobalPool("average")),
                    Layer(name("dense"), Dense(4)),
                    Layer(name("scale"), Scale(), of=(top, name("dense"))),
                ]
                top = name("scale")
            case "down":
                padding = draw(st.sampled_from([(0, 0), (1, 1)]))
                ceil, inside = draw(st.booleans()), draw(st.booleans())
                layers.append(Layer(name("pool"), Pool("average", (2, 2), (2, 2), padding, ceil, inside)))
                top = name("pool")
            case "padded":
                uneven = st.tuples(st.integers(0, 2), st.integers(0, 2))
                layers += [
                    Layer(name("pad"), Pad(draw(uneven), draw(uneven), draw(uneven))),
                    Layer(name("slim"), Conv(4, (1, 1))),
                ]
                top = name("slim")
            case "part":
                layers += [
                    Layer(name("a"), same),
                    Layer(name("sum"), Add(draw(st.sampled_from([0.1, 0.25, 2.0]))), of=(top, name("a"))),
                ]
                top = name("sum")
    network = Network("drawn graph", image, tuple(layers))
    try:
        trace(network)
    except ShapeError:
        reject()
    return network
