"""The views of the lab: sort the steps, count what they multiply, and what two detectors of this house reach."""

from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES, Scene
from core.detect import stages
from core.detect.found import Found
from core.detect.pictures import picture
from core.detect.stages import KINDS, STEPS, Kind, judged, multiplications, pipeline
from core.errors import CoreError
from core.models import registry
from core.models.card import Card
from core.nets.layers import Dense
from core.nets.trace import trace
from core.nets.zoo import network, without_top
from pages._kit import lab
from pages._kit.drawing import drawings
from pages._kit.scrolling import folded, scrolling
from pages._kit.shots import Shot, shots
from pages._parts.two_or_one import figures

SHUFFLED = (3, 0, 5, 1, 6, 2, 7, 4)
PICTURES, SURE, RUNS = 40, 0.5, 10
HIGH, WIDE, ANCHORS = 600, 800, 9
DETECTORS = {"two stages": "two_stage", "one stage": "one_stage", "corners, one stage": "corners"}


def sorting(controls: Any, stage: Any) -> lab.Said:
    """Every step gets its place; what is right appears in the pipelines."""
    given: dict[int, Kind] = {}
    with controls:
        st.markdown("**Which detector takes this step?**")
        for number in SHUFFLED:
            said = st.segmented_control(STEPS[number].says, KINDS, key=f"step{number}", bind="query-params")
            if said:
                given[number] = said
    right = judged(given)
    count = sum(right.values())
    with stage:
        with st.container(horizontal=True, key="score"):
            st.metric("Right", f"{count} of {len(STEPS)}", width="content")
            st.metric("Wrong", len(given) - count, width="content")
        shown = {number for number, good in right.items() if good}
        drawings(figures.pipelines(shown), least=240, most=400)
        st.caption(
            "A step appears in its place when you sort it right. Grey frame: both have it. Orange: two stages only. "
            "Blue: one stage only."
        )
        for number, good in right.items():
            if not good:
                st.warning(
                    f"Not {given[number]}: {STEPS[number].says[0].lower()}{STEPS[number].says[1:]}.",
                    icon=":material/cancel:",
                )
        if shown:
            lines = [f"- **{STEPS[number].says}:** {STEPS[number].of}. {STEPS[number].why}" for number in sorted(shown)]
            st.markdown("\n".join(lines))
    notice = [
        f"{len(pipeline('both'))} of the {len(STEPS)} steps are the same in both. The rest is one question: who sorts "
        "out the places where nothing is?",
        "Two stages ask first whether something is there, for all anchors, cheaply. The costly question, what it is, "
        "is asked of some hundred regions only. One stage asks both questions everywhere.",
        "So the first learns from a fair mixture of objects and ground. The second meets a thousand empty places for "
        "every object, and needs a loss that is not drowned by them.",
    ]
    table = pd.DataFrame([(step.says, step.of, step.why) for step in STEPS], columns=["step", "of", "why"])
    return lab.Said(
        notice, f"judged({given})", (judged, pipeline), {"steps.csv": lambda: str(table.to_csv(index=False))}
    )


@st.cache_data(show_spinner=False)
def vgg() -> tuple[int, int, int, int]:
    """Of VGG16 at 600x800: multiplications of its trunk, maps and cells behind it, and of its two dense layers."""
    whole = network("vgg16")
    trunk = trace(without_top(whole), (3, HIGH, WIDE))
    maps, high, wide = trunk.rows[-1].shape
    dense = [row.macs for row in trace(whole).rows if isinstance(row.operation, Dense)]
    return trunk.macs, maps, high * wide, sum(dense[:2])


def cost(controls: Any, stage: Any) -> lab.Said:
    """What both multiply, with VGG16 as the trunk."""
    with controls:
        regions = st.slider("Regions in the second stage", 0, 2000, 300, 50, key="regions", bind="query-params")
        classes = st.slider("Classes", 1, 100, 20, key="classes", bind="query-params")
        st.caption(
            f"VGG16 on {HIGH}x{WIDE} pixels, {ANCHORS} anchors in a cell. A 3x3 convolution before the scores, which "
            "both have, is left out."
        )
    trunk, maps, cells, dense = vgg()
    head = dense + 4096 * (classes + 1) + 4096 * 4 * classes
    known = {"trunk": trunk, "maps": maps, "cells": cells, "anchors": ANCHORS, "classes": classes}
    work = multiplications(**known, regions=regions, head=head)
    table = pd.DataFrame(
        {kind: [f"{each:,}" for each in parts] for kind, parts in work.items()}, index=pd.Index(figures.PARTS, name="")
    )
    two, one = sum(work["two stages"]), sum(work["one stage"])
    with stage:
        told = f"Billions of multiplications: two stages {two / 1e9:.0f}, one stage {one / 1e9:.0f}."
        lab.chart(figures.work(work), key="work", quick=True, alt=told)
        folded("The numbers behind this chart", table, key="work-numbers")
    notice = [
        f"With {regions} regions two stages multiply {two / one:.2f} times as much as one. The second stage takes "
        f"{work['two stages'][2] / two:.0%} of it: {head / 1e6:.0f} million for every region.",
        f"One stage asks all {cells * ANCHORS:,} anchors for every class, and that is still cheap beside the trunk: "
        "the question is asked by one small convolution and not by dense layers.",
        "2000 regions are what Fast R-CNN took from selective search. A region proposal network does with 300 or less, "
        "as its proposals are better.",
        "Multiplications are not seconds: many small regions may keep a graphics card less "
        "busy than one large picture.",
    ]
    call = f"multiplications(..., classes={classes}, regions={regions}, head={head:_})"
    return lab.Said(notice, call, (multiplications,), {"work.csv": lambda: str(table.to_csv())})


def known_cards() -> dict[str, Card]:
    """The cards of those detectors that are trained here."""
    found = {}
    for name, recipe in DETECTORS.items():
        try:
            found[name] = registry.card(recipe)
        except CoreError:  # this one has no weights
            continue
    return found


@st.cache_resource(show_spinner=False, max_entries=20)
def seen(number: int) -> Scene:
    """A picture of the test part."""
    return picture("test", number)


@st.cache_resource(show_spinner=False, max_entries=40)
def answered(name: str, number: int) -> Found:
    """What a detector finds in a picture."""
    return detected(name, seen(number)).above(SURE)


def detected(name: str, scene: Scene) -> Found:
    """One run of a detector."""
    module: Any = registry.load(DETECTORS[name])
    if name == "two stages":
        from core.detect.regions import two_stage

        return two_stage.found(module, scene.image)
    if name == "one stage":
        from core.detect.dense import one_stage

        return one_stage.answer(module, scene.image)
    from core.detect.corner import corner_net
    from core.learning.threads import one_thread

    with one_thread():
        return corner_net.detect(module, np.rint(scene.image * 255).astype(np.uint8)[None])[0]


def measured(controls: Any, stage: Any) -> lab.Said:
    """What the trained ones say of one picture, and what their cards say."""
    cards = known_cards()
    if not cards:
        raise CoreError("none of the detectors has weights yet: make models trains them")
    with controls:
        number = st.slider("Picture", 0, PICTURES - 1, 4, key="picture", bind="query-params")
        timed = st.button(f"Time {RUNS} runs of each", key="time", type="primary")
        st.caption("On this machine, on one core.")
    scene = seen(number)
    found = {name: answered(name, number) for name in cards}
    if timed:
        st.session_state["_two_or_one_times"] = {name: _milliseconds(name, scene) for name in cards}
    times: dict[str, float] = st.session_state.get("_two_or_one_times", {})
    table = pd.DataFrame(
        [
            (
                f"{card.score:.3f}",
                f"{card.parameters / 1e6:.2f} M",
                f"{times[name]:.0f}" if name in times else "not yet",
            )
            for name, card in cards.items()
        ],
        columns=["AP50", "weights", "ms"],
        index=pd.Index(list(cards), name="detector"),
    )
    with stage:
        shots([_shot(name, scene, each) for name, each in found.items()], most=300)
        st.html(scrolling(table, label="What the detectors reach"))
        st.caption(
            "AP50 on test pictures, as on their cards; ms: milliseconds a picture, once the button is pressed. The "
            "detector of two stages also draws masks and joints, and its time includes them."
        )
    best = max(cards, key=lambda name: cards[name].score)
    notice = [
        f"The best AP50 on these scenes is that of {best}: {cards[best].score:.3f}. The lectures' rule, two "
        "stages are more accurate and one is faster, is from large pictures with small things; these pictures have "
        "96x96 pixels.",
        "They differ in more than the number of stages: trunk, training and loss are their own. The cards say what "
        "each learned from, and for how long.",
    ]
    if len(times) > 1:
        quick = min(times, key=lambda name: times[name])
        notice.insert(1, f"Fastest here: {quick}, {times[quick]:.0f} milliseconds a picture.")
    call = 'card("one_stage").score, card("two_stage").score'
    return lab.Said(notice, call, (registry.card, stages.judged), {"measured.csv": lambda: str(table.to_csv())})


def _milliseconds(name: str, scene: Scene) -> float:
    """The median of some runs."""
    seconds = []
    for _ in range(RUNS):
        began = perf_counter()
        detected(name, scene)
        seconds.append(perf_counter() - began)
    return 1000 * float(np.median(seconds))


def _shot(name: str, scene: Scene, found: Found) -> Shot:
    labels = [f"{CLASSES[label]} {score:.0%}" for label, score in zip(found.labels.tolist(), found.scores, strict=True)]
    alt = f"Found by the detector, {name}: {', '.join(labels) or 'nothing'}; {len(scene.targets)} things are there."
    return Shot(scene.image.astype(np.float64), alt, f"{name[0].upper()}{name[1:]}", boxes=found.boxes, labels=labels)
