"""Learning: A neuron, forward and backward

One idea: every weight learns from three numbers: what came in, how steep the neuron is, and what the layer above blames
it for.
"""

import streamlit as st

from core.errors import CoreError
from core.units.activations import CURVES
from core.units.backprop import descended, gradient, run
from core.units.neuron import Neuron, stepped
from pages._kit import lab
from pages._parts.backprop import state
from pages._parts.backprop.figures import derivatives, length
from pages._parts.backprop.walk import descend, walk

lab.opening(
    __doc__,
    predict="h1 feeds y1 and y2. Its weight from x1 is moved a little. Which four things decide how the loss moves?",
)
controls, stage = lab.columns()
with controls:
    name = st.selectbox("Start from", list(state.EXAMPLES), key="example", bind="query-params", on_change=state.load)
    example, curves = state.EXAMPLES[name], list(CURVES)
    st.caption(example.note)
    st.selectbox("Activation of h1 and h2", curves, curves.index(example.curve), key="curve", bind="query-params")
    editing = st.container()
    with st.expander("Weights and samples as text"):
        st.text_input("h1; h2: weights, bias", example.hidden, key="hidden", bind="query-params", max_chars=200)
        st.text_input("y1; y2: weights, bias", example.outputs, key="outputs", bind="query-params", max_chars=200)
        st.text_area("Samples: x1 x2 t1 t2", example.samples, key="samples", bind="query-params", max_chars=400)
try:
    net, x, targets = state.read()
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()
with editing:
    sample = 1
    if len(x) > 1:
        sample = st.slider("Sample", 1, len(x), min(3, len(x)), key="sample", bind="query-params")
    chosen = st.selectbox("Move one parameter", state.names(net), key="chosen", bind="query-params")
    state.knob(net, chosen)

found = run(net, x[sample - 1], targets[sample - 1])
table, whole = derivatives(net, found), gradient(net, x, targets)
with stage:
    walk(net, found, table)
    mu = descend(net, x, targets, found)

lab.closing(
    notice=[
        f"Rule and finite differences agree: for all {len(table)} parameters they differ by at most "
        f"{table['apart'].astype(float).max():.0e}.",
        "dL/dw = what came in, times the slope f', times what the next layer blames the neuron for. An input of 0, a "
        "flat curve, or blame that cancels: each of the three stops a weight from learning.",
        f"The gradient of all {len(x)} samples is the sum of those of each. One of them alone points elsewhere and is "
        f"right only in the mean. That mean is the sum divided by {len(x)}: with the same mu its steps are shorter.",
        f"The gradient of all is {length(whole):.4f} long; mu = {mu:g} makes a step of {mu * length(whole):.4f} "
        "of it. Take mu too large and the loss climbs.",
    ],
    shows=(Neuron.sum, Neuron.blame, run, gradient, stepped, descended),
    call=f"run(net, np.array({x[sample - 1].tolist()}), np.array({targets[sample - 1].tolist()})).gradient",
    answer="The input x1, the slope f' of h1 at its sum, the weights with which y1 and y2 take h1, and how the loss "
    "moves with their sums: dL/dw11 = x1 · f' · (v11 dL/ds(y1) + v21 dL/ds(y2)).",
    quiz=("Q85", "Q86", "Q87"),
    prepares="ps2",
    exports={"derivatives.csv": lambda: table.to_csv()},
)
