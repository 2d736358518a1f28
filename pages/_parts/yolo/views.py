"""The three views of the grid: one cell decoded, outputs counted, speed against accuracy."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES, Scene, boxes, labels
from core.detect.dense.grid import BASES, Decoded, Layout, decode, encode, parts, shape_of
from core.detect.pictures import SIDE, picture
from core.errors import CoreError
from core.measure.pareto import pareto_front
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.yolo import figures

LAYOUTS: tuple[Layout, Layout] = ("classes per cell", "classes per box")
SPOKEN = ("dx", "dy", "dh", "dw", "confidence")
PRINTED = """YOLOv3-320, 22, 28.2
YOLOv3-416, 29, 31.0
YOLOv3-608, 51, 33.0
SSD321, 61, 28.0
DSSD321, 85, 28.0
R-FCN, 85, 29.9
SSD513, 125, 31.2
DSSD513, 156, 33.2
FPN Faster R-CNN, 172, 36.2
RetinaNet-50-500, 73, 32.5
RetinaNet-101-500, 90, 34.4
RetinaNet-101-800, 198, 37.8"""


@st.cache_resource(show_spinner=False, max_entries=16)
def _scene(number: int) -> Scene:
    return picture("test", number)


@st.cache_data(show_spinner=False, max_entries=60)
def _answer(number: int, layout: Layout, cells: int, off: int, draw: int) -> tuple[Floats, list[list[int]]]:
    """What a perfect network answers, and how far ours is off: noise on every number, of the same size for all."""
    scene = _scene(number)
    answer, owners = encode(
        boxes(scene.targets) / SIDE, labels(scene.targets), layout, cells=cells, classes=len(CLASSES)
    )
    noise = np.random.default_rng(draw).normal(0, off / 100, answer.shape)
    return answer + noise, owners.tolist()


def cell(controls: Any, stage: Any) -> lab.Said:
    """One scene, one answer, one cell of it."""
    with controls:
        number = int(st.slider("Scene", 0, 49, 36, key="scene", bind="query-params"))
        layout = st.segmented_control(
            "Class scores", LAYOUTS, default=LAYOUTS[0], key="layout", bind="query-params", required=True
        )
        cells = int(st.slider("Cells a side", 3, 13, 7, key="cells", bind="query-params"))
        row = min(int(st.slider("Row", 0, 12, 3, key="row", bind="query-params")), cells - 1)
        column = min(int(st.slider("Column", 0, 12, 2, key="column", bind="query-params")), cells - 1)
        st.caption(f"Rows and columns are counted from 0 to {cells - 1}; what lies beyond is the last one.")
        off = int(st.slider("Noise on every number, hundredths", 0, 40, 0, key="off", bind="query-params"))
        least = st.slider("Show boxes from a score of", 0.05, 1.0, 0.5, 0.05, key="least", bind="query-params")
    scene = _scene(number)
    answer, owners = _answer(number, layout, cells, off, number)
    found = decode(answer, layout, classes=len(CLASSES))
    return _one(controls, stage, scene, answer, owners, found, layout, (row, column), least)


def _one(
    controls: Any,
    stage: Any,
    scene: Scene,
    answer: Floats,
    owners: list[list[int]],
    found: Decoded,
    layout: Layout,
    place: tuple[int, int],
    least: float,
) -> lab.Said:
    (row, column), count = place, len(answer)
    scores, bases = found.scores, len(BASES)
    numbers, classes = parts(answer, layout, boxes=bases, classes=len(CLASSES))
    here = pd.DataFrame(
        [
            {
                "box": f"box {kind + 1}",
                **{name: f"{value:.2f}" for name, value in zip(SPOKEN, numbers[row, column, kind], strict=True)},
                "class": CLASSES[int(classes[row, column, kind].argmax())],
                "score": f"{scores[row, column, kind].max():.2f}",
            }
            for kind in range(bases)
        ]
    )
    kept = np.argwhere(scores.max(axis=-1) >= least)
    with stage:
        left, right = st.columns([1, 1], gap="medium")
        with left:
            mine = found.boxes[row, column] * SIDE
            shots([Shot(
                scene.image,
                f"The scene with the three boxes of the cell in row {row} and column {column}.",
                "The three boxes of this cell, and the grid.",
                boxes=mine, labels=[f"{kind + 1}" for kind in range(bases)], lines=_grid(count),
            )])  # fmt: skip
        with right:
            shown = [found.boxes[tuple(each)] * SIDE for each in kept]
            words = [CLASSES[int(scores[tuple(each)].argmax())] for each in kept]
            said = ", ".join(words) or "nothing"
            shots([Shot(
                scene.image,
                f"The scene with the {len(kept)} boxes that score {least:g} or more: {said}.",
                f"All {count * count * bases} boxes that score {least:g} or more: {len(kept)}.",
                boxes=np.array(shown).reshape(-1, 4), labels=words,
            )])  # fmt: skip
        sure = found.confidences.max(axis=-1)
        alt = f"{count}x{count} cells, {int((sure >= 0.5).sum())} of them sure; row {row}, column {column} is chosen."
        lab.chart(figures.cells(sure, place), key="grid", quick=True, alt=alt, on_pick=_pick)
        st.caption("Blue: how sure the surest box of a cell is. Click a cell, or use the sliders.")
        flat = answer[row, column].ravel()
        names = _names(layout)
        lab.chart(
            figures.numbers(names, flat, bases), key="numbers", quick=True,
            alt=f"The {len(flat)} numbers of this cell, from {flat.min():.2f} to {flat.max():.2f}.",
        )  # fmt: skip
        folded("The numbers of this cell", here.set_index("box"), key="cell-numbers")
    notice = [
        f"{count}x{count} cells with {bases} base boxes make {count * count * bases} boxes, in one pass; this layout "
        f"says them with {answer.size:,} numbers.",
        "A thing belongs to the cell in which its middle lies, and there to the base box that is nearest to its shape. "
        "The cells beside it say nothing of it, however much of it they see.",
        f"{_shared(owners)} In scene 36 on 4 cells a side there are two such cells: with the classes once for a cell, "
        "all its boxes get one name, and a circle is called a square or the other way round. Switch the layout, and "
        "both are right.",
        "The offsets are those of proposals: dx and dy move the middle by shares of the base box's sides, exp(dw) and "
        "exp(dh) are factors on these sides. The lectures print dh before dw.",
        "What you decode is what a perfect network would answer for this scene, with noise of your choice: read it as "
        "what a network is asked for. Score is confidence times class score.",
    ]
    call = f'decode(answer, "{layout}", classes={len(CLASSES)})  # answer: {" x ".join(map(str, answer.shape))}'
    return lab.Said(notice, call, (decode, parts, encode), {"cell.csv": lambda: here.to_csv(index=False)})


def _shared(owners: list[list[int]]) -> str:
    """How many cells hold more than one thing, and what that cost; (T, 3), -1 for a thing without a box.

    >>> _shared([[1, 1, 0], [1, 1, 2], [3, 0, 1]])
    'Here one cell holds the middles of several things, and each found a free box.'
    """
    count = sum(many > 1 for many in Counter((row, column) for row, column, _ in owners if row >= 0).values())
    lost = sum(row < 0 for row, _, _ in owners)
    holds = {0: "no cell holds", 1: "one cell holds"}.get(count, f"{count} cells hold")
    found = {0: "each found a free box", 1: "one thing found no free box"}.get(lost, f"{lost} things found no free box")
    return f"Here {holds} the middles of several things, and {found}."


def _pick() -> None:
    """A click on a cell: its place in the grid."""
    state, picked = st.session_state, st.session_state["grid"].pick
    if picked:
        state.row, state.column = divmod(int(picked["point"]), int(state.cells))


def _names(layout: Layout) -> list[str]:
    boxes_first = [f"box {kind + 1}, {word}" for kind in range(len(BASES)) for word in SPOKEN]
    if layout == "classes per cell":
        return [*boxes_first, *CLASSES]
    return [f"box {kind + 1}, {word}" for kind in range(len(BASES)) for word in (*SPOKEN, *CLASSES)]


def _grid(count: int) -> list[Floats]:
    steps = np.linspace(0, SIDE, count + 1)[1:-1]
    across = [np.array([[0.0, each], [SIDE, each]]) for each in steps]
    return [*across, *(line[:, ::-1] for line in across)]


def outputs(controls: Any, stage: Any) -> lab.Said:
    """How many numbers an answer has in both layouts."""
    with controls:
        cells = int(st.slider("Cells a side, S", 1, 26, 7, key="side", bind="query-params"))
        count = int(st.slider("Boxes of a cell, B", 1, 9, 3, key="boxes", bind="query-params"))
        classes = int(st.slider("Classes, C", 1, 100, 20, key="classes", bind="query-params"))
    shapes = {layout: shape_of(cells, count, classes, layout) for layout in LAYOUTS}
    sizes = {layout: int(np.prod(shape)) for layout, shape in shapes.items()}
    cell_size, box_size = sizes.values()
    values = pd.DataFrame(
        {
            "layout": list(sizes),
            "shape": [" x ".join(map(str, shape)) for shape in shapes.values()],
            "numbers": [f"{size:,}" for size in sizes.values()],
        }
    )
    with stage:
        st.markdown(f"**{cells * cells * count:,}** boxes: **{cell_size:,}** numbers or **{box_size:,}**.")
        told = "; ".join(f"{layout} {size:,}" for layout, size in sizes.items())
        lab.chart(
            figures.lengths(sizes), key="lengths", quick=True, alt=f"Numbers: {told}.", table=values.set_index("layout")
        )
    notice = [
        f"Classes per cell, S x S x (5B + C): {cells} x {cells} x (5 x {count} + {classes}) = {cell_size:,}. That is "
        "the form of lectures B and E, and of the first YOLO, with S = 7, B = 2 and C = 20: 1,470.",
        f"Classes per box, S x S x B x (5 + C): {cells} x {cells} x {count} x (5 + {classes}) = {box_size:,}. That is "
        "the form of lecture A, and of later designs.",
        f"They differ by S x S x C x (B - 1) = {box_size - cell_size:,} numbers, so they meet only at B = 1.",
        "Nothing is proposed first and nothing is looked at twice: however many boxes there are, the picture goes "
        "through the network once.",
    ]
    call = f'shape_of({cells}, {count}, {classes}, "classes per cell")  # {shapes[LAYOUTS[0]]}'
    return lab.Said(notice, call, (shape_of, parts), {"outputs.csv": lambda: values.to_csv(index=False)})


def trade(controls: Any, stage: Any) -> lab.Said:
    """Speed against accuracy, from lines a visitor types."""
    with controls:
        text = st.text_area(
            "Detector, ms per picture, accuracy", PRINTED, height=330, max_chars=2000, key="lines", bind="query-params"
        )
        st.caption(
            "One a line. The numbers to begin with are those of figure 1 of the YOLOv3 report (Redmon and Farhadi, "
            "2018): COCO's AP, timed on an M40 or a Titan X, which are much alike. R-FCN's time is extrapolated."
        )
    names, points = _read(text)
    front = pareto_front(points, ("lower", "higher"))
    values = pd.DataFrame(
        {
            "detector": names,
            "ms": points[:, 0],
            "accuracy": points[:, 1],
            "beaten": ["no" if best else "yes" for best in front],
        }
    )
    with stage:
        st.markdown(f"**{int(front.sum())}** of {len(names)} are beaten by none that is both faster and better.")
        best = ", ".join(name for name, kept in zip(names, front, strict=True) if kept)
        alt = f"{len(names)} detectors by milliseconds and accuracy; not beaten: {best}."
        shown = values.astype(str).set_index("detector")
        lab.chart(figures.trade(names, points, front), key="trade", quick=True, alt=alt, table=shown)
    notice = [
        "The lecture: looking once is fast, and less accurate. On the line of those that nothing beats, more accuracy "
        "costs more time.",
        "Of the numbers to begin with, YOLOv3-416 beats SSD321, DSSD321 and R-FCN in both, and YOLOv3-608 beats SSD513 "
        "and RetinaNet-50-500. The slowest RetinaNet is the most accurate of all.",
        "A time belongs to a machine, a size of picture and a batch. Numbers of two papers stand in one picture only "
        "if somebody measured them alike.",
        "Type your own lines: the detectors of this house, timed on your computer.",
    ]
    call = 'pareto_front(points, ("lower", "higher"))'
    return lab.Said(notice, call, (pareto_front,), {"trade.csv": lambda: values.to_csv(index=False)})


def _read(text: str) -> tuple[list[str], Floats]:
    names, points = list[str](), list[tuple[float, float]]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.rsplit(",", 2)]
        try:
            name, pace, accuracy = fields[0], float(fields[1]), float(fields[2])
        except (ValueError, IndexError):
            raise CoreError(f"line {number}: need a name, milliseconds and accuracy, such as: mine, 30, 31.5") from None
        if not (0 < pace < 1e6 and abs(accuracy) < 1e6):
            raise CoreError(f"line {number}: need a time above 0 and a finite accuracy, got {pace:g} and {accuracy:g}")
        names.append(name[:40])
        points.append((pace, accuracy))
    if not names:
        raise CoreError("there is no line yet: write one, such as: mine, 30, 31.5")
    return names, np.array(points)
