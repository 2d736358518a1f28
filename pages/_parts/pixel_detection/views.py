"""The views of the lab: peaks against the truth, the four levels, and two things that touch."""

from math import prod
from typing import Any

import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES, SHAPES
from core.detect.single.pixelwise import judged, peaks, tally
from core.models.pixel_net import NAMES, NEAR, PIXEL_NET, SIDE, STEP, WIDEST, WIDTHS, levels
from core.nets.layers import Activation, Conv
from core.nets.trace import Row, trace
from pages._kit import lab
from pages._kit.scrolling import folded, scrolling
from pages._kit.shots import shots
from pages._kit.veil import veiled
from pages._parts.pixel_detection import figures
from pages._parts.pixel_detection.answers import (
    MANY,
    PICTURES,
    SIDES,
    STRONGEST,
    answer,
    on_many,
    side_by_side,
    strongest,
)


def found(controls: Any, stage: Any) -> lab.Said:
    """One picture, a threshold, and what is found."""
    with controls:
        number, side = _picture()
        label = NAMES.index(
            st.selectbox("Scores of class", CLASSES, CLASSES.index("star"), key="class", bind="query-params")
        )
        threshold = _threshold()
    known, counts = answer(number, side), on_many()
    said = peaks(known.scores, threshold=threshold / 100, step=STEP)
    result = judged(said, known.places, known.labels, within=NEAR)
    here = tally(result)
    with stage:
        with st.container(horizontal=True, key="counts"):
            for name, value in (("Found", here.found), ("Missed", here.missed), ("False", here.false)):
                st.metric(name, value, width="content")
        veiled([figures.heat(known, label), figures.against(known, said, result)])
        table = figures.listed(known, said, result)
        folded("Every peak of this picture", table, key="peaks-numbers")
        every = counts[threshold]
        alt = (
            f"Precision, recall and F1 on {MANY} test pictures; at a threshold of {threshold}% they are "
            f"{every.precision:.0%}, {every.recall:.0%} and {every.f1:.0%}."
        )
        lab.chart(figures.curves(counts, threshold), key="curves", quick=True, alt=alt)
        st.caption(
            f"On {MANY} test pictures. Dotted: this threshold, with precision {every.precision:.0%} and recall "
            f"{every.recall:.0%}."
        )
        folded("The numbers behind this chart", figures.curve_table(counts), key="curves-numbers")
    low, high, most = counts[min(counts)], counts[max(counts)], max(counts, key=lambda each: counts[each].recall)
    notice = [
        f"The net never says how many things there are. It says six numbers for each of {known.scores[0].size} cells; "
        "an island of high scores is what was found, and its middle is the peak.",
        f"No layer is dense, so any size of picture will do: {side}x{side} pixels give "
        f"{'x'.join(map(str, known.scores.shape[1:]))} cells. It learned on {SIDE}x{SIDE} only.",
        f"A low threshold finds more and invents more: at {min(counts)}% precision is {low.precision:.0%} and recall "
        f"{low.recall:.0%}, at {max(counts)}% they are {high.precision:.0%} and {high.recall:.0%}.",
        f"Recall is largest at {most}%. Below it things are lost again: islands grow until neighbours are one.",
        f"A peak is right if a thing of its class has its middle within {NEAR:g} pixels. It says where, and not how "
        "large: that takes a box.",
    ]
    call = f"peaks(scores, threshold={threshold / 100:g}, step={STEP})  # {len(said.places)} peaks"
    return lab.Said(
        notice,
        call,
        (peaks, judged),
        {"peaks.csv": lambda: str(table.to_csv()), "thresholds.csv": lambda: str(figures.curve_table(counts).to_csv())},
    )


def by_level(controls: Any, stage: Any) -> lab.Said:
    """The strongest maps of each of the four levels."""
    with controls:
        number, side = _picture()
        label = NAMES.index(
            st.selectbox("Scores of class", CLASSES, CLASSES.index("star"), key="class", bind="query-params")
        )
    known = answer(number, side)
    rows = _levels(side)
    table = pd.DataFrame(
        {
            "filters": [each.shape[0] for each, _ in rows],
            "map": [f"{each.shape[1]}x{each.shape[2]}" for each, _ in rows],
            "one value sees": [f"{_sees(each)}x{_sees(each)}" for each, _ in rows],
            "values": [f"{prod(each.shape):,}" for each, _ in rows],
            "multiplications": [f"{work:,}" for _, work in rows],
        },
        index=pd.Index([1, 2, 3, 4], name="level"),
    )
    with stage:
        veiled([figures.heat(known, label)], most=300)
        st.html(scrolling(table, label="The four levels"))
        for level, (row, (numbers, maps)) in enumerate(zip(rows, strongest(number, side), strict=True), start=1):
            filters, high, wide = row[0].shape
            st.markdown(f"**Level {level}: {filters} filters, maps of {high}x{wide}**")
            shown = [figures.small_map(each, which) for which, each in zip(numbers, maps, strict=True)]
            shots(shown, least=84, most=130)
        st.caption(f"Of each level the {STRONGEST} maps with the largest mean on this picture; white is the largest.")
    reach = _sees(rows[-1][0])
    notice = [
        "Level by level the sides halve and the filters double: what is lost in places is gained in meaning. So each "
        "level has half the values of the one before, and from the second on all do the same work.",
        "The first maps look like the picture: edges, bright and dark. In the last ones a value is a whole cell: "
        "some are lit on things, some on the ground between them.",
        f"One value of the last level sees {reach}x{reach} pixels. It must see a whole thing to "
        "name it; a thing that is larger is seen in parts.",
        f"A convolution of 1x1 makes the six scores of a cell from its {WIDTHS[-1]} values. It is a dense layer for "
        "every cell, with the same weights everywhere.",
    ]
    widths = ", ".join(map(str, WIDTHS))
    call = f"levels(module, image)  # maps of {widths} filters, then the scores"
    return lab.Said(notice, call, (levels,), {"levels.csv": lambda: str(table.to_csv())})


def touching(controls: Any, stage: Any) -> lab.Said:
    """Two things that come closer until they are one island."""
    with controls:
        first = st.selectbox("Left", SHAPES, 0, key="left", bind="query-params")
        second = st.selectbox("Right", SHAPES, 0, key="right", bind="query-params")
        gap = int(st.slider("Gap, in pixels", 0, WIDEST, 2, 2, key="gap", bind="query-params"))
        threshold = _threshold()
    known = side_by_side(first, second, gap)
    said = peaks(known.scores, threshold=threshold / 100, step=STEP)
    result = judged(said, known.places, known.labels, within=NEAR)
    label = NAMES.index(first)
    with stage:
        st.markdown(
            f"Two things, {gap} pixels apart: **{len(said.places)} {'peak' if len(said.places) == 1 else 'peaks'}**, "
            f"**{len(result.pairs)} found**."
        )
        veiled([figures.heat(known, label), figures.against(known, said, result)])
        table = figures.listed(known, said, result)
        st.html(scrolling(table, label="Peaks and things"))
    counted = _by_gap(first, second, threshold)
    with stage:
        folded("Peaks at every gap", counted, key="gaps-numbers")
    notice = [
        "Two things of one class are two islands only if some cells between them are less sure of the class. Where "
        "none are, the islands grow together, and the one peak lies between the two, on neither.",
        f"Two equal things that touch, at a threshold of {threshold}%: {_by_shape(threshold)}. Stars touch at their "
        "tips, where a cell is mostly ground. Nothing in its training asks the net to part two of a kind.",
        "A higher threshold can part two islands again, at the price of losing things that are less sure.",
        "Things of two classes have maps of their own, so they never share an island, however close they are.",
        "The score of a cell asks what lies here, never which of them. Detectors with boxes ask that next: every cell "
        "that thinks it lies on a thing says where the edges of this one thing are.",
    ]
    call = f"peaks(scores, threshold={threshold / 100:g}, step={STEP})  # gap {gap}: {len(said.places)} peaks"
    return lab.Said(notice, call, (peaks, judged), {"gaps.csv": lambda: str(counted.to_csv())})


def _picture() -> tuple[int, int]:
    number = int(st.slider("Picture", 0, PICTURES - 1, 3, key="picture", bind="query-params"))
    side = st.select_slider("Side of the picture, in pixels", SIDES, SIDE, key="side", bind="query-params")
    return number, int(side)


def _threshold() -> int:
    return int(st.slider("Threshold, in %", 10, 95, 60, 5, key="threshold", bind="query-params"))


def _by_gap(first: str, second: str, threshold: int) -> pd.DataFrame:
    """How many peaks two things have, and how many of them are right, at every gap."""
    rows = dict[int, tuple[int, int]]()
    for gap in range(0, WIDEST + 1, 4):
        known = side_by_side(first, second, gap)
        said = peaks(known.scores, threshold=threshold / 100, step=STEP)
        rows[gap] = len(said.places), len(judged(said, known.places, known.labels, within=NEAR).pairs)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["peaks", "found"]).rename_axis("gap")


def _by_shape(threshold: int) -> str:
    """How many peaks two of a kind give that touch, in words."""
    count = {
        shape: len(peaks(side_by_side(shape, shape, 0).scores, threshold=threshold / 100, step=STEP).places)
        for shape in SHAPES
    }
    return ", ".join(f"two {shape}s give {each}" for shape, each in count.items())


def _levels(side: int) -> list[tuple[Row, int]]:
    """The four levels on pictures of this side, and the multiply-accumulates of their convolutions."""
    rows = trace(PIXEL_NET, (3, side, side)).rows
    work = [row.macs for row in rows if isinstance(row.operation, Conv)]
    return list(zip((row for row in rows if isinstance(row.operation, Activation)), work, strict=False))


def _sees(row: Row) -> int:
    """The side of what one value sees, in pixels."""
    return row.receptive_field[0] if row.receptive_field else 0
