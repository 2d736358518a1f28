"""Architectures: Softmax and its temperature

One idea: softmax turns any scores into probabilities, and only the differences between the scores decide.
"""

import numpy as np
import streamlit as st

from core.units.activations import softmax, softmax_slopes
from pages._kit import lab
from pages._parts.softmax.figures import bars, lead, road, table, times

CLASSES = {"cat": 2.0, "dog": 1.0, "fox": 0.0, "owl": -2.0}

lab.opening(
    __doc__, predict="A cat has the score 2, a dog 1. What happens to the probabilities if all scores grow by 3?"
)
controls, stage = lab.columns()
with controls:
    raw = np.array(
        [
            st.slider(f"Score of {name}", -5.0, 5.0, value, 0.1, key=name, bind="query-params")
            for name, value in CLASSES.items()
        ]
    )
    shift = st.slider("Add to every score", -10, 10, 0, key="shift", bind="query-params")
    temperature = st.select_slider(
        "Temperature T", (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0), 1.0, key="temperature", bind="query-params"
    )
names, scores = list(CLASSES), np.round(raw + shift, 6)
shares = softmax(scores, temperature=temperature)
order = np.argsort(-shares)
first, second = names[order[0]], names[order[1]]
told = ", ".join(f"{name} {share:.1%}" for name, share in zip(names, shares, strict=True))
with stage:
    lab.chart(
        bars(names, scores, shares),
        key="bars",
        quick=True,
        alt=f"Scores and probabilities at temperature {temperature:g}: {told}.",
        table=table(names, scores, shares, temperature),
    )
    st.markdown(f"**The same scores at other temperatures.** {lead(names, scores)} at every one of them.")
    lab.chart(
        road(names, scores, temperature),
        key="road",
        quick=True,
        alt=f"Probabilities against the temperature from 0.1 to 10; at {temperature:g}: {told}.",
    )

gap = float(scores[order[0]] - scores[order[1]])
slopes = softmax_slopes(scores, temperature=temperature)
lab.closing(
    notice=[
        f"**{first.capitalize()}** is {gap:.1f} ahead of {second}, so it is exp({gap:.1f} / {temperature:g}) = "
        f"{times(gap / temperature)} times as probable. Only differences count: adding the same to all changes "
        "nothing.",
        f"They add up to {shares.sum():.0%}, so no class can gain unless the others lose: raise the score of {first} a "
        f"little, and the probability of {second} falls by {abs(slopes[order[1], order[0]]):.3f} times that little.",
        "A low temperature leaves all to the largest score, a high one makes all classes equal. The order stays.",
        "Softmax gives the probability of a class. A box, or a centre and a radius, are numbers that add up to nothing "
        "in particular: a regression ends without it.",
    ],
    shows=(softmax, softmax_slopes),
    call=f"softmax(np.array({scores.tolist()}), temperature={temperature:g})  # {np.round(shares, 4).tolist()}",
    answer="Nothing happens: cat has 65.7 % before and after, because softmax sees differences only.",
    quiz=("Q83", "Q84", "E31"),
    errata=("D33",),
    prepares="ps2",
    exports={"softmax.csv": lambda: table(names, scores, shares, temperature).to_csv()},
)
