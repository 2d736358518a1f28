"""Controls, picture, map and words of the anchors lab."""

import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES
from core.detect.anchors import GROUND, NEITHER, anchors, best_overlaps, labelled, outputs, shapes
from core.detect.offsets import encode
from core.errors import CoreError
from pages._kit import lab
from pages._kit.box_editor import Ghost, Kind, box_editor, names, read, written
from pages._kit.scrolling import folded, scrolling
from pages._parts.anchors import figures
from pages._parts.anchors.setting import SCENES, SIDE, Labelled, Setting, enlarged, scene

MOST, LETTERS = 8, 400
KINDS = (Kind("object", "#E69F00", "T"),)
SIZES, RATIOS = ("8", "16", "24", "32", "48", "64"), ("1:3", "1:2", "1:1", "2:1", "3:1")
POSITIVE, BETWEEN, BACK = "#009E73", "#CC79A7", "#8A8F98"
SAID = {GROUND: "background", NEITHER: "left out"}


def controls() -> Setting:
    """What the visitor chooses; the objects stand in the address as text."""
    number = st.slider("Picture", 0, SCENES - 1, 0, key="picture", bind="query-params", on_change=_begin)
    stride = st.segmented_control(
        "One cell every ... pixels", (4, 8, 16), default=8, key="stride", bind="query-params", required=True
    )
    sizes = st.pills(
        "Sizes of the anchors", SIZES, selection_mode="multi", default=("16", "32", "48"), key="sizes",
        bind="query-params",
    )  # fmt: skip
    ratios = st.pills(
        "Height to width", RATIOS, selection_mode="multi", default=("1:2", "1:1", "2:1"), key="ratios",
        bind="query-params",
    )  # fmt: skip
    below, above = st.slider(
        "Background below, positive from an IoU of", 0.0, 1.0, (0.3, 0.7), 0.05, key="limits", bind="query-params"
    )
    left, right = st.columns(2)
    row = left.number_input("Row of the cell", 0, SIDE // 4 - 1, 4, key="row", bind="query-params")
    column = right.number_input("Column of the cell", 0, SIDE // 4 - 1, 8, key="column", bind="query-params")
    with st.expander("Objects as text"):
        text = st.text_area(
            "x1, y1, x2, y2, class", written(scene(number)[1], KINDS, CLASSES), key="objects", bind="query-params",
            max_chars=LETTERS,
        )  # fmt: skip
    if not sizes or not ratios:
        raise CoreError("without a size and a ratio there is no anchor: choose one of each")
    last = SIDE // stride - 1
    if max(row, column) > last:
        st.caption(f"The rows and columns of this map are numbered 0 to {last}: the last one is taken.")
    return Setting(
        number,
        read(text, (SIDE, SIDE), KINDS, CLASSES, most=MOST),
        stride,
        tuple(float(size) for size in SIZES if size in sizes),
        tuple(_ratio(ratio) for ratio in RATIOS if ratio in ratios),
        round(float(below), 2),
        round(float(above), 2),
        (min(int(row), last), min(int(column), last)),
    )


def stage(setting: Setting, all_of_them: Labelled) -> None:
    """The picture with the anchors of one cell, the map to choose a cell from, and the counts."""
    positive = int((all_of_them.labels >= 0).sum())
    left_out = int((all_of_them.labels == NEITHER).sum())
    numbers, count = setting.counted, len(all_of_them.labels)
    first, second, third = st.columns(3)
    first.metric("Anchors, H W k", f"{numbers.anchors:,}")
    second.metric("Positive", f"{positive:,}")
    third.metric("Background", f"{count - positive - left_out:,}")
    st.markdown(
        f"{setting.side} rows, {setting.side} columns, k = {len(setting.sizes)} sizes by {len(setting.ratios)} ratios "
        f"= {setting.kinds}. The network answers with 2k = {2 * setting.kinds} scores and 4k = {4 * setting.kinds} "
        f"offsets in every cell: {numbers.scores + numbers.offsets:,} numbers in all. {left_out:,} anchors are left "
        "out."
    )
    left, right = st.columns(2, gap="medium")
    here = all_of_them.of_cell(setting)
    row, column = setting.cell
    with left:
        alt = f"{len(setting.objects)} objects, and the {setting.kinds} anchors of row {row}, column {column}."
        box_editor(
            scene(setting.number)[0], setting.objects, KINDS, classes=CLASSES, base=f"picture {setting.number}",
            alt=alt, key="editor", most=MOST, field="objects", ghosts=_ghosts(all_of_them, here),
        )  # fmt: skip
        st.caption(
            "Dotted: the anchors of the chosen cell. With their IoU and green: positive; pink: left out; grey: "
            "background. The table below has them one by one."
        )
    with right:
        shape = (setting.side, setting.side, setting.kinds)
        nearest = all_of_them.overlaps.max(axis=1, initial=0.0).reshape(shape).max(axis=2)
        hits = (all_of_them.labels >= 0).reshape(shape).sum(axis=2)
        alt = f"Best IoU of every cell, at most {nearest.max():.2f}; {int((hits > 0).sum())} of {hits.size} cells have "
        alt += f"positive anchors. Chosen: row {row}, column {column}, {nearest[row, column]:.2f}."
        figure = figures.cells(nearest, hits, setting.cell)
        lab.chart(figure, key="cells", quick=True, alt=alt, on_pick=_picked)
        st.caption(
            "Choose a cell by a click or by its row and column. The darker, the better its best anchor fits. Dark "
            "frames: cells with positive anchors" + (", and how many." if setting.side <= figures.FEW else ".")
        )
    st.html(scrolling(of_the_cell(setting, all_of_them), label="The anchors of the chosen cell"))
    folded("Every object", of_objects(setting, all_of_them), key="of-objects")


def of_the_cell(setting: Setting, all_of_them: Labelled) -> pd.DataFrame:
    """The k anchors of the chosen cell: their sides, whom they fit best, what they are to learn."""
    here, called = all_of_them.of_cell(setting), names(setting.objects, KINDS)
    rows = []
    for place, (wide, high) in zip(range(here.start, here.stop), shapes(setting.sizes, setting.ratios), strict=True):
        label, overlaps = int(all_of_them.labels[place]), all_of_them.overlaps[place]
        offsets = "none"
        if label >= 0:
            import torch

            thing = torch.from_numpy(setting.objects.boxes[label : label + 1]).float()
            moved = encode(thing, all_of_them.anchors[place : place + 1])[0].tolist()
            offsets = ", ".join(f"{value:.2f}" for value in moved)
        best = f"{overlaps.max():.2f}" if len(overlaps) else "0.00"
        told = SAID.get(label) or called[label]
        rows.append(
            {"width x height": f"{wide:.0f} x {high:.0f}", "IoU": best, "label": told, "dx, dy, dw, dh": offsets}
        )
    return pd.DataFrame(rows, index=pd.Index(range(1, len(rows) + 1), name="anchor"))


def of_objects(setting: Setting, all_of_them: Labelled) -> pd.DataFrame:
    """Every object: how well its best anchor fits, and how many anchors are to find it."""
    called = names(setting.objects, KINDS)
    return pd.DataFrame(
        {
            "class": [CLASSES[label] for label in setting.objects.classes],
            "best IoU": [f"{value:.2f}" for value in all_of_them.best],
            "positive anchors": [int((all_of_them.labels == place).sum()) for place in range(len(called))],
        },
        index=pd.Index(called, name="object"),
    )


def said(setting: Setting, all_of_them: Labelled) -> lab.Said:
    """What the page says at its end."""
    positive = int((all_of_them.labels >= 0).sum())
    wide, there = enlarged(setting)
    notice = [
        f"{positive:,} of {len(all_of_them.labels):,} anchors are positive. On a picture of 600 x 1000 with one cell "
        f"every 16 pixels and k = 9 there are {wide:,} anchors; if these objects were enlarged to its height, "
        f"{there:,} of them would be positive. A loss that counts all alike learns to say background. So training "
        "draws as many of one kind as of the other, or uses the focal loss.",
        _worst(setting, all_of_them),
        "Drag an object by a few pixels: the labels change, though the picture does not. Change sizes or ratios, and "
        "the outputs mean other boxes: the network has to be trained anew. These are drawbacks that detectors without "
        "anchors set out to avoid.",
        "An anchor between the two thresholds is neither. To call it background would punish an answer that is half "
        "right.",
        "As a rule a smaller stride and more sizes fit objects better, and they cost: k anchors at every cell.",
    ]
    map_ = f"{setting.side}, {setting.side}, stride={setting.stride}"
    call = (
        f"grid = anchors({map_}, sizes={list(setting.sizes)}, ratios={[round(each, 3) for each in setting.ratios]})\n"
        f"labelled(grid, boxes, above={setting.above:g}, below={setting.below:g})  # {positive} positive"
    )
    exports: lab.Exports = {
        "objects.csv": lambda: of_objects(setting, all_of_them).to_csv(),
        "cell.csv": lambda: of_the_cell(setting, all_of_them).to_csv(),
    }
    return lab.Said(notice, call, (anchors, labelled, best_overlaps, outputs), exports)


def _worst(setting: Setting, all_of_them: Labelled) -> str:
    if not len(all_of_them.best):
        return "Without objects everything is background."
    told = (
        f"The worst served object here has {all_of_them.best.min():.2f} with its best anchor. An object that no anchor "
        "fits well still gets its best one, whatever its IoU; without this rule it would have nobody to learn from."
    )
    mine = {name: (all_of_them.labels == place).any() for place, name in enumerate(names(setting.objects, KINDS))}
    for (name, any_), best in zip(mine.items(), all_of_them.best.tolist(), strict=True):
        if not any_ and best:
            told += f" Only {name} goes without here: its best anchor is that of another object, too."
        elif not any_:
            told += f" Only {name} goes without here: no anchor touches it."
    return told


def _ghosts(all_of_them: Labelled, here: slice) -> list[Ghost]:
    colours, ghosts = {GROUND: BACK, NEITHER: BETWEEN}, list[Ghost]()
    for place in range(here.start, here.stop):
        label = int(all_of_them.labels[place])
        x1, y1, x2, y2 = all_of_them.anchors[place].tolist()
        name = f"IoU {all_of_them.overlaps[place, label]:.2f}" if label >= 0 else ""
        ghosts.append(Ghost((x1, y1, x2, y2), name, colours.get(label, POSITIVE)))
    return ghosts


def _picked() -> None:
    picked = st.session_state["cells"].pick
    point = picked.get("point") if isinstance(picked, dict) else None
    if isinstance(point, list) and len(point) == 2 and all(type(each) is int for each in point):
        row, column = point
        if 0 <= row < SIDE // 4 and 0 <= column < SIDE // 4:
            st.session_state.update(row=row, column=column)


def _begin() -> None:
    """Another picture brings its own objects."""
    st.session_state["objects"] = written(scene(st.session_state["picture"])[1], KINDS, CLASSES)


def _ratio(text: str) -> float:
    high, wide = text.split(":")
    return float(high) / float(wide)
