"""Learning: Dropout, batch by batch

One idea: units that may rest at any time cannot rely on each other, and scaling keeps the mean of what they say.
"""

import numpy as np
import streamlit as st

from core.learning.thinned import (
    SCALINGS,
    every_mask,
    factor,
    masks,
    running_means,
    training_sums,
    used_sum,
)
from core.units.activations import sigmoid
from pages._kit import lab
from pages._parts.dropout import figures

BATCHES = 200
NOTES = {
    "while training": "Inverted dropout, as in PyTorch and Keras: who is awake is made larger, in use nothing is done.",
    "when used": "As first published: nothing is done in training, in use every value is made smaller.",
    "forgotten": "A common mistake: nothing is done at either time.",
}


def next_batch() -> None:
    """One step of the animation."""
    st.session_state["batch"] = min(BATCHES, st.session_state["batch"] + 1)


lab.opening(
    __doc__,
    predict="Half of the units rest in every batch, and nothing is scaled. How much does the next unit get in use, "
    "compared with training?",
)
controls, stage = lab.columns()
with controls:
    rate = st.slider("Share that rests", 0.0, 0.9, 0.5, 0.05, key="rate", bind="query-params")
    scaling = st.segmented_control(
        "Scale the values", SCALINGS, default="while training", key="scaling", bind="query-params", required=True
    )
    st.caption(NOTES[scaling])
    units = st.slider("Units", 2, 12, 10, key="units", bind="query-params")
    seed = st.slider("Draw other masks", 0, 20, 0, key="draw", bind="query-params")

dice = np.random.default_rng(100 + units)
values, weights = np.abs(dice.normal(1, 0.4, units)), dice.normal(0.6, 0.5, units) / units
awake = masks(BATCHES, units, rate, np.random.default_rng(seed))
sums = training_sums(values, weights, awake, rate, scaling)
everything, chance = every_mask(units, rate)
met = float(chance @ training_sums(values, weights, everything, rate, scaling))
used = used_sum(values, weights, rate, scaling)
with stage:
    batch = st.slider("Batch", 1, BATCHES, 1, key="batch", bind="query-params")
    st.button("Next batch", key="next", disabled=batch == BATCHES, on_click=next_batch)
    resting = int((~awake[batch - 1]).sum())
    told = (
        f"Batch {batch}: **{resting}** of {units} units rest, and the next unit gets **{sums[batch - 1]:.2f}**. The "
        f"mean so far is **{running_means(sums)[batch - 1]:.2f}**, over all masks **{met:.2f}**; in use it gets "
        f"**{used:.2f}**."
    )
    st.markdown(told)
    shown = figures.network(awake[batch - 1], values, factor(rate, scaling)[0], float(sums[batch - 1]))
    lab.chart(shown, key="network", quick=True, alt=told.replace("*", ""))
    st.caption("Beside each unit what it hands on. The next unit adds these up, each times the weight of its line.")
    lab.chart(
        figures.batches(sums, batch, used, met), key="batches", quick=True, table=figures.table(awake, sums, batch),
        alt=f"What the unit gets in {batch} batches, their mean, and in use. {told}".replace("*", ""),
    )  # fmt: skip

behind = float(chance @ sigmoid(training_sums(values, weights, everything, rate, scaling)))
lab.closing(
    notice=[
        f"With {units} units there are {2**units:,} masks, {2**units:,} thinned networks that share their weights. The "
        f"mean of what they hand on is {met:.3f}; in use the unit gets {used:.3f}.",
        "Scaling makes the two equal, whatever the rate. Forget it, and in use the next layer meets sums it never saw "
        f"in training: 1 / (1 - rate) = {1 / (1 - rate):.2f} times as large.",
        f"Behind a sigmoid they are no longer quite equal: the mean of the answers is {behind:.4f}, the answer to the "
        f"mean {sigmoid(np.array(used)):.4f}. One pass in use is a good guess at all those networks, not their mean.",
        "Nobody rests when the network is used: in PyTorch that is model.eval(), in Keras predict does it by itself.",
        "AlexNet has 0.5 in its first two dense layers. The lectures say the same thing in three ways: a percentage of "
        "activations, a percentage of the neurons of a minibatch, and a probability p.",
    ],
    shows=(masks, factor, training_sums, used_sum, every_mask),
    call=f"training_sums(values, weights, masks({BATCHES}, {units}, {rate:g}, np.random.default_rng({seed})), "
    f"{rate:g}, {scaling!r}).mean()  # {sums.mean():.4f}",
    answer="Twice as much: in training half of the units send nothing. Scaled by 1 / (1 - 0.5) in training, or by 0.5 "
    "in use, both are the same on average.",
    quiz=("Q175", "Q176"),
    exports={"batches.csv": lambda: figures.table(awake, sums, BATCHES).to_csv()},
)
