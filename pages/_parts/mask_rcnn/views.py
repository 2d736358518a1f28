"""The views of the lab: masks of all classes, a mask made 14x14 and back, and joints as maps over a region."""

from typing import Any

import numpy as np
import streamlit as st

from core.data.scenes import CLASSES, JOINTS
from core.detect.regions.pasting import SIDE, cut_out, pasted, share_kept, values_of
from core.detect.regions.region_losses import joints_loss, mask_loss
from core.detect.regions.two_stage import answer, joints_of, looked
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.shots import shots
from pages._kit.veil import Veiled, veiled
from pages._parts.mask_rcnn import figures
from pages._parts.mask_rcnn.scenes import SCENES, known, people, scene, things

SIDES = (4, 7, 14, 28, 56)


def by_class(controls: Any, stage: Any) -> lab.Said:
    """One thing, a mask for each class: the class head chooses."""
    with controls:
        number = st.slider("Scene", 0, SCENES - 1, 0, key="scene", bind="query-params")
        least = st.slider("Least score, %", 5, 95, 50, 5, key="least", bind="query-params")
        place = st.slider("Thing, by its score", 1, 4, 1, key="thing", bind="query-params") - 1
        threshold = st.slider("A pixel is inside from, %", 5, 95, 50, 5, key="inside", bind="query-params") / 100
        classes = int(st.number_input("Classes", 1, 1000, 80, key="classes", bind="query-params"))
    shown = known(number)
    found = shown.looked.found.above(least / 100)
    with stage:
        shots([figures.everything(shown.image, found, threshold), figures.truth(shown.scene, shown.image)])
        if not len(found):
            st.info("Nothing here is that sure. Lower the least score.")
            return lab.Said(["Without a detection there is no mask: the masks are made for the boxes that remain."],
                            f"looked(module, image, least={least / 100:g})", (looked,))  # fmt: skip
        if place >= len(found):
            st.caption(f"Only {len(found)} found; this is the last of them.")
        place = min(place, len(found) - 1)
        label, cells = int(found.labels[place]), shown.looked.cells[place]
        shares = shown.looked.shares[shown.looked.source[place], 1:]
        st.markdown(
            f"**Thing {place + 1} has {len(CLASSES)} masks, {len(CLASSES)} x {SIDE} x {SIDE} = "
            f"{values_of(len(CLASSES)):,} values. Its class is {CLASSES[label]}, so that mask is taken.** "
            f"With {classes:,} {'class' if classes == 1 else 'classes'} it would be {classes:,} x {SIDE} x {SIDE} = "
            f"{values_of(classes):,} values for one region."
        )
        veiled([
            figures.over_region(
                shown.image, found.boxes[place], each,
                alt=f"Mask of class {name}: {int((each >= threshold).sum())} of {SIDE * SIDE} cells inside.",
                caption=f"{'Taken: ' if which == label else ''}{name}, {shares[which]:.0%}",
            )
            for which, (name, each) in enumerate(zip(CLASSES, cells, strict=True))
        ], least=110, most=190)  # fmt: skip
        table = figures.shares_table(shares, cells, threshold)
        folded("The five masks in numbers", table, key="masks-numbers")
    other = int(np.argsort(shares)[-2]) if len(shares) > 1 else label
    notice = [
        "The mask head answers for every class and does not say which is right. The class head does, and the other "
        "masks are thrown away.",
        f"Trained is the mask of the true class alone. So the mask of a {CLASSES[other]} here is no mistake: nobody "
        "ever told that head what to draw on a thing of another class.",
        "Classes do not compete for a cell. In segmentation by a softmax per pixel they do, and two things of one "
        "class that touch become one; here each has its own box, and so its own mask.",
    ]
    call = f"looked(module, image).cells[{place}].shape  # {(len(CLASSES), SIDE, SIDE)}"
    return lab.Said(
        notice,
        call,
        (looked, answer, mask_loss),
        {
            "masks.csv": lambda: "\n".join(",".join(f"{value:.4f}" for value in row) for row in cells[label]) + "\n",
            "classes.csv": lambda: str(table.to_csv()),
        },
    )


def targets(controls: Any, stage: Any) -> lab.Said:
    """The true mask of a thing, cut to a region, made 14x14, and put back."""
    every = things()
    with controls:
        which = st.slider("Thing", 1, len(every), 2, key="example", bind="query-params") - 1
        side = st.select_slider("Cells a side", SIDES, SIDE, key="cells", bind="query-params")
        right = st.slider("Region moved right, %", -40, 40, 0, 5, key="right", bind="query-params") / 100
        down = st.slider("Region moved down, %", -40, 40, 0, 5, key="down", bind="query-params") / 100
        grown = st.slider("Region grown, %", -40, 60, 0, 5, key="grown", bind="query-params") / 100
        shades = st.toggle("Cells may lie between 0 and 1", False, key="shades", bind="query-params")
    number, place = every[which]
    drawn = scene(number)
    image = drawn.image.astype(np.float64)
    target = drawn.targets[place]
    x1, y1, x2, y2 = target.box
    width, height = x2 - x1, y2 - y1
    box = np.array(
        [
            x1 + (right - grown / 2) * width,
            y1 + (down - grown / 2) * height,
            x2 + (right + grown / 2) * width,
            y2 + (down + grown / 2) * height,
        ]
    )
    cells = cut_out(target.mask, box, side=side)
    cells = cells if shades else (cells >= 0.5).astype(np.float64)
    size = (target.mask.shape[0], target.mask.shape[1])
    back = pasted(cells, box, size) >= 0.5
    here = [share_kept(target.mask, box, side=each, shades=shades) for each in SIDES]
    mean, shaded = _mean_kept(shades), _mean_kept(True)
    share = here[SIDES.index(side)]
    with stage:
        st.metric("Kept of the mask (IoU)", f"{share:.1%}", help="The true mask against itself, cut out and put back.")
        shots([
            figures.outlined(image, box, target.mask, caption=f"A {target.label}, its true mask, and the region.",
                             alt=f"A {target.label} of {int(target.mask.sum())} pixels in a scene."),
            figures.cells_shot(cells, f"{side}x{side} cells from 0 to 1." if shades else
                               f"The target: {side}x{side} cells of 0 or 1."),
            figures.outlined(image, box, back, caption="Put back into the picture.",
                             alt=f"The mask put back: {int(back.sum())} pixels, IoU {share:.1%}."),
        ], least=190)  # fmt: skip
        alt = f"IoU kept with {SIDES[0]} to {SIDES[-1]} cells; with {side}: {share:.1%} here, mean of all things "
        lab.chart(
            figures.kept(SIDES, here, mean, side), key="kept", quick=True, alt=f"{alt}{mean[SIDES.index(side)]:.1%}."
        )
        st.caption("In the mean every thing has its own true box, not moved and not grown.")
        table = _kept_table(here, mean)
        folded("The numbers behind this chart", table, key="kept-numbers")
    fine = dict(zip(SIDES, _mean_kept(False), strict=True))
    notice = [
        f"Whatever the size of the region, the target has {side}x{side} cells. So one head can learn from all things "
        "together.",
        f"Fine outlines are lost: with 14 cells {fine[14]:.0%} is kept in the mean of {len(every)} things, with 28 it "
        f"is {fine[28]:.0%}, with 7 it is {fine[7]:.0%}.",
        "A head learns from cells of 0 or 1, but answers between them, and so can tell where within a cell the outline "
        f"runs. Let cells lie between 0 and 1: then 14 of them keep {shaded[SIDES.index(14)]:.0%}.",
        "What lies outside the region is lost for good: the head can only draw within its box. A bad box spoils the "
        "mask.",
        "The target belongs to the region, not to the true box: every region that holds the thing has another target.",
    ]
    call = f"share_kept(mask, box, side={side}, shades={shades})  # {share:.3f}"
    return lab.Said(notice, call, (cut_out, pasted, share_kept), {"kept.csv": lambda: str(table.to_csv())})


def joints(controls: Any, stage: Any) -> lab.Said:
    """A person that was found, and a map for each joint over its region."""
    from core.detect.regions.region_heads import MAP
    from core.detect.regions.region_targets import joint_targets

    everybody = people()
    with controls:
        which = st.slider("Person", 1, len(everybody), min(3, len(everybody)), key="person", bind="query-params") - 1
        joint = st.selectbox("Joint", JOINTS, JOINTS.index("left wrist"), key="joint", bind="query-params")
    number, place = everybody[which]
    shown, at = known(number), JOINTS.index(joint)
    said, maps = shown.looked.found, shown.looked.maps[place]
    box, target = said.boxes[place], shown.truth_of(place)
    true = target.joints if target is not None and target.joints is not None else np.zeros((len(JOINTS), 3))
    table = figures.joints_table(said.joints[place], true)
    seen = true[:, 2] > 0
    off = np.hypot(*(said.joints[place, :, :2] - true[:, :2]).T)
    with stage:
        told = f"**{off[at]:.1f}** pixels from the truth" if seen[at] else "and nobody can see it"
        st.markdown(f"The {joint}: {said.joints[place, at, 2]:.0%} sure, {told}.")
        person = said.taken(np.array([place]))
        shots([figures.everything(shown.image, person, 0.5), figures.truth(shown.scene, shown.image)])
        veiled([_joint_shot(shown.image, box, maps[at], f"{joint}, {MAP}x{MAP} cells")], most=320)
        st.markdown("**All maps of this region**")
        veiled([_joint_shot(shown.image, box, maps[each], name)
                for each, name in enumerate(JOINTS)], least=90, most=150)  # fmt: skip
        folded("Every joint in numbers", table, key="joints-numbers")
    notice = [
        f"The same region, one more head: {len(JOINTS)} maps of {MAP}x{MAP} cells. For each joint, a softmax over all "
        "cells asks: in which of them?",
        "The maps lie over the region, and the region lies over the person. So several people are no problem: each has "
        "a region, and so 14 maps of their own.",
        f"A hidden joint or one outside the region adds nothing to the loss. Here {int(seen.sum())} of {len(JOINTS)} "
        "can be seen. The head guesses hidden ones all the same.",
        "Every second picture was mirrored, and left and right joints changed names.",
    ]
    call = f"joints_of(maps, box)[{at}]  # {joint}"
    return lab.Said(notice, call, (joints_of, joint_targets, joints_loss), {"joints.csv": lambda: str(table.to_csv())})


def _joint_shot(image: Floats, box: Floats, heat: Floats, name: str) -> Veiled:
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    alt = f"The map of the {name} is highest in row {row + 1}, column {column + 1} of {len(heat)}."
    return figures.over_region(image, box, heat / heat.max(), alt=alt, caption=name, grey=True)


@st.cache_data(show_spinner=False)
def _mean_kept(shades: bool) -> list[float]:
    """What each number of cells keeps of all things, in the mean."""
    found = [
        [
            share_kept(target.mask, np.array(target.box), side=side, shades=shades)
            for number, place in things()
            for target in (scene(number).targets[place],)
        ]
        for side in SIDES
    ]
    return [float(np.mean(each)) for each in found]


def _kept_table(here: list[float], mean: list[float]) -> Any:
    import pandas as pd

    columns = {"this thing": [f"{each:.1%}" for each in here], "mean": [f"{each:.1%}" for each in mean]}
    return pd.DataFrame(columns, index=pd.Index(SIDES, name="cells a side"))
