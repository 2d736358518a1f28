"""The views of the U-Net explorer: sizes, weights of pixels, and the shipped nets on cells."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import ShapeError
from core.models.cell_net import SIDE, mirrored
from core.models.registry import card
from core.runtime.tasks import Task
from core.segment import unet, weights
from core.segment.unet_cells import Found, colouring, found, pieces
from core.types import Floats
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._kit.shots import COLOURS, Shot, shots
from pages._parts.unet import figures, work

TWO, THREE, PICTURE = "two round cells", "three round cells", "a drawn picture"
JOB = "unet-pictures"
CLASSES = 2


def sizes(controls: Any, stage: Any) -> lab.Said:
    """The calculator: any side, any depth, and the U drawn with its sizes."""
    with controls:
        side = st.slider("Side of the picture", 16, 1024, 572, key="side", bind="query-params")
        depth = st.slider("Poolings", 0, 5, 4, key="depth", bind="query-params")
        first = st.select_slider("Channels of the first level", (8, 16, 32, 64), 64, key="first", bind="query-params")
        fits = unet.fitting(int(side), depth=int(depth))
        st.caption(f"{fits} fits." if fits == side else f"The next side that fits is {fits}.")
    side = int(side)
    try:
        levels = unet.u_net(side, depth=int(depth), first=int(first))
    except ShapeError as error:
        with stage:
            lab.impossible(error)
            st.markdown(f"Drawn is the next side that fits, {fits}.")
        side = fits
        levels = unet.u_net(side, depth=int(depth), first=int(first))
    answer, lost = unet.output_side(int(side), depth=int(depth)), unet.border(int(depth))
    rows = pd.DataFrame(
        {
            "level": [level.number for level in levels],
            "channels": [level.channels for level in levels],
            "comes in": [level.entered for level in levels],
            "after two convolutions": [level.kept for level in levels],
            "comes up": [level.joined or "" for level in levels],
            "cropped on each side": [level.crop or "" for level in levels],
            "channels side by side": [2 * level.channels if level.joined else "" for level in levels],
            "leaves": [level.left or "" for level in levels],
        }
    )
    with stage:
        st.markdown(
            f"A picture of {side}x{side} gets an answer of **{answer}x{answer}**: {lost} pixels less on each side."
        )
        told = "; ".join(
            f"level {level.number}: {level.channels} channels of {level.kept}x{level.kept}"
            + (f", cropped by {level.crop} to {level.joined}x{level.joined}" if level.joined else "")
            for level in levels
        )
        lab.chart(
            figures.drawing(levels, int(side), CLASSES),
            key="u",
            quick=True,
            alt=f"The U for {side}x{side}: {told}; the answer is {answer}x{answer}.",
        )
        st.caption(
            "Blue: on the way down. Green: on the way up. Dotted: copied across and cropped. Grey: "
            "pooling on the left, 2x2 transposed convolutions on the right. A block is two 3x3 convolutions."
        )
        folded("All levels", rows.set_index("level"), key="levels")
    notice = [
        f"The border is {lost} on each side for every picture with {depth} poolings: border(d) = 2 border(d - 1) + 4, "
        f"because whatever the lower levels lose counts twice here.",
        "At the lowest level nothing is cropped; the higher the level, the more of the copy has no partner. 572 gives "
        "crops of 88, 40, 16 and 4.",
        "Try 573, or 570: somewhere a side is odd and cannot be halved. The sides that fit are 16 apart with 4 "
        "poolings.",
        "There is no dense layer: the last step is a 1x1 convolution from the first level's channels to one map per "
        "class, so any side that fits will do.",
    ]
    call = f"u_net({side}, depth={depth}, first={first})  # answer {answer}x{answer}"
    return lab.Said(notice, call, (unet.u_net, unet.border), {"levels.csv": lambda: rows.to_csv(index=False)})


def weighted(controls: Any, stage: Any) -> lab.Said:
    """How much every pixel counts, from drawn cells."""
    with controls:
        source = st.selectbox("Cells", (TWO, THREE, PICTURE), 0, key="cells", bind="query-params")
        if source == PICTURE:
            number = st.slider("Another picture", 0, work.PICTURES - 1, 2, key="cell-picture", bind="query-params")
            things, apart = work.lesson(int(number))
        else:
            gap = st.slider("Gap between two cells, pixels", 1.0, 24.0, 4.0, 1.0, key="gap", bind="query-params")
            things, apart = work.drawn(float(gap), source == THREE)
        w_0 = st.slider("w_0, the most a border adds", 0.0, 20.0, 10.0, 0.5, key="w0", bind="query-params")
        sigma = st.slider("sigma, how far it reaches", 0.5, 10.0, 5.0, 0.5, key="sigma", bind="query-params")
        balanced = st.toggle("w_c balances cell and ground", True, key="balanced", bind="query-params")
    plain = weights.class_weights(things > 0) if balanced else np.ones(things.shape)
    found_: Floats = plain + np.where(things > 0, 0.0, weights.border_term(apart, w_0=float(w_0), sigma=float(sigma)))
    most = float(found_.max())
    row = round(float(np.nonzero(things == 1)[0].mean())) if (things == 1).any() else len(things) // 2
    values = pd.DataFrame(
        {"column": range(len(things)), "cell": things[row], "w_c": plain[row].round(3), "w": found_[row].round(3)}
    )
    ground = found_[things == 0]
    with stage:
        st.markdown(
            f"The heaviest pixel counts **{most:.2f}**, a pixel of a cell {float(found_[things > 0].min()):.2f}, and "
            f"the lightest of the ground {float(ground.min()):.2f}."
        )
        count = len(np.unique(things[things > 0]))
        shots(
            [
                Shot(
                    np.full((*things.shape, 1), 0.86), f"{count} cells.", "The cells", masks=_masks(things), sharp=True
                ),
                Shot(
                    figures.inked(found_, most=max(most, 1e-9)),
                    f"The weights: brightest between cells, up to {most:.2f}; least {float(found_.min()):.2f}.",
                    f"w(x): dark is 0, bright is {most:.1f}",
                    sharp=True,
                ),
            ],
            least=180,
            most=330,
        )
        lab.chart(
            figures.profile(found_[row], plain[row], things[row].astype(np.float64)),
            key="profile",
            quick=True,
            alt=f"Weights along the row through the first cell: from {float(found_[row].min()):.2f} "
            f"to {float(found_[row].max()):.2f}.",
            table=None,
        )
        folded("The numbers behind this chart", values.set_index("column"), key="profile-numbers")
    near, far = (
        float(weights.border_term(np.array([each]), w_0=float(w_0), sigma=float(sigma))[0]) for each in (2.0, 40.0)
    )
    little = f"{far:.3f}" if far >= 0.001 else "less than 0.001"
    notice = [
        f"A ground pixel whose distances to the nearest two cells add up to 2 counts {near:.2f} more; where they add "
        f"up to 40, {little} more. With w_0 = 10 and sigma = 5 that is 9.23 and next to nothing.",
        "It takes two cells: beside a single cell, however close, d2 is large and nothing is added.",
        "A line one pixel wide between two cells is a handful of pixels. Without weights a net loses almost nothing if "
        "it closes the line, and two cells become one.",
        "w_c makes the rarer of cell and ground count more; together each of the two weighs one half.",
    ]
    call = f"border_weights(things, w_0={w_0:g}, sigma={sigma:g}, balanced={balanced})"
    shows = (weights.border_weights, weights.border_term, weights.two_nearest)
    return lab.Said(notice, call, shows, {"row.csv": lambda: values.to_csv(index=False)})


def on_cells(controls: Any, stage: Any) -> lab.Said:
    """The two shipped nets on cells: trained with the weights and without, with a mirrored border or none."""
    with controls:
        number = st.slider("Another picture", 0, work.PICTURES - 1, 2, key="cell-picture", bind="query-params")
        mirror = st.toggle("Mirror the picture around itself", True, key="mirror", bind="query-params")
        seam = st.toggle("Frame what the net reads and answers", False, key="frame", bind="query-params")
    shown = work.picture(int(number))
    said = {trained: work.answer(trained, int(number), mirror) for trained in work.TRAINED}
    image = shown.image.astype(np.float64)
    lost, read = work.lost(), mirrored(shown.image).astype(np.float64) if mirror else image
    cut = lost if not mirror else 0
    inner = image[cut : SIDE - cut, cut : SIDE - cut]
    truth = shown.labels[cut : SIDE - cut, cut : SIDE - cut]
    frame = np.array([[lost, lost, len(read) - lost, len(read) - lost]], dtype=np.float64)
    cells_there = len(np.unique(truth[truth > 0]))
    drawn = [
        Shot(
            read if seam else inner,
            f"Cells under a microscope, {cells_there} of them.",
            f"What the net reads, {len(read)}x{len(read)}; in the frame, what it answers for" if seam else "The cells",
            boxes=frame if seam else None,
        ),
        Shot(
            inner,
            f"The truth: {cells_there} cells.",
            f"The truth: {cells_there} cells",
            masks=_masks(truth),
            sharp=True,
        ),
    ]
    for trained, each in said.items():
        caption = f"{trained.capitalize()}: {each.fits.pieces} pieces, {each.fits.right} of them a true cell"
        drawn.append(Shot(inner, f"{caption}.", caption, masks=_masks(each.pieces), sharp=True))
    values = pd.DataFrame([_row(trained, each.fits) for trained, each in said.items()]).set_index("trained")
    with controls:
        count = st.select_slider("More pictures to count", (10, 20, 40), 10, key="pictures", bind="query-params")
        if st.button("Count them", key="count", type="primary"):
            watching.begin(JOB, count, Task(work.measure, (int(count),)))
    with stage:
        st.markdown(
            f"**{cells_there} cells.** "
            + " ".join(f"{trained.capitalize()}: **{each.fits.right} found**." for trained, each in said.items())
        )
        shots(drawn, least=240, most=330)
        folded("The numbers behind these pictures", values, key="found-numbers")
        watching.watch(JOB, _draw_counts, now=count)
    with_, none = (card(work.MODELS[trained]) for trained in work.TRAINED)
    notice = [
        "Every piece that hangs together is taken for a cell; pieces that nearly touch differ in colour. A piece is "
        "right if it shares more than half of what it and a true cell cover together.",
        f"Judged by pixels, both are equally good: mean IoU {with_.score:.3f} and {none.score:.3f} on test pictures. "
        "Only the one that learned with border weights keeps the lines between cells open; the other closes some, and "
        "two cells are counted as one.",
        f"Nothing is padded inside the net, so its answer lacks {lost} pixels on every side. Mirroring the picture "
        "around itself gives those pixels something to be answered from; that is how U-Net labels pictures of any "
        "size, tile by tile.",
        "The paper had thirty pictures to learn from and bent them by elastic deformations; these pictures are drawn, "
        "so turning and mirroring was enough. Bend one yourself in [augmentation](augmentation).",
        f"These nets have two poolings, read {SIDE + 2 * lost}x{SIDE + 2 * lost} and answer {SIDE}x{SIDE}.",
    ]
    call = f'found(pieces(cell_mask(load("unet"), cells("test", {number}).image)), cells("test", {number}).labels)'
    return lab.Said(notice, call, (pieces, found), {"found.csv": lambda: values.to_csv()})


def _masks(numbered: Any) -> Any:
    """A mask for each colour; cells that touch have different ones."""
    painted = colouring(numbered, colours=len(COLOURS))
    return np.stack([painted == colour for colour in range(1, len(COLOURS) + 1)]) if painted.any() else None


def _row(trained: str, fits: Found) -> dict[str, object]:
    return {
        "trained": trained,
        "cells": fits.cells,
        "pieces": fits.pieces,
        "right": fits.right,
        "F1": round(fits.f1, 3),
    }


def _draw_counts(job: Job) -> None:
    total: dict[str, Found] = {}
    for trained, fits in list(job.found):
        total[trained] = total[trained] + fits if trained in total else fits
    if len(total) < 2:
        return
    values = pd.DataFrame([_row(trained, fits) for trained, fits in total.items()]).set_index("trained")
    st.markdown(
        "Over all pictures so far: "
        + "; ".join(
            f"{trained} **{fits.right} of {fits.cells}** cells, F1 {fits.f1:.3f}" for trained, fits in total.items()
        )
        + "."
    )
    folded("The numbers of all pictures", values, key="all-numbers")
