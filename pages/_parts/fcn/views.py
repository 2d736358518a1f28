"""Two views of the FCN lab: the scores of one scene on their way up, and all three nets on many scenes."""

from typing import Any, get_args

import numpy as np
import pandas as pd
import streamlit as st

from core.measure.segmentation import counted, mean_iou
from core.models.segmenters import DIFFICULTIES, NAMES, NEAR, SETTINGS, SIDE, Difficulty, Judged
from core.runtime.tasks import Task
from core.segment import fcn
from core.segment.fcn import BACKBONE, LEVELS, Finest
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._kit.shots import shots
from pages._parts.fcn import figures, work
from pages._parts.fcn.figures import name_of

COUNTS = (10, 20, 40)
JOB = "fcn-scenes"


def which_scene() -> tuple[Difficulty, int]:
    """The two controls that choose a scene."""
    difficulty = st.segmented_control(
        "Scenes", DIFFICULTIES, default="plain", key="scenes", bind="query-params", required=True
    )
    number = st.slider("Another scene", 0, work.SCENES - 1, 18, key="scene", bind="query-params")
    return difficulty, int(number)


def summed(controls: Any, stage: Any) -> lab.Said:
    """From a grid of 7x7 to a label for every pixel, for one class."""
    with controls:
        difficulty, number = which_scene()
        name = st.selectbox("Scores of", NAMES, 5, key="class", bind="query-params")
        side = st.slider("Side of the picture", 32, 320, SIDE, 16, key="side", bind="query-params")
        stride = st.segmented_control(
            "Draw the grid of stride", LEVELS, default=32, key="stride", bind="query-params", required=True
        )
    grids = [fcn.grid(int(side), each) for each in LEVELS]  # says which sides fit
    scene, found = work.sums(difficulty, number, int(side))
    image = scene.image.astype(np.float64)
    label = NAMES.index(name)
    shares = {each: float((found.sums[each].argmax(axis=0) == label).mean()) for each in LEVELS}
    rows = pd.DataFrame(_layers(int(side)), columns=["layer", "maps", "kernel", "stride so far", "grid"])
    with stage:
        st.markdown(
            f"Side {side}: scores on **{grids[0]}x{grids[0]}**, {grids[1]}x{grids[1]} and {grids[2]}x{grids[2]}."
        )
        squares = side // stride
        told = f"The scene with {squares}x{squares} squares of {stride} pixels: one score of each class for a square."
        shots([figures.grid_shot(image, stride, alt=told, caption=told)], most=300)
        st.markdown(f"**Scores of {name} on their way up.** Blue is against, orange is for.")
        for row in figures.steps(found, label):
            shots(row, least=76, most=175)
        st.markdown(
            f"{name.capitalize()} has the highest score on **{shares[32]:.0%}** of the coarse squares, "
            f"**{shares[16]:.0%}** after the first sum and **{shares[8]:.0%}** after the second."
        )
        coarse = pd.DataFrame(found.sums[32][label]).round(1)
        coarse.columns = pd.Index([f"column {number + 1}" for number in range(len(coarse))])
        coarse.index = pd.RangeIndex(1, len(coarse) + 1, name="row")
        folded(f"The scores of stride 32 in numbers, {grids[0]}x{grids[0]}", coarse, key="coarse-numbers")
        folded("All layers of the net", rows.set_index("layer"), key="layers")
    notice = [
        f"A side of {SIDE} gives 7, 14 and 28 scores. A side that 32 does not divide has grids that do not lie over "
        "each other, and cannot be added; real pictures are padded.",
        "Each sum has one value per class and square. The 1x1 convolutions that score the finer maps make 64 or 96 "
        "maps into 6, the classes; after that, adding is all that is needed.",
        "What is added from stride 8 is strong along outlines and weak inside: the coarse scores already know the "
        "inside.",
        "The doubling starts as interpolation (a transposed convolution with a tent, kernel 4, stride 2) and is then "
        "learned. The last step, by 8, stays interpolation.",
    ]
    call = f"[grid({side}, stride) for stride in (32, 16, 8)]  # {grids}"
    return lab.Said(notice, call, (fcn.grid, fcn.skip_sum), {"layers.csv": lambda: rows.to_csv(index=False)})


def _layers(side: int) -> list[tuple[str, int, str, int, str]]:
    found, stride = [], 1
    for layer in BACKBONE:
        stride *= layer.stride
        across = side // stride
        found.append((layer.name, layer.maps, f"{layer.side}x{layer.side}", stride, f"{across}x{across}"))
    for each in LEVELS:
        across = side // each
        found.append((f"scores of stride {each}", len(NAMES), "1x1", each, f"{across}x{across}"))
    return found


def many(controls: Any, stage: Any) -> lab.Said:
    """All three nets on many scenes of both difficulties, pooled."""
    with controls:
        count = st.select_slider("Test scenes of each difficulty", COUNTS, COUNTS[0], key="count", bind="query-params")
        begin = st.button("Measure", key="measure", type="primary")
        for difficulty, kind in SETTINGS.items():
            st.caption(
                f"{difficulty.capitalize()}: {kind.objects[0]} to {kind.objects[1]} things, radii of "
                f"{kind.sizes[0]:.0%} to {kind.sizes[1]:.0%} of the side, noise {kind.noise:g}."
            )
    if begin:
        watching.begin(JOB, count, Task(work.measure, (int(count),)))
    job = watching.current(JOB)
    with stage:
        if job is None:
            st.info("Press Measure. The scenes are drawn, and three nets label each: some seconds.")
        watching.watch(JOB, _draw_many, now=count)
    values = _table(job) if job else pd.DataFrame()
    notice = [
        "Counts of all scenes are added first, and divided once per class: pooled over the data set. Averaged per "
        "picture, a picture with three pixels of a class would weigh as much as one full of it.",
        "The ground counts as a class. It is easy, and it is most of the pixels: that is why pixel accuracy is high "
        "for all three and says little.",
        f"Near borders means up to {NEAR} pixels from one. This is where skips pay.",
        "Each net begins with what the coarser one learned, so FCN-8s learned longest. That explains a part: FCN-32s, "
        "given as many steps as all three together, reached 0.79 on 40 plain scenes (FCN-8s 0.94) and 0.59 on 40 hard "
        "ones (FCN-8s 0.78).",
    ]
    if len(values):
        plain = values.loc[values["scenes"] == "plain"].set_index("net")["mean IoU, near borders"]
        scenes = sum(kind == "plain" for kind, *_ in job.found) if job else 0
        notice.insert(
            0,
            f"Near borders of {scenes} plain scene{'s' * (scenes != 1)}: FCN-32s {plain['FCN-32s']:.3f}, "
            f"FCN-8s {plain['FCN-8s']:.3f}.",
        )
    call = "mean_iou(sum(judged(answers(net, scene.image), scene.labels).whole for scene in scenes))"
    exports: lab.Exports = {"fcn.csv": lambda: values.to_csv(index=False)} if len(values) else {}
    return lab.Said(notice, call, (mean_iou, counted), exports)


def _table(job: Job) -> pd.DataFrame:
    """What is known so far: a row for each net and difficulty."""
    total: dict[tuple[Difficulty, Finest], Judged] = {}
    for difficulty, _, found in list(job.found):
        for finest, each in found.items():
            key = (difficulty, finest)
            total[key] = total[key] + each if key in total else each
    rows = [
        {
            "scenes": difficulty,
            "net": name_of(finest),
            "mean IoU": round(mean_iou(each.whole), 3),
            "mean IoU, near borders": round(mean_iou(each.near), 3),
            "pixels right": round(float(np.trace(each.whole) / each.whole.sum()), 3),
        }
        for (difficulty, finest), each in sorted(total.items(), key=lambda item: (item[0][0] != "plain", -item[0][1]))
    ]
    return pd.DataFrame(rows)


def _draw_many(job: Job) -> None:
    values = _table(job)
    if values.empty:
        return
    done = len(job.found) // 2
    groups = [(kind, what) for kind in DIFFICULTIES for what in ("mean IoU", "mean IoU, near borders")]
    names = [f"{kind}, {'all' if what == 'mean IoU' else 'borders'}" for kind, what in groups]
    bars = {
        finest: [_value(values, kind, name_of(finest), what) for kind, what in groups] for finest in get_args(Finest)
    }
    told = "; ".join(f"{row.scenes} {row.net} {row[3]:.2f}, borders {row[4]:.2f}" for row in values.itertuples())
    lab.chart(figures.bars(bars, names, title="mean IoU"), key="many", quick=True, alt=f"After {done} scenes: {told}.")
    folded("The numbers behind this chart", values.set_index("scenes"), key="many-numbers")


def _value(values: pd.DataFrame, kind: str, net: str, what: str) -> float:
    found = values.loc[(values["scenes"] == kind) & (values["net"] == net), what]
    return float(found.iloc[0]) if len(found) else float("nan")
