"""What the studio judges: counts, the names of their classes, and the pixels behind them, if there are any."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from core.measure.confusion import Counts
from core.measure.segmentation import LabelMap, mean_dice, mean_iou, mean_pixel_accuracy, pixel_accuracy
from core.models.segmenters import NEAR
from core.types import Floats, Mask
from pages._kit.lab import Exports
from pages._kit.painter import Ink
from pages._kit.shots import COLOURS


@dataclass(frozen=True, eq=False)
class Case:
    """One answer, judged; a table that somebody typed has no pixels."""

    names: tuple[str, ...]
    counts: Counts  # (K, K)
    source: str  # where the answer comes from
    notice: Sequence[str] = ()  # of all views
    near: Counts | None = None  # of the pixels near true borders
    truth: LabelMap | None = None  # (H, W)
    found: LabelMap | None = None  # (H, W)
    grey: Floats | None = None  # the picture without its colours, (H, W, 1)
    shows: tuple[Callable[..., Any], ...] = ()  # what made the answer
    exports: Exports = field(default_factory=dict)
    pooled: Callable[[], tuple[str, Sequence[Counts]]] | None = None  # what many of its kind are called, their tables


def inks(names: Sequence[str]) -> list[Ink]:
    """The colours to paint with; the ground is grey."""
    return [Ink(names[0], "#8A8F98"), *(Ink(name, colour) for name, colour in zip(names[1:], COLOURS, strict=False))]


def scores(case: Case) -> None:
    """The large numbers."""
    shown = {
        "Pixel accuracy": pixel_accuracy(case.counts),
        "Mean pixel accuracy": mean_pixel_accuracy(case.counts),
        "Mean IoU": mean_iou(case.counts),
        "Mean Dice": mean_dice(case.counts),
    }
    if case.near is not None:
        shown[f"Mean IoU, {NEAR} px round borders"] = mean_iou(case.near)
    with st.container(horizontal=True, key="scores"):
        for name, value in shown.items():
            st.metric(name, "none" if np.isnan(value) else f"{value:.3f}", width="content")


def by_class(labels: LabelMap, names: Sequence[str]) -> Mask:
    """A mask for each class but the ground: (H, W) -> (K - 1, H, W)."""
    return np.stack([labels == place for place in range(1, len(names))])


def faded(image: Floats) -> Floats:
    """A picture from 0 to 1 without its colours, so that those of the labels can be read: (H, W, 3) -> (H, W, 1)."""
    grey: Floats = 0.15 + 0.7 * image.mean(axis=2, keepdims=True, dtype=np.float64)
    return grey


def only(mask: Mask, *, wrong: bool) -> Mask:
    """One mask in vermilion if these pixels are wrong, else in green."""
    empty = np.zeros_like(mask)
    return np.stack([empty, empty, empty, empty if wrong else mask, mask if wrong else empty])


def told(what: str, labels: LabelMap, names: Sequence[str]) -> str:
    """How many pixels have which label, in words."""
    sizes = np.bincount(labels.ravel(), minlength=len(names))
    return f"{what}: " + ", ".join(f"{names[place]} {size:,} pixels" for place, size in enumerate(sizes) if size) + "."
