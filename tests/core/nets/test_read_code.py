"""Pasted code: read as PyTorch and Keras would build it, refused by its line where it is not, and never run."""

import ast
import contextlib
import inspect
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, FormError, LimitError
from core.nets.build import code
from core.nets.layers import BatchNorm, Conv, Dense, GlobalPool, Layer, Local, Network, Pad, Pool
from core.nets.pasted import keras as code_keras
from core.nets.pasted import literals as code_literals
from core.nets.pasted import pytorch as code_torch
from core.nets.pasted import read as read_code_module
from core.nets.pasted import readers as code_readers
from core.nets.pasted.read import MOST_LETTERS, is_code, read, read_code
from core.nets.trace import trace
from core.nets.zoo import network
from tests.core.nets.networks import networks

FEW = settings(deadline=None, max_examples=60)

LENET_TORCH = """
import torch
from torch import nn

model = nn.Sequential(
    nn.Conv2d(1, 6, kernel_size=5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2, stride=2),
    nn.Flatten(),
    nn.Linear(16 * 5 * 5, 120), nn.ReLU(inplace=True),
    nn.Linear(120, 84), nn.ReLU(True),
    nn.Linear(84, 10), nn.Softmax(dim=1),
)
print(model(torch.zeros(1, 1, 32, 32)).shape)
"""
LENET_KERAS = """
from keras import layers
model = keras.Sequential()
model.add(layers.Conv2D(6, kernel_size=(5, 5), activation="tanh", input_shape=(32, 32, 1)))
model.add(layers.AveragePooling2D())
model.add(layers.Conv2D(16, (5, 5), activation="tanh"))
model.add(layers.AveragePooling2D(pool_size=(2, 2), strides=2))
model.add(layers.Flatten())
model.add(layers.Dense(120, activation="relu"))
model.add(layers.Dense(84, activation="relu", kernel_initializer="he_normal"))
model.add(layers.Dense(10, activation="softmax", name="out"))
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.summary()
"""
MINIMAL = """
model = Sequential([
    Conv2D(64, 3, activation="relu", input_shape=(28, 28, 1)),
    MaxPooling2D(),
    Flatten(),
    Dense(10, activation="softmax"),
])
"""


def bare(network: Network) -> list:
    return [layer.operation for layer in network.layers]


@pytest.mark.parametrize("text", [LENET_TORCH, LENET_KERAS], ids=["torch", "keras"])
def test_reads_lenet5_as_the_zoo_has_it(text: str) -> None:
    found = read(text)
    assert bare(found) == bare(network("lenet5"))
    assert found.input == (1, 32, 32)
    assert trace(found).parameters == 61_706  # N18


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        pytest.param(MINIMAL, 108_810, id="N30-minimal-cnn-as-coded"),
        pytest.param(MINIMAL.replace("    MaxPooling2D(),\n", ""), 433_290, id="N29-minimal-cnn"),
        pytest.param(
            "m = Sequential([Dense(84, input_shape=(1024,), activation='relu'), Dense(10)])",
            86_950,
            id="N23-perceptron",
        ),
        pytest.param(
            "Sequential([Flatten(input_shape=(32, 32, 1)), Dense(84), Dense(10)])", 86_950, id="N23-flattened"
        ),
        pytest.param(
            "m = Sequential([Input(shape=(224, 224, 3)), Conv2D(64, 3, padding='same')])", 1792, id="N79-block1"
        ),
        pytest.param("Sequential([Input((9, 9, 4)), SeparableConv2D(8, 3)])", 4 * 9 + 4 * 8 + 8, id="separable"),
        pytest.param("Sequential([Input((9, 9, 4)), DepthwiseConv2D(3)])", 4 * 9 + 4, id="depthwise"),
        pytest.param("Sequential([Input((9, 9, 4)), BatchNormalization(scale=False)])", 4, id="no-scale"),
        pytest.param(
            "Sequential([Input((8, 8, 4)), Conv2DTranspose(2, 4, 2, 'same')])", 4 * 16 * 2 + 2, id="transposed"
        ),
        pytest.param("m = Sequential([Dense(3, input_dim=5)])", 18, id="input-dim"),
    ],
)
def test_counts_as_keras_does(text: str, parameters: int) -> None:
    assert trace(read_code(text)).parameters == parameters


@given(networks())
@FEW
def test_reads_back_what_is_exported(network: Network) -> None:
    if any(isinstance(layer.operation, Local) for layer in network.layers):
        return
    traced = trace(network)
    found = trace(read_code(code(traced)))
    assert found.input == traced.input
    assert (found.parameters, found.macs, found.rows[-1].shape) == (
        traced.parameters,
        traced.macs,
        traced.rows[-1].shape,
    )
    assert bare(found.network) == bare(network)


@pytest.mark.parametrize("name", ["minimal-cnn", "alexnet", "alexnet-2014", "vgg16", "nin", "mobilenet", "plain34"])
def test_reads_the_exported_zoo_back(name: str) -> None:
    assert bare(read(code(trace(network(name))))) == bare(network(name))


LAYERS = st.sampled_from(
    [
        "nn.Conv2d({c}, 8, 3, padding='same')",
        "nn.Conv2d({c}, 6, (3, 1), stride=2, padding=(1, 0), bias=False)",
        "nn.Conv2d({c}, {c}, 3, 1, 1, groups={c})",
        "nn.ConvTranspose2d({c}, 4, 4, 2, 1)",
        "nn.MaxPool2d(3, 2, 1)",
        "nn.MaxPool2d(2, ceil_mode=True)",
        "nn.AvgPool2d(3, 1, padding=1, count_include_pad=False)",
        "nn.BatchNorm2d({c})",
        "nn.LeakyReLU(0.01)",
        "nn.Dropout2d(0.2)",
        "nn.Identity()",
        "nn.ZeroPad2d((1, 2, 0, 1))",
        "nn.Sequential(nn.ReLU6(), nn.SiLU())",
    ]
)


@given(st.lists(LAYERS, min_size=1, max_size=6), st.integers(7, 20), st.integers(7, 20))
@FEW
def test_equals_what_torch_makes_of_the_same_code(parts: list[str], high: int, wide: int) -> None:
    import torch
    from torch import nn

    lines, maps = [], 3
    for part in parts:
        lines.append(part.format(c=maps))
        made = eval(lines[-1], {"nn": nn})  # our own text, and only in this test
        maps = getattr(made, "out_channels", maps)
    lines.append("nn.Tanh()")
    text = f"model = nn.Sequential({', '.join(lines)})\nx = torch.zeros(1, 3, {high}, {wide})"
    module = eval(text.partition("\n")[0].removeprefix("model = "), {"nn": nn}).eval()
    try:
        traced = trace(read_code(text))
    except CoreError:
        with pytest.raises(RuntimeError):
            module(torch.zeros(1, 3, high, wide))
        return
    assert tuple(module(torch.zeros(1, 3, high, wide)).shape[1:]) == traced.rows[-1].shape
    assert sum(weights.numel() for weights in module.parameters()) == traced.parameters


@pytest.mark.parametrize(
    ("side", "kernel", "stride"), [(224, 3, 2), (225, 3, 2), (7, 5, 3), (8, 2, 2), (9, 1, 2), (5, 7, 1)]
)
def test_keeps_the_sides_that_keras_calls_same(side: int, kernel: int, stride: int) -> None:
    for layer in (f"Conv2D(4, {kernel}, {stride}, 'same')", f"MaxPooling2D({kernel}, {stride}, padding='same')"):
        rows = trace(read_code(f"Sequential([Input(({side}, {side}, 3)), {layer}])")).rows
        assert rows[-1].shape[1:] == (-(-side // stride),) * 2


def test_pads_below_and_right_where_keras_does() -> None:
    found = read_code("Sequential([Input((224, 224, 3)), Conv2D(32, 3, strides=2, padding='same')])")
    assert bare(found) == [Pad((0, 1), (0, 1)), Conv(32, (3, 3), (2, 2))]


def test_leaves_padding_out_of_a_mean_as_keras_does() -> None:
    found = read_code("Sequential([Input((9, 9, 3)), AveragePooling2D(3, 1, padding='same')])")
    assert bare(found) == [Pool("average", (3, 3), (1, 1), (1, 1), inside=True)]


def test_joins_parts_that_have_names() -> None:
    text = """
features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
head = nn.Sequential(
    OrderedDict([("pool", nn.AdaptiveAvgPool2d((1, 1))), ("flat", nn.Flatten()), ("fc", nn.Linear(8, 2))])
)
net = torch.nn.Sequential(features, head)
net.eval()
# input 3x16x16
"""
    assert [type(each) for each in bare(read_code(text))][-2:] == [GlobalPool, Dense]
    assert BatchNorm() in bare(read_code(text))


def test_shares_the_weights_of_a_layer_placed_twice() -> None:
    text = "c = nn.Conv2d(4, 4, 3, padding=1)\nm = nn.Sequential(c, nn.ReLU(), c)\nx = torch.randn(2, 4, 8, 8)"
    found = read_code(text)
    assert found.layers[2] == Layer("conv2", Conv(4, (3, 3), padding=(1, 1)), shares="conv1")
    assert trace(found).parameters == 4 * 4 * 9 + 4


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("nn.Conv2d(5, 6, 3),", "in_channels=5, but 3 maps come in", id="maps"),
        pytest.param("nn.Flatten(), nn.Linear(99, 10),", "in_features=99, but 192 values come in", id="values"),
        pytest.param("nn.Linear(192, 10),", "dense takes a vector", id="dense-on-a-volume"),
        pytest.param("nn.Conv2d(3, 6, 9),", "does not fit", id="window"),
        pytest.param("nn.Conv3d(3, 6, 3),", "did you mean Conv2d", id="unknown"),
        pytest.param("nn.LSTM(3, 6),", "is no layer that is read here", id="other"),
        pytest.param("nn.Conv2d(3, 6),", "needs kernel_size", id="missing"),
        pytest.param("nn.Conv2d(3, 6, n),", "whole number written out", id="name"),
        pytest.param("nn.Conv2d(3, 6, 3.0),", "whole number written out", id="float"),
        pytest.param("nn.Conv2d(3, 6, -3),", "whole number written out", id="negative"),
        pytest.param("nn.Conv2d(3, 6, True),", "whole number written out", id="bool"),
        pytest.param("nn.Conv2d(3, 6, 0),", "from 1 to", id="zero"),
        pytest.param("nn.Conv2d(3, 6, 10**9),", "whole number written out", id="power"),
        pytest.param("nn.Conv2d(3, 999999999, 3),", "goes from 1 to", id="huge"),
        pytest.param("nn.Conv2d(3, 99999 * 99999 * 99999, 3),", "whole number", id="huge-product"),
        pytest.param("nn.Conv2d(3, 6 // 0, 3),", "divided by 0", id="division"),
        pytest.param("nn.Conv2d(3, 6, (3, 3, 3)),", "one number or a pair", id="three"),
        pytest.param("nn.Conv2d(3, 6, 3, colour=1),", "'colour' is not read here", id="option"),
        pytest.param("nn.Conv2d(3, 6, 3, out_channels=6),", "stands twice", id="twice"),
        pytest.param("nn.Conv2d(*sizes),", "a star", id="star"),
        pytest.param("nn.Conv2d(**sizes),", "two stars", id="stars"),
        pytest.param("nn.Conv2d(3, 6, 3, bias=os.remove('x')),", "True or False", id="call-in-a-flag"),
        pytest.param("nn.Conv2d(3, 6, __import__('os').system('true')),", "whole number written out", id="call"),
        pytest.param("os.system('true'),", "is no layer", id="system"),
        pytest.param("os.Conv2d(3, 6, 3),", "is no layer", id="chain"),
        pytest.param("().__class__.__bases__[0],", "no layer", id="attributes"),
        pytest.param("nn.Conv2d.__init__(3, 6, 3),", "no layer", id="dunder"),
        pytest.param("(lambda: 1)(),", "no layer", id="lambda"),
        pytest.param("[nn.ReLU() for _ in range(9)],", "no layer", id="comprehension"),
        pytest.param("nn.MaxPool2d(2, padding=2),", "at most half", id="pool-padding"),
        pytest.param("nn.Dropout(1.5),", "from 0 to 1", id="dropout"),
        pytest.param("Dense(3, activation='elu'),", "dense takes|activation is one of", id="activation"),
        pytest.param("Conv2D(3, 3, activation='elu'),", "activation is one of", id="keras-activation"),
        pytest.param("Conv2D(3, 3, padding='full'),", "'same' or 'valid'", id="keras-padding"),
        pytest.param("Conv2D(3, 3, data_format='channels_first'),", "channels_last", id="keras-order"),
        pytest.param("nothing,", "'nothing' stands for no layer", id="unknown-name"),
    ],
)
def test_names_the_line_and_what_would_fit(line: str, says: str) -> None:
    with pytest.raises(FormError, match=says) as raised:
        read_code(f"# input 3x8x8\nmodel = nn.Sequential(\n    nn.ReLU(),\n    {line}\n)")
    assert raised.value.line == 4
    assert len(str(raised.value)) < 350


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("class Net(nn.Module):\n    pass", "line 1: a class decides", id="class"),
        pytest.param("import torch\nfor n in range(3):\n    model.add(Dense(n))", "line 2: a loop", id="loop"),
        pytest.param("def f():\n    return 1\nf()", "line 1: a function", id="function"),
        pytest.param(
            "x = Input(shape=(8, 8, 3))\ny = Conv2D(3, 3)(x)", "line 2: a layer that is called", id="functional"
        ),
        pytest.param("nn.Sequential(nn.Conv2d(3, 4, 3))", "how large its image is", id="no-image"),
        pytest.param("import torch", "no layer in this code", id="nothing"),
        pytest.param("Sequential([Input((8, 8, 3))])", "no layer in this code", id="input-alone"),
        pytest.param("model = nn.Sequential(", "not Python", id="syntax"),
        pytest.param("model = nn.Sequential(\x00)", "not Python", id="null"),
        pytest.param("model.add(Dense(3))", "no layer that is read|stands for no layer", id="add-to-nothing"),
        pytest.param("a = b = nn.Sequential()", "no layer", id="two-targets"),
        pytest.param("exec('import os')", "is no layer", id="exec"),
        pytest.param("Sequential([Dense(3, input_shape=(1, 2, 3, 4))])", "height, width, maps", id="four-sides"),
    ],
)
def test_refuses_what_is_not_a_row_of_layers(text: str, says: str) -> None:
    with pytest.raises(FormError, match=says):
        read_code(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 10_000_000, id="letters"),
        pytest.param(f"nn.Sequential({'(' * 5000}1{')' * 5000})", id="brackets"),
        pytest.param(
            "a = nn.ReLU()\n" + "\n".join(f"a = nn.Sequential({'a, ' * 20})" for _ in range(9)), id="doubling"
        ),
        pytest.param("nn.Conv2d(3, " + "-" * 9000 + "1, 3)", id="signs"),
        pytest.param("nn.Conv2d(3, " + "1+" * 9000 + "1, 3)", id="sum"),
        pytest.param("a" + ".b" * 9000 + "()", id="chain"),
        pytest.param("nn.Conv2d(3, " + "9" * 15_000 + ", 3)", id="digits"),
        pytest.param("nn.Conv2d(3, 'x'" + " 'x'" * 4000 + ", 3)", id="words"),
        pytest.param("nn.ReLU()" + "()" * 9000, id="calls"),
        pytest.param("x[" * 30 + "0" + "]" * 30 + "()", id="subscripts"),
    ],
)
def test_answers_hostile_text_at_once(text: str) -> None:
    with pytest.raises(CoreError) as raised:
        read_code(text)
    assert isinstance(raised.value, FormError | LimitError)
    assert len(str(raised.value)) < 350


@pytest.mark.parametrize(
    "place",
    [
        "{}",
        "x = {}",
        "m = nn.Sequential({})",
        "m = nn.Sequential(nn.Linear({}, 3))",
        "m = Sequential([Dense(3, input_shape={})])",
        "m = Sequential([Dense(3, name={}, input_dim=2)])",
        "m = nn.Sequential(nn.ReLU())\nm.add({})",
        "print({})\nm = Sequential([Dense(3, input_dim=2)])",
        "f'{{{}}}'",
    ],
)
def test_runs_nothing_of_what_is_pasted(place: str, tmp_path: Path) -> None:
    trace_of_it = tmp_path / "it-ran"
    with contextlib.suppress(CoreError):
        read_code(place.format(f"open({str(trace_of_it)!r}, 'w').write('x')"))
    assert not trace_of_it.exists()


@pytest.mark.parametrize("module", [read_code_module, code_literals, code_readers, code_torch, code_keras])
def test_has_no_way_to_run_anything(module: ModuleType) -> None:
    called = {node.id for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Name)}
    assert not called & {"eval", "exec", "compile", "getattr", "globals", "__import__", "literal_eval"}


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=300)
def test_answers_any_text_with_a_network_or_a_core_error(text: str) -> None:
    for pasted in (text, f"# input 3x8x8\nm = nn.Sequential({text})", f"model = Sequential()\nmodel.add({text})"):
        with contextlib.suppress(CoreError):
            assert read_code(pasted).layers


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("input 3x8x8\nconv 4 3", False),
        ("name A (b)\nINPUT 3x8x8\nconv 4 3  # nn.Conv2d(3, 4, 3)", False),
        ("conv 4 3\nrelu", False),
        ("", False),
        ("# input 3x8x8\nnn.Sequential(nn.ReLU())", True),
        ("import torch", True),
        ("model.add(Dense(3))", True),
    ],
)
def test_tells_a_table_from_code(text: str, meant: bool) -> None:
    assert is_code(text) is meant


def test_keeps_code_as_short_as_a_page_of_it() -> None:
    line = "nn.ReLU(),\n"
    fits = f"# input 3x8x8\nnn.Sequential(\n{line * 1000})"
    assert len(fits) < MOST_LETTERS
    assert len(read_code(fits).layers) == 1000
