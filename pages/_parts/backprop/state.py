"""The state of the backpropagation lab: weights and samples as text in the address, steps that can be taken back."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.errors import ShapeError
from core.filters.grids import read_words, values
from core.types import Floats
from core.units.activations import CURVES
from core.units.backprop import Net, descended, gradient, loss
from core.units.terms import parameter

HIDDEN, OUTPUTS = "0.9 1.7 -1.7; -1 -0.9 2.1", "-0.7 0.5 0.4; -0.6 0.4 -1.1"
SAMPLES = "0 0 0 0; 0 1 1 0; 1 0 1 0; 1 1 0 1"
TEXTS = ("hidden", "outputs", "samples")
UNDOS = 200


@dataclass(frozen=True)
class Example:
    """A start: weights of both layers, samples, and the activation of the hidden neurons."""

    hidden: str
    outputs: str
    samples: str
    curve: str
    note: str


EXAMPLES = {
    "XOR and AND with tanh": Example(
        HIDDEN,
        OUTPUTS,
        SAMPLES,
        "tanh",
        "The target of y1 is XOR of the inputs, that of y2 is AND. With mu = 0.3 it takes some hundred steps.",
    ),
    "A dead ReLU": Example(
        "0.8 0.6 0.1; -0.5 -0.9 -0.2",
        OUTPUTS,
        SAMPLES,
        "ReLU",
        "The sum of h2 is negative for every sample, so nothing that leads to it ever learns.",
    ),
    "A saturated sigmoid": Example(
        "9 9 4; -8 9 6", OUTPUTS, SAMPLES, "sigmoid", "The sums are far from 0: f' is almost 0, and so is the gradient."
    ),
    "No activation": Example(HIDDEN, OUTPUTS, SAMPLES, "linear", "AND comes close, XOR cannot: the net is one matrix."),
}


def load() -> None:
    """Start from the chosen example."""
    state, chosen = st.session_state, EXAMPLES[st.session_state.example]
    state.hidden, state.outputs, state.samples = chosen.hidden, chosen.outputs, chosen.samples
    state.curve, state._past, state._losses = chosen.curve, [], []


def read() -> tuple[Net, Floats, Floats]:
    """The net and its samples, from their texts; what cannot be is a CoreError."""
    state = st.session_state
    layers = tuple(values(read_words(state[name], name=name)) for name in ("hidden", "outputs"))
    rows = values(read_words(state.samples, name="samples"))
    if layers[0].shape != (2, 3) or layers[1].shape != (2, 3) or rows.shape[1] != 4:
        raise ShapeError(
            "this net has 2 inputs, 2 hidden neurons and 2 outputs: two rows of two weights and a bias for each layer, "
            "and rows x1 x2 t1 t2 for the samples"
        )
    return Net(layers, (CURVES[state.curve], CURVES["linear"])), rows[:, :2], rows[:, 2:]


def knob(net: Net, chosen: str) -> None:
    """A slider for one parameter. Its value stands in the address as a word of the weights' text, not a second time."""
    layer, unit, entry = place_of(net, chosen)
    st.session_state["value"] = float(min(10, max(-10, net.layers[layer][unit, entry])))
    st.slider(chosen, -10.0, 10.0, step=0.1, key="value", on_change=moved)


def write(net: Net) -> None:
    """Put the weights back into their texts."""
    for name, layer in zip(("hidden", "outputs"), net.layers, strict=True):
        st.session_state[name] = "; ".join(" ".join(_word(value) for value in row) for row in layer)


def step(number: int) -> None:
    """So many steps of gradient descent, on the sample in view or on all of them; diverged weights are refused."""
    state = st.session_state
    net, x, targets = read()
    before = {name: state[name] for name in TEXTS}
    losses = [*state.get("_losses", []), *([] if state.get("_losses") else [loss(net, x, targets)])]
    if state.uses == "this sample":
        here = slice(state.sample - 1, state.sample)
        seen, wanted = x[here], targets[here]
    else:
        seen, wanted = x, targets
    for _ in range(number):
        net = descended(net, gradient(net, seen, wanted), state.mu)
        now = loss(net, x, targets)
        if not np.isfinite(now) or max(float(np.abs(layer).max()) for layer in net.layers) > 1000:
            state._wrong = f"At a step length of {state.mu:g} the weights run away: the loss grows with every step."
            return
        losses.append(now)
    state._past = [*state.get("_past", []), (before, len(state.get("_losses", [])))][-UNDOS:]
    state._losses = losses
    write(net)


def undo() -> None:
    """Back to the weights before the last step."""
    state = st.session_state
    before, many = state._past.pop()
    state.update(before)
    state._losses = state._losses[:many]


def moved() -> None:
    """One parameter was moved by its slider."""
    state = st.session_state
    net, _, _ = read()
    layer, unit, entry = place_of(net, state.chosen)
    layers = [each.copy() for each in net.layers]
    layers[layer][unit, entry] = state.value
    write(Net(tuple(layers), net.curves))
    state._past, state._losses = [], []


def place_of(net: Net, name: str) -> tuple[int, int, int]:
    """The parameter with this name."""
    return next(place for place in net.places() if parameter(place, net.layers[place[0]].shape[1] - 1) == name)


def names(net: Net) -> list[str]:
    """All parameters by name."""
    return [parameter(place, net.layers[place[0]].shape[1] - 1) for place in net.places()]


def _word(value: float) -> str:
    return f"{round(float(value), 5) + 0.0:.5f}".rstrip("0").rstrip(".")
