"""The view of Augmented Grad-CAM: many coarse maps, one sharp one, worked out beside the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explain.augmented import Found, coarse_maps, descend, objective, plain, problem, subgradient
from core.explain.closeness import PLAIN_SHARE, SHARP_SHARE, Closeness, Measured, closeness, measure
from core.explain.gradcam import grad_cam, look
from core.explain.views import random_views
from core.learning.train import Progress
from core.types import Floats, Heatmap
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._kit.shots import shots
from pages._parts.cam import figures
from pages._parts.cam.asking import Answer
from pages._parts.cam.subjects import Subject, module_of
from pages._parts.cam.views import NUMBERS, asked, painted, picture

VIEWS = (4, 8, 16, 32, 48)
LAMBDAS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)
MUS = (0.0, 0.1, 0.3, 1.0, 3.0)
TURNS = (20, 60, 180)  # degrees either way
USUAL_TURN = {"lite0": 20, "scenes": 180}  # photos stand upright, drawn things do not
STEPS, MANY, MOST_KEPT = 150, 20, 24


@dataclass(frozen=True)
class Setting:
    """What is worked out: of which picture and class, from how many views, at which prices."""

    subject: str
    of: int
    views: int
    turn: int  # degrees
    smooth: float
    small: float


@dataclass(frozen=True, eq=False)
class Result:
    """The plain map, and what the descent found."""

    plain: Heatmap
    found: Found


def view(controls: Any, stage: Any) -> lab.Said:
    """Draw it."""
    with controls:
        subject, answer = asked()
        count = st.select_slider("Views, L", VIEWS, 48, key="views", bind="query-params")
        turn = st.select_slider(
            "Turned by up to, degrees", TURNS, USUAL_TURN[subject.net.name], key=f"turn-{subject.net.name}",
            bind="query-params",
        )  # fmt: skip
        smooth = st.select_slider("Price of changes, λ", LAMBDAS, 0.1, key="lambda", bind="query-params")
        small = st.select_slider("Price of size, μ", MUS, 1.0, key="mu", bind="query-params")
    setting = Setting(_key(subject), answer.of, int(count), int(turn), float(smooth), float(small))
    with controls:
        st.button(
            "Combine the views",
            key="combine",
            type="primary",
            on_click=watching.begin,
            args=("augmented", setting, _combining(subject, setting)),
        )
        if subject.truth is not None:
            st.button(
                f"Measure on {MANY} scenes", key="many", on_click=watching.begin, args=("scenes", MANY, _measuring)
            )
    job = watching.current("augmented")
    with stage:
        if job is None:
            shots([picture(subject)], least=200, most=360)
            st.info(
                f"The network will be asked about {count} turned and shifted copies. That takes some seconds; then "
                "one map is sought that explains all answers.",
            )
        watching.watch("augmented", lambda job: _show(job, subject, answer, setting))
        if subject.truth is not None:
            watching.watch("scenes", _show_many)
    result = job.found[-1] if job and job.found and job.setting == setting else None
    return _said(subject, answer, setting, result)


def _key(subject: Subject) -> str:
    return f"{subject.name} {hash(subject.pixels.tobytes())}" if subject.name == "own" else subject.name


def _combining(subject: Subject, setting: Setting) -> Callable[[Progress], Iterator[Result]]:
    """The work; prices change and coarse maps do not, so the session keeps those."""
    kept: dict[tuple[str, int, int], Floats] = st.session_state.setdefault("_coarse", {})

    def ask(images: Floats) -> Floats:
        import torch

        module = module_of(subject.net.name)
        inputs = torch.tensor(images * 2 - 1, dtype=torch.float32).permute(0, 3, 1, 2)
        seen = look(module, inputs, module.get_submodule(subject.net.last), setting.of)
        return np.stack([grad_cam(each) for each in seen])

    def work(progress: Progress) -> Iterator[Result]:
        views = random_views(setting.views, np.random.default_rng(0), angle=np.deg2rad(setting.turn))
        key = (setting.subject, setting.of, setting.turn)
        if len(kept.get(key, ())) < setting.views:
            found = coarse_maps(ask, subject.pixels / 255, views, progress=_from_to(progress, 0.0, 0.8))
            while len(kept) >= MOST_KEPT:
                kept.pop(next(iter(kept)))
            kept[key] = found
        coarse = kept[key][: setting.views]
        wanted = problem(coarse, views, side=subject.net.grid, smooth=setting.smooth, small=setting.small)
        start = plain(wanted)
        yield Result(start, descend(wanted, start, steps=STEPS, progress=_from_to(progress, 0.8, 1.0)))

    return work


def _from_to(progress: Progress, first: float, last: float) -> Progress:
    """The progress of a part of the work."""
    return lambda share, doing: progress(first + share * (last - first), doing)


def _measuring(progress: Progress) -> Iterator[Measured]:
    for number in range(MANY):
        progress(number / MANY, f"scene {number + 1} of {MANY}")
        yield from measure("test", 1, start=number)


def _show(job: Job, subject: Subject, answer: Answer, setting: Setting) -> None:
    """What was found, if it belongs to this picture and class."""
    asked_for = job.setting
    if not isinstance(asked_for, Setting) or (asked_for.subject, asked_for.of) != (setting.subject, setting.of):
        shots([picture(subject)], least=200, most=360)
        st.info("The last result is of another picture or class. Combine the views of this one.")
        return
    if not job.found:
        shots([picture(subject)], least=200, most=360)
        return
    result: Result = job.found[-1]
    told = f"{asked_for.views} views by up to {asked_for.turn} degrees, λ {asked_for.smooth:g}, μ {asked_for.small:g}"
    maps = ((result.plain, "Grad-CAM"), (result.found.heat, "Augmented Grad-CAM"))
    shots(
        [picture(subject), *(painted(subject, np.maximum(map_, 0.0), name) for map_, name in maps)],
        least=200,
        most=330,
    )
    if asked_for != setting:
        st.caption(f"Still with {told}. Combine the views again for the new setting.")
    elif subject.truth is not None:
        before, after = _compared(subject, result)
        st.markdown(
            f"Correlation with the truth: **{before.correlation:.3f}** before, **{after.correlation:.3f}** after. "
            f"IoU: **{before.overlap:.3f}** and **{after.overlap:.3f}**."
        )
    objective_, best = result.found.objective, result.found.best
    lab.chart(
        figures.descent(objective_, best),
        key="descent",
        quick=True,
        alt=f"The objective over {len(best)} steps, {told}: from {best[0]:.3g} down to {best[-1]:.3g}.",
        table=pd.DataFrame(
            {"step": range(1, len(best) + 1), "objective": np.round(objective_, 4), "least": np.round(best, 4)}
        ).iloc[::10],
    )


def _compared(subject: Subject, result: Result) -> tuple[Closeness, Closeness]:
    """How close both maps come to the drawn truth."""
    truth = subject.truth if subject.truth is not None else np.zeros(result.plain.shape, dtype=np.bool_)
    return closeness(result.plain, truth, PLAIN_SHARE), closeness(result.found.heat, truth, SHARP_SHARE)


def _show_many(job: Job) -> None:
    """The scenes measured so far."""
    found: list[Measured] = list(job.found)
    if not found:
        return
    before, after = ([getattr(each, which) for each in found] for which in ("plain", "sharp"))
    closer = sum(second.correlation > first.correlation for first, second in zip(before, after, strict=True))
    lab.chart(
        figures.pairs(found),
        key="pairs",
        quick=True,
        alt=f"{len(found)} scenes: the augmented map is closer to the truth on {closer}.",
    )
    table = pd.DataFrame(
        {
            "Grad-CAM": [round(each.correlation, 3) for each in before],
            "augmented": [round(each.correlation, 3) for each in after],
            "IoU": [round(each.overlap, 3) for each in before],
            "IoU, augmented": [round(each.overlap, 3) for each in after],
        },
        index=pd.RangeIndex(len(found), name="scene"),
    )
    means = [float(np.mean([getattr(each, what) for each in which])) for what in ("correlation", "overlap")
             for which in (before, after)]  # fmt: skip
    st.markdown(
        f"On {len(found)} scenes that nobody learned from: correlation **{means[0]:.3f}** and **{means[1]:.3f}**, IoU "
        f"**{means[2]:.3f}** and **{means[3]:.3f}**; closer on **{closer}**."
    )
    st.caption("Each point is a scene. Above the dashed line the augmented map is closer to the truth.")
    if not job.running:
        folded(NUMBERS, table, key="pairs-numbers")


def _said(subject: Subject, answer: Answer, setting: Setting, result: Result | None) -> lab.Said:
    """What to notice, from the numbers if there are any."""
    cells = "8x8" if subject.net.name == "scenes" else "7x7"
    lines = [
        f"Each view gives a map of {cells}. The cells lie elsewhere on the thing each time, so {setting.views} of them "
        f"tell more than one. Wanted is the map of {subject.net.grid}x{subject.net.grid} that, turned, shifted and "
        "made coarse, gives all of them.",
        "λ is the price of every change between neighbours: a high one gives flat patches with sharp edges. μ is the "
        "price of large values.",
        "The objective is convex but has corners, where neighbours are equal. A step of the descent can lead up, so "
        "the best map on the way is kept and the steps grow shorter.",
        f"The network's own blur stays: it looked at large windows. The thresholds for the IoU, {PLAIN_SHARE:.0%} and "
        f"{SHARP_SHARE:.0%} of the maximum, and the prices were chosen on other scenes.",
        "Turning helps only as long as the network still knows the thing when it stands on its head. Photos stand "
        "upright and are turned by 20 degrees, drawn things by any angle; try the other way around.",
    ]
    exports: dict[str, Any] = {}
    if result is not None:
        found = result.found
        lines.insert(0, f"The objective fell from {found.best[0]:.3g} to {found.best[-1]:.3g}.")
        exports["map.csv"] = lambda: pd.DataFrame(found.heat).to_csv(index=False, header=False)
        exports["descent.csv"] = lambda: pd.DataFrame({"objective": found.objective, "best": found.best}).to_csv()
    return lab.Said(
        notice=lines,
        call=f"views = random_views({setting.views}, np.random.default_rng(0), angle=np.deg2rad({setting.turn}))\n"
        "coarse = coarse_maps(ask, image, views)  # Grad-CAM of every view\n"
        f"prices = {{'smooth': {setting.smooth:g}, 'small': {setting.small:g}}}  # lambda and mu\n"
        f"wanted = problem(coarse, views, side={subject.net.grid}, **prices)\n"
        f"descend(wanted, plain(wanted), steps={STEPS}).heat  # {answer.name}",
        shows=(objective, subgradient, descend),
        exports=exports,
    )
