"""The two views of the joint loss: one weight by hand, and a net with two heads that is trained beside the page."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.detect.single.joint import best_alpha, joint_loss, learned_loss, least_loss, one_weight
from core.detect.single.joint_training import ALPHAS, Drawn, Trained, curves, drawn, front, trainings
from core.learning.train import Progress
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._parts.joint_loss import figures

LEARNED, JUDGED, EPOCHS = 800, 400, 10
TOGETHER, ALONE = "heads and trunk", "heads alone"
JOB = "joint-loss"


def by_hand(controls: Any, stage: Any) -> lab.Said:
    """One weight that the class wants at 1 and the box at -1."""
    with controls:
        alpha = st.slider("alpha", 0.0, 1.0, 0.5, 0.01, key="alpha", bind="query-params")
        units = float(st.select_slider(
            "The box is measured in units so many times smaller", (0.2, 0.5, 1.0, 2.0, 5.0), 1.0, key="units",
            bind="query-params", format_func=lambda value: f"{value:g}",
        ))  # fmt: skip
        st.caption("One weight. The class is best served at 1, the box at -1; each loss is a parabola around its wish.")
    theta, s, r = one_weight(np.array([alpha]), units)[0]
    mixed = float(joint_loss(float(s), float(r), alpha))
    with stage:
        st.markdown(
            f"The weight ends at **{theta:.2f}**: S is **{s:.2f}**, R is **{r:.2f}**, and L is **{mixed:.2f}**."
        )
        left, right = st.columns(2)
        alt = f"S, R and their mix over one weight; at alpha {alpha:g} L is least at {theta:.2f}, with {mixed:.2f}."
        with left:
            lab.chart(figures.valley(alpha, units), key="valley", quick=True, alt=alt)
        alphas = np.linspace(0, 1, 11)
        table = pd.DataFrame(one_weight(alphas, units).round(3), columns=["weight", "S", "R"], index=alphas.round(1))
        table["L"] = [round(float(joint_loss(*each)), 3) for each in zip(table["S"], table["R"], alphas, strict=True)]
        with right:
            told = f"S, R and L at the best weight by alpha; L is 0 at both ends, {table['L'].max():.2f} at most."
            lab.chart(figures.along(alpha, units), key="along", quick=True, alt=told)
        folded("The numbers behind these charts", table.rename_axis("alpha"), key="hand-numbers")
    notice = [
        "Every alpha is a compromise: towards 1 the class gets its way, towards 0 the box. No training can be best at "
        "both, because both read the same weight.",
        "The green curve on the right is what each training would call its own loss. It is 0 at both ends. Whoever "
        "chooses alpha by the least loss throws one of the two tasks away.",
        "That is no accident. For fixed weights L is a straight line in alpha; the least of straight lines bends "
        "downwards only, so between 0 and 1 it is least at an end.",
        (
            "Measure the box in other units, and R grows or shrinks with their square: the same alpha then means "
            if units == 1
            else f"In these units R is {units**2:g} times as large as in units of 1: the same alpha now means "
        )
        + "another mix. An alpha is worth nothing without the units.",
        "So alpha is a setting like the learning rate: try several, and compare them on the validation part by a "
        "measure that does not know alpha, such as the share of objects found.",
    ]
    call = f"one_weight(np.array([{alpha:g}]), units={units:g})  # weight {theta:.2f}, S {s:.2f}, R {r:.2f}"
    return lab.Said(notice, call, (joint_loss, one_weight), {"by_alpha.csv": lambda: str(table.to_csv())})


def trained(controls: Any, stage: Any) -> lab.Said:
    """A net with two heads, trained at several alphas."""
    with controls:
        who = st.segmented_control(
            "What learns", (TOGETHER, ALONE), default=TOGETHER, key="learns", bind="query-params", required=True
        )
        chosen = float(
            st.select_slider(
                "Look at the training with alpha", ALPHAS, 0.5, key="look", bind="query-params",
                format_func=lambda value: f"{value:g}",
            )
        )  # fmt: skip
        job = watching.current(JOB)
        running = job is not None and job.running
        st.button(
            f"Train at {len(ALPHAS)} alphas", key="train", type="primary", disabled=running,
            on_click=watching.begin, args=(JOB, who, lambda progress: _work(who == TOGETHER, progress)),
        )  # fmt: skip
        st.caption(
            f"A small net learns from {LEARNED} drawn circles, triangles and stars, and is judged by {JUDGED} others, "
            "of the validation part. It takes a quarter of a minute, or longer on a busy machine."
        )
    found = _found()
    with stage:
        if job is None:
            st.markdown("Nothing is trained yet: the charts fill while the trainings run, one point for every alpha.")
            _draw([], chosen, None)
        else:
            watching.watch(JOB, lambda current: _draw(_found(current), chosen, current.setting))
    notice = []
    if found:
        told = curves(found)
        best, own = (
            best_alpha(told[:, 0], told[:, 5]),
            [joint_loss(each.classification, each.regression, each.alpha) for each in found],
        )
        least = found[int(np.argmin(own))]
        notice += [
            f"By the share found, alpha {best:g} is best with {told[:, 5].max():.0%}.",
            f"By its own loss alpha {least.alpha:g} would be chosen, which finds {least.found:.0%}."
            + (
                ""
                if least.alpha in (0, 1)
                else " No end of the range this time: alpha also sets how large the steps are, and no training went on "
                "to its least loss."
            ),
            f"{int(front(found).sum())} of {len(found)} trainings are on the Pareto front: nobody beats them in both.",
        ]
    notice += [
        (
            "At alpha = 0 nobody cares about the class: the trunk changes for the box, and the class is guessed. "
            if (job.setting if job else who) == TOGETHER
            else "At alpha = 0 the class head takes no step, and keeps what it had learned together with the trunk. "
        )
        + "At alpha = 1 nobody cares about the box, and the box head stays as it was made.",
        "Choose what learns: with the trunk frozen, each head has weights of its own and alpha only changes the size "
        "of its steps. Nearly nothing is left of the compromise, and the box is worse: the trunk has only learned to "
        "name things. Fine tuning both heads together with it is what brings the boxes.",
        "In the last chart every training is a straight line: its S on the right, its R on the left. The least of "
        "them bends downwards only, whatever the trainings are.",
        "Alpha is chosen on the validation part. What is then told of the net comes from the test part, which took no "
        "part in the choice.",
    ]
    call = f"list(trainings(drawn('train', {LEARNED}), drawn('validation', {JUDGED}), together={who == TOGETHER}))"
    export = {"trainings.csv": lambda: str(figures.table(found).to_csv())} if found else {}
    return lab.Said(notice, call, (joint_loss, learned_loss, best_alpha, least_loss), export)


@st.cache_resource(show_spinner=False)
def _parts() -> tuple[Drawn, Drawn]:
    return drawn("train", LEARNED), drawn("validation", JUDGED)


def _work(together: bool, progress: Progress) -> Iterator[Trained]:
    progress(0.0, f"drawing {LEARNED + JUDGED} pictures")
    yield from trainings(*_parts(), together=together, epochs=EPOCHS, progress=progress)


def _found(job: Job | None = None) -> list[Trained]:
    work = job or watching.current(JOB)
    return [] if work is None else list(work.found)


def _draw(found: list[Trained], chosen: float, setting: object) -> None:
    if setting is not None:
        st.markdown(f"What learns: **{setting}**.")
    mine = [each for each in found if each.alpha == chosen]
    if mine:
        own = joint_loss(mine[0].classification, mine[0].regression, chosen)
        st.markdown(
            f"alpha **{chosen:g}**: {mine[0].right:.0%} of the classes right, mean IoU {mine[0].overlap:.2f}, "
            f"**{mine[0].found:.0%} found**; its own loss is {own:.2f}."
        )
    ends = "; ".join(f"{each.alpha:g}: {each.right:.0%} right, IoU {each.overlap:.2f}" for each in found) or "none yet"
    left, right = st.columns(2)
    with left:
        lab.chart(figures.scatter(found, chosen), key="front", quick=True, alt=f"Trainings by alpha. {ends}.")
    shares = "; ".join(f"{each.alpha:g}: {each.found:.0%}" for each in found) or "none yet"
    with right:
        lab.chart(figures.by_alpha(found, chosen), key="measure", quick=True, alt=f"Objects found by alpha. {shares}.")
    losses = "; ".join(f"{each.alpha:g}: S {each.classification:.2f}, R {each.regression:.2f}" for each in found)
    lab.chart(
        figures.own_loss(found), key="own", quick=True, alt=f"Loss of each training by alpha. {losses or 'none'}."
    )
    st.caption(
        "Dotted: one training each, judged at every alpha. Solid: the least of them, which bends downwards only."
    )
    if found:
        folded("What every training reached", figures.table(found), key="trained-numbers")
