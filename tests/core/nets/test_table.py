"""The text form: what is written is read back, and what cannot be read says where and what would fit."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, FormError, LimitError
from core.nets import table, zoo
from core.nets.layers import Activation, Conv, Dense, Layer, Network, Pool
from core.nets.table import parse, write
from tests.core.nets.networks import networks


@given(networks())
@settings(deadline=None, max_examples=80)
def test_reads_back_what_it_wrote(network: Network) -> None:
    assert parse(write(network)) == network


@pytest.mark.parametrize("name", zoo.names())
def test_reads_the_zoo_back(name: str) -> None:
    assert parse(write(zoo.network(name))) == zoo.network(name)


def test_reads_its_own_description() -> None:
    example = "\n".join(line.strip() for line in (table.__doc__ or "").split("\n\n")[1].splitlines())
    remarked = "\n".join(line.split("   ")[0] for line in example.splitlines())
    network = parse(remarked)
    assert network.name == "LeNet-5"
    assert [layer.name for layer in network.layers] == [
        "conv1", "tanh1", "pool1", "c3", "flatten1", "dense1", "dropout1", "norm1",
        "bn1", "pad1", "local1", "transposed1", "add1", "conv2", "conv3",
    ]  # fmt: skip


def test_takes_remarks_spaces_and_capitals_as_they_come() -> None:
    network = parse(
        "# a try\n\n  INPUT 1x8x8\n".replace("INPUT", "input") + "Conv 4 3x1 STRIDE 2 pad same # half\n RELU\n"
    )
    assert network.layers == (
        Layer("conv1", Conv(4, (3, 1), stride=(2, 2), padding=(1, 0))),
        Layer("relu1", Activation("relu")),
    )


def test_steps_a_pooling_as_far_as_it_is_wide() -> None:
    assert parse("input 1x8x8\nmaxpool 3").layers[0].operation == Pool("max", (3, 3), (3, 3))


def test_leaves_a_bias_out() -> None:
    assert parse("input 1x8x8\nflatten\ndense 3 no bias").layers[1].operation == Dense(3, bias=False)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("convolution 6 5", "no layer; there are conv", id="unknown layer"),
        pytest.param("conv", "needs its number of filters", id="no filters"),
        pytest.param("conv 6", "needs the side of its kernel", id="no kernel"),
        pytest.param("conv six 5", "'six'", id="filters in words"),
        pytest.param("conv 6 5 strid 2", "'strid' is no option of conv, which takes stride, pad", id="misspelt option"),
        pytest.param("conv 6 5 stride", "needs a value", id="no value"),
        pytest.param("conv 6 5 stride 2 stride 2", "stands twice", id="twice"),
        pytest.param("conv 6 4 pad same", "no middle", id="even same"),
        pytest.param("conv 6 0", "from 1", id="no window"),
        pytest.param("conv 0 3", "from 1", id="no filter"),
        pytest.param("conv 999999999 3", "goes up to", id="too many filters"),
        pytest.param("conv 6 99999", "goes from 1 to", id="too wide"),
        pytest.param("maxpool 2 pad 2", "half its window", id="pool sees padding alone"),
        pytest.param("maxpool 2 no bias", "no bias to leave out", id="pool without bias"),
        pytest.param("dense", "number of units", id="no units"),
        pytest.param("dropout 1.5", "share it silences", id="dropout above one"),
        pytest.param("relu 3", "takes nothing more", id="relu with a number"),
        pytest.param("2nd: relu", "is no name", id="name"),
        pytest.param("first: relu", "is taken", id="name taken"),
        pytest.param("first:", "names no layer", id="name alone"),
        pytest.param("input 3x3", "maps x height x width", id="input"),
        pytest.param("conv __import__('os') 3", "needs its number of filters", id="code"),
    ],
)
def test_names_the_line_and_what_would_fit(line: str, says: str) -> None:
    with pytest.raises(FormError, match=says) as raised:
        parse(f"input 3x32x32\nfirst: relu\n{line}\nrelu")
    assert raised.value.line == 3
    assert str(raised.value).startswith("line 3: ")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("text", "says"), [("", "needs its input"), ("relu", "needs its input"), ("input 1x2x3", "no layer yet")]
)
def test_asks_for_what_is_missing(text: str, says: str) -> None:
    with pytest.raises(FormError, match=says):
        parse(text)


@pytest.mark.parametrize("text", ["x" * 10_000_000, "input 1x8x8\n" + "relu\n" * 3000], ids=["letters", "layers"])
def test_refuses_what_nobody_would_write(text: str) -> None:
    with pytest.raises(LimitError):
        parse(text)


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_answers_any_text_with_a_network_or_a_core_error(text: str) -> None:
    with contextlib.suppress(CoreError):
        assert parse(f"input 3x8x8\n{text}").layers
