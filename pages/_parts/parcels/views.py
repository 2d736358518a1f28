"""The three views of the parcel lab: measure one, draw lines between kinds, let networks decide."""

from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st

from core.data.parcels import KINDS, parcel
from core.features.handcrafted import FEATURES, feature_table, parcel_features, standardise
from core.features.parcel_nets import FEATURE_RECIPE, MAP_RECIPE, by_features, by_maps, feature_net, map_net
from core.features.thresholds import Thresholds, decide, evenness, right, slimness
from core.learning.train import Epoch, train
from core.runtime.tasks import Task
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.parcels import figures, work
from pages._parts.parcels.figures import HAND, MAP
from pages._parts.retrieval.gallery import Hit, gallery

UNITS = {"area": "cells", "perimeter": "sides of cells", "diagonal": "cells"}
START = Thresholds(flat=6.0, slim=2.0, round=0.25, step=0.70)


def measure(controls: Any, stage: Any) -> lab.Said:
    """One parcel and what is read off it."""
    with controls:
        number = st.slider("Parcel", 0, 99, 4, key="parcel", bind="query-params")
        noise = st.slider("Noise of the sensor, cm", 0.0, 3.0, 0.3, 0.1, key="noise", bind="query-params")
        gaps = st.slider("Cells it misses, %", 0, 40, 4, key="gaps", bind="query-params") / 100
    found = parcel("train", number, noise=noise, gaps=gaps)
    seen, true = parcel_features(found.heights), parcel_features(found.whole)
    table = pd.DataFrame(
        {
            "feature": FEATURES,
            "measured": [f"{seen[name]:.1f}" for name in FEATURES],
            "without noise or gaps": [f"{true[name]:.1f}" for name in FEATURES],
            "unit": [UNITS.get(name, "cm") for name in FEATURES],
        }
    ).set_index("feature")
    with stage:
        st.markdown(f"Parcel {number} is a **{found.kind}**; {int(found.missing.sum())} of its cells are missing.")
        told = ", ".join(f"{name} {seen[name]:.1f} {UNITS.get(name, 'cm')}" for name in FEATURES)
        top, kind = float(found.whole.max()), f"a {found.kind}, 32x48 cells"
        shots(
            [
                Shot(figures.coloured(found.heights, top, found.missing), f"Height map of {kind}: {told}.",
                     "As measured; grey where the sensor misses a cell", sharp=True),
                Shot(figures.coloured(found.whole, top), f"The same without noise or gaps: {kind}.",
                     f"As it is; dark is the belt, yellow {top:.0f} cm", sharp=True),
            ],
            least=200,
        )  # fmt: skip
        st.table(table)
    off = max(FEATURES, key=lambda name: abs(seen[name] - true[name]) / max(true[name], 1e-9))
    notice = [
        f"Seven numbers stand for {found.heights.size:,} heights. Each of them has a meaning, so a wrong decision can "
        "be argued about.",
        f"The sensor spoils the {off} most: {seen[off]:.1f} in place of {true[off]:.1f} {UNITS.get(off, 'cm')}."
        if seen != true
        else "Nothing is spoiled now: turn up the noise, or let the sensor miss cells.",
        "Every missing cell inside adds four sides to the perimeter. Heights hardly mind: they are taken over the "
        "cells that are there.",
        "Make the parcel twice as large: its area is four times, its perimeter and diagonal twice as large, and its "
        "heights stay.",
    ]
    call = f'parcel_features(parcel("train", {number}, noise={noise}, gaps={gaps}).heights)'
    return lab.Said(notice, call, (parcel_features, parcel), _as_csv(table))


def lines(controls: Any, stage: Any) -> lab.Said:
    """Four thresholds that a hand can drag."""
    with controls:
        flat = st.slider("Flat: an envelope below, cm", 0.0, 15.0, START.flat, 0.5, key="flat", bind="query-params")
        slim = st.slider("Slim: a tube above", 1.0, 4.0, START.slim, 0.1, key="slim", bind="query-params")
        even = st.slider("Even: a bag below", 0.0, 1.0, START.round, 0.05, key="round", bind="query-params")
        step = st.slider("Even: a pair below", 0.0, 1.0, START.step, 0.05, key="step", bind="query-params")
        st.caption("Asked in this order; the first yes decides. What is left is a box.")
    chosen = Thresholds(flat, slim, even, step)
    measured, kinds = work.measured("train", work.SHOWN), [each.kind for each in work.drawn("train", work.SHOWN)]
    now, before = ([decide(each, where) for each in measured] for where in (chosen, START))
    swapped = np.array([one != other for one, other in zip(now, before, strict=True)])
    share, new = right(measured, kinds, chosen), right(*_test(), chosen)
    table = pd.DataFrame(
        {
            name: [sum(a == kind and b == name for a, b in zip(kinds, now, strict=True)) for kind in KINDS]
            for name in KINDS
        },
        index=pd.Index(KINDS, name="is, in rows; called, in columns"),
    )
    moved = (
        f"{int(swapped.sum())} have another answer than with the lines you started from."
        if chosen != START
        else "The lines are not good yet: move them, and parcels whose answer changes get a ring."
    )
    with stage:
        st.markdown(
            f"**{share:.1%}** of these {work.SHOWN} parcels are named right, **{new:.1%}** of {work.JUDGED} others. "
            f"{moved}"
        )
        told = ", ".join(f"{kind} {table.loc[kind, kind] / max(1, table.loc[kind].sum()):.0%}" for kind in KINDS)
        lab.chart(
            figures.plane(measured, kinds, chosen, swapped),
            key="plane",
            quick=True,
            alt=f"{work.SHOWN} parcels by how slim and how even they are, with the lines between kinds. Right: {told}.",
        )
        folded("The numbers behind this chart", table, key="plane-numbers")
        places = np.flatnonzero(swapped)[:10].tolist()
        if places:
            parcels = work.drawn("train", work.SHOWN)
            hits = [
                Hit(figures.thumbnail(parcels[i].heights), kinds[i], f"{before[i]}, now {now[i]}", now[i] == kinds[i])
                for i in places
            ]
            gallery("Some that swapped: what it is, what it was called, what it is called now", hits)
    notice = [
        "You can say why a parcel was called a tube. That is what such a classifier is good for.",
        "Two lines in one direction are easy to set by hand, four already take turns: each changes what is left for "
        "the next. A network sets hundreds of them at once.",
        "The lines were set by looking at these parcels. The share among the others, which nobody looked at, is the "
        "honest one.",
    ]
    return lab.Said(notice, f"right(measured, kinds, {chosen})", (decide, slimness, evenness, right), _as_csv(table))


def networks(controls: Any, stage: Any) -> lab.Said:
    """A small network on the chosen features against a CNN on the maps."""
    with controls:
        features = st.pills(
            "Features that feed the network", FEATURES, selection_mode="multi", wrap=True, default=FEATURES,
            key="features", bind="query-params",
        )  # fmt: skip
        learned = st.select_slider("Parcels to learn from", (30, 60, 120, 240), 60, key="learned", bind="query-params")
        hidden = st.slider("Hidden units", 1, 32, 16, key="hidden", bind="query-params")
        seed = st.slider("Start from other weights", 0, 9, 0, key="seed", bind="query-params")
        setting = work.Setting(tuple(name for name in FEATURES if name in features), hidden, int(learned), seed)
        feature_net(len(setting.features), hidden)  # refuses none at all before anything begins
        st.button("Train both", key="train", type="primary", on_click=_begin, args=(setting,))
        st.caption(f"Both learn from the same {learned} parcels and are judged by the same {work.JUDGED} others.")
    parameters = setting.parameters
    with stage:
        if watching.current("parcels") is None:
            st.info("Press the button. It takes some seconds, and the curves grow as it goes.")
        watching.watch("parcels", _draw, now=setting)
        lab.chart(
            figures.pipelines(setting.features, hidden),
            key="pipelines",
            alt=f"Two pipelines. Left: {len(setting.features)} measured features, designed, into a dense layer of "
            f"{hidden}, learned. Right: three convolutions and a dense layer, all learned.",
        )
        st.caption("Blue: learned from parcels. Grey: designed by somebody who knows parcels.")
    job = watching.current("parcels")
    learnt = cast(work.Setting, job.setting if job else setting)
    table = figures.ends(_stories(job), learnt.parameters)
    return lab.Said(
        [*_compared(job), *_general(parameters)],
        f"by_features(train_parcels, test_parcels, {list(learnt.features)})",
        (train, feature_net, map_net, by_features, by_maps, feature_table, standardise),
        _as_csv(table),
    )


def _as_csv(table: pd.DataFrame) -> lab.Exports:
    return {"parcels.csv": lambda: table.to_csv()}


def _begin(setting: work.Setting) -> None:
    watching.begin("parcels", setting, Task(work.trained, (setting,)))


def _stories(job: Job | None) -> dict[str, list[Epoch]]:
    found: dict[str, list[Epoch]] = {HAND: [], MAP: []}
    for name, epoch in list(job.found) if job else []:
        found[name].append(epoch)
    return found


def _draw(job: Job) -> None:
    found, setting = _stories(job), job.setting
    table = figures.ends(found, setting.parameters)
    ended = "; ".join(f"{name}: {row.iloc[1]} wrong on new parcels" for name, row in table.iterrows())
    st.caption(f"{setting.learned} parcels; {', '.join(setting.features)}; {setting.hidden} hidden units.")
    lab.chart(
        figures.curves(found, work.LENGTHS),
        key="curves",
        quick=True,
        alt=f"Errors while training. {ended or 'Nothing yet'}.",
    )
    folded("Where each of them ended", table, key="curves-numbers")
    st.caption("Solid: parcels nobody learned from. Dotted: those learned from.")


def _compared(job: Job | None) -> list[str]:
    found = _stories(job)
    if not (found[HAND] and found[MAP]):
        return []
    hand, own = found[HAND][-1], found[MAP][-1]
    return [
        f"Measured features: {hand.test_error:.1%} wrong on new parcels, {hand.train_error:.1%} on those learned from. "
        f"CNN: {own.test_error:.1%} and {own.train_error:.1%}."
    ]


def _general(parameters: dict[str, int]) -> list[str]:
    return [
        "With few parcels the measured features win: an expert has already said what matters. The CNN has to find it "
        "out, and from 60 examples it finds out too little.",
        "Take features away and see what they were good for. Without the four heights more than half are wrong. With "
        "nothing but them fewer are wrong than with all seven: what says little is one more thing to learn by heart.",
        f"{parameters[HAND]:,} numbers are learned on the left, {parameters[MAP]:,} on the right. On the left the "
        "rest was designed, for parcels and nothing else: it would be worth nothing on photos.",
        f"The left learns for {FEATURE_RECIPE.epochs} rounds, the right for {MAP_RECIPE.epochs}: its rounds cost far "
        "more.",
    ]


def _test() -> tuple[Any, list[Any]]:
    return work.measured("test", work.JUDGED), [each.kind for each in work.drawn("test", work.JUDGED)]
