"""Drawn scenes in the studio: controls, and the answer to paint on beside the truth."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from core.measure.moved import areas
from core.measure.segmentation import LabelMap
from core.models.segmenters import NAMES, Difficulty
from core.types import Mask
from pages._kit.painter import painter
from pages._kit.shots import Shot, shots
from pages._parts.segmentation import answers, keep
from pages._parts.segmentation.answers import MOVED, Setting, seen
from pages._parts.segmentation.case import Case, by_class, inks, told

MOST = 40
INKS = inks(NAMES)


def scene(difficulty: Difficulty, controls: Any, stage: Any) -> Case:
    """A scene, an answer that may be painted over, and what they count."""
    with controls:
        setting = _controls(difficulty)
    with stage:
        found = _picture(setting)
    if setting.paint:
        with controls:
            keep.bring_back(setting.named, found, INKS)
    here = seen(difficulty, setting.number)
    return Case(
        NAMES,
        answers.counts(setting, found),
        setting.source,
        notice=list(_instances(here.scene.labels, int(here.scene.things.max()))),
        near=answers.counts(setting, found, near=True),
        truth=here.scene.labels,
        found=found,
        grey=here.grey,
        exports=keep.exported(found, INKS),
        pooled=lambda: (f"{difficulty} scenes", answers.over_scenes(setting)),
    )


def _controls(difficulty: Difficulty) -> Setting:
    number = st.slider("Scene", 0, MOST, 10, key="scene", bind="query-params")
    source = st.selectbox("Begin with", answers.sources(), 0, key="begin", bind="query-params")
    grow = right = 0
    if source == MOVED:
        grow = st.slider("Grown by, pixels", -12, 12, 4, key="grow", bind="query-params")
        right = st.slider("Pushed to the right, pixels", -30, 30, 0, key="right", bind="query-params")
    paint = st.toggle("Paint over it", value=True, key="paint", bind="query-params")
    apart = st.toggle("Separate instances", key="apart", bind="query-params")
    st.caption(
        "The scenes are drawn by a program, so their truth is exact. Paint with a finger, a mouse or the keys named "
        "below the picture; the scores follow when a stroke ends."
    )
    return Setting(difficulty, int(number), source, int(grow), int(right), paint, apart)


def _picture(setting: Setting) -> LabelMap:
    """The answer, to be painted on, beside the truth; returns the answer as it is now."""
    here, start = seen(setting.difficulty, setting.number), answers.answer(setting)
    left, right = st.columns(2)
    with left:
        st.markdown(
            f"**Your answer**, begun with {setting.source}" if setting.paint else f"**Answer:** {setting.source}"
        )
        if setting.paint:
            alt = f"A scene of {start.shape[1]}x{start.shape[0]} pixels to paint labels on."
            start = painter(
                here.picture, start, INKS, base=setting.named, alt=alt, key=keep.PAINTER, address=keep.PAINTED
            )
        else:
            shots([Shot(here.grey, told("The answer", start, NAMES), masks=by_class(start, NAMES))])
    with right:
        st.markdown("**Truth**, a colour for each " + ("thing" if setting.apart else "class"))
        st.html(_truth_apart(setting.difficulty, setting.number) if setting.apart else here.truth_drawn)
        st.caption(_keyed(here.scene.labels, int(here.scene.things.max()), apart=setting.apart))
    return start


@lru_cache(maxsize=30)
def _truth_apart(difficulty: Difficulty, number: int) -> str:
    here = seen(difficulty, number)
    return answers.truth_shot(here.scene, here.grey, _things(here.scene.things))


def _things(things: LabelMap) -> Mask:
    return np.stack([things == place for place in range(1, max(2, int(things.max()) + 1))])


def _keyed(labels: LabelMap, things: int, *, apart: bool) -> str:
    """What the colours stand for."""
    if apart:
        return f"{things} things, each with a colour of its own as far as there are colours."
    words = ("orange", "light blue", "pink", "green", "vermilion")
    return ", ".join(f"{words[place - 1]}: {NAMES[place]}" for place in np.unique(labels) if place) + "."


def _instances(labels: LabelMap, things: int) -> Iterator[str]:
    yield (
        f"Labels say what is where, and not how many: {things} things make {int(areas(labels).max())} connected areas "
        "here. Things of one class that touch become one area, and one that is partly hidden may be two. Separate the "
        "instances in the truth to see what semantic labels leave out."
    )
