"""The counting as the lab shows it: controls, the coast with its marks, and what came out."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from core.data.aerial import KINDS, Aerial, aerial
from core.detect.single.counting import Labels, Peaks, confusion, matched, peaks
from core.models.patch_net import CLASSES, PATCH, PATCH_NET, STEP, heat_maps, truth_of
from core.segment.windows import cost
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.sea_lions import drawing, figures

WITHIN = 5.0  # pixels that a peak may be off
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))
OVER = ("heat and count", "count", "nothing")
ANYTHING = "any animal"
COASTS = 41


@dataclass(frozen=True)
class Setting:
    """Which coast, and how it is counted."""

    coast: int
    threshold: float
    apart: float
    over: str
    heat: str


@dataclass(frozen=True, eq=False)
class Counted:
    """What came out: the peaks, what became of every type, and how many are counted at every threshold."""

    picture: Aerial
    found: Peaks
    table: Labels  # (6, 6)
    counts: tuple[int, ...]

    @property
    def errors(self) -> tuple[int, int, int]:
        """How many were missed, invented, and taken for another type."""
        inside = self.table[1:, 1:]
        return int(self.table[1:, 0].sum()), int(self.table[0, 1:].sum()), int(inside.sum() - np.trace(inside))


def controls() -> Setting:
    """Draw the controls."""
    coast = st.slider("Coast", 0, COASTS - 1, 3, key="coast", bind="query-params")
    threshold = st.slider("Threshold", 0.05, 0.95, 0.5, 0.05, key="threshold", bind="query-params")
    apart = st.slider("Least distance of two peaks, pixels", 0, 24, 5, key="apart", bind="query-params")
    over = st.segmented_control("Draw over it", OVER, default=OVER[0], key="over", bind="query-params", required=True)
    heat = st.selectbox("Heat of", [ANYTHING, *KINDS], 0, key="heat", bind="query-params", disabled=over != OVER[0])
    return Setting(int(coast), float(threshold), float(apart), over, heat)


@lru_cache(maxsize=12)
def answered(coast: int) -> tuple[Aerial, Floats]:
    """A coast of the test part and the net's answers all over it: (6, 128, 128)."""
    from core.learning.threads import one_thread
    from core.runtime.shared import shared

    picture = aerial("test", coast)
    with one_thread():
        return picture, heat_maps(shared("patches"), picture.image)


@st.cache_data(show_spinner=False, max_entries=200)
def counts(coast: int, apart: float) -> tuple[int, ...]:
    """How many peaks there are at every threshold."""
    heat = answered(coast)[1]
    return tuple(len(peaks(heat, threshold=each, apart=apart, step=STEP).places) for each in THRESHOLDS)


def count(setting: Setting) -> Counted:
    """Count one coast."""
    picture, heat = answered(setting.coast)
    found = peaks(heat, threshold=setting.threshold, apart=setting.apart, step=STEP)
    table = confusion(found, *truth_of(picture), len(CLASSES), within=WITHIN)
    return Counted(picture, found, table, counts(setting.coast, setting.apart))


@lru_cache(maxsize=4)
def saved(side: int) -> float:
    """How many times the work of one pass it would be to classify every patch of a coast by itself."""
    around = side + PATCH - 1  # heat_maps mirrors so much beyond the border
    return cost(PATCH_NET, (around, around), stride=STEP).ratio


def stage(setting: Setting, counted: Counted) -> pd.DataFrame:
    """The coast, the counts of every type, and the count over all thresholds; returns the table of types."""
    missed, invented, mixed = counted.errors
    true, total = len(counted.picture.animals), len(counted.found.places)
    st.markdown(
        f"**{total} counted, {true} there.** {missed} missed, {invented} invented or counted twice, "
        f"{mixed} taken for another type."
    )
    heat = answered(setting.coast)[1]
    shown = 1 - heat[0] if setting.heat == ANYTHING else heat[CLASSES.index(setting.heat)]
    nothing = setting.over == OVER[2]
    found = Peaks(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), np.zeros(0)) if nothing else counted.found
    places, labels = truth_of(counted.picture)
    who = matched(found.places, places[:0] if nothing else places, within=WITHIN)
    alt = f"A coast from above with {true} sea lions" + (
        "." if nothing else f", {total} peaks: {missed} missed, {invented} invented, {mixed} of a wrong type."
    )
    st.html(drawing.coast(counted.picture, shown if setting.over == OVER[0] else None, found, who, labels, alt=alt))
    table = figures.types(counted.table)
    lab.chart(
        figures.per_type(table),
        key="types",
        alt="There are and were counted: "
        + ", ".join(f"{row['type']} {row['there are']} and {row['counted']}" for _, row in table.iterrows())
        + ".",
        quick=True,
    )
    folded("The numbers behind this chart", table.set_index("type"), key="types-numbers")
    curve = pd.DataFrame({"threshold": [f"{each:.2f}" for each in THRESHOLDS], "counted": counted.counts})
    lab.chart(
        figures.over_thresholds(THRESHOLDS, counted.counts, true, setting.threshold),
        key="thresholds",
        alt=f"At threshold {THRESHOLDS[0]} there are {counted.counts[0]} peaks, at 0.5 {counted.counts[9]}, at "
        f"{THRESHOLDS[-1]} {counted.counts[-1]}; {true} animals.",
        table=curve,
        quick=True,
    )
    return table


def told(setting: Setting, counted: Counted) -> list[str]:
    """What to notice, from the numbers that are there."""
    from core.models.registry import card

    missed, invented, _ = counted.errors
    true, total = len(counted.picture.animals), len(counted.found.places)
    height, width = answered(setting.coast)[1].shape[1:]
    balance = (
        f"Here {missed} missed and {invented} invented ones make a total that is off by {abs(total - true)} only: a "
        "count can be right although single answers are wrong."
        if missed and invented
        else f"The total is off by {abs(total - true)}."
    )
    return [
        f"The net was trained on patches of {PATCH}x{PATCH} pixels. What would be its dense layers, 48 units on a "
        f"volume of 32x6x6 and then {len(CLASSES)}, are convolutions of 6x6 and 1x1: so one pass over the whole "
        f"picture answers for {height * width:,} patches at once, one for every second pixel. Cut out and classified "
        f"one by one they would be {saved(len(counted.picture.image)):.0f} times the work.",
        "Trained on patches alone, such a net named 99 of 100 test patches right and counted nearly twice as many "
        f"animals as there were: one in a hundred of {height * width:,} answers is more than all animals together. So "
        "it searched whole pictures, and its false alarms became background to learn from, twice.",
        f"Its F1 on whole test coasts is now {card('patches').score:.2f}: twice the right peaks over all peaks and "
        "animals together.",
        balance,
        "A low threshold invents animals, a high one misses them, small pups first. Peaks that must lie far apart lose "
        "pups beside their mothers, and peaks that may touch count one animal many times.",
        "Six classes are five types and the background. Without a class for background every stone would be an animal.",
        "Such a count matters: in the western Aleutians 94 % of the sea lions were lost in 30 years. A real picture "
        f"has about 5000x4000 pixels, as much as {5000 * 4000 // 256**2} of these coasts.",
    ]
