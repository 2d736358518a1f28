"""Two views that train: a small detector with either loss while one waits, and what was measured over several seeds."""

from collections.abc import Iterator
from typing import Any, cast

import pandas as pd
import streamlit as st

from core.detect.dense.focal_contest import JUDGED, LEARNED, STEPS, Look, Way, contest
from core.detect.dense.focal_recorded import RATES, SEEDS, WAYS, best, chosen_by, mean_and_spread, rate_of, recorded
from core.learning.focal import sigmoid_focal
from core.learning.train import Progress
from core.runtime.tasks import Task, may_go
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._parts.focal import figures

STARTS = {"sure of nothing (p = 0.01)": 0.01, "undecided (p = 0.5)": 0.5}


def live(controls: Any, stage: Any) -> lab.Said:
    """Cross-entropy and focal loss, one after the other, from the same weights."""
    with controls:
        gamma = st.slider("Gamma of the focal loss", 0.5, 5.0, 2.0, 0.5, key="power", bind="query-params")
        weighted = st.toggle("Weigh things by alpha, 0.25", value=False, key="alpha", bind="query-params")
        start = st.segmented_control(
            "The untrained detector is", list(STARTS), default=next(iter(STARTS)), key="start", bind="query-params",
            required=True,
        )  # fmt: skip
        seed = st.slider("Seed", 0, 9, 0, key="seed", bind="query-params")
        begin = st.button("Train both", key="train", type="primary")
        st.caption(
            f"A one-stage detector on pictures of 64x64: 1,008 anchors in each, one class, thing. {LEARNED} to "
            f"learn from, {STEPS} steps of 8; {JUDGED} others judge it. Weights, pictures and steps are the same for "
            "both; each has the rate that suited it best among those that were tried (view Measured)."
        )
    prior = STARTS[start]
    alpha = 0.25 if weighted else None
    ways = {
        "cross-entropy": Way(0.0, None, prior, rate_of("cross-entropy")),
        "focal loss": Way(gamma, alpha, prior, rate_of("focal loss" if weighted else "focal loss without alpha")),
    }
    setting = (ways, seed)
    if begin:
        watching.begin("focal", setting, Task(both, setting))
    with stage:
        if watching.current("focal") is None:
            st.info("Press the button. It takes about half a minute, and the curves grow as it goes.")
        watching.watch("focal", _draw, now=setting)
    work = watching.current("focal")
    found = _looks(work) if work else {}
    values = _last(found)
    learned, first = cast(tuple[dict[str, Way], int], work.setting if work else setting)
    notice = [
        f"**{name.capitalize()}**{_weighed(learned[name])} ended at AP50 {seen[-1].ap50:.1%} after {seen[-1].step} "
        f"steps, with seed {first}."
        for name, seen in found.items()
    ]
    notice += [
        f"Before the first step {seen[0].ground:.1%} of the {name}'s loss of the scores came from answers that "
        f"should be no, at the end {seen[-1].ground:.1%}."
        for name, seen in found.items()
        if len(seen) > 1
    ]
    notice += [
        "One training is one throw of the dice. Change the seed before you believe a difference of a few percent; the "
        "view Measured has several.",
    ]
    call = "\n".join(f"contest({way}, seed={first}, progress=progress)  # {name}" for name, way in learned.items())
    return lab.Said(notice, call, (contest, sigmoid_focal), {"values.csv": lambda: values.to_csv(index=False)})


def measured(controls: Any, stage: Any) -> lab.Said:
    """The same trainings, written down: every way from several seeds."""
    with controls:
        chosen = st.segmented_control(
            "Show", ("AP50 at the end", "while learning"), default="AP50 at the end", key="show", bind="query-params",
            required=True,
        )  # fmt: skip
        st.caption(
            f"{len(WAYS)} ways to learn with {len(RATES)} rates, each from {len(SEEDS)} seeds. "
            "`python -m core.detect.dense.focal_recorded` trains them again and writes the same table."
        )
    values = pd.DataFrame([_row(name) for name in WAYS])
    with stage:
        if chosen == "while learning":
            figure = figures.all_runs(
                [each for each in recorded() if each.rate == rate_of(each.way)], list(WAYS), STEPS
            )
        else:
            figure = figures.last_of_all({name: [look.tested or 0.0 for look in best(name)] for name in WAYS})
        told = "; ".join(f"{name} {mean_and_spread(name)[0]:.1%}" for name in WAYS)
        alt = f"AP50 on {JUDGED} test pictures with the best rate, mean of {len(SEEDS)} seeds: {told}."
        lab.chart(figure, key="measured", quick=True, alt=alt)
        folded("Means and spreads", values.set_index("way"), key="measured-numbers")
        folded("How the rates were chosen", _rates().set_index("way"), key="rates")
    return lab.Said(
        _found_out(),
        'mean_and_spread("focal loss")',
        (mean_and_spread, contest),
        {"values.csv": lambda: values.to_csv(index=False)},
    )


def _found_out() -> list[str]:
    """What the measurement says, in words that follow its numbers."""
    plain, weighted, unweighted, plain_undecided, undecided = WAYS
    pairs = (
        (plain, unweighted, "sure of nothing, without alpha"),
        (plain, weighted, "sure of nothing, with alpha"),
        (plain_undecided, undecided, "undecided, with alpha"),
    )
    lines = []
    for without, quiet, start in pairs:
        (one, wide), (other, narrow) = mean_and_spread(without), mean_and_spread(quiet)
        gap, noise = other - one, max(wide, narrow)
        verdict = (
            "that is less, so this measurement does not tell them apart"
            if abs(gap) < noise
            else f"the {'focal loss' if gap > 0 else 'cross-entropy'} is ahead by more than that"
        )
        lines.append(
            f"Starting {start}: cross-entropy {one:.1%}, focal loss {other:.1%}, a difference of {100 * gap:+.1f} "
            f"points. The seeds of one way spread by {100 * noise:.1f}: {verdict}."
        )
    return [
        *lines,
        "Our pictures have 1,008 anchors for one to four things. RetinaNet has 100,000 in a photo: the imbalance is "
        "far worse there, and the paper measured 31.1 AP for the best weighted cross-entropy and 34.0 for gamma 2.",
        "Both losses are added up over all anchors and divided by the number of those that lie on things.",
        "The focal loss is the smaller number and pulls more softly, so one rate for all would be unfair. Of "
        f"{', '.join(f'{rate:g}' for rate in RATES)} each way has the one that was best on other pictures: "
        f"{rate_of(plain):g} for cross-entropy, {rate_of(unweighted):g} for the focal loss without alpha. Longer "
        "trainings may end otherwise.",
    ]


def _rates() -> pd.DataFrame:
    rows = [{"way": name, **{f"{rate:g}": f"{ap:.1%}" for rate, ap in chosen_by(name).items()}} for name in WAYS]
    return pd.DataFrame(rows)


@may_go
def both(ways: dict[str, Way], seed: int, progress: Progress) -> Iterator[tuple[str, Look]]:
    """One training after the other, with the name of its loss."""
    for number, (name, way) in enumerate(ways.items()):
        own = watching.part(progress, number, len(ways))
        for look in contest(way, seed=seed, progress=_called(name, own)):
            yield name, look


def _weighed(way: Way) -> str:
    """How its loss weighs the examples, as it stands behind the loss's name.

    >>> _weighed(Way(1.5, 0.25)), _weighed(Way(0.0, None))
    (' with gamma 1.5 and alpha 0.25', '')
    """
    weights = {"gamma": way.gamma, "alpha": way.alpha}
    told = " and ".join(f"{name} {value:g}" for name, value in weights.items() if value)
    return f" with {told}" if told else ""


def _called(name: str, progress: Progress) -> Progress:
    return lambda done, what: progress(done, f"{name}, {what}")


def _looks(work: Job) -> dict[str, list[Look]]:
    found: dict[str, list[Look]] = {}
    for name, look in list(work.found):
        found.setdefault(name, []).append(look)
    return found


def _draw(work: Job) -> None:
    found = _looks(work)
    ended = "; ".join(f"{name} {seen[-1].ap50:.1%} after {seen[-1].step} steps" for name, seen in found.items())
    lab.chart(figures.learning(found, STEPS), key="learning", quick=True, alt=f"AP50 while learning. {ended}.")
    folded("Where both are", _last(found).set_index("loss"), key="learning-numbers")


def _last(found: dict[str, list[Look]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "loss": list(found),
            "steps": [seen[-1].step for seen in found.values()],
            "AP50": [f"{seen[-1].ap50:.1%}" for seen in found.values()],
            "mean p of anchors on things": [f"{seen[-1].objects:.3f}" for seen in found.values()],
            "share of the loss from no": [f"{seen[-1].ground:.1%}" for seen in found.values()],
        }
    )


def _row(name: str) -> dict[str, str]:
    mean, spread = mean_and_spread(name)
    looks = best(name)
    return {
        "way": name,
        "rate": f"{rate_of(name):g}",
        "AP50, mean": f"{mean:.1%}",
        "spread of a seed": f"{spread:.1%}",
        "each": ", ".join(f"{look.tested:.1%}" for look in looks),
        "share of the loss from no": f"{sum(look.ground for look in looks) / len(looks):.1%}",
    }
