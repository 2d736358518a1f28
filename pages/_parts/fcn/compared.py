"""The first view of the FCN lab: one scene, its truth, and what three nets say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
import streamlit as st

from core.measure.segmentation import ious, mean_iou
from core.models.segmenters import NAMES, NEAR, SIDE, Difficulty
from core.segment import fcn
from core.segment.fcn import FINEST, Finest
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, drawn
from pages._parts.fcn import figures, work
from pages._parts.fcn.figures import name_of
from pages._parts.fcn.views import which_scene

Show: TypeAlias = Literal["labels", "mistakes"]


@dataclass(frozen=True, eq=False)
class Told:
    """All that is shown of one scene: pictures as HTML, and the scores of every net."""

    scene: str
    nets: str
    mean: Mapping[Finest, float]
    near: Mapping[Finest, float]  # within 3 pixels of a true border
    far: Mapping[Finest, float]
    table: pd.DataFrame  # IoU by class and net


@lru_cache(maxsize=4 * work.SCENES)
def told(difficulty: Difficulty, number: int, show: Show, skips: tuple[int, ...]) -> Told:
    """One scene by three nets; FCN-8s adds the scores of these strides only."""
    found = work.answered(difficulty, number)
    scene, said, judged = found.scene, dict(found.answers), dict(found.judged)
    if len(skips) < 2:
        said[8] = work.without(difficulty, number, skips)
        judged[8] = work.judged(said[8], scene.labels)
    mean = {finest: mean_iou(judged[finest].whole) for finest in FINEST}
    near = {finest: mean_iou(judged[finest].near) for finest in FINEST}
    far = {finest: mean_iou(judged[finest].whole - judged[finest].near) for finest in FINEST}
    image = scene.image.astype(np.float64)
    truth = figures.label_shot(
        image, scene.labels, alt=f"Its truth: {figures.words_of(scene.labels)}.", caption="The truth"
    )
    first = [Shot(image, f"A drawn scene: {figures.words_of(scene.labels)}.", "The scene"), truth]
    nets = []
    for finest in FINEST:
        cut = f" with {_listed(skips)}" if finest == 8 and len(skips) < 2 else ""
        caption = f"{name_of(finest)}{cut}: mean IoU {mean[finest]:.2f}, near borders {near[finest]:.2f}"
        if show == "labels":
            alt = f"{name_of(finest)} says: {figures.words_of(said[finest])}."
            nets.append(figures.label_shot(image, said[finest], alt=alt, caption=caption))
        else:
            wrong = work.mistakes(said[finest], scene.labels)
            alt = f"{name_of(finest)} is wrong at {wrong.mean():.1%} of the pixels."
            nets.append(figures.mistake_shot(image, wrong, alt=alt, caption=caption))
    columns = {name_of(finest): [*ious(judged[finest].whole), mean[finest]] for finest in FINEST}
    table = pd.DataFrame(columns, index=[*NAMES, "mean"]).dropna(how="all")
    return Told(drawn(first, least=150, most=330), drawn(nets, least=150, most=330), mean, near, far, table)


def compared(controls: Any, stage: Any) -> lab.Said:
    """One scene, its truth, and three answers."""
    with controls:
        difficulty, number = which_scene()
        show = st.segmented_control(
            "Show", get_args(Show), default="labels", key="show", bind="query-params", required=True
        )
        st.markdown("**Scores that FCN-8s adds**")
        middle = st.toggle("stride 16", True, key="skip16", bind="query-params")
        fine = st.toggle("stride 8", True, key="skip8", bind="query-params")
    skips = tuple(stride for stride, on in ((16, middle), (8, fine)) if on)
    found = told(difficulty, number, show, skips)
    values = found.table.round(3)
    with stage:
        st.markdown(
            "Near true borders the mean IoU is "
            + ", ".join(f"**{found.near[finest]:.2f}** for {name_of(finest)}" for finest in FINEST)
            + "; further away it is "
            + ", ".join(f"{found.far[finest]:.2f}" for finest in FINEST[:-1])
            + f" and {found.far[8]:.2f}."
        )
        st.html(found.scene)
        st.html(found.nets)
        st.html(figures.legend())
        if show == "mistakes":
            st.caption("Dark pixels of the three nets are wrong; the truth keeps its colours.")
        names = values.index.tolist()
        alt = "; ".join(f"{name} {', '.join(map(_spoken, values.loc[name]))}" for name in names)
        lab.chart(
            figures.bars({finest: found.table[name_of(finest)].tolist() for finest in FINEST}, names),
            key="ious",
            quick=True,
            alt=f"IoU by FCN-32s, 16s and 8s: {alt}.",
        )
        folded("The numbers behind this chart", found.table.map(_spoken), key="ious-numbers")
    notice = [
        f"FCN-32s has one score per class for {32}x{32} pixels: {fcn.grid(SIDE, 32)}x{fcn.grid(SIDE, 32)} of them in "
        "this picture. What lies between is interpolated, so corners are round and arms are lost.",
        f"Within {NEAR} pixels of a true border FCN-32s reaches {found.near[32]:.2f} here and FCN-8s "
        f"{found.near[8]:.2f}; further away {found.far[32]:.2f} and {found.far[8]:.2f}. A thing much smaller than a "
        "square may be lost altogether.",
        "Switch the scores of stride 8 off: the same trained net falls back to soft outlines. Switch both off, and "
        "only coarse scores are left, with outlines like those of FCN-32s. Switch stride 16 off alone, and little "
        "changes: beside the scores of stride 8 those of stride 16 add little.",
        "Hard scenes hold more, smaller and half-hidden things in more noise. The gap between the three nets grows, "
        "because more of every thing is border.",
    ]
    call = f'answers(load("fcn").net(8), labelled("test", {number}, "{difficulty}").image)'
    return lab.Said(notice, call, (fcn.skip_sum,), {"ious.csv": lambda: values.to_csv(index_label="class")})


def _spoken(score: float) -> str:
    """An IoU in words: a class that is neither there nor said has none."""
    return "none" if np.isnan(score) else f"{score:.3f}"


def _listed(skips: tuple[int, ...]) -> str:
    return f"stride {skips[0]} only" if skips else "no skip"
