"""What the ensemble lab draws: controls, the curve that grows while networks come, and a digit they disagree about."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.learning.ensemble import Labels, average, cross_entropy, errors_by_size, majority, relative_reduction, rescued
from core.types import Floats
from pages._kit import lab
from pages._parts.ensemble import figures, training

HOW, DIFFER = ("probabilities", "votes"), ("their seed", "nothing")


@dataclass(frozen=True)
class Setting:
    """Which networks are asked, and what for."""

    count: int
    amount: int
    vote: bool
    alike: bool


def controls() -> Setting:
    """Draw the controls."""
    count = st.slider("Networks", 1, training.MOST, 7, key="count", bind="query-params")
    amount = st.select_slider(
        "Digits they learn from", training.AMOUNTS, training.AMOUNTS[1], key="amount", bind="query-params"
    )
    how = st.segmented_control("Put together", HOW, default=HOW[0], key="how", bind="query-params", required=True)
    differ = st.segmented_control(
        "They differ by", DIFFER, default=DIFFER[0], key="differ", bind="query-params", required=True
    )
    return Setting(count, int(amount), how == HOW[1], differ == DIFFER[1])


def asked(setting: Setting) -> Floats | None:
    """What the networks that are there say, (M, 800, 10); None before the first is trained."""
    found = training.members(setting.amount, 1 if setting.alike else setting.count)
    if not found:
        return None
    return np.stack([member.probabilities for member in (found * setting.count if setting.alike else found)])


@st.cache_data(show_spinner=False, max_entries=40)
def errors(amount: int, members: int, vote: bool, alike: bool) -> list[Floats]:
    """Errors of every choice of the networks; equal ones need no choosing."""
    said = asked(Setting(members, amount, vote, alike))
    if said is None:
        return []
    labels = training.judged()[1]
    return errors_by_size(said[:1], labels) * members if alike else errors_by_size(said, labels, vote=vote)


def first(said: Floats, setting: Setting) -> list[float]:
    """Errors of the first 1, 2, ... networks."""
    labels = training.judged()[1]
    whole = [_answers(said[:size], vote=setting.vote) for size in range(1, len(said) + 1)]
    return [float((each != labels).mean()) for each in whole]


def stage(setting: Setting) -> None:
    """Buttons, and the figures as far as there are networks."""
    job = training.job()
    running = job is not None and job.running
    if job and not running:
        job.told = True
    needed = 1 if setting.alike else setting.count
    missing = needed - len(training.members(setting.amount, needed))
    with st.container(horizontal=True, key="run", vertical_alignment="center"):
        st.button(
            "Train",
            key="train",
            type="primary",
            disabled=running or not missing,
            on_click=training.begin,
            args=(setting.amount, needed),
        )
        st.button("Stop", key="stop", disabled=not running, on_click=job.stop if job else None)
        if not running:
            st.caption(f"{missing} still to train, a second or two each." if missing else "All of them are trained.")
    st.fragment(_show, run_every=0.5 if running else None)(setting)


def _show(setting: Setting) -> None:
    job = training.job()
    if job and job.running:
        st.progress(job.done, job.doing)
    elif job and not job.told:
        job.told = True
        st.rerun()
    if job and job.wrong:
        st.warning(job.wrong)
    said = asked(setting)
    count = 0 if said is None else len(said)
    found = errors(setting.amount, count, setting.vote, setting.alike) if count else []
    own = [] if said is None else first(said, setting)
    lab.chart(
        figures.against_number(found, own, most=training.MOST),
        key="errors",
        alt=figures.against_number_alt(found),
        table=figures.by_number(found, own) if found else None,
    )
    if said is not None and count > 1:
        _disagreement(said)


def _disagreement(said: Floats) -> None:
    """A digit that one network gets wrong and the average right."""
    images, labels = training.judged()
    st.subheader("Where one is wrong and the average is right", anchor=False)
    who = min(st.slider("Network", 1, training.MOST, 1, key="who", bind="query-params"), len(said))
    places = rescued(said, labels, who - 1)
    if not len(places):
        st.markdown("There is no such digit: the average makes every mistake that this network makes.")
        return
    which = st.slider("Digit", 1, 20, 1, key="which", bind="query-params", help="The surest rescue comes first.")
    place = places[(which - 1) % len(places)]
    one, together, label = said[who - 1, place], average(said)[place], int(labels[place])
    st.markdown(
        f"A **{label}**. Network {who} says **{one.argmax()}** with {one.max():.0%}, all together say "
        f"**{together.argmax()}** with {together.max():.0%}. {len(places)} of its "
        f"{(said[who - 1].argmax(axis=1) != labels).sum()} mistakes are put right like this."
    )
    lab.chart(
        figures.disagreement(images[place], one, together, label),
        key="digit",
        alt=figures.disagreement_alt(one, together, label),
        table=figures.probabilities(one, together),
    )


def told(setting: Setting) -> list[str]:
    """What to notice, from the numbers that are there."""
    said, lines = asked(setting), list[str]()
    if said is not None and len(said) > 1:
        labels = training.judged()[1]
        alone, whole = (said.argmax(axis=2) != labels).mean(), first(said, setting)[-1]
        lines.append(
            f"One network alone gets {alone:.1%} wrong in the mean, {len(said)} together {whole:.1%}: "
            f"{relative_reduction(float(alone), whole):.0%} of the errors are gone."
        )
        surprise = cross_entropy(said, labels).mean(), cross_entropy(average(said), labels).mean()
        lines.append(
            f"The cross-entropy of the averaged probabilities is {surprise[1]:.2f}, the average of the cross-entropies "
            f"{surprise[0]:.2f}. The first is never larger, whatever the networks say. Errors have no such law."
        )
    return [
        *lines,
        "Averaging removes what is different in the networks: mistakes that one makes and the others do not. Let them "
        "differ by nothing, and nothing is gained.",
        "Each further network helps less than the one before, and costs as much, in training and in every answer.",
        "In the lecture seven networks bring AlexNet's top-5 error from 18.2% to 15.4%: of 100 errors "
        f"{100 * relative_reduction(18.2, 15.4):.0f} are gone.",
    ]


def _answers(said: Floats, *, vote: bool) -> Labels:
    return majority(said) if vote else average(said).argmax(axis=1)
