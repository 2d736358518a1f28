"""The three views of the pyramid: which level for which size, the way down on real maps, default boxes counted."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES, Scene
from core.detect.dense import levels
from core.detect.dense.levels import CANONICAL, MANY, DefaultMap
from core.detect.pictures import SIDE, picture
from core.types import Floats
from pages._kit import lab
from pages._kit.panels import Panel, panels
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.pyramid import figures

STEPS = ("What came up", "1x1: the laterals", "The level above, doubled", "Added", "Smoothed: the answer")
STRIDES, SIZES = (4, 8, 16), (18, 27, 40)  # of the detector's levels: pixels a cell, and sides of their anchors


@st.cache_resource(show_spinner=False, max_entries=16)
def _scene(number: int) -> Scene:
    return picture("test", number)


def sizes(controls: Any, stage: Any) -> lab.Said:
    """A box of any size, and the level it is cut from."""
    with controls:
        width = int(st.slider("Width of a box, pixels", 8, 1000, 180, 4, key="width", bind="query-params"))
        height = int(st.slider("Height of a box, pixels", 8, 1000, 120, 4, key="height", bind="query-params"))
        base = int(st.slider("Level of a box of 224 pixels, k0", 2, 5, 4, key="base", bind="query-params"))
        first, last = st.slider("Levels there are", 1, 7, (2, 5), key="levels", bind="query-params")
    chosen = int(
        levels.level_of(np.array([float(width)]), np.array([float(height)]), base=base, first=first, last=last)[0]
    )
    size = (width * height) ** 0.5
    rows = [(each, *levels.sizes_of(each, base=base, first=first, last=last)) for each in range(first, last + 1)]
    values = pd.DataFrame(
        {
            "level": [str(each) for each, _, _ in rows],
            "one cell every": [f"{2**each} pixels" for each, _, _ in rows],
            "sizes from": [f"{least:g}" for _, least, _ in rows],
            "to below": ["any" if most == float("inf") else f"{most:g}" for _, _, most in rows],
        }
    )
    stride = 2**chosen
    across, down = width / stride, height / stride
    with stage:
        st.markdown(
            f"A box of {width}x{height} belongs to **level {chosen}**, one cell every {stride} pixels: there it covers "
            f"**{across:.1f} x {down:.1f}** cells."
        )
        alt = f"Stairs: the level over the size of a box. A size of {size:.0f} pixels is on level {chosen}."
        lab.chart(
            figures.steps(size, chosen, base, first, last), key="stairs", quick=True, alt=alt,
            table=values.set_index("level"),
        )  # fmt: skip
    notice = [
        f"The rule: k = k0 + log2(size / {CANONICAL}), rounded down. A box of half the size goes to the level below, "
        "whose map is twice as fine, so it covers about as many cells as the large one did on its own level.",
        f"{CANONICAL} is the side of the pictures that the networks below learned from, and k0 is the level from which "
        "a detector with a single map would cut.",
        f"Outside the levels there are, everything falls on the first or the last: a box of 8 pixels is "
        f"{8 / 2**first:g} cells wide on level {first}, and nothing finer is there to look at.",
        "Only the area counts. A long thin box gets the level of a square of the same area.",
    ]
    call = (
        f"level_of(np.array([{width}.0]), np.array([{height}.0]), base={base}, first={first}, last={last})  # {chosen}"
    )
    return lab.Said(notice, call, (levels.level_of, levels.sizes_of), _csv("levels.csv", values))


@dataclass(frozen=True, eq=False)
class Walk:
    """The maps of one scene: for every step three levels of strengths (H, W), what is found in the end, and where."""

    maps: list[list[Floats | None]]
    boxes: Floats  # (N, 4)
    words: list[str]
    strides: list[int]  # of the level whose anchor answered, of each box


@st.cache_resource(show_spinner="The detector looks at the scene", max_entries=60)
def _walk(number: int) -> Walk:
    """Every step of the way down, and what the detector finds."""
    from typing import cast

    import torch

    from core.detect.dense.one_stage import OneStage, answer, level_behind
    from core.learning.threads import one_thread
    from core.models.registry import load
    from core.models.segmenters import inputs_of

    scene, module = _scene(number), cast(OneStage, load("one_stage"))
    with torch.no_grad(), one_thread():
        came_up = module.pyramid.bottom_up(inputs_of(scene.image[None]))
        down = module.pyramid.top_down.steps(came_up)
    stages = [came_up, down.laterals, down.doubled, down.sums, down.maps]
    strong = [
        [None if each is None else figures.bright(each[0].double().numpy()) for each in level] for level in stages
    ]
    found = answer(module, scene.image).above(0.5)
    words = [f"{CLASSES[label]} {score:.0%}" for label, score in zip(found.labels, found.scores, strict=True)]
    return Walk(strong, found.boxes, words, [STRIDES[level] for level in level_behind(module, scene.image, found)])


def down(controls: Any, stage: Any) -> lab.Said:
    """The top-down path, step by step, on maps of the trained detector."""
    with controls:
        number = int(st.slider("Scene", 0, 49, 6, key="scene", bind="query-params"))
        step = int(st.slider("Step", 1, len(STEPS), 1, key="step", bind="query-params"))
        st.caption(
            "Each picture is one level: how strong all its channels are at each place. "
            "Every level has its own scale of colours."
        )
    walk = _walk(number)
    shown, name = walk.maps[step - 1], STEPS[step - 1]
    drawn = [
        Panel(f"stride {stride}, {len(each)}x{len(each)}", each)
        for stride, each in zip(STRIDES, shown, strict=True)
        if each is not None
    ]
    values = pd.DataFrame(
        {
            "level": [f"stride {stride}" for stride in STRIDES],
            **{
                title: ["nothing" if each is None else f"{each.mean():.2f}" for each in maps]
                for title, maps in zip(STEPS, walk.maps, strict=True)
            },
        }
    )
    with stage:
        st.markdown(f"**Step {step} of {len(STEPS)}: {name}.** {_said(step)}")
        told = "; ".join(f"{panel.title}, strongest {panel.values.max():.2f}" for panel in drawn)
        lab.chart(panels(drawn, height=230), key="maps", quick=True, alt=f"{name}: {told}.")
        shots([Shot(
            _scene(number).image, f"The scene; found: {', '.join(walk.words) or 'nothing'}.",
            "What the detector reads from the three answers.", boxes=walk.boxes, labels=walk.words,
        )], most=340)  # fmt: skip
        st.markdown(_who(walk))
        folded("Mean strength of every level at every step", values.set_index("level"), key="maps-numbers")
    notice = [
        "On the way up the coarse map knows things and the fine map knows edges: at step 1 the finest map follows "
        "outlines and patterns, the coarsest has a few strong places.",
        "On the way down every value of the coarse map is copied to four places below it and added. The finest level "
        "then has both: what it is, and where.",
        f"Three levels answer with the same heads: {24 * 24}, {12 * 12} and {6 * 6} places, 3 anchors each, 2,268 in "
        f"all. The anchors are {SIZES[0]:g}, {SIZES[1]:g} and {SIZES[2]:g} pixels wide: the fine level finds small "
        "things, the coarse one large ones.",
    ]
    return lab.Said(
        notice,
        "pyramid.top_down.steps(pyramid.bottom_up(images))",
        (_way_down(), levels.level_of),
        _csv("maps.csv", values),
    )


def _who(walk: Walk) -> str:
    """Which level found what, the largest first."""
    sides = np.sqrt((walk.boxes[:, 2] - walk.boxes[:, 0]) * (walk.boxes[:, 3] - walk.boxes[:, 1]))
    told = [
        f"{walk.words[place].rpartition(' ')[0]} of {sides[place]:.0f} pixels on stride {walk.strides[place]}"
        for place in np.argsort(-sides)
    ]
    return f"**Found by:** {'; '.join(told) or 'no level is sure of anything'}."


def _way_down() -> Any:
    from core.detect.dense.pyramid import TopDown

    return TopDown.steps


def _said(step: int) -> str:
    return (
        "Three maps that a residual network passes on its way up, with 32, 64 and 80 channels.",
        "A 1x1 convolution gives all levels the same 48 channels, so that they can be added.",
        "The sum of the level above, every value copied to two by two places. Nothing lies above the coarsest.",
        "The lateral and what came from above, added place by place, from the coarsest level down.",
        "A 3x3 convolution smooths away the steps that the copying left. This is what the heads see.",
    )[step - 1]


def defaults(controls: Any, stage: Any) -> lab.Said:
    """SSD's default boxes, map by map."""
    with controls:
        kind = st.segmented_control(
            "Maps", ("SSD300", "your own"), default="SSD300", key="maps-of", bind="query-params", required=True
        )
        own = kind == "your own"
        count = int(st.slider("Maps, each half as wide", 2, 6, 4, key="count", bind="query-params", disabled=not own))
        side = int(st.slider("Side of the first map", 4, 64, 32, key="first", bind="query-params", disabled=not own))
        least, most = st.slider(
            "Scale of the first and the last map, %", 5, 100, (20, 90), 5, key="scales", bind="query-params"
        )
        chosen = int(st.slider("Draw the boxes of map", 1, 6, 3, key="map", bind="query-params"))
    maps = tuple(DefaultMap(max(1, -(-side // 2**k)), MANY) for k in range(count)) if own else levels.SSD300
    place = min(chosen, len(maps)) - 1
    drawn = levels.shapes(maps, place, least=least / 100, most=most / 100)
    sizes = levels.scales(len(maps), least=least / 100, most=most / 100)
    values = pd.DataFrame(
        {
            "map": [f"{each.side}x{each.side}" for each in maps],
            "scale": [f"{size:.0%}" for size in sizes],
            "boxes a cell": [str(each.kinds) for each in maps],
            "boxes": [f"{each.boxes:,}" for each in maps],
        }
    )
    middle = (maps[place].side // 2 + 0.5) / maps[place].side
    boxes = np.concatenate([middle - drawn / 2, middle + drawn / 2], axis=1) * SIDE
    total = levels.total(maps)
    with stage:
        st.markdown(f"**{total:,}** default boxes on {len(maps)} maps; all are scored in one pass.")
        alt = f"Default boxes of each map: {', '.join(f'{each.side}x{each.side} {each.boxes:,}' for each in maps)}."
        lab.chart(figures.counts(maps, place), key="counts", quick=True, alt=alt, table=values.set_index("map"))
        shots([Shot(
            _scene(1).image, f"The {len(drawn)} default boxes of one cell of map {place + 1}, over a picture.",
            f"Those of the middle cell of map {place + 1}, {maps[place].side}x{maps[place].side}.", boxes=boxes,
        )], most=340)  # fmt: skip
    notice = [
        f"The finest map has {maps[0].boxes / total:.0%} of all boxes, for the smallest things: {sizes[0]:.0%} of the "
        f"picture's side. The last one has {maps[-1].boxes:,}, of {sizes[-1]:.0%}.",
        "The scales lie at equal steps from the first map to the last, as the paper's formula has it. Where it trains "
        "on PASCAL VOC it gives the first map a scale of 10 %, and the steps begin with 20 % at the second.",
        "SSD takes each map as it comes up, so its finest one knows little of things. The pyramid of the other view "
        "brings the knowledge down first.",
        "Nearly all of these boxes lie on nothing: that is the imbalance which the focal loss answers.",
    ]
    call = "total(SSD300)  # 8,732" if not own else f"total(maps)  # {total:,}"
    return lab.Said(notice, call, (levels.scales, levels.shapes, levels.total), _csv("defaults.csv", values))


def _csv(name: str, values: pd.DataFrame) -> lab.Exports:
    return {name: lambda: values.to_csv(index=False)}
