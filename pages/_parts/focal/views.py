"""Two views of the focal loss that follow their sliders: who holds the loss, and the family of curves."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.learning import focal
from core.learning.focal import Group
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.focal import figures

NAMES = ("background", "objects")


def crowd(controls: Any, stage: Any) -> lab.Said:
    """Many easy answers against few hard ones."""
    with controls:
        many = int(
            st.select_slider(
                "Background answers", (10, 100, 1000, 10_000, 100_000), 10_000, key="ground", bind="query-params"
            )
        )
        easy = st.slider("Their p", 0.5, 0.999, 0.99, 0.001, format="%.3f", key="easy", bind="query-params")
        few = st.slider("Objects", 1, 100, 10, key="objects", bind="query-params")
        hard = st.slider("Their p, each", 0.01, 0.99, 0.1, 0.01, key="hard", bind="query-params")
        gamma = st.slider("Gamma", 0.0, 5.0, 2.0, 0.1, key="gamma", bind="query-params")
        st.caption("p is the probability that a network gives to the right answer.")
    groups = [Group(NAMES[0], many, easy), Group(NAMES[1], few, hard)]
    plain, quiet = focal.shares_of_loss(groups, 0.0), focal.shares_of_loss(groups, gamma)
    rows = {
        "of the answers": np.array([many, few]) / (many + few),
        "of the cross-entropy": plain,
        "of the focal loss": quiet,
        "of its pull on the scores": focal.shares_of_pull(groups, gamma),
    }
    values = _table(groups, gamma, plain, quiet)
    with stage:
        st.markdown(
            f"The objects hold **{plain[1]:.1%}** of the cross-entropy and **{quiet[1]:.1%}** of the focal loss."
        )
        told = "; ".join(f"{name}: objects {100 * row[1]:.1f} %" for name, row in rows.items())
        alt = f"Shares, {told}; the rest is background."
        lab.chart(figures.shares(rows, NAMES), key="shares", quick=True, alt=alt)
        folded("The numbers behind this chart", values.set_index("group"), key="shares-numbers")
    one = [float(focal.focal_loss(np.array(each.p), 0.0)) for each in groups]
    notice = [
        f"One easy background answer loses {one[0]:.4f}, one object {one[1]:.3f}, {one[1] / one[0]:.0f} times as "
        f"much. But there are {many / few:,.0f} times as many of the first.",
        "A network goes where the sum goes. If the sum is background, the cheapest step is to be surer everywhere "
        "that there is nothing, and a network may end there: nothing, always.",
        f"With gamma {gamma:g} a background answer counts {(1 - easy) ** gamma:.2g} of its loss, an object "
        f"{(1 - hard) ** gamma:.2g}. What is answered well already grows quiet, and nobody had to say which answers "
        "are the easy ones.",
        "Set both p to 0.5, where a training starts without a prior: now nothing is easy, and no gamma changes a "
        "share. So RetinaNet also starts with a probability of 0.01 for an object, everywhere: the background is easy "
        "from the first step.",
    ]
    call = (
        f'shares_of_loss([Group("background", {many}, {easy:g}), Group("objects", {few}, {hard:g})], {gamma:g})'
        f"  # {quiet[0]:.4f}, {quiet[1]:.4f}"
    )
    return lab.Said(notice, call, (focal.shares_of_loss, focal.focal_loss), _csv(values))


def curve(controls: Any, stage: Any) -> lab.Said:
    """The family of curves over gamma."""
    with controls:
        what = st.segmented_control(
            "Draw", list(figures.WHAT), default="Loss", key="draw", bind="query-params", required=True
        )
        gamma = st.slider("Gamma", 0.0, 5.0, 2.0, 0.1, key="gamma", bind="query-params")
        p = st.slider("p of one example", 0.01, 0.99, 0.9, 0.01, key="p", bind="query-params")
    here = np.array(p)
    factor, loss = float(focal.focal_factor(here, gamma)), float(focal.focal_loss(here, gamma))
    plain = float(focal.focal_loss(here, 0.0))
    gammas = sorted({*figures.FAMILY, gamma})
    values = pd.DataFrame(
        {
            "gamma": [f"{each:g}" for each in gammas],
            "factor": [f"{focal.focal_factor(here, each):.4g}" for each in gammas],
            "loss": [f"{focal.focal_loss(here, each):.4g}" for each in gammas],
            "pull on the score": [f"{-focal.focal_slope(here, each):.4g}" for each in gammas],
        }
    )
    with stage:
        st.markdown(f"At p = {p:g} the loss is **{_times(1 / factor)}** lower than the cross-entropy.")
        alt = f"{what} over p. At p = {p:g}: cross-entropy {plain:.4g}, factor {factor:.4g}, focal loss {loss:.4g}."
        lab.chart(figures.family(what, gamma, p), key="curves", quick=True, alt=alt, table=values.set_index("gamma"))
    notice = [
        "With gamma 2 an example at p = 0.9 loses 100 times less than before and one at p = 0.5 only 4 times less: "
        "the factor is (1 - p) squared.",
        "The lecture says that it lowers the loss for p above 0.5. It lowers every loss, but for p near 0 hardly: with "
        "gamma 2 it is 19 % less at p = 0.1.",
        "What is learned follows the slope. Choose the pull: the curves of a large gamma lie near 0 over the whole "
        "right half, so an answer that is good enough is left alone.",
        "With gamma 2 and p up to 0.29 the pull is stronger than the cross-entropy's, from 0.30 on weaker: the factor "
        "itself changes with the score, and that pulls, too.",
    ]
    call = f"focal_loss(np.array({p:g}), {gamma:g})  # {loss:.4g}"
    return lab.Said(notice, call, (focal.focal_factor, focal.focal_loss, focal.focal_slope), _csv(values))


def _times(ratio: float) -> str:
    """How many times, in plain digits.

    >>> _times(100.00000000000004), _times(1.2345), _times(1e10)
    ('100 times', '1.23 times', '10,000,000,000 times')
    """
    return f"{ratio:,.0f} times" if ratio >= 1000 else f"{ratio:.3g} times"


def _table(groups: list[Group], gamma: float, plain: Any, quiet: Any) -> pd.DataFrame:
    each = [np.array(group.p) for group in groups]
    return pd.DataFrame(
        {
            "group": [group.name for group in groups],
            "answers": [f"{group.count:,}" for group in groups],
            "cross-entropy of one": [f"{focal.focal_loss(p, 0.0):.4g}" for p in each],
            "its share": [f"{share:.2%}" for share in plain],
            "focal loss of one": [f"{focal.focal_loss(p, gamma):.4g}" for p in each],
            "its share ": [f"{share:.2%}" for share in quiet],
        }
    )


def _csv(values: pd.DataFrame) -> lab.Exports:
    return {"values.csv": lambda: values.to_csv(index=False)}
