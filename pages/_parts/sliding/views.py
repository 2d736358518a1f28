"""The views of the lab on sliding windows: how many there are and what they cost, and a scene that is slid over."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES
from core.detect.pictures import SIDE, picture
from core.detect.windows import window_classifier
from core.detect.windows.sliding import Part, costs, parts
from core.detect.windows.window_classifier import GROUND, STRIDE, WINDOW
from core.learning.train import Progress
from core.models.recipes.scene_windows import WINDOWS
from core.nets.trace import trace
from core.nets.zoo import network
from core.segment.windows import Cost
from core.types import Floats
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded, scrolling
from pages._kit.shots import shots
from pages._kit.veil import veiled
from pages._parts.sliding import figures

STRIDES = (1, 2, 4, 8, 16, 32, 64, 128, 224)
GROWTH = 1.5  # from one size to the next
SHAPES = {1: (1.0,), 2: (1.0, 2.0), 3: (1.0, 2.0, 0.5)}
SHAPE_NAMES = {1: "squares", 2: "squares and upright ones", 3: "squares, upright and lying ones"}
NETS = {"VGG16": "vgg16", "AlexNet": "alexnet"}
PROPOSALS = 2000
WIDTHS = (20, 27, 36, 48, 64)  # of the windows over a scene, in pixels
PICTURES = 60


def counts(controls: Any, stage: Any) -> lab.Said:
    """How many windows there are, and what they cost."""
    with controls:
        high = st.number_input("Height of the picture", 64, 5000, 1000, 1, key="height", bind="query-params")
        wide = st.number_input("Width of the picture", 64, 5000, 2000, 1, key="width", bind="query-params")
        stride = st.select_slider("Stride", STRIDES, 32, key="stride", bind="query-params")
        sizes = st.slider("Sizes of windows", 1, 6, 1, key="sizes", bind="query-params")
        shapes = st.slider("Shapes of windows", 1, 3, 1, key="shapes", bind="query-params")
        name = st.segmented_control(
            "Classifier", tuple(NETS), default="VGG16", key="net", bind="query-params", required=True
        )
        side = network(NETS[name]).input[1]
        st.caption(f"The smallest window is {side}x{side}, each further size {GROWTH:g} times as large.")
    sides, scales = (int(high), int(wide)), tuple(GROWTH**each for each in range(sizes))
    options: dict[str, Any] = {"scales": scales, "aspects": SHAPES[shapes]}
    found = parts(sides, (side, side), stride=stride, **options)
    fits = [part for part in found if part.count]
    total = sum(part.count for part in found)
    counted = {each: sum(p.count for p in parts(sides, (side, side), stride=each, **options)) for each in STRIDES}
    spent = _spent(NETS[name], sides, scales, SHAPES[shapes], stride)
    one = trace(network(NETS[name])).macs
    crops, passes = (sum(getattr(each, field) for each in spent) for field in ("patches", "convolutions"))
    names = [f"{part.sides[0]:.0f}x{part.sides[1]:.0f}" for part in fits]
    table = pd.DataFrame(
        {
            "windows": [f"{part.count:,}" for part in fits],
            "crop by crop": [figures.spoken(each.patches) for each in spent],
            "whole picture": [figures.spoken(each.convolutions) for each in spent],
            "passes": [f"{each.passes:,}" for each in spent],
        },
        index=pd.Index(names, name="size"),
    )
    with stage:
        with st.container(horizontal=True, key="totals"):
            st.metric("Windows", f"{total:,}", width="content")
            if fits:
                st.metric("Crop by crop against whole passes", f"{crops / passes:,.1f} times", width="content")
                st.metric(f"Against {PROPOSALS:,} crops", f"{crops / one / PROPOSALS:,.1f} times", width="content")
        if not fits:
            st.warning(
                f"No window of {side}x{side} fits into {high}x{wide}: the picture has to be enlarged first.",
                icon=":material/lightbulb:",
            )
        else:
            told = ", ".join(f"{count:,} at stride {each}" for each, count in counted.items())
            lab.chart(figures.by_stride(counted, stride), key="strides", quick=True, alt=f"Windows: {told}.")
            told = "; ".join(
                f"{part} {figures.spoken(each.patches)} and {figures.spoken(each.convolutions)}"
                for part, each in zip(names, spent, strict=True)
            )
            alt = f"Multiplications crop by crop and over the whole picture, {told}."
            lab.chart(figures.work(names, spent), key="work", quick=True, alt=alt)
            folded("The numbers behind these charts", table, key="work-numbers")
    more = sum(part.count for part in parts(sides, (side, side), stride=stride // 2, **options)) if stride > 1 else 0
    halved = f" At half the stride there are {more:,}, {more / total:.1f} times as many." if total and more else ""
    notice = [
        f"Windows of {side}x{side}{' and larger' if sizes > 1 else ''}, {SHAPE_NAMES[shapes]}, at stride {stride}: "
        f"{total:,}.{halved}",
        f"Each crop is {figures.spoken(one)} multiplications of {name}. Two crops that overlap compute the same "
        "convolutions twice, once in each.",
        "One pass over the picture shares them: the convolutions slide, and behind them the dense layers, written as "
        "convolutions. It answers every 32 pixels; a finer stride needs the picture shifted and shown again. At the "
        "rims of its crops the answers differ a little, as a crop is padded with zeros there.",
        f"R-CNN classifies about {PROPOSALS:,} proposals, however large the picture and however many sizes things "
        "have: that is the bargain.",
        "Which size is right, nobody says. So there must be several, and several shapes: the number multiplies.",
    ]
    call = f"parts({sides}, ({side}, {side}), stride={stride}, scales={scales}, aspects={SHAPES[shapes]})"
    exports = {"windows.csv": lambda: table.to_csv()}
    return lab.Said(notice, f"{call}  # {total:,} windows", (parts, costs), exports)


@dataclass(frozen=True, eq=False)
class Slid:
    """One part: its windows, how probable every class is in each, and how long a processor worked on it."""

    part: Part
    shares: Floats
    seconds: float


def scene(controls: Any, stage: Any) -> lab.Said:
    """A drawn scene, slid over by the scene net."""
    with controls:
        number = st.slider("Scene", 0, PICTURES - 1, 5, key="scene", bind="query-params")
        widths = st.pills(
            "Widths of windows, in pixels", WIDTHS, selection_mode="multi", default=WIDTHS, key="widths",
            bind="query-params",
        )  # fmt: skip
        upright = st.toggle("Upright windows as well", False, key="upright", bind="query-params")
        if not widths:
            st.caption("Without any width all of them are used.")
        threshold = st.slider("Least probability, %", 10, 99, 80, key="threshold", bind="query-params")
        ground = st.toggle("The classifier knows a background", True, key="background", bind="query-params")
        begin = st.button("Slide crop by crop", key="slide", type="primary")
        st.caption(
            "What you see comes from one pass for each size and shape. The button cuts every window out instead."
        )
    shown, chosen = picture("test", number), tuple(sorted(widths)) or WIDTHS
    setting = (number, chosen, upright)
    if begin:
        watching.begin("slide", setting, lambda progress: _crops(*setting, progress))
    quick = _passes(*setting)
    boxes, shares = (np.concatenate(each) for each in zip(*((s.part.boxes(), s.shares) for s in quick), strict=True))
    shares = shares if ground else window_classifier.without_background(shares)
    found = window_classifier.detections(boxes, shares, threshold=threshold / 100)
    hit = window_classifier.found_things(found, shown.targets).tolist()
    sure = int((shares[:, : len(CLASSES)].max(axis=1) >= threshold / 100).sum())
    silent = int((shares.argmax(axis=1) == GROUND).sum())
    with stage:
        st.markdown(
            f"**{len(boxes):,} windows**: {silent:,} say background, {sure:,} say a thing with {threshold}% or more. "
            f"Without doubles **{len(found)}** remain, and **{sum(hit)} of {len(hit)}** things are found."
        )
        left, right = st.columns(2)
        with left:
            shots([figures.answers(shown, found, hit)])
        with right:
            veiled([figures.truth(shown, hit, window_classifier.thing_map(boxes, shares, side=SIDE))])
        watching.watch("slide", lambda work: _compared(work, quick, setting))
    work = watching.current("slide")
    notice = [
        "The classifier learned windows that hold a thing with an IoU of 0.6 or more, and calls those up to 0.4 "
        "background. What lies between it never learned, and it wavers there.",
        "Switch the background off: now every window must be one of five things, and many are said to be one with "
        "great confidence. A detector needs a class for nothing, and most windows are of that class.",
        "None of the convolutions is padded, so a window inside a whole picture is computed as if it had been cut "
        "out: both ways give the same numbers, and one is much cheaper.",
        "Leave out a width: some things of that size are missed now, others get a box that fits badly, as the box is "
        "the window. Moving the box afterwards is what box regression is for.",
        "Neighbouring windows see the same thing. Of those of a class that overlap by more than 0.3 the surest stays.",
    ]
    if work and not work.running and work.found and work.setting == setting:
        slow, fast = sum(each.seconds for each in work.found), sum(each.seconds for each in quick)
        notice.insert(0, f"Crop by crop it took {slow:.1f} s here, in one pass for each size and shape {fast:.2f} s.")
    call = f'in_one_pass(picture("test", {number}).image, part)'
    table = pd.DataFrame(
        {
            "class": [CLASSES[label] for label in found.labels],
            "score": found.scores.round(4),
            **{name: found.boxes[:, place].round(1) for place, name in enumerate(("x1", "y1", "x2", "y2"))},
        }
    )
    shows = (window_classifier.in_one_pass, window_classifier.detections, parts)
    return lab.Said(notice, call, shows, {"found.csv": lambda: table.to_csv(index=False)})


@st.cache_data(show_spinner=False, max_entries=200)
def _spent(
    name: str, sides: tuple[int, int], scales: tuple[float, ...], aspects: tuple[float, ...], stride: int
) -> list[Cost]:
    classifier = network(name)
    window = classifier.input[1], classifier.input[2]
    return list(
        costs(classifier, sides, parts(sides, window, stride=stride, scales=scales, aspects=aspects), stride=stride)
    )


def _parts(widths: tuple[int, ...], upright: bool) -> tuple[Part, ...]:
    """Windows over a scene; upright ones are half as high again as they are wide, and as large."""
    scales = [width / WINDOW[0] for width in widths]
    return parts((SIDE, SIDE), WINDOW, stride=STRIDE, scales=scales, aspects=(1.0, 1.6) if upright else (1.0,))


@st.cache_resource(show_spinner=False, max_entries=100)
def _passes(number: int, widths: tuple[int, ...], upright: bool) -> list[Slid]:
    image, found = picture("test", number).image, list[Slid]()
    _warm()
    for part in _parts(widths, upright):
        begin = thread_time()
        shares = window_classifier.in_one_pass(image, part)
        found.append(Slid(part, shares, thread_time() - begin))
    return found


@st.cache_resource(show_spinner=False)
def _warm() -> bool:
    """Read the weights before anything is timed."""
    return bool(window_classifier.by_crops(picture("test", 0).image, np.array([[0.0, 0.0, 40.0, 40.0]])).size)


def _crops(number: int, widths: tuple[int, ...], upright: bool, progress: Progress) -> Iterator[Slid]:
    image, chosen = picture("test", number).image, _parts(widths, upright)
    done, total = 0, sum(part.count for part in chosen)
    for part in chosen:
        progress(done / total, f"{part.count} windows of {part.sides[0]:.0f}x{part.sides[1]:.0f}")
        begin = thread_time()
        shares = window_classifier.by_crops(image, part.boxes())
        yield Slid(part, shares, thread_time() - begin)
        done += part.count


def _compared(work: Job, quick: list[Slid], setting: tuple[Any, ...]) -> None:
    """Both ways, size by size; of another setting nothing is compared."""
    if work.setting != setting:
        st.caption("The windows were cut for another setting: press the button again.")
        return
    own = trace(WINDOWS).macs
    rows = {}
    for slow, fast in zip(list(work.found), quick, strict=False):
        part = slow.part
        rows[f"{part.sides[0]:.0f}x{part.sides[1]:.0f}"] = (
            f"{part.count:,}",
            f"{slow.seconds:.2f}",
            f"{fast.seconds:.2f}",
            f"{part.count * own / 1e6:,.0f}",
            f"{trace(WINDOWS, (3, *window_classifier.pass_size(part))).macs / 1e6:,.0f}",
            f"{np.abs(slow.shares - fast.shares).max():.0e}",
        )
    columns = ["windows", "crops, s", "pass, s", "crops, 10⁶", "pass, 10⁶", "apart"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("size")
    st.html(scrolling(table, label="Crop by crop and in one pass"))
    st.caption(
        "Seconds of one processor here, millions of multiplications, and how far the probabilities of the two ways are "
        "apart at most."
    )
