"""The two parts of the backpropagation lab: the walk forward and back, and the steps against the gradient."""

import numpy as np
import pandas as pd
import streamlit as st

from core.types import Floats
from core.units.backprop import Net, Pass, loss
from core.units.terms import Stage, number, stages
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.backprop import state
from pages._parts.backprop.figures import falling, graph, graph_alt, known, samples

LENGTHS = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


def walk(net: Net, found: Pass, table: pd.DataFrame) -> None:
    """As many steps as the visitor wants to see, the last of them in words, and the graph."""
    path = stages(net, found)
    last, forward = len(path), sum(not each.backward for each in path)
    shown = st.slider("Steps of the walk", 0, last, forward, key="steps", bind="query-params")
    with st.container(horizontal=True, gap="small"):
        for label, key, to in (
            ("Start", "first", 0),
            ("Back", "back", max(0, shown - 1)),
            ("Next", "next", min(last, shown + 1)),
            ("Forward", "forward", forward),
            ("Backward", "all", last),
        ):
            st.button(label, key=key, on_click=_go, args=(to,))
    seen = known(path, shown)
    if seen.now:
        _tell(seen.now, f"Step {shown} of {last}", net, table)
    else:
        st.markdown("Press **Next**: the inputs go forward, neuron by neuron, then the blame comes back.")
    dark = st.context.theme.type == "dark"
    lab.chart(graph(net, found, seen, dark=dark), key="graph", quick=True, alt=graph_alt(found, seen))
    folded("The numbers behind this chart", table, key="graph-numbers")
    st.caption("Bold numbers are derivatives of the loss. v are the weights of the next layer, the lecture's w~.")


def _go(to: int) -> None:
    st.session_state.steps = to


def _tell(now: Stage, where: str, net: Net, table: pd.DataFrame) -> None:
    places = list(net.places())
    said = [f"**{where}: {now.title}**"]
    for line in now.lines:
        measured = ""
        if line.place:
            apart = float(table["finite difference"].iloc[places.index(line.place)])
            measured = f" (finite difference **{number(apart)}**)"
        said.append(f"- `{line.letters}` = {line.numbers} = **{number(line.value)}**{measured}")
    st.markdown("\n".join(said))


def descend(net: Net, x: Floats, targets: Floats, here: Pass) -> float:
    """Steps of gradient descent, back as well as forth; says the step length."""
    st.markdown("**A step against the gradient**")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        uses = ("all samples", "this sample")
        st.segmented_control("Gradient of", uses, default="all samples", key="uses", bind="query-params", required=True)
        mu = st.select_slider("Step length mu", LENGTHS, 0.1, key="mu", bind="query-params", width=240)
    with st.container(horizontal=True, gap="small"):
        st.button("Take a step", key="step", on_click=state.step, args=(1,))
        st.button("Take 100", key="hundred", on_click=state.step, args=(100,))
        past = bool(st.session_state.get("_past"))
        st.button("Undo", key="undo", icon=":material/undo:", on_click=state.undo, disabled=not past)
    if wrong := st.session_state.pop("_wrong", None):
        st.warning(wrong, icon=":material/lightbulb:")
    losses = st.session_state.get("_losses", [])
    now = f"The loss of all {len(x)} samples is **{loss(net, x, targets):.4f}**, of this one **{here.loss:.4f}**."
    if len(losses) > 1:
        st.markdown(f"{now} It was {losses[0]:.4f}, {len(losses) - 1} steps ago.")
        fall = f"Loss of all samples, from {losses[0]:.4f} to {losses[-1]:.4f} in {len(losses) - 1} steps."
        rows = {"step": np.arange(len(losses))[-20:], "loss": [f"{each:.5f}" for each in losses[-20:]]}
        lab.chart(falling(losses), key="falling", quick=True, alt=fall, table=rows)
    else:
        st.markdown(now)
    if len(x) > 1:
        folded("One sample against all of them", samples(net, x, targets), key="compare")
    return float(mu)
