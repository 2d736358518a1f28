"""The views of the lab: four pipelines, the two stages step by step, a proposal that is moved, and the losses."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES
from core.detect.regions import family
from core.detect.regions.box_regression import beside, moved, overlaps_with, wanted
from core.detect.regions.family import MISLED, NAMES, SIDES, Walk, share_of
from core.detect.regions.region_losses import (
    FOUR,
    joints_loss,
    label_loss,
    mask_loss,
    objectness_loss,
    offsets_loss,
)
from core.detect.regions.two_stage import kept, looked
from core.detect.regions.two_stage_lessons import lessons
from core.detect.windows.proposals import FAST
from core.models import registry
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded, scrolling
from pages._kit.shots import shots
from pages._parts.rcnn_family import figures
from pages._parts.rcnn_family.walks import SCENES, SEARCH, SEARCHES, SOURCES, regressed, scene, stages, walked

SHIFTS = tuple(range(-80, 81, 10))
ROUNDS = 80
LOSSES = (
    ("objectness", "first", "anchors", "thing or ground: cross-entropy of a sigmoid"),
    ("anchor offsets", "first", "anchors with a thing", "smooth L1 of four offsets"),
    ("label", "second", "regions", "cross-entropy of a softmax over ground and classes"),
    ("box offsets", "second", "regions with a thing", "smooth L1 of the true class's four offsets"),
    ("mask", "second", "regions with a thing", "cross-entropy of each cell of the true class's mask"),
    ("joints", "second", "regions with a person", "cross-entropy of a softmax over each map's cells"),
)
HISTORY = """**As they were.** R-CNN ran its network on about 2,000 regions of selective search, then trained linear
SVMs and box regressors on stored features: 84 hours to train, 47 seconds a picture with VGG16. Fast R-CNN runs it once
and trains everything but the proposals together; selective search then takes most of its time. Faster R-CNN proposes
with the same maps and keeps about 300 regions: 0.2 seconds a picture. SPP-net ran its network once already, and pooled
each region at several grains; what lay below the pooling was not trained. These times are the papers', those above are
of this machine."""


def pipelines(controls: Any, stage: Any) -> lab.Said:
    """One scene, four pipelines."""
    with controls:
        number = _scene()
        source = st.selectbox("Regions for R-CNN and Fast", SOURCES, 0, key="source", bind="query-params")
        count = st.select_slider("Regions", (10, 20, 30, 60, 100), 60, key="count", bind="query-params")
        side = st.select_slider("R-CNN makes each so many pixels wide", SIDES, 32, key="side", bind="query-params")
    image = scene(number).image.astype(np.float64)
    walks: dict[str, Walk] = {name: walked(name, number, source, count, side) for name in NAMES}
    table = figures.costs(walks)
    slow, fast, faster, _ = walks.values()
    same = _same(walks["Fast R-CNN"].found, faster.found)
    with stage:
        st.html(scrolling(table.iloc[:, [0, 1, 2, -2, -1]], label="What each pipeline did"))
        alt = "Time by step. " + "; ".join(f"{name} {1000 * walk.cost.total:.0f} ms" for name, walk in walks.items())
        lab.chart(figures.times(walks), key="times", quick=True, alt=f"{alt}.")
        shots([figures.found_shot(image, walk.found.above(0.5), name) for name, walk in walks.items()], least=250)
        st.caption(f"{len(scene(number).targets)} things are to be found. Shown is what has a score of at least 50%.")
        folded("All steps in numbers", table, key="times-numbers")
        with st.container(border=True, key="history"):
            st.markdown(HISTORY)
    told = (
        "With the same regions Fast and Faster give the same boxes, number by number: only their origin differs."
        if same
        else "Fast and Faster look at different regions here, so their boxes differ. Let Fast have those of Faster "
        "R-CNN: then the boxes are the same, number by number."
    )
    own, given = (1000 * walk.cost.seconds["propose"] for walk in (faster, fast))
    waiting = (
        f"Fast R-CNN spends {share_of(fast.cost)['propose']:.0%} of its time waiting for its regions, {given:.0f} ms "
        f"for {len(SEARCHES)} searches; the paper's fast version makes {len(FAST)}."
        if source == SEARCH
        else "These regions cost next to nothing. With selective search Fast R-CNN spends most of its time waiting."
    )
    notice = [
        f"R-CNN sends {slow.cost.passes} pictures through the trunk, the others one: {slow.cost.pixels:,} pixels in "
        f"place of {fast.cost.pixels:,}.",
        told,
        f"{waiting} Proposing costs Faster R-CNN {own:.0f} ms: three convolutions on a map that is there anyway.",
        "R-CNN answers otherwise with the same weights. A region that is cut out and stretched has lost its size, its "
        "shape and all that lay around it, and the trunk learned from whole pictures. R-CNN's own network learned from "
        "such pieces. On 40 validation pictures, with 60 regions of "
        f"Faster R-CNN each, AP50 falls from 1.00 to {MISLED[side]:.2f} at {side} pixels.",
        "Mask R-CNN adds its masks and joints only for what was found.",
    ]
    call = f"fast(module, image, regions).cost.passes  # {fast.cost.passes}; r_cnn: {slow.cost.passes}"
    return lab.Said(
        notice, call, (family.r_cnn, family.fast, family.faster), {"costs.csv": lambda: str(table.to_csv())}
    )


def step_by_step(controls: Any, stage: Any) -> lab.Said:
    """Both stages of Faster R-CNN: from anchors to things."""
    steps = ("1 proposals", "2 their classes", "3 moved", "4 each thing once")
    with controls:
        number = _scene()
        step = st.select_slider("Step", steps, steps[0], key="step", bind="query-params")
        said, image = stages(number), scene(number).image.astype(np.float64)
        count = len(said.proposals)  # the last step looks at all of them
        if step != steps[3]:
            count = st.slider("Proposals shown", 5, 100, 20, 5, key="shown", bind="query-params")
    labels = said.shares.argmax(axis=1)
    things = np.flatnonzero(labels[:count] > 0)
    classes = [f"{CLASSES[labels[each] - 1]}" for each in things]
    moved_boxes = said.moved[things, labels[things] - 1]
    final, told = said.found.above(0.5), ", ".join(f"{name} {classes.count(name)}" for name in sorted(set(classes)))
    drawn = {
        steps[0]: figures.boxes_shot(image, said.proposals[:count], f"The best {count} proposals, without any class."),
        steps[1]: figures.boxes_shot(
            image,
            said.proposals[things],
            f"{len(things)} of {count} hold a thing ({told or 'none'}); the others are ground.",
            classes if len(classes) <= 12 else (),
        ),
        steps[2]: figures.boxes_shot(image, moved_boxes, "Each moved by the offsets of its class."),
        steps[3]: figures.found_shot(image, final, f"What remains of all {count}"),
    }[step]
    table = pd.DataFrame(
        {
            "thing or ground": [f"{each:.0%}" for each in said.objectness[:count]],
            "class": ["ground" if each == 0 else CLASSES[each - 1] for each in labels[:count]],
            "share": [f"{said.shares[place, each]:.0%}" for place, each in enumerate(labels[:count])],
        },
        index=pd.RangeIndex(1, min(count, len(labels)) + 1, name="proposal"),
    )
    with stage:
        shots([drawn], least=300, most=560)
        counted = (f"{len(said.proposals)}", f"{len(things)}", f"{len(final)}")
        with st.container(horizontal=True, key="counts"):
            for name, value in zip(("Proposals", "Of those shown, things", "Found"), counted, strict=True):
                st.metric(name, value, width="content")
        folded("The proposals in numbers", table, key="proposals-numbers")
    rows = image.shape[0] // 8
    notice = [
        f"Stage one scores 9 anchors in each of {rows}x{rows} cells, {9 * rows * rows:,} boxes, and keeps the best "
        f"{len(said.proposals)} after suppression. The paper keeps about 300 of some 20,000.",
        "Stage one says thing or ground and no more; the classes come in stage two, once for each region.",
        f"Here {len(things)} of {count} regions hold a {' or a '.join(sorted(set(classes))) or 'thing'}: many say "
        f"the same, and suppression leaves {len(final)}.",
        "Proposals overlap heavily on purpose: a thing that is not proposed is lost for good, one proposed ten times "
        "costs ten small heads.",
    ]
    call = f"looked(module, image).found.above(0.5)  # {len(final)} things"
    return lab.Said(notice, call, (looked, kept), {"proposals.csv": lambda: str(table.to_csv())})


def regression(controls: Any, stage: Any) -> lab.Said:
    """A proposal beside a thing: offsets, and where the detector moves it."""
    with controls:
        number = _scene()
        targets = scene(number).targets
        asked = int(st.slider("Thing", 1, 4, 1, key="thing", bind="query-params"))
        place = min(asked, len(targets)) - 1
        right = st.slider("Proposal moved right, %", -80, 80, 20, 5, key="right", bind="query-params")
        down = st.slider("Moved down, %", -80, 80, -10, 5, key="down", bind="query-params")
        wider = st.slider("Wider, %", -60, 100, 20, 5, key="wider", bind="query-params")
        taller = st.slider("Taller, %", -60, 100, 0, 5, key="taller", bind="query-params")
    with controls:
        if place < asked - 1:
            st.caption(f"Only {len(targets)} in this scene; this is the last of them.")
    target, image = targets[place], scene(number).image.astype(np.float64)
    box = np.array(target.box)
    shares = {"down": down / 100, "wider": wider / 100, "taller": taller / 100}
    proposals = np.stack([beside(box, right=each / 100, **shares) for each in (right, *SHIFTS)])
    after = regressed(number, proposals)
    before, then = overlaps_with(proposals, box), overlaps_with(after.boxes, box)
    aim, name = wanted(box, proposals[0]), CLASSES[after.labels[0]]
    table = pd.DataFrame(
        {
            "wanted": [f"{each:+.2f}" for each in aim],
            "said by the detector": [f"{each:+.2f}" for each in after.offsets[0]],
        },
        index=pd.Index(["dx", "dy", "dw", "dh"], name="offset"),
    )
    ground = float(after.shares[0, 0])
    with stage:
        with st.container(horizontal=True, key="overlaps"):
            st.metric("IoU of the proposal", f"{before[0]:.2f}", width="content")
            st.metric("IoU after the move", f"{then[0]:.2f}", width="content")
        shots([
            figures.boxes_shot(image, np.stack([box, proposals[0]]), f"The {target.label}'s true box and the proposal.",
                               ("true", "proposal")),
            figures.boxes_shot(image, np.stack([box, after.boxes[0]]),
                               f"Moved by the offsets of class {name}; ground {ground:.0%}, {name} "
                               f"{after.shares[0, 1 + after.labels[0]]:.0%}.", ("true", "moved")),
        ])  # fmt: skip
        st.html(scrolling(table, label="Offsets"))
        alt = f"IoU by shift to the right; at {right}% it is {before[0]:.2f} before and {then[0]:.2f} after."
        chart = figures.recovered(SHIFTS, before[1:], then[1:], right)
        lab.chart(chart, key="recovered", quick=True, alt=alt)
        numbers = pd.DataFrame(
            {"before": before[1:].round(3), "after": then[1:].round(3)}, index=pd.Index(SHIFTS, name="shift, %")
        )
        folded("The numbers behind this chart", numbers, key="recovered-numbers")
    near, reach = (int((each[1:] >= 0.7).sum()) for each in (before, then))
    notice = [
        "dx and dy are told in the proposal's own width and height, dw and dh as logarithms of how much wider and "
        "taller. So the same four numbers mean the same for a large thing and a small one.",
        "The features of a region know what lies in it. A proposal that shows only a part of a thing says which part, "
        f"and so which way to go. Of the {len(SHIFTS)} proposals of the curve {near} have an IoU of 0.7 or more, after "
        f"the move {reach}.",
        "It learned from regions with an IoU of at least one half. Farther off there is nothing it was taught.",
        "There are four offsets for each class, and the likeliest class's count: a person is tall, a circle is not.",
    ]
    call = f"moved(module, image, proposals).offsets  # {', '.join(f'{each:+.2f}' for each in after.offsets[0])}"
    return lab.Said(notice, call, (moved, beside, wanted), {"offsets.csv": lambda: str(table.to_csv())})


def losses(controls: Any, stage: Any) -> lab.Said:
    """Four losses, or six, while an untrained detector takes its first steps."""
    with controls:
        six = st.toggle("Masks and joints too", False, key="six", bind="query-params")
        seed = int(st.number_input("Seed", 0, 999, 0, key="seed", bind="query-params"))
        begin = st.button(f"Take the first {ROUNDS} steps", key="begin", type="primary")
        st.caption("A detector without any training, four scenes a step. It always learns all six losses at once.")
    if begin:
        watching.begin("losses", seed, lambda progress: lessons(ROUNDS, seed=seed, progress=progress))
    shown = LOSSES if six else LOSSES[: len(FOUR)]
    table = pd.DataFrame(
        [each[1:] for each in shown],
        columns=["stage", "of", "what"],
        index=pd.Index([each[0] for each in shown], name="loss"),
    )
    with stage:
        st.html(scrolling(table, label="The losses"))
        begun = watching.current("losses")
        if begun and begun.setting != seed:
            st.caption(f"The curves are those of seed {begun.setting}: press the button for seed {seed}.")
        if begun is None:
            st.info("Press the button. It takes about half a minute, and the curves grow as it goes.")
        watching.watch("losses", lambda work: _draw(work, six))
    notice = [
        f"Faster R-CNN has {len(FOUR)} losses: thing or ground and offsets in the first stage, class and offsets in "
        "the second. Mask R-CNN has a fifth, with joints a sixth.",
        "They are added, and one gradient runs down all of them: the trunk learns what all six want.",
        "Before the first step nothing is known, and that can be told in numbers: objectness log 2 = 0.69, label about "
        "log 6 = 1.79, the mask log 2 again.",
        "The label falls first, as most regions are ground and ground is soon said. Where things are, and their masks "
        "and joints, takes hundreds of steps; the detector of this lab took "
        f"{registry.recipe('two_stage').steps:,}, with eight scenes each.",
        "A region of ground has no box, no mask and no joints to be wrong about: four of the six losses skip it.",
        "R-CNN had no such sum: classifier, SVMs and box regressors were trained one after the other. The joint loss "
        "came with Fast R-CNN.",
    ]
    story = list(begun.found) if begun else []
    if begun and not begun.running and (rose := figures.not_fallen(story)):
        notice.insert(4, f"Not yet lower after these steps: {', '.join(rose)}.")
    exports: lab.Exports = {"losses.csv": lambda: pd.DataFrame(story).to_csv(index_label="step")} if story else {}
    shows = (objectness_loss, offsets_loss, label_loss, *((mask_loss, joints_loss) if six else ()))
    return lab.Said(notice, f"list(lessons({ROUNDS}, seed={seed}))[-1]", shows, exports)


def _draw(work: Job, six: bool) -> None:
    story = list(work.found)
    if not story:
        return
    table = figures.losses_table(story)
    told = "; ".join(f"{row.Index} {row[2]}" for row in table.itertuples())
    lab.chart(figures.falling(story, ROUNDS, all_six=six), key="falling", quick=True, alt=f"Losses at the end. {told}.")
    folded("The first and the last steps", table, key="falling-numbers")


def _scene() -> int:
    return int(st.slider("Scene", 0, SCENES - 1, 0, key="scene", bind="query-params"))


def _same(first: Any, second: Any) -> bool:
    return first.boxes.shape == second.boxes.shape and bool(np.array_equal(first.boxes, second.boxes))
