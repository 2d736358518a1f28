"""In numbers: every shift gives a small map, and the full map takes one value of each in turn."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.filters.pooling import max_pool
from core.segment.stitch import shift_and_stitch, shifts, stitched
from core.segment.tiny import coarse, dense
from core.types import Floats, Pair
from pages._kit import lab
from pages._kit.board import board, grid, link, scene, written
from pages._kit.stepper import TIMES, short

SIDES = {2: 8, 3: 10}


def numbers(controls: Any, stage: Any) -> lab.Said:
    """A small image, all its shifts, and the map they make together."""
    with controls:
        factor = int(st.segmented_control(
            "The net answers at every ... place", (2, 3), default=2, key="factor", bind="query-params", required=True
        ))  # fmt: skip
        run = int(st.slider("Shifts that were run", 1, factor**2, factor**2, key="run", bind="query-params"))
        seed = int(st.slider("Image", 0, 20, 0, key="image", bind="query-params"))
        st.caption(
            f"The net: the largest of every {factor}x{factor} block, then once the upper left and twice the lower "
            f"right of four neighbours. Its window is {2 * factor}x{2 * factor}."
        )
    side = SIDES[factor]
    image = np.random.default_rng(seed).integers(0, 40, size=(side, side)).astype(np.float64)
    full = shift_and_stitch(lambda seen: coarse(seen, factor), image, factor, window=2 * factor, first=run)
    once = dense(image, factor)
    open_ = int(np.isnan(full).sum())
    apart = float(np.nanmax(np.abs(full - once)))
    with stage:
        st.markdown(
            f"**{run} of {factor**2} shifts** give {full.size - open_} of {full.size} answers. "
            f"Where there is one, it differs from the dilated net's by **{apart:g}**."
        )
        board(_scene(image, full, once, factor, run), key="interleaved")
    return lab.Said(
        notice=[
            f"One shift fills one in {factor} rows and columns. All {factor}·{factor} = {factor**2} together fill the "
            "map without a gap and without writing anything twice."
            if not open_
            else f"{open_} places are still empty: they are the answers of the shifts that were not run.",
            f"A shift leaves out the first rows and columns of the image. So its windows begin {factor} pixels from "
            "each other as before, but at other places.",
            "The dilated net leaves its stride out and sets its filter's four weights apart by as much: one pass, the "
            f"same numbers. The maps differ by {apart:g}.",
            "Nothing was learned and nothing was interpolated: these are the net's own answers for every window.",
        ],
        call=f"shift_and_stitch(lambda image: coarse(image, {factor}), image, {factor}, window={2 * factor}"
        f"{'' if run == factor**2 else f', first={run}'})",
        shows=(shift_and_stitch, stitched, coarse, dense),
        exports={"stitched.csv": lambda: pd.DataFrame(full).to_csv(index=False, header=False)},
    )


def _scene(image: Floats, full: Floats, once: Floats, factor: int, run: int) -> dict[str, Any]:
    """Image and full map above, below them the small maps in the order of their shifts."""
    every = list(shifts(factor))
    tints = np.add.outer(factor * (np.arange(len(full)) % factor), np.arange(len(full)) % factor)
    done, size = tints < run, f"{len(full)} {TIMES} {len(full)}"
    grids = {
        "image": grid(f"Image {len(image)} {TIMES} {len(image)}", written(image), numbers=image),
        "full": grid(f"Interleaved {size}", _texts(full), tints=np.where(done, tints, -1)),
        "once": grid(f"Dilated, one pass {size}", written(once), tints=tints),
    }
    links: dict[str, list[Any]] = {"full": [], "once": []}
    for number, shift in enumerate(every):
        small = coarse(image[shift[0] :, shift[1] :], factor)
        known = number < run
        texts = written(small) if known else [["" for _ in row] for row in small]
        paint = np.full(small.shape, number if known else -1)
        grids[_name(shift)] = grid(f"Shift {shift[0]}, {shift[1]}" + ("" if known else ": not run"), texts, tints=paint)
    for row, column in np.ndindex(*full.shape):
        found = _link(image, full, factor, (row, column))
        links["full"].append(found if done[row, column] else None)
        links["once"].append({**found, "marks": {"image": found["marks"]["image"]}})
    rows = [[_name((down, across)) for across in range(factor)] for down in range(factor)]
    legend = "Press Play, or point at a value of the large maps: its window and the small map it comes from light up."
    return scene(grids, [["image", "full", "once"], *rows], links, walk="full", legend=legend)


def _link(image: Floats, full: Floats, factor: int, at: Pair) -> dict[str, Any]:
    """What a value of the full map is made of: its window, and its place in the map of one shift."""
    row, column = at
    window = image[row : row + 2 * factor, column : column + 2 * factor]
    best = max_pool(window, factor)
    shift, place = (row % factor, column % factor), (row // factor, column // factor)
    wide = (image.shape[1] - shift[1]) // factor - 1  # columns of that shift's map
    spots = [
        (y * image.shape[1] + x, "", ", in the window", "tap")
        for y in range(row, row + 2 * factor)
        for x in range(column, column + 2 * factor)
        if (y < row + factor) == (x < column + factor)  # the two blocks that count
    ]
    return link(
        {"image": spots, _name(shift): [(place[0] * wide + place[1], "", ", the same value", "winner")]},
        f"1 {TIMES} {short(best[0, 0])} + 2 {TIMES} {short(best[1, 1])}",
        float(best[0, 0] + 2 * best[1, 1]),
        after=f", from shift {shift[0]}, {shift[1]}: row {place[0] + 1}, column {place[1] + 1} of its map.",
    )


def _texts(values: Floats) -> list[list[str]]:
    return [["" if np.isnan(value) else short(value) for value in row] for row in values.tolist()]


def _name(shift: Pair) -> str:
    return f"shift{shift[0]}{shift[1]}"
