"""The four views of the activations lab: curves, a feature map, dying units, and a net without activations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.data.digits import specimen
from core.data.photos import grey_photo
from core.filters.correlate import correlate_fast
from core.models.digit_net import Trained, linear_twin, train
from core.models.dying import STEPS, Learned, learned, unit_sums
from core.types import Floats
from core.units.activations import CURVES, SLOPE, Curve, curve, dead, dead_shares, leaky_relu, saturated_share
from core.units.collapse import collapse
from pages._kit import lab
from pages._kit.panels import Panel, panels
from pages._parts.activations.figures import curves, curves_alt, curves_table, dying, firing

EDGES = {
    "Upright edges": np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4,
    "Level edges": np.array([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]) / 4,
}
BIASES = np.round(np.arange(-4.0, 1.01, 0.1), 1)


@dataclass(frozen=True)
class Told:
    """What a view has to say at the end of the page."""

    notice: Sequence[str]
    shows: Sequence[Callable[..., Any]]
    call: str
    exports: dict[str, Callable[[], str]]


@st.cache_data(show_spinner="The layer is learning ...", max_entries=200)
def after_learning(name: str, slope: float, bias: float) -> Learned:
    """What a layer with this start makes of its steps."""
    return learned(curve(name, slope=slope), bias)


@st.cache_resource(show_spinner="Two nets are being trained on digits ...")
def both_nets() -> tuple[Trained, Trained]:
    """The digit net with its activations, and the one without."""
    return train(), train(linear_twin())


def leak() -> float:
    """How much a leaky ReLU lets through."""
    return st.slider("Slope of the leaky ReLU", 0.0, 0.5, SLOPE, 0.01, key="slope", bind="query-params")


def draw_curves(controls: Any, stage: Any) -> Told:
    """Values and slopes of the chosen functions, and a sum that can be moved."""
    with controls:
        names = st.pills(
            "Functions",
            list(CURVES),
            selection_mode="multi",
            default=["ReLU", "leaky ReLU", "tanh", "sigmoid"],
            wrap=True,
            key="functions",
            bind="query-params",
        )
        x = st.slider("x, the sum that comes in", -5.0, 5.0, 1.0, 0.1, key="x", bind="query-params")
        slope = leak() if "leaky ReLU" in names else SLOPE
    shown = [curve(name, slope=slope) for name in names]
    with stage:
        if not shown:
            st.info("Choose a function to see it.")
        else:
            table = curves_table(shown, x)
            lab.chart(curves(shown, x), key="curves", quick=True, alt=curves_alt(shown, x), table=table)
    here = np.array([x])
    notice = [
        f"**{c.name}** turns {x:g} into {c.value(here)[0]:.4f}. A gradient that passes here is multiplied by "
        f"{c.slope(here)[0]:.4f}."
        for c in shown
    ]
    notice.append(
        "Where a curve is flat its slope is near 0, and so is the gradient behind it: tanh and sigmoid saturate on "
        "both sides, ReLU is flat on the left only. That is why AlexNet trained faster with ReLU."
    )
    notice.append("tanh(x) = 2 sigmoid(2x) - 1: the same curve, stretched. The lectures' sigmoid is (tanh(x) + 1) / 2.")
    return Told(
        notice,
        tuple(part.value for part in shown if part.name != "leaky ReLU") or (leaky_relu,),
        "\n".join(f"{CURVES[name].value.__name__}(np.array({x:g}))" for name in names if name != "leaky ReLU")
        or f"leaky_relu(np.array({x:g}), slope={slope:g})",
        {"curves.csv": lambda: curves_table([curve(name, slope=slope) for name in names], x).to_csv()},
    )


def draw_map(controls: Any, stage: Any) -> Told:
    """A digit or a photo through one filter and one activation: before, after, and what the gradient meets."""
    with controls:
        source = st.segmented_control(
            "Image", ("Photo", "Digit"), default="Photo", key="source", bind="query-params", required=True
        )
        if source == "Digit":
            digit = st.slider("Digit", 0, 9, 4, key="digit", bind="query-params")
        which = st.segmented_control(
            "Filter", list(EDGES), default="Upright edges", key="filter", bind="query-params", required=True
        )
        name = st.selectbox("Activation", list(CURVES), key="activation", bind="query-params")
        gain = st.slider("Strength of the filter", 1, 20, 4, key="gain", bind="query-params")
        bias = st.slider("Bias", -2.0, 2.0, 0.0, 0.1, key="map_bias", bind="query-params")
        slope = leak() if name == "leaky ReLU" else SLOPE
    image = specimen(digit) if source == "Digit" else grey_photo("pagoda", 96)
    sums = correlate_fast(image, gain * EDGES[which]) + bias
    shape = curve(name, slope=slope)
    made, steepness = shape.value(sums), shape.slope(sums)
    zeros, flat = float((made == 0).mean()), saturated_share(sums, shape)
    with stage:
        with st.container(horizontal=True, gap="medium"):
            st.metric("Values that became 0", f"{zeros:.0%}", width="content")
            st.metric("Values where the curve is almost flat", f"{flat:.0%}", width="content")
            st.metric("Range after it", f"{made.min():.2f} to {made.max():.2f}", width="content")
        figure = panels(
            [
                Panel("the image", image, "ink" if source == "Digit" else "grey", most=1.0),
                Panel("sums: filter + bias", sums, "signs"),
                Panel(f"after {name}", made, "signs"),
                Panel("slopes, 0 to 1", steepness, most=1.0),
            ],
            height=620,
            columns=2,
        )
        alt = (
            f"Four maps of {image.shape[0]}x{image.shape[1]}: image, sums of {which.lower()} from {sums.min():.2f} to "
            f"{sums.max():.2f}, the same after {name} from {made.min():.2f} to {made.max():.2f}, and its slopes. "
            f"{zeros:.0%} of the values are 0, {flat:.0%} lie where the curve is almost flat."
        )
        lab.chart(figure, key="maps", quick=True, alt=alt)
        st.caption("Blue is below 0, orange above. The slopes: dark means that no gradient passes there.")
    return Told(
        [
            f"The activation works on each of the {made.size:,} values by itself, so the map keeps its size.",
            f"{zeros:.0%} of the values are 0 afterwards."
            + (" ReLU drops every edge from bright to dark; they need a second filter." if name == "ReLU" else ""),
            f"{flat:.0%} of the values lie where the slope is below a twentieth of its maximum. Raise the strength and "
            "watch tanh and sigmoid saturate: the picture turns to two tones and the slopes go dark.",
        ],
        (shape.value if name != "leaky ReLU" else leaky_relu, saturated_share),
        f'curve("{name}", slope={slope:g}).value(correlate_fast(image, {gain} * edges) + {bias:g})',
        {"after.csv": lambda: "\n".join(",".join(f"{value:.6g}" for value in row) for row in made) + "\n"},
    )


def draw_dying(controls: Any, stage: Any) -> Told:
    """32 units on 1437 digits: which of them still fire as the bias is lowered, and which could learn."""
    with controls:
        bias = st.slider("Bias of all units", -4.0, 1.0, -1.0, 0.1, key="bias", bind="query-params")
        slope = leak()
        learn = st.toggle(
            f"Let both learn for {STEPS} steps",
            key="learn",
            bind="query-params",
            help="From this bias, on 1437 digits.",
        )
    sums, leaky = unit_sums(), curve("leaky ReLU", slope=slope)
    pair = {"ReLU": CURVES["ReLU"], "leaky ReLU": leaky}
    gone = {name: int(dead(sums, each, bias=bias).sum()) for name, each in pair.items()}
    with stage:
        with st.container(horizontal=True, gap="medium"):
            st.metric("Dead with ReLU", f"{gone['ReLU']} of {sums.shape[1]}", width="content")
            st.metric("Dead with leaky ReLU", f"{gone['leaky ReLU']} of {sums.shape[1]}", width="content")
        st.markdown("**Each tile is a unit**, coloured by how many of the 1437 digits make its sum positive.")
        told = f"{gone['ReLU']} of 32 units get a positive sum from no digit at bias {bias:g}; they are crossed out."
        lab.chart(firing(sums, bias), key="firing", alt=told)
        shares = {name: dead_shares(sums, each, BIASES) for name, each in pair.items()}
        rows = {"bias": BIASES, **{f"{name}, % dead": (100 * each).round(1) for name, each in shares.items()}}
        line = f"Dead units against the bias: with ReLU {100 * gone['ReLU'] / 32:.0f} % at {bias:g}, all far below 0."
        lab.chart(dying(BIASES, shares, bias), key="dying", quick=True, alt=line, table=rows)
        if learn:
            _race(bias, slope, pair)
    return Told(
        [
            f"At a bias of {bias:g}, {gone['ReLU']} of 32 units with ReLU are dead: their sum is negative for every "
            "digit, the slope is 0 for every digit, so no step will ever change their weights.",
            f"A leaky unit has a slope of {slope:g} there: less gradient, yet never none. With slope 0 it is a ReLU.",
            "A unit dies in training when one large step pushes its bias down. A smaller step, or a leak, helps.",
        ],
        (dead, dead_shares, learned),
        f'dead(unit_sums(), curve("ReLU"), bias={bias:g}).sum()  # {gone["ReLU"]}',
        {
            "dead-units.csv": lambda: (
                "bias,ReLU,leaky ReLU\n"
                + "".join(f"{b:g},{r:.4f},{k:.4f}\n" for b, r, k in zip(BIASES, *shares.values(), strict=True))
            )
        },
    )


def _race(bias: float, slope: float, pair: dict[str, Curve]) -> None:
    """Both layers after learning, side by side."""
    found = {name: after_learning(name, slope, bias) for name in pair}
    st.markdown(
        "| | " + " | ".join(found) + " |\n|---|---|---|\n"
        "| dead before learning | " + " | ".join(f"{each.dead_before:.0%}" for each in found.values()) + " |\n"
        "| dead afterwards | "
        + " | ".join(_unless_away(each, f"{each.dead_after:.0%}") for each in found.values())
        + " |\n| unseen digits read right | "
        + " | ".join(_unless_away(each, f"**{each.accuracy:.1%}**") for each in found.values())
        + " |"
    )
    st.caption("Guessing gives 10 %. A layer whose units are all dead says the same for every digit.")
    if away := [name for name, each in found.items() if each.ran_away]:
        st.info(f"The weights of the layer with {' and '.join(away)} ran away: these steps are too long for it.")


def _unless_away(found: Learned, number: str) -> str:
    """A number of a layer that learned; one whose weights ran away has none."""
    return "none" if found.ran_away else number


def draw_linear(controls: Any, stage: Any) -> Told:
    """The digit net without activations, multiplied out: ten templates, one for each digit."""
    with controls:
        digit = st.slider("Digit", 0, 9, 4, key="digit", bind="query-params")
        number = st.slider("Which of them", 0, 29, 0, key="number", bind="query-params")
        st.caption("Two convolutions, two average poolings and a dense layer, with no activation between them.")
    bent, flat = both_nets()
    matrix, bias = collapse(flat.traced, flat.weights)
    image = specimen(digit, number)
    by_net, by_matrix = flat.volumes(image)[-1], matrix @ image.ravel() + bias
    apart, best = float(np.abs(by_net - by_matrix).max()), int(by_matrix.argmax())
    with stage:
        with st.container(horizontal=True, gap="medium"):
            st.metric("Net against matrix, largest difference", f"{apart:.0e}", width="content")
            st.metric("Read right without activations", f"{flat.accuracy:.1%}", width="content")
            st.metric("With ReLU and max pooling", f"{bent.accuracy:.1%}", width="content")
        shown = [Panel(f"the image: {digit}", image, most=1.0)]
        most = float(np.abs(matrix).max())
        shown += [
            Panel(f"{'<b>' if c == best else ''}{c}: {score:.1f}{'</b>' if c == best else ''}", row, "signs", most)
            for c, (row, score) in enumerate(zip(matrix.reshape(10, 8, 8), by_matrix, strict=True))
        ]
        scores = ", ".join(f"{c} {score:.1f}" for c, score in enumerate(by_matrix))
        alt = f"A handwritten {digit}, and the ten rows of the one matrix as pictures with their scores: {scores}."
        rows = {"class": range(10), "by the net": by_net.round(4), "by the matrix": by_matrix.round(4)}
        lab.chart(panels(shown, height=560, columns=4), key="templates", quick=True, alt=alt, table=rows)
        st.caption("Each template is a row of the matrix. Score = bias + sum of template times image, pixel by pixel.")
    return Told(
        [
            f"Five layers and {flat.traced.parameters:,} parameters make the same answers as one matrix of 10x64 and "
            f"10 biases, to {apart:.0e}: A2 (A1 x + b1) + b2 is A x + b again.",
            f"So it is a linear classifier and reads {flat.accuracy:.1%} of the unseen digits. The same table with "
            f"ReLU and max pooling reads {bent.accuracy:.1%}.",
            "Keras gives a layer no activation unless one is named: forget it, and depth buys nothing.",
        ],
        (collapse, linear_twin),
        "flat = train(linear_twin())\nmatrix, bias = collapse(flat.traced, flat.weights)\n"
        f"matrix @ specimen({digit}, {number}).ravel() + bias",
        {"matrix.csv": lambda: _written(matrix)},
    )


def _written(matrix: Floats) -> str:
    return "\n".join(",".join(f"{value:.6g}" for value in row) for row in matrix) + "\n"
