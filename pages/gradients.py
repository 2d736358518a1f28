"""Learning: What reaches the first layers

One idea: on its way down the gradient is multiplied once per layer; shortcuts give it a way around.
"""

import streamlit as st

from core.learning.vanishing import ACTIVATIONS, MOST_DEPTH, at_start, fades
from pages._kit import lab
from pages._parts.gradients import figures, words
from pages._parts.gradients.work import looked

lab.opening(
    __doc__,
    predict="A plain network of 20 layers with sigmoids: what share of the last layer's gradient arrives at the first?",
)
controls, stage = lab.columns()
with controls:
    curve = st.selectbox("Activation", ACTIVATIONS, ACTIVATIONS.index("sigmoid"), key="curve", bind="query-params")
    depth = st.slider("Layers", 2, MOST_DEPTH, 20, key="depth", bind="query-params")
    size = st.slider(
        "Size of the weights", 0.2, 2.0, 1.0, 0.1, key="size", bind="query-params",
        help="1 keeps the length of the signal: variance 2 / inputs for rectifiers, 1 / inputs for the others.",
    )  # fmt: skip
    bias = st.slider("Bias of all units", -4.0, 2.0, 0.0, 0.1, key="bias", bind="query-params")
    norm = st.toggle("Normalise the sums over the batch", key="norm", bind="query-params")
    seed = st.slider("Draw other weights", 0, 20, 0, key="draw", bind="query-params")
    st.caption("Three networks on 200 digits, before their first step. Layers of 32 units, 8 in the dense one.")
found = looked(depth, curve, size, bias, norm, seed)
with stage:
    told = words.story(found)
    st.markdown(told)
    alt = f"Length of the gradient by layer, {depth} layers with {curve}. {told}".replace("*", "")
    lab.chart(figures.lengths(found), key="lengths", quick=True, alt=alt, table=figures.table(found))
    dead = ", ".join(f"{own.dead[-1]:.0%} in the {kind} one" for kind, own in found.items())
    lab.chart(figures.silent(found), key="dead", quick=True, alt=f"Share of dead units by layer. In the last: {dead}.")

lab.closing(
    notice=words.findings(found, curve, norm, size),
    shows=(at_start, fades),
    call=f"at_start('plain', {depth}, {curve!r}, size={size:g}, bias={bias:g}, norm={norm}, seed={seed}).fading"
    f"  # {found['plain'].fading:.3g}",
    answer="About a millionth of a millionth. Every sigmoid takes at least three quarters, and 0.23 to the power of 19 "
    "is 1e-12. With shortcuts a third and more arrives.",
    quiz=("Q177", "Q178"),
    exports={"gradients.csv": lambda: figures.by_layer(found)},
)
