"""The upper half of the studio: controls, the answer to paint on beside the truth, and the large numbers."""

import numpy as np
import streamlit as st

from core.measure.confusion import Counts
from core.measure.segmentation import LabelMap, mean_dice, mean_iou, mean_pixel_accuracy, pixel_accuracy
from core.models.segmenters import DIFFICULTIES, NAMES, NEAR, Labelled
from core.types import Floats, Mask
from pages._kit.painter import Ink, painter
from pages._kit.pictures import pixels
from pages._kit.shots import COLOURS, Shot, shots
from pages._parts.segmentation import answers
from pages._parts.segmentation.answers import MOVED, Setting, seen

INKS = [Ink(NAMES[0], "#8A8F98"), *(Ink(name, colour) for name, colour in zip(NAMES[1:], COLOURS, strict=False))]


def controls() -> Setting:
    """Draw the controls."""
    difficulty = st.segmented_control(
        "Scenes", DIFFICULTIES, default="hard", key="scenes", bind="query-params", required=True
    )
    number = st.slider("Scene", 0, 40, 10, key="scene", bind="query-params")
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


def picture(setting: Setting) -> LabelMap:
    """The answer, to be painted on, beside the truth; returns the answer as it is now."""
    here, start = seen(setting.difficulty, setting.number).scene, answers.answer(setting)
    left, right = st.columns(2)
    with left:
        st.markdown(
            f"**Your answer**, begun with {setting.source}" if setting.paint else f"**Answer:** {setting.source}"
        )
        if setting.paint:
            alt = f"A scene of {here.image.shape[1]}x{here.image.shape[0]} pixels to paint labels on."
            shown = pixels(here.image.astype(np.float64))
            start = painter(shown, start, INKS, base=setting.named, alt=alt, key="painter")
        else:
            shots([Shot(faded(here), told("The answer", start), masks=_classes(start))])
    with right:
        st.markdown("**Truth**, a colour for each " + ("thing" if setting.apart else "class"))
        masks = _things(here.things) if setting.apart else _classes(here.labels)
        shots([Shot(faded(here), told("The truth", here.labels), masks=masks)])
        st.caption(_keyed(here.labels, here.things, apart=setting.apart))
    return start


def faded(scene: Labelled) -> Floats:
    """The scene without its colours, so that those of the labels can be read: (H, W, 1)."""
    grey: Floats = 0.15 + 0.7 * scene.image.mean(axis=2, keepdims=True, dtype=np.float64)
    return grey


def scores(counts: Counts, near: Counts) -> None:
    """The large numbers."""
    shown = {
        "Pixel accuracy": pixel_accuracy(counts),
        "Mean pixel accuracy": mean_pixel_accuracy(counts),
        "Mean IoU": mean_iou(counts),
        "Mean Dice": mean_dice(counts),
        f"Mean IoU, {NEAR} px round borders": mean_iou(near),
    }
    with st.container(horizontal=True, key="scores"):
        for name, value in shown.items():
            st.metric(name, "none" if np.isnan(value) else f"{value:.3f}", width="content")


def _classes(labels: LabelMap) -> Mask:
    return np.stack([labels == place for place in range(1, len(NAMES))])


def _things(things: LabelMap) -> Mask:
    return np.stack([things == place for place in range(1, max(2, int(things.max()) + 1))])


def only(mask: Mask, *, wrong: bool) -> Mask:
    """One mask in vermilion if these pixels are wrong, else in green."""
    empty = np.zeros_like(mask)
    return np.stack([empty, empty, empty, empty if wrong else mask, mask if wrong else empty])


def told(what: str, labels: LabelMap) -> str:
    sizes = np.bincount(labels.ravel(), minlength=len(NAMES))
    return f"{what}: " + ", ".join(f"{NAMES[place]} {size:,} pixels" for place, size in enumerate(sizes) if size) + "."


def _keyed(labels: LabelMap, things: LabelMap, *, apart: bool) -> str:
    """What the colours stand for."""
    if apart:
        return f"{int(things.max())} things, each with a colour of its own as far as there are colours."
    words = ("orange", "light blue", "pink", "green", "vermilion")
    return ", ".join(f"{words[place - 1]}: {NAMES[place]}" for place in np.unique(labels) if place) + "."
