"""The views of the pose lab: a loss with hidden joints, a mirror, numbers against maps, the maps themselves."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import JOINTS
from core.detect.single.pose import (
    CLOSE,
    HIP,
    OUTPUTS,
    SHOULDER,
    distances,
    heat_maps,
    mirrored,
    peaks,
    pose_loss,
    pose_loss_by_guess,
    share_found,
)
from core.models.localizers import SIDE
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.pose import figures
from pages._parts.pose.people import PEOPLE, SCALE, SHOWN, answers, image, wanted_maps, whole

STAY, MOVED, RENAMED = "joints stay where they were", "joints move along", "left and right change names too"
OPENPOSE = """**OpenPose, for several people at once.** A regressor needs one person in its picture. OpenPose takes the
other way: fully convolutional, it paints one heat map for each kind of joint, with a peak for everybody in the picture,
and beside them fields of little arrows along the limbs, the part affinity fields. An elbow and a wrist belong to the
same person if the arrows between them point from the one to the other; so all peaks are joined to people, and the time
hardly depends on how many there are. Cao, Simon, Wei and Sheikh, *Realtime Multi-Person 2D Pose Estimation using Part
Affinity Fields*, CVPR 2017, [arXiv:1611.08050](https://arxiv.org/abs/1611.08050)."""


def masked(controls: Any, stage: Any) -> lab.Said:
    """The loss of one guess: move a joint, hide some."""
    with controls:
        number, known = _picture(), answers()
        joint = st.selectbox("Move this joint", JOINTS, JOINTS.index("left wrist"), key="joint", bind="query-params")
        right = st.slider("To the right, in pixels", -20.0, 20.0, 6.0, 0.5, key="right", bind="query-params")
        down = st.slider("Down, in pixels", -20.0, 20.0, 6.0, 0.5, key="down", bind="query-params")
        hidden = st.multiselect("Nobody can see", JOINTS, key="hidden", bind="query-params")
    place, truth = JOINTS.index(joint), known.truths[number].copy()
    guess = known.regressed[number].copy()
    guess[place] += (right, down)
    truth[[JOINTS.index(each) for each in hidden], 2] = 0
    loss, all_seen = pose_loss(guess, truth), truth.copy()
    all_seen[:, 2] = 1
    every, slope = pose_loss(guess, all_seen), pose_loss_by_guess(guess, truth)[place]
    off = np.square(guess - truth[:, :2]).sum(axis=1)
    with stage:
        counted = int(truth[:, 2].sum())
        st.markdown(
            f"**{OUTPUTS}** outputs, {counted} of {len(JOINTS)} joints count. The loss is **{loss:.1f}**, in pixels²; "
            f"with all of them it would be {every:.1f}. It pulls the {joint} by {_pull(slope)}."
        )
        lines = [
            np.stack([SCALE * truth[each, :2], SCALE * guess[each]]) for each in range(len(JOINTS)) if truth[each, 2]
        ]
        shots([
            figures.person(image(number), truth * (SCALE, SCALE, 1), "The truth that can be seen. Filled: right."),
            figures.person(image(number), whole(guess), "The guess, and the way from the truth.", lines=lines),
        ])  # fmt: skip
        alt = f"Squared errors by joint; {counted} count, the {joint} is off by {off[place] ** 0.5:.1f} pixels."
        lab.chart(figures.squared(off, truth[:, 2] > 0, place), key="squared", quick=True, alt=alt)
        table = figures.errors_table({"pixels off": np.sqrt(off), "squared": off}, truth[:, 2])
        folded("The numbers behind this chart", table, key="masked-numbers")
    notice = [
        "The guess is that of the regressor, with the joint you move. Its squared error grows with the square of the "
        "distance, so one joint far off outweighs many that are nearly right.",
        "A hidden joint adds nothing, and its slope is 0: the network is not told to look for what cannot be seen, and "
        "still may guess. Left in with a place of 0, 0, such joints would drag every guess into the corner.",
        "While the network learns, places are shares of the picture. DeepPose takes shares of the person's box, so a "
        "joint is said relative to the body.",
        "DeepPose then refines: it cuts a window around every guess and regresses the rest of the way from a closer "
        "look, with a network of its own for each stage.",
    ]
    call = f"pose_loss(guess, truth)  # {loss:.1f}, {counted} joints seen"
    return lab.Said(notice, call, (pose_loss, pose_loss_by_guess), {"joints.csv": lambda: str(table.to_csv())})


def mirror(controls: Any, stage: Any) -> lab.Said:
    """A mirrored picture, and what must happen to its joints."""
    with controls:
        number, known = _picture(), answers()
        how = st.radio("In the mirrored picture", (STAY, MOVED, RENAMED), 1, key="mirror", bind="query-params")
    truth = known.truths[number]
    right = mirrored(truth, SIDE)
    shown = {STAY: truth, MOVED: mirrored(truth, SIDE, swap=False), RENAMED: right}[how]
    off = distances(shown[None, :, :2], right[None])[0]
    share = share_found(shown[None, :, :2], right[None])
    worst = int(np.nanargmax(off))
    with stage:
        said = "every label is right" if share == 1 else f"only **{share:.0%}** of the labels are right"
        st.markdown(f"Learned from like this, {said}; the mean joint is off by **{np.nanmean(off):.1f}** pixels.")
        before, after = image(number), image(number)[:, ::-1]
        shots([
            figures.person(before, truth * (SCALE, SCALE, 1), "As it was. Filled dots: the person's own right side."),
            figures.person(after, shown * (SCALE, SCALE, 1), f"Mirrored; {how}."),
        ])  # fmt: skip
        alt = f"How far every label is off in the mirror; the {JOINTS[worst]} by {off[worst]:.1f} pixels."
        near = CLOSE * float(np.hypot(*(truth[SHOULDER, :2] - truth[HIP, :2])))
        lab.chart(figures.apart({"label": off}, near), key="mirror-errors", quick=True, alt=alt)
        table = figures.errors_table({"pixels off": off}, right[:, 2])
        folded("The numbers behind this chart", table, key="mirror-numbers")
    notice = [
        "A mirrored person is a person, so a mirror doubles the pictures for nothing. But the hand that was the right "
        "one is now a left one.",
        "If the joints only move along, the limbs lie where they should and look right. All the names but neck and "
        "head are wrong, and the network learns that a right hand may hang on either side.",
        "It would then answer with the mean of both: squared errors are least there, between the two hands.",
        "Half of what the two networks here learned from was mirrored, and renamed.",
    ]
    call = f"mirrored(joints, {SIDE}, swap={how == RENAMED})"
    return lab.Said(notice, call, (mirrored, distances), {"mirror.csv": lambda: str(table.to_csv())})


def models(controls: Any, stage: Any) -> lab.Said:
    """Two networks on people they never saw: 28 numbers, or 14 maps."""
    with controls:
        number, known = _picture(), answers()
        close = st.slider(
            "Close enough, in % of the trunk", 5, 50, round(100 * CLOSE), 5, key="close", bind="query-params"
        )
    truth, share = known.truths[number], close / 100
    guesses = {"28 numbers": known.regressed, "14 maps": known.peaks}
    off = {name: distances(each, known.truths) for name, each in guesses.items()}
    found = {name: share_found(each, known.truths, close=share) for name, each in guesses.items()}
    near = share * float(np.hypot(*(truth[SHOULDER, :2] - truth[HIP, :2])))
    with stage:
        for column, (name, each) in zip(st.columns(2), off.items(), strict=True):
            column.metric(
                f"Found by {name}", f"{found[name]:.0%}", help=f"Joints of {PEOPLE} test people, PCK {share:g}."
            )
            column.caption(f"On average {np.nanmean(each):.1f} pixels off; here {np.nanmean(each[number]):.1f}.")
        shots([
            figures.person(image(number), truth * (SCALE, SCALE, 1), "The truth."),
            *(
                figures.person(image(number), whole(each[number], truth[:, 2]), f"By {name}.")
                for name, each in guesses.items()
            ),
        ], least=190)  # fmt: skip
        here = {name: each[number] for name, each in off.items()}
        told = "; ".join(f"{name}: {np.nanmax(each):.1f} pixels at most" for name, each in here.items())
        lab.chart(figures.apart(here, near), key="errors", quick=True, alt=f"Error of every joint. {told}.")
        st.caption("Up to the dotted line a joint counts as found. Hidden joints are left out.")
        columns = {f"{name}, here": each[number].round(2) for name, each in off.items()}
        columns |= {f"{name}, {PEOPLE} people": np.nanmean(each, axis=0).round(2) for name, each in off.items()}
        table = pd.DataFrame(columns, index=pd.Index(JOINTS, name="joint"))
        folded("The numbers behind this chart, and their means", table, key="models-numbers")
        with st.container(border=True, key="openpose"):
            st.markdown(OPENPOSE)
    worst = {name: JOINTS[int(np.nanmean(each, axis=0).argmax())] for name, each in off.items()}
    ends, trunk = (
        {name: float(np.nanmean(each[:, [place for place, joint in enumerate(JOINTS) if joint.endswith(kinds)]]))
         for name, each in off.items()}
        for kinds in (("wrist", "ankle"), ("shoulder", "hip"))
    )  # fmt: skip
    notice = [
        f"Up to maps of 8x8 the two networks are the same, weight by weight. By 28 numbers {found['28 numbers']:.0%} "
        f"are found, by 14 maps {found['14 maps']:.0%}.",
        f"Farthest off on average: the {worst['28 numbers']} by numbers, the {worst['14 maps']} by maps. Wrists and "
        "ankles move most: numbers miss them by "
        f"{ends['28 numbers']:.1f} pixels, and shoulders and hips by {trunk['28 numbers']:.1f}; maps by "
        f"{ends['14 maps']:.1f} and {trunk['14 maps']:.1f}.",
        "A map may say: here, or there. A number must choose one place, and where two are likely the squared error is "
        "least in between, where nothing is.",
        "Dense layers must learn every place anew; a map asks the same question at every pixel with the same weights.",
        "The error is told by the size of the person, as a share of the trunk from shoulder to hip: three pixels are "
        "much for a child in the distance and little for a face that fills the picture.",
    ]
    call = f"share_found(guesses, truths, close={share:g})"
    return lab.Said(notice, call, (distances, share_found), {"errors.csv": lambda: str(table.to_csv())})


def maps(controls: Any, stage: Any) -> lab.Said:
    """One heat map for every joint, and its peak."""
    with controls:
        number, known = _picture(), answers()
        joint = st.selectbox("Joint", JOINTS, JOINTS.index("left wrist"), key="map", bind="query-params")
    place, truth = JOINTS.index(joint), known.truths[number]
    heat, peak, height = known.maps[number], known.peaks[number], known.heights[number]
    off = float(np.hypot(*(peak[place] - truth[place, :2])))
    sure, unsure = (float(known.heights[known.truths[..., 2] == seen].mean()) for seen in (1, 0))
    with stage:
        seen = "can be seen" if truth[place, 2] else "is hidden"
        st.markdown(
            f"The {joint} {seen}. Its map peaks with **{height[place]:.0%}**, **{off:.1f}** pixels from the truth."
        )
        picture = image(number)
        shots([
            _map_shot(picture, wanted_maps(truth)[place], truth[place, :2], f"What the map of the {joint} should be."),
            _map_shot(picture, heat[place], peak[place], f"What the network paints; its peak: {height[place]:.0%}."),
        ])  # fmt: skip
        st.markdown("**All maps of this person**")
        small = picture[:: SHOWN // SIDE, :: SHOWN // SIDE]
        shots([_small(small, heat[each], height[each], name) for each, name in enumerate(JOINTS)], least=80, most=150)
    table = pd.DataFrame(
        {
            "x": peak[:, 0].round(1),
            "y": peak[:, 1].round(1),
            "height": height.round(3),
            "seen": truth[:, 2].astype(int),
        },
        index=pd.Index(JOINTS, name="joint"),
    )
    with stage:
        folded("Peaks of all maps", table, key="maps-numbers")
    notice = [
        "The network is fully convolutional up to its maps. Every cell answers for every joint: is it here? That is a "
        "decision per pixel, as in segmentation, with 14 classes that may overlap.",
        "It learns from bumps, not from single cells: a bump tells a cell next to the joint that it is nearly right.",
        "A cell is 4 pixels wide. The neighbours of the highest cell say where between them it lies: in logarithms "
        "a bump is a parabola, and three of its points give its top.",
        f"The height of a peak says how sure it is: {sure:.0%} in the mean where a joint is seen, {unsure:.0%} where "
        f"it is hidden, on {PEOPLE} people. A map can also have two peaks. A regressor cannot say either.",
    ]
    call = f"peaks(maps)  # the {joint} at x {peak[place, 0]:.1f}, y {peak[place, 1]:.1f}"
    return lab.Said(notice, call, (heat_maps, peaks), {"peaks.csv": lambda: str(table.to_csv())})


def _picture() -> int:
    number = int(st.slider("Person", 0, PEOPLE - 1, 2, key="person", bind="query-params"))
    return number


def _pull(slope: Floats) -> str:
    x, y = -slope
    if not (x or y):
        return "nothing: it is hidden"
    return f"{abs(x):.1f} to the {'right' if x > 0 else 'left'} and {abs(y):.1f} {'down' if y > 0 else 'up'}"


def _map_shot(picture: Floats, heat: Floats, at: Floats, caption: str) -> Shot:
    x, y = SCALE * at
    cross = [np.array([[x - 9, y], [x + 9, y]]), np.array([[x, y - 9], [x, y + 9]])]
    alt = f"{caption} The cross is at {at[0]:.0f}, {at[1]:.0f} of {SIDE}."
    return Shot(figures.over(picture, heat), alt, caption=caption, lines=cross)


def _small(picture: Floats, heat: Floats, height: float, name: str) -> Shot:
    return Shot(figures.over(picture, heat), f"The map of the {name}, {height:.0%} at its peak.", caption=name)
