"""Both languages say the same network: Keras' text is read back, PyTorch's is run."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
import torch

from core.data.digits import training_digits
from core.errors import CoreError, ShapeError
from core.learning.workflow import keras_layer, keras_shape, scoring, script, steps, torch_layer
from core.nets.build import build
from core.nets.layers import Activation, Network
from core.nets.pasted.read import read, read_code
from core.nets.trace import trace
from core.nets.zoo import network

CODE = """model = Sequential()
model.add(Conv2D(8, 3, activation="relu", padding="same", input_shape=(8, 8, 1)))
model.add(MaxPooling2D(2))
model.add(Flatten())
model.add(Dense(32, activation="relu"))
model.add(Dropout(0.1))
model.add(Dense(10, activation="softmax"))"""
SAID = {"method": "SGD with momentum", "rate": 0.1, "epochs": 4, "batch": 32}


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "mlp", "nin"])
def test_writes_keras_that_is_read_as_the_same_network(name: str) -> None:
    traced = trace(network(name))
    again = trace(read_code(steps(traced, **SAID)[0].keras))
    assert [row.shape for row in again.rows] == [row.shape for row in traced.rows]
    assert again.parameters == traced.parameters


def test_reads_back_every_layer_it_writes() -> None:
    traced = trace(read(CODE))
    again = trace(read_code(steps(traced, **SAID)[0].keras))
    assert [row.operation for row in again.rows] == [row.operation for row in traced.rows]


def test_writes_pytorch_that_learns_digits() -> None:
    """The whole script runs as it stands, given the arrays that a visitor has."""
    digits = training_digits()
    images, labels = torch.tensor(digits.images, dtype=torch.float32)[:, None], torch.tensor(digits.labels)
    given = {"x_train": images[:600], "y_train": labels[:600], "x_val": images[600:900], "y_val": labels[600:900]}
    space = {**given, "x_test": images[900:1000]}
    said = io.StringIO()
    with torch.random.fork_rng(devices=[]), redirect_stdout(said):
        torch.manual_seed(0)
        exec(script(steps(trace(read(CODE)), **SAID), "torch"), space)  # our own text
    assert "epoch 4:" in said.getvalue()
    assert (space["labels"] == labels[900:1000]).float().mean() > 0.85
    np.testing.assert_allclose(space["probabilities"].sum(dim=1).numpy(), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "mlp", "nin"])
def test_writes_layers_that_are_the_modules(name: str) -> None:
    traced = trace(network(name))
    built = build(traced, device="meta")
    with torch.device("meta"):
        own = torch.nn.Sequential(*(each for row in traced.rows for each in _made(torch_layer(row))))
    assert repr(own) == repr(built)


def _made(text: str) -> tuple[torch.nn.Module, ...]:
    """The modules that a text of ours stands for."""
    found = eval(text, {"nn": torch.nn})  # our own text
    return found if isinstance(found, tuple) else (found,)


def test_leaves_the_softmax_to_the_loss_and_only_it() -> None:
    whole = trace(read(CODE))
    assert not any(row.operation == Activation("softmax") for row in scoring(whole).rows)
    without = trace(read(CODE.replace(', activation="softmax"', "")))
    assert scoring(without) is without
    assert "from_logits=True" in steps(without, **SAID)[1].keras
    assert "from_logits" not in steps(whole, **SAID)[1].keras


def test_turns_shapes_as_keras_prints_them() -> None:
    assert keras_shape((16, 5, 7)) == "(None, 5, 7, 16)"


def test_refuses_what_it_cannot_say() -> None:
    with pytest.raises(ShapeError, match="this network branches"):
        steps(trace(network("resnet18")), **SAID)
    lenet = network("lenet5")
    with pytest.raises(ShapeError, match="ends with a vector"):
        steps(trace(Network("top", lenet.input, lenet.layers[:3])), **SAID)
    with pytest.raises(CoreError, match="rate above 0"):
        steps(trace(lenet), **{**SAID, "rate": 0.0})
    with pytest.raises(CoreError, match="ZeroPadding2D of its own"):
        keras_layer(trace(read("nn.Conv2d(1, 4, 3, padding=2)\n# input 1x8x8")).rows[0])
