"""The views on one picture: what counts, how a curve becomes a number, and stricter and stricter overlaps."""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import CoreError
from core.measure.coco.records import THRESHOLDS
from core.measure.coco.scores import evaluate, numbers
from core.measure.detection import (
    RULES,
    Choice,
    Match,
    Rule,
    at_recalls,
    average_precision,
    eleven_point_sum,
    envelope,
    matched,
    mean_average_precision,
    precision_recall,
)
from core.types import Floats
from pages._kit import lab
from pages._kit.box_editor import Drawn
from pages._kit.scrolling import scrolling
from pages._parts.average_precision import figures, scene
from pages._parts.average_precision.scene import WORDS

CHOICES: dict[str, Choice] = {"COCO: the best that is free": "best free", "Pascal VOC: the best, or nothing": "best"}
LECTURE = "the lecture's nine rows"
PERFECT = "a perfect detector"
HALF = "half of all things, and no mistake"
UNSURE = "200 things, drawn"
SOURCES = ("circles of the picture", "squares of the picture", LECTURE, PERFECT, HALF, UNSURE)


def matching(controls: Any, stage: Any) -> lab.Said:
    """Detections on a picture: which of them count, and the curve that follows."""
    with controls:
        word = _word()
        threshold = st.slider(
            "IoU from which a detection counts", 0.05, 0.95, 0.5, 0.05, key="overlap", bind="query-params"
        )
        score = st.slider("Detections from a score of", 0.0, 1.0, 0.0, 0.05, key="score", bind="query-params")
        taking = st.selectbox("What a detection may take", list(CHOICES), key="taking", bind="query-params")
        drawn = scene.field()
    label, choice = WORDS.index(word), CHOICES[taking]
    other: Choice = "best" if choice == "best free" else "best free"
    found = scene.matches(drawn, label, threshold, choice)
    precision, recall = scene.curve(found, label)
    kept = [each for each in found if drawn.scores[each.detection] >= score]
    right, wanted = sum(each.truth >= 0 for each in kept), scene.things(label)
    verdicts = {each.detection: "right" if each.truth >= 0 else "wrong" for each in found}
    values = {rule: average_precision(precision, recall, rule) for rule in RULES}
    table = scene.table(drawn, found, label, threshold)
    with stage:
        st.markdown(
            f"From a score of {score:.2f} on: {len(kept)} detections, {right} right. "
            f"Precision **{_share(right, len(kept))}**, recall **{_share(right, wanted)}**; "
            f"AP of {word}s **{values['101 points']:.3f}**."
        )
        names = [f"D{1 + each.detection}" for each in found]
        alt = f"Precision over recall for {len(found)} detections of {word}s: " + (
            f"it ends at recall {recall[-1]:.2f} with precision {precision[-1]:.2f}." if len(found) else "empty."
        )
        left, beside = st.columns([3, 2], gap="small")
        with left:
            scene.editor(
                drawn, key="matching-editor",
                notes=[verdicts.get(place, "") for place in range(len(drawn))],
                faint=[place not in verdicts or drawn.scores[place] < score for place in range(len(drawn))],
                alt=f"Five circles and three squares, {len(drawn)} detections; of the {word}s {right} are right.",
            )  # fmt: skip
        with beside:
            chart = figures.curve(precision, recall, names, len(kept) - 1)
            lab.chart(chart, key="curve", quick=True, alt=alt)
            st.caption(
                "A point for each detection, the surest first, with its name where there is room. Orange ring: where "
                "the score cuts."
            )
        st.html(scrolling(table, label="Detections, the surest first"))
    notice = [
        "A detection is judged against the things of its own class only, the surest detection first. Each thing can be "
        "taken once: what comes second is a duplicate, and wrong, however well it lies.",
        "A right detection moves the curve to the right and, unless precision is 1, up; a wrong one moves it straight "
        "down. So precision goes up and down like a saw, while recall never falls.",
        "The AP compares scores only with each other. Halve all of them, and it stays; exchange two, and it may fall.",
        f"Raise the score from which detections count: recall can only fall, precision mostly rises, but not always. "
        f"At 0 the recall is {_share(sum(each.truth >= 0 for each in found), wanted)}; what nobody found cannot be had "
        "at any score. Proposals are the other end of this trade: nearly all things, among mostly wrong boxes.",
        "COCO and Pascal VOC match differently. Where a detection overlaps best a thing that is taken, COCO gives it "
        "the next best that it overlaps enough, Pascal VOC calls it wrong. "
        + _parted(scene.matches(drawn, label, threshold, other), found, choice),
    ]
    call = f'average_precision(*precision_recall(hits, {wanted}), "101 points")  # {values["101 points"]:.4f}'
    return lab.Said(
        notice, call, (matched, precision_recall, average_precision), _exports(drawn, lambda: table.to_csv())
    )


def rules(controls: Any, stage: Any) -> lab.Said:
    """One curve, five rules."""
    with controls:
        source = st.selectbox("Curve", SOURCES, key="source", bind="query-params")
        chosen = st.radio("Read by", RULES, 0, key="rule", bind="query-params")
        drawn = scene.field() if source in SOURCES[:2] else None
    rule = next(each for each in get_args(Rule) if each == chosen)
    precision, recall = _source(source, drawn)
    values = {each: average_precision(precision, recall, each) for each in RULES}
    printed = eleven_point_sum(precision, recall)
    with stage:
        st.markdown(
            f"By **{rule}**: AP **{values[rule]:.3f}**. The five rules give {min(values.values()):.3f} to "
            f"{max(values.values()):.3f}. The formula as lecture E prints it: **{printed:.2f}**."
        )
        alt = f"Precision over recall of {source}; read by {rule}, {values[rule]:.3f}."
        lab.chart(figures.reading(precision, recall, rule), key="reading", quick=True, alt=alt)
        told = ", ".join(f"{name} {value:.3f}" for name, value in values.items())
        table = pd.DataFrame({"rule": list(values), "AP": [f"{value:.4f}" for value in values.values()]})
        lab.chart(
            figures.bars(dict(values.items()), rule),
            key="rules",
            quick=True,
            alt=f"AP by five rules: {told}.",
            table=table,
        )
    notice = [
        "11 points: Pascal VOC until 2009, and lecture E. At each recall the best precision still to come, and the "
        "mean of eleven. The slide has only the sum: a perfect detector would score 11.",
        "All points: Pascal VOC from 2010. The whole area under the envelope, a step at each right detection.",
        "101 points: COCO. Nearly the same area, but a class with few things takes steps that are wider than a "
        "hundredth, so the two differ.",
        "Steps: scikit-learn's average_precision_score. Each right detection counts with its own precision; nobody "
        "looks ahead, so it is never above all points.",
        "Trapezoid: the area under the line itself, from its first point on. The lecture is right that AP is not this "
        f"area: on its nine rows {_on_nine_rows()}.",
    ]
    call = f'average_precision(precision, recall, "{rule}")  # {values[rule]:.4f}'
    return lab.Said(
        notice, call, (average_precision, at_recalls, envelope, eleven_point_sum),
        {"rules.csv": lambda: table.to_csv(index=False)},
    )  # fmt: skip


def stricter(controls: Any, stage: Any) -> lab.Said:
    """AP against the overlap, class by class, and the mean; COCO's numbers of this picture."""
    with controls:
        shown = st.segmented_control(
            "Bars of", ("AP50", "AP75", "AP"), default="AP", key="bars", bind="query-params", required=True
        )
        drawn = scene.field()
    values: dict[str, Floats] = {}
    for label, word in enumerate(WORDS):
        values[word] = np.array(
            [average_precision(*scene.curve(scene.matches(drawn, label, level), label)) for level in THRESHOLDS]
        )
    values["mean"] = np.array([mean_average_precision(list(column)) for column in zip(*values.values(), strict=True)])
    part = {"AP50": 0, "AP75": 5}
    heights = {name: float(row[part[shown]] if shown in part else row.mean()) for name, row in values.items()}
    twelve = numbers(*evaluate(scene.as_problem(drawn)))
    with stage:
        st.markdown(
            f"mAP at 0.5 **{values['mean'][0]:.3f}**, at 0.75 **{values['mean'][5]:.3f}**; COCO's AP, the mean "
            f"over ten overlaps and two classes, **{values['mean'].mean():.3f}**."
        )
        table = pd.DataFrame({"overlap": THRESHOLDS.round(2), **{name: row.round(4) for name, row in values.items()}})
        told = "; ".join(f"{name} {row[0]:.2f} at 0.5, {row[-1]:.2f} at 0.95" for name, row in values.items())
        left, beside = st.columns([3, 2], gap="small")
        with left:
            scene.editor(
                drawn, key="stricter-editor", notes=[], faint=[],
                alt=f"Five circles, three squares and {len(drawn)} detections; AP {values['mean'].mean():.3f}.",
            )  # fmt: skip
        with beside:
            lab.chart(
                figures.over_overlap(values), key="overlaps", quick=True, alt=f"AP over IoU: {told}.", table=table
            )
        told = ", ".join(f"{name} {value:.3f}" for name, value in heights.items())
        lab.chart(figures.bars(heights, "mean"), key="classes", quick=True, alt=f"{shown} of each class: {told}.")
        st.caption(f"{shown} of each class, and their mean: with the mean over classes it is called mAP.")
        st.html(scrolling(panel(twelve), label="COCO's twelve numbers"))
    notice = [
        "AP at 0.5 asks whether a thing was found, the stricter ones how well its box lies. Drag a box to its thing as "
        "exactly as you can, and see up to which overlap you get.",
        "Every class weighs the same in the mean, the three squares as much as the five circles. A class with one "
        "thing has an AP that jumps.",
        "COCO's AP is a mean of means: over 101 recalls, ten overlaps from 0.50 to 0.95, and all classes. Where COCO "
        "writes AP others write mAP.",
        "Small, medium and large are told apart by the area: up to 32 x 32 and 96 x 96 pixels. Things of other sizes "
        "neither count nor hurt; a size without a thing has no number, and its -1 must not get into a mean.",
        "AR1, AR10 and AR100 are the recalls with so many detections of a class in a picture, as a mean over the "
        "overlaps.",
    ]
    call = f"numbers(*evaluate(problem))['AP']  # {twelve['AP']:.4f}"
    shows = (mean_average_precision, average_precision, numbers)
    return lab.Said(notice, call, shows, _exports(drawn, partial(table.to_csv, index=False)))


def panel(twelve: dict[str, float]) -> pd.DataFrame:
    """COCO's numbers with what they mean."""
    meant = {
        "AP": "mean over ten overlaps", "AP50": "at 0.5", "AP75": "at 0.75", "APs": "small things",
        "APm": "medium things", "APl": "large things", "AR": "mean recall", "AR1": "recall with 1 detection",
        "AR10": "with 10", "AR100": "with 100", "AR50": "at 0.5", "AR75": "at 0.75", "ARs": "small things",
        "ARm": "medium things", "ARl": "large things",
    }  # fmt: skip
    return pd.DataFrame(
        {
            "value": [f"{value:.3f}" if value > -1 else "none" for value in twelve.values()],
            "of": [meant[name] for name in twelve],
        },
        index=pd.Index(list(twelve), name="number"),
    )


def _source(source: str, drawn: Drawn | None) -> tuple[Floats, Floats]:
    rows = np.arange(1, 10) / 10
    if drawn is not None:
        label = SOURCES.index(source)
        return scene.curve(scene.matches(drawn, label, 0.5), label)
    if source == LECTURE:
        return rows[::-1].copy(), rows
    if source == PERFECT:
        return precision_recall(np.ones(10, dtype=np.bool_), 10)
    if source == HALF:
        return precision_recall(np.ones(5, dtype=np.bool_), 10)
    if source == UNSURE:
        return precision_recall(drawn_hits(200, seed=0), 200)
    raise CoreError(f"there is no curve {source!r}")


def _on_nine_rows() -> str:
    curve = _source(LECTURE, None)
    told: tuple[Rule, ...] = ("11 points", "all points", "trapezoid")
    return ", ".join(f"{average_precision(*curve, rule):.3f} by {rule}" for rule in told)


def _parted(others: list[Match], found: list[Match], choice: Choice) -> str:
    """Whether the two ways of matching part here, and if not, what to do to see it."""
    apart = [
        f"D{1 + one.detection}" for one, two in zip(found, others, strict=True) if (one.truth < 0) != (two.truth < 0)
    ]
    if apart:
        return f"Here {', '.join(apart)} {'is' if choice == 'best free' else 'would be'} right for COCO only."
    return "Here they agree. To see them part, let 0.2 of IoU count and pull D5, a circle, over C2 as well."


def drawn_hits(wanted: int, *, seed: int) -> np.ndarray:
    """Detections in the order of their confidence, the unsure ones more often wrong; nine of ten things are found."""
    random = np.random.default_rng(seed)
    hits = random.random(2 * wanted) < np.linspace(1.0, 0.1, 2 * wanted)
    hits[np.flatnonzero(hits)[max(1, round(0.9 * wanted)) :]] = False
    return hits


def _word() -> str:
    return str(st.segmented_control("Class", WORDS, default=WORDS[0], key="label", bind="query-params", required=True))


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" = {part / whole:.2f}" if whole else "")


def _exports(drawn: Drawn, table: Callable[[], str]) -> lab.Exports:
    return {"detections.csv": lambda: scene.as_boxes(drawn), "numbers.csv": table}
