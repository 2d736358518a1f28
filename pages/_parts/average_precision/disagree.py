"""Why two tools disagree about one detector: the recalls they ask for, the rules they follow, the means they take."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.measure.coco.records import RECALLS
from core.measure.confusion import Counts
from core.measure.detection import at_recalls, average_precision, in_single, precision_recall
from core.measure.segmentation import ious
from core.types import Floats
from pages._kit import lab
from pages._parts.average_precision import figures
from pages._parts.average_precision.views import drawn_hits

COCO = "COCO: 101 points"
ROUND = "exact hundredths"
SINGLE = "torchmetrics: 32 bits"
LARGE, SMALL = 10_000, 100  # pixels of two things


def tools(controls: Any, stage: Any) -> lab.Said:
    """One list of hits, six numbers; and one pair of pictures, two means."""
    with controls:
        wanted = int(
            st.select_slider("Things to find", (5, 10, 20, 40, 100, 200, 400), 40, key="things", bind="query-params")
        )
        seed = st.slider("Seed of the detections", 0, 20, 3, key="seed", bind="query-params")
        st.markdown("**Two pictures, one thing each**")
        large = st.slider(f"IoU of a thing of {LARGE:,} pixels", 0.0, 1.0, 0.9, 0.05, key="large", bind="query-params")
        small = st.slider(f"IoU of a thing of {SMALL} pixels", 0.0, 1.0, 0.3, 0.05, key="small", bind="query-params")
    precision, recall = precision_recall(drawn_hits(wanted, seed=seed), wanted)
    values = by_tool(precision, recall)
    far = {name: value - values[COCO] for name, value in values.items() if name != COCO}
    tables = [counts(LARGE, large), counts(SMALL, small)]
    pooled, each = float(ious(tables[0] + tables[1])[0]), float(np.mean([ious(one)[0] for one in tables]))
    table = pd.DataFrame(
        {
            "how": list(values),
            "AP": [f"{value:.6f}" for value in values.values()],
            "difference": [f"{value - values[COCO]:+.6f}" for value in values.values()],
        }
    )
    with stage:
        st.markdown(
            f"One detector, {wanted} things, {2 * wanted} detections. COCO's AP is **{values[COCO]:.4f}**; with "
            f"recalls in 32 bits **{values[SINGLE]:.4f}**, a difference of **{far[SINGLE]:+.6f}**."
        )
        told = "; ".join(f"{name} {value:+.1e}" for name, value in far.items())
        alt = f"Differences from COCO's {values[COCO]:.4f}: {told}."
        lab.chart(figures.apart(far), key="apart", quick=True, alt=alt, table=table)
        st.markdown(
            f"The mean IoU of the two pictures is **{pooled:.3f}** if all pixels are counted together, and "
            f"**{each:.3f}** as a mean over the pictures."
        )
        alt = f"Mean IoU pooled {pooled:.3f}, per picture {each:.3f}."
        means = {"pooled": pooled, "mean over pictures": each}
        lab.chart(figures.bars(means, "pooled"), key="means", quick=True, alt=alt)
    single = in_single(0.0, 1.0, len(RECALLS))
    late, early = int((single > np.arange(101) / 100).sum()), int((single < RECALLS).sum())
    difference = far[SINGLE]
    here = "the same" if difference == 0 else f"{abs(difference):.6f} {'lower' if difference < 0 else 'higher'}"
    notice = [
        "torchmetrics asks for its recalls in 32 bits unless told otherwise. Six of ten things are a recall of 0.6, "
        f"but it asks for {single[60]:.8f}, which they do not reach: the precision is read one hit later. So it is for "
        f"{late} of its 101 recalls; {early} others it asks for a trace too low, which matters only where COCO's own "
        f"rounding is too high. Mostly the AP comes out lower; here it is {here}. Pass it the recalls in 64 bits, and "
        "it agrees.",
        f"Even 64 bits are not exact. COCO's own 0.35 is {float(RECALLS[35])!r}, and 7 of 20 things do not reach it. "
        "With 20 things that is one step; everybody who wants COCO's number must copy its rounding.",
        "The rules differ far more than the bits: eleven points against a hundred and one, steps without looking "
        "ahead. A paper that says mAP and not by which rule says little.",
        "Pooled, a large thing outweighs a small one a hundred times; as a mean over pictures both weigh the same. "
        "Both are called mean IoU.",
        f"With {SMALL} pixels among {LARGE + SMALL:,}, move the IoU of the small thing from 0 to 1 and watch how "
        "little the pooled mean cares.",
    ]
    call = f"at_recalls(precision, recall, in_single(0.0, 1.0, 101)).mean()  # {values[SINGLE]:.6f}"
    shows = (at_recalls, in_single, average_precision, ious)
    return lab.Said(notice, call, shows, {"tools.csv": lambda: table.to_csv(index=False)})


def by_tool(precision: Floats, recall: Floats) -> dict[str, float]:
    """AP of one curve as different tools have it."""
    return {
        COCO: average_precision(precision, recall, "101 points"),
        ROUND: _mean(precision, recall, np.arange(101) / 100),
        SINGLE: _mean(precision, recall, in_single(0.0, 1.0, len(RECALLS))),
        "VOC 2010: all points": average_precision(precision, recall, "all points"),
        "VOC 2007: 11 points": average_precision(precision, recall, "11 points"),
        "scikit-learn: steps": average_precision(precision, recall, "steps"),
    }


def counts(size: int, share: float) -> Counts:
    """A table of one class in which a thing of so many pixels has this IoU, and nothing was invented."""
    found = round(size * share)
    return np.array([[found, size - found], [0, 0]])


def _mean(precision: Floats, recall: Floats, levels: Floats) -> float:
    return float(at_recalls(precision, recall, levels).mean())
