"""Five ways to look at one table of counts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import CoreError
from core.measure.confusion import Counts, accuracy, confusion, precisions, recalls
from core.measure.segmentation import (
    counted,
    counted_fast,
    counted_in_band,
    dice_of_iou,
    dices,
    f1,
    ious,
    mean_dice,
    mean_iou,
    mean_iou_per_image,
    mean_pixel_accuracy,
    one_class,
)
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.segmentation import figures, typed
from pages._parts.segmentation.answers import NOTHING
from pages._parts.segmentation.case import Case, only

BEHIND = "The numbers behind this chart"
CELLS = {
    "TP": "this class, and answered so",
    "FP": "answered so, and wrong",
    "FN": "this class, and missed",
    "TN": "neither",
}


def classes(case: Case) -> lab.Said:
    """What every class was taken for, and its scores."""
    counts, names = case.counts, case.names
    wrong = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(int(wrong.argmax()), counts.shape)
    most = (
        f" Most often {names[row]} is taken for {names[column]}: {wrong[row, column]:,} pixels." if wrong.any() else ""
    )
    alt = (
        f"Table of confusion of {len(names)} classes, {int(np.trace(counts)):,} of {counts.sum():,} pixels right.{most}"
    )
    by_hand = case.found is None and case.grey is None
    lab.chart(
        figures.taken_for(counts, names), key="taken", quick=True, alt=alt, on_pick=typed.clicked if by_hand else None
    )
    st.caption("Rows: what a pixel is. Columns: what it was taken for. The darker, the larger a share of its row.")
    each = ", ".join(f"{name} {value:.2f}" for name, value in zip(names, ious(counts), strict=True) if value == value)
    if each:
        lab.chart(figures.scores_of_classes(counts, names), key="classes", quick=True, alt=f"IoU: {each}.")
    else:
        st.markdown("Nothing is counted yet, so no class has a score.")
    folded(BEHIND, figures.per_class(counts, names), key="classes-numbers")
    notice = [
        *_ground(case),
        "A row is a class of the truth, a column an answer. All numbers on this page are read from this one table of "
        "whole numbers, and tables of many pictures add up.",
        "Mean pixel accuracy asks of every class which share was found, and does not mind what was invented. IoU minds "
        "both."
        + (
            " Begin with the truth, moved, and grow it: of every thing all pixels are found, and its IoU falls."
            if case.pooled
            else ""
        ),
        *case.notice,
    ]
    shows = (counted, counted_fast, confusion, accuracy, mean_pixel_accuracy, ious, mean_iou, counted_in_band)
    return _said(notice, f"mean_iou(counted(truth, answer, {len(names)}))  # {mean_iou(counts):.3f}", shows, case)


def one(case: Case) -> lab.Said:
    """One class against all others: four counts, and where these pixels are."""
    counts, names = case.counts, case.names
    name = st.selectbox("Class", names, _largest(counts), key="label", bind="query-params")
    cell = st.segmented_control(
        "Pixels to show", list(CELLS), default="FN", key="cell", bind="query-params", required=True
    )
    label, table = names.index(name), one_class(counts, names.index(name))
    left, right = st.columns(2)
    with left:
        told = f"{name}: TP {table.tp:,}, FP {table.fp:,}, FN {table.fn:,}, TN {table.tn:,} pixels; {cell} is chosen."
        lab.chart(figures.four(table, name, cell), key="four", quick=True, alt=told, on_pick=_picked)
        precision, recall = precisions(counts)[label], recalls(counts)[label]
        st.markdown("\n".join(f"- {line}" for line in _formulas(counts, label)))
    with right:
        if case.truth is None or case.found is None or case.grey is None:
            st.markdown(f"**{cell}: {CELLS[cell]}.** Counts that were typed have no pixels to show.")
        else:
            is_, called = case.truth == label, case.found == label
            chosen = {"TP": is_ & called, "FP": ~is_ & called, "FN": is_ & ~called, "TN": ~is_ & ~called}[cell]
            alt = f"The picture; {int(chosen.sum()):,} pixels are marked: {CELLS[cell]}."
            marked = only(chosen, wrong=cell in ("FP", "FN"))
            shots([Shot(case.grey, alt, f"{cell}: {CELLS[cell]}", masks=marked)])
    notice = [
        "Four counts are all there is for one class. Click a cell to see its pixels.",
        "TN stands in no formula but that of accuracy: with much ground it is so large that everything looks good.",
        f"Precision {_number(precision)} is a share of what was answered, recall {_number(recall)} of what is there.",
        "IoU and Dice have the same three counts in them, TP, FP and FN, and both leave TN out.",
    ]
    shows = (one_class, precisions, recalls, ious, dices)
    return _said(notice, f"one_class(counts, {label})  # {table}", shows, case)


def dice(case: Case) -> lab.Said:
    """Dice against IoU."""
    counts, names = case.counts, case.names
    each, other = ious(counts), dices(counts)
    there = [place for place in range(len(names)) if each[place] == each[place]]
    told = "; ".join(f"{names[place]} IoU {each[place]:.2f}, Dice {other[place]:.2f}" for place in there)
    alt = f"Dice over IoU, a curve above the diagonal. {told}."
    lab.chart(figures.dice_curve(counts, names), key="dice", quick=True, alt=alt)
    folded(BEHIND, figures.per_class(counts, case.names), key="dice-numbers")
    both = mean_iou(counts), mean_dice(counts)
    notice = [
        "Every class lies on the curve, whatever the answer: Dice = 2 IoU / (1 + IoU). One grows with the other, so "
        "both put two answers for one class into the same order.",
        "Dice is the larger number, by up to 0.17. Compare papers only if they say which one they print.",
        f"Means do not lie on the curve: here the mean IoU is {both[0]:.3f}, on the curve {dice_of_iou(both[0]):.3f}, "
        f"and the mean Dice {both[1]:.3f}. Averaged over classes, the two may disagree about which answer is better.",
        "F1 of one class is its Dice: the harmonic mean of precision and recall is 2 TP / (2 TP + FP + FN).",
    ]
    return _said(notice, f"dice_of_iou({both[0]:.3f})  # {dice_of_iou(both[0]):.3f}", (dices, dice_of_iou), case)


def surface(case: Case) -> lab.Said:
    """F1 over precision and recall."""
    counts = case.counts
    left, right = st.columns(2)
    precision = left.slider("A precision", 0.0, 1.0, 1.0, 0.05, key="precision", bind="query-params")
    recall = right.slider("A recall", 0.0, 1.0, 0.2, 0.05, key="recall", bind="query-params")
    own = float(f1(precision, recall))
    st.markdown(
        f"Precision {precision:.2f} and recall {recall:.2f}: F1 is **{own:.3f}**, their plain mean "
        f"**{(precision + recall) / 2:.3f}**."
    )
    alt = f"F1 over recall and precision, seen from above; your point has {own:.3f}."
    lab.chart(figures.f1_surface(counts, case.names, (precision, recall)), key="surface", quick=True, alt=alt)
    folded(BEHIND, figures.per_class(counts, case.names), key="surface-numbers")
    notice = [
        "F1 is at most twice the smaller of the two: along the left edge and along the lower one it is 0. A plain mean "
        "would call an answer half good that finds nothing.",
        "Along a dotted line F1 is the same. Near the diagonal it bends: what is lost in precision must be made "
        "good by more than as much recall.",
        "What invents goes down on the map, what misses goes to the left: "
        + ("grow the truth, or shrink it, and see." if case.pooled else "change the answer, and see."),
    ]
    call = f"f1({precision:g}, {recall:g})  # {own:.3f}"
    return _said(notice, call, (f1, precisions, recalls), case)


def many(case: Case) -> lab.Said:
    """Pooled over scenes, beside averaged per scene; what is painted belongs to one scene and is left out."""
    if case.pooled is None:
        raise CoreError("many scenes are pooled from drawn ones, whose truth is known. Judge plain or hard scenes")
    with st.spinner("Measuring all scenes"):
        scenes, tables = case.pooled()
    each, whole = [mean_iou(table) for table in tables], np.sum(tables, axis=0)
    pooled, averaged = mean_iou(whole), mean_iou_per_image(tables)
    st.markdown(
        f"{len(tables)} {scenes}, answer: **{case.source}**. Mean IoU pooled **{pooled:.3f}**, averaged per scene "
        f"**{averaged:.3f}**."
    )
    alt = f"Mean IoU of {len(each)} scenes from {min(each):.2f} to {max(each):.2f}; pooled {pooled:.3f}."
    table = pd.DataFrame({"scene": range(len(each)), "mean IoU": [f"{value:.3f}" for value in each]})
    lab.chart(figures.over_scenes(each, pooled, averaged), key="many", quick=True, alt=alt, table=table)
    notice = [
        "Pooled: the tables of all scenes are added up, and every class gets one IoU. This is what data sets ask for, "
        "and what the cards of our networks state.",
        "Averaged per scene, a class that a scene lacks drops out of that scene's mean, and a tiny thing weighs as "
        "much as one that fills the picture.",
        f"The share of right pixels over all these scenes is {accuracy(whole):.3f}. Most of them are ground, "
        "which is easy.",
        "What is painted belongs to one scene and is left out here.",
        "Libraries differ: torchmetrics' MeanIoU averages per picture, its Jaccard index pools. Say which one it is.",
    ]
    call = f"mean_iou(sum(tables)), mean_iou_per_image(tables)  # {pooled:.3f}, {averaged:.3f}"
    return _said(notice, call, (counted, mean_iou, mean_iou_per_image), replace(case, counts=whole))


def _said(notice: list[str], call: str, shows: tuple[Callable[..., Any], ...], case: Case) -> lab.Said:
    def table() -> str:
        names = list(case.names)
        text: str = pd.DataFrame(case.counts, columns=names, index=names).rename_axis("truth").to_csv()
        return text

    return lab.Said(
        [*notice, "Go on with [what makes borders sharp](fcn), or with [other tasks on a picture](tasks)."],
        call,
        (*shows, *case.shows),
        {
            "confusion.csv": table,
            "classes.csv": lambda: figures.per_class(case.counts, case.names).to_csv(),
            **case.exports,
        },
    )


def _ground(case: Case) -> Iterator[str]:
    if case.counts.any():
        share = case.counts[0].sum() / case.counts.sum()
        yield (
            f"{share:.0%} of the pixels are {case.names[0]}. Who answers nothing else is right at so many pixels and "
            f"has a mean IoU of {_all_ground(case.counts):.3f}: accuracy counts pixels, and a rare class has few."
            + (f" Begin with {NOTHING} and see." if case.pooled else "")
        )


def _formulas(counts: Counts, label: int) -> Iterator[str]:
    """The scores of one class with their numbers written in."""
    four = one_class(counts, label)
    found, there = four.tp + four.fp, four.tp + four.fn
    for words, top, below, value in (
        ("precision = TP / (TP + FP)", four.tp, found, precisions(counts)[label]),
        ("recall = TP / (TP + FN)", four.tp, there, recalls(counts)[label]),
        ("IoU = TP / (TP + FP + FN)", four.tp, found + four.fn, ious(counts)[label]),
        ("Dice = F1 = 2 TP / (2 TP + FP + FN)", 2 * four.tp, found + there, dices(counts)[label]),
    ):
        yield f"{words} = {top:,} / {below:,} = **{_number(value)}**"


def _number(value: float) -> str:
    return f"{value:.3f}" if value == value else "none"


def _picked() -> None:
    """A click on a cell of the four."""
    pick = st.session_state["four"].pick
    row, column = pick["point"]
    st.session_state["cell"] = (("TP", "FN"), ("FP", "TN"))[row][column]


def _all_ground(counts: Counts) -> float:
    """The mean IoU of an answer that is ground everywhere."""
    table = np.zeros_like(counts)
    table[:, 0] = counts.sum(axis=1)
    return mean_iou(table)


def _largest(counts: Counts) -> int:
    """The largest class of the truth that is not ground."""
    return 1 + int(counts[1:].sum(axis=1).argmax())
