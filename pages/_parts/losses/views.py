"""The two views of the losses lab: how surprised an answer leaves us, and how far off a number is."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.learning.losses import (
    absolute,
    absolute_by_value,
    best_value,
    binary_cross_entropy,
    binary_cross_entropy_by_probability,
    binary_cross_entropy_by_score,
    cross_entropy,
    cross_entropy_by_scores,
    mean_loss,
    measured_radii,
    quadratic,
    quadratic_by_value,
)
from core.units.activations import sigmoid
from pages._kit import lab
from pages._parts.losses import figures

RADIUS = 5.0


def surprise(controls: Any, stage: Any) -> lab.Said:
    """Cross-entropy of one yes or no, by its probability and by its score."""
    with controls:
        moved = st.segmented_control(
            "Move", ("the probability", "the score"), default="the probability", key="moved", bind="query-params",
            required=True,
        )  # fmt: skip
        if moved == "the probability":
            p = st.slider("Probability of yes", 0.02, 0.98, 0.2, 0.01, key="p", bind="query-params")
        else:
            score = st.slider("Score of yes", -4.0, 4.0, -1.4, 0.1, key="z", bind="query-params")
            p = float(sigmoid(np.array(score)))
        right = st.segmented_control(
            "The right answer is", ("yes", "no"), default="yes", key="right", bind="query-params", required=True
        )
        st.caption("The probability is the sigmoid of the score. With softmax and many classes the same holds.")
    wanted = float(right == "yes")
    loss, by_p, by_z = figures.slopes(p, wanted)
    with stage:
        st.markdown(
            f"At a probability of **{p:.2f}** the loss is **{loss:.3f}**. Its derivative with respect to the "
            f"probability is **{by_p:.3f}**, to the score **{by_z:.3f}**."
        )
        alt = (
            f"The loss over {moved}, and its derivatives below. At p = {p:.2f}: loss {loss:.3f}, derivative by the "
            f"probability {by_p:.3f}, by the score {by_z:.3f}."
        )
        table = figures.tangents_table(p, wanted)
        lab.chart(figures.tangents(p, wanted, moved), key="tangents", alt=alt, table=table, quick=True)
    if moved == "the probability":
        seen = (
            f"The green line touches the curve: its slope is {by_p:.3f}. The dashed one has the slope that lecture E "
            f"prints, {by_z:.3f}, and cuts through it. It is a derivative, but by something else: move the score."
        )
    else:
        seen = (
            f"Over the score the slope is {by_z:.3f}, which is p - y: here the printed formula is right. It never gets "
            "steeper than 1, however wrong the answer is."
        )
    notice = [
        seen,
        f"The two are joined by the chain rule: {by_p:.3f} · p (1 - p) = {by_p * p * (1 - p):.3f}. Where the sigmoid "
        "is flat the loss is steep, and their product is not flat: a network that is sure and wrong still learns.",
        "With y = 1 the loss is -log p. It is 0 only where p = 1, and it has no ceiling: move p to 0.02.",
    ]
    shows = (binary_cross_entropy, binary_cross_entropy_by_probability,
             binary_cross_entropy_by_score, cross_entropy_by_scores,
             cross_entropy)  # fmt: skip
    call = f"binary_cross_entropy_by_probability(np.array([{p:.4g}]), np.array([{wanted}]))  # {by_p:.4f}"
    return lab.Said(notice, call, shows, {"values.csv": lambda: table.to_csv()})


def distance(controls: Any, stage: Any) -> lab.Said:
    """A radius fitted by squares and by distances, while some of the points are wrong."""
    with controls:
        wild = st.slider("Outliers", 0, 6, 1, key="outliers", bind="query-params", help="Of twelve measured points.")
        off = st.slider("They lie off by", -4.0, 12.0, 6.0, 0.5, key="off", bind="query-params")
        draw = st.slider("Draw other points", 0, 20, 0, key="draw", bind="query-params")
        st.caption(
            f"Twelve points on the edge of a disc with a radius of {RADIUS:g} pixels, each measured a bit wrong."
        )
    radii = measured_radii(RADIUS, np.full(wild, off), seed=draw)
    fits = {way: best_value(radii, way) for way in ("quadratic", "absolute")}
    squares, distances = fits["quadratic"], fits["absolute"]
    rows = {
        "radius": [f"{each:.2f}" for each in radii],
        "squares pull by": [f"{-pull:.2f}" for pull in quadratic_by_value(np.full(12, squares), radii)],
        "distances pull by": [f"{-pull + 0:.0f}" for pull in absolute_by_value(np.full(12, distances), radii)],
    }
    table = pd.DataFrame(rows, index=pd.RangeIndex(1, 13, name="point"))
    with stage:
        st.markdown(
            f"Least squares finds a radius of **{squares:.2f}**, least distances **{distances:.2f}**; it is "
            f"**{RADIUS:g}**."
        )
        told = f"{wild} of 12 points off by {off:g}. Least squares {squares:.2f}, least distances {distances:.2f}."
        lab.chart(figures.disc(radii, fits, RADIUS, wild), key="disc", alt=told, table=table, quick=True)
        alt = f"Mean loss over the guess. Squares are least at {squares:.2f}, distances at {distances:.2f}."
        lab.chart(figures.valleys(radii, fits), key="valleys", alt=alt, quick=True)
    pulls = -quadratic_by_value(np.full(12, squares), radii)
    notice = []
    if wild:
        one = "the outlier pulls" if wild == 1 else f"the {wild} outliers pull"
        notice.append(
            f"At its best guess {one} the squares by {pulls[:wild].sum():.1f} and the {12 - wild} others by "
            f"{pulls[wild:].sum():.1f}: that is where they balance. With distances each point pulls by 1, so only how "
            "many there are on either side counts."
        )
    notice += [
        "Squares are least at the mean, distances at the median. Move the outlier: the mean follows it all the way, "
        "the median stays, until half of the points are wrong.",
        "Why squares at all? They are smooth: the pull fades near the goal, and the steps of gradient descent with it. "
        "The pull of a distance is as strong at the goal as far away.",
        "No softmax for such an output: a radius, a box or the place of a joint is a number, not a share of 1.",
    ]
    call = f"best_value(measured_radii(5.0, np.full({wild}, {off}), seed={draw}), 'absolute')  # {distances:.3f}"
    shows = (quadratic, quadratic_by_value, absolute, absolute_by_value, best_value,
             mean_loss)  # fmt: skip
    return lab.Said(notice, call, shows, {"values.csv": lambda: table.to_csv()})
