"""The views of the lab on regions: a region that moves, its cells, what rounding costs, and grids over whole maps."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.detect.boxes import intersection_over_union
from core.detect.regions.roi import (
    HOWS,
    align_weights,
    line_weights,
    pooled_spans,
    roi_align,
    roi_pool,
    sample_places,
    spatial_pyramid,
)
from core.detect.regions.roi_rounding import Rounding, region_read, rounding
from core.errors import CoreError
from pages._kit import lab
from pages._kit.board import board
from pages._kit.scrolling import folded
from pages._parts.roi import figures
from pages._parts.roi.setting import (
    PIXELS,
    SIDE,
    STRIDE,
    blobs,
    board_of,
    by_torchvision,
    choose,
    moved,
    torch_code,
    weights,
)

SIDES = (16, 32, 64, 128, 256, 512)
DRAWS = 400


def region(controls: Any, stage: Any) -> lab.Said:
    """One region over one map, pooled and aligned, and both while it moves."""
    with controls:
        setting = choose()
    map_, (x1, y1, x2, y2) = setting.map, setting.region.tolist()
    read = region_read(setting.region[None], stride=STRIDE)[0]
    beyond = min(x1, y1) < 0 or max(x2, y2) > PIXELS
    outputs = {"pool": setting.pooled, "align": setting.sampled}
    with stage:
        first, last = (f"columns {a / STRIDE:.4g} to {b / STRIDE:.4g}" for a, b in ((x1, x2), (read[0], read[2])))
        told = f"Asked for: **{first}** of the map. Pooling reads **{last}**, Align exactly what was asked for."
        if beyond:
            told += f" The map ends at column and row {SIDE}: a cell of pooling that reads nothing of it answers 0."
        st.markdown(told)
        left, right = st.columns(2)
        for place, how in zip((left, right), HOWS, strict=True):
            with place:
                name = figures.LOOKS[how][0]
                st.markdown(f"**{name}**")
                drawn = figures.over(
                    how, map_, setting.region / STRIDE, setting.size, outputs[how],
                    sampling=setting.sampling, aligned=setting.aligned,
                )  # fmt: skip
                values = "; ".join(", ".join(f"{value:.3g}" for value in row) for row in outputs[how])
                alt = f"{name} of a region of {x2 - x1:g}x{y2 - y1:g} pixels at ({x1:g}, {y1:g}) gives {values}."
                lab.chart(drawn, key=how, quick=True, alt=alt)
        st.caption(
            "Dashed: the region. Blue: the cells that pooling takes maxima of, grown to whole values. Green: the grid "
            "of Align and the places where it looks; it takes their mean. Below each map: what comes out."
        )
        edges, means = moved(setting)
        alt = (
            f"While the left edge moves from {edges[0]:g} to {edges[-1]:g} pixels the mean of the grid takes "
            f"{_values(means['pool'])} values under pooling and {_values(means['align'])} under Align."
        )
        lab.chart(figures.glide(edges, means, x1, PIXELS - (x2 - x1)), key="glide", quick=True, alt=alt)
        if edges[0] < 0:
            st.caption("Grey: the region reaches beyond the map. So wide a region has little room on it.")
        table = pd.DataFrame(
            {"pooling": [f"{each:.4g}" for each in means["pool"]], "Align": [f"{each:.4g}" for each in means["align"]]},
            index=pd.Index([f"{each:g}" for each in edges], name="left edge"),
        )
        folded("The numbers behind this chart", table, key="glide-numbers")
        if st.toggle("Ask torchvision whether both are true", key="torch", bind="query-params"):
            off = max(float(np.abs(by_torchvision(how, setting) - found).max()) for how, found in outputs.items())
            verdict = "agrees" if off < 1e-9 else "disagrees"
            st.markdown(f"torchvision **{verdict}**: the largest difference is {off:.1g}.")
    shared = float(intersection_over_union(setting.region[None], read[None])[0, 0])
    overlapped = any(
        bool((spans[:-1, 1] > spans[1:, 0]).any())
        for spans in (pooled_spans(a / STRIDE, b / STRIDE, setting.size[0], SIDE) for a, b in ((x1, x2), (y1, y2)))
    )
    jumps, most = int(np.count_nonzero(np.diff(means["pool"]))), float(np.abs(np.diff(means["align"])).max())
    notice = [
        f"Pooling rounds twice: the region to whole values of the map, {read[0]:g} to {read[2]:g} in place of {x1:g} "
        f"to {x2:g} pixels across, and the cells of the grid outwards, so that they may overlap: here they "
        f"{'do' if overlapped else 'do not'}. What it reads and what was asked for have an IoU of {shared:.2f}.",
        f"While the left edge moves from {edges[0]:g} to {edges[-1]:g} pixels, the pooled mean changes at {jumps} of "
        f"{len(edges) - 1} steps of a pixel and stays exactly the same at the others. That of Align changes by at most "
        f"{most:.2g} a step.",
        "A loss cannot tell pooling which way to move a region: between two jumps nothing changes. For a class that "
        "does little harm. For a mask, pixel by pixel, it does.",
        "Choose the slope: its values say where they lie. Align answers with the middle of every cell, pooling with "
        "that of the last column it read.",
    ]
    if not setting.aligned:
        notice.append(
            "The half is forgotten: a value lies in the middle of its cell, and without the half every place is looked "
            "for half a cell too far to the right and below, as the first programs did."
        )
    exports = {"moved.csv": lambda: table.to_csv(), "roi.py": lambda: torch_code(setting)}
    return lab.Said(notice, setting.call, (roi_pool, pooled_spans, roi_align, align_weights, sample_places), exports)


def cells(controls: Any, stage: Any) -> lab.Said:
    """Which values of the map every value of the two grids is made of."""
    with controls:
        setting = choose()
    with stage:
        board(board_of(setting), key="walk")
    inside = weights(setting)
    most = int((inside > 0).sum(axis=1).max())
    notice = [
        "Point at a value of a grid. Under pooling one value of the map wins, and it alone gets a gradient.",
        f"Under Align a value is a weighted sum of up to {most} values of the map. Each place takes of its four "
        "neighbours by how near they are, and the places of a cell are averaged: all of them get a gradient.",
        "The weights of a cell sum to 1 as long as all its places lie on the map or at most half a value beside it: "
        "further out is nothing, which counts as 0."
        if setting.aligned
        else "The weights of a cell sum to 1 as long as its places lie at most one value before the map and none "
        "behind it: without the half, all of it is shifted.",
    ]
    table = pd.DataFrame(inside, index=[f"{row},{column}" for row, column in np.ndindex(*setting.size)])
    exports = {"weights.csv": lambda: table.round(6).to_csv(index_label="cell")}
    return lab.Said(notice, setting.call, (roi_align, align_weights, line_weights), exports)


def costs(controls: Any, stage: Any) -> lab.Said:
    """How far off the region is that pooling reads, by its size and the stride of the map."""
    with controls:
        stride = st.select_slider(
            "A value of the map every so many pixels", tuple(sorted(figures.STRIDES)), 16, key="stride",
            bind="query-params",
        )  # fmt: skip
        cells = st.slider("Cells of the grid, each way", 1, 14, 7, key="grid", bind="query-params")
        st.caption(f"Means over {DRAWS:,} square regions of every side that lie anywhere, seed 0.")
    found = {each: _rounded(each, cells) for each in figures.STRIDES}
    here = found[stride]
    table = pd.DataFrame(
        {
            "first edge off": [f"{each.start:.1f}" for each in here],
            "last edge off": [f"{each.end:.1f}" for each in here],
            "wider by": [f"{each.wider:.1f}" for each in here],
            "middle of a cell off": [f"{each.middle:.1f}" for each in here],
            "IoU": [f"{each.overlap:.2f}" for each in here],
        },
        index=pd.Index([f"{each.side:g}" for each in here], name="side"),
    )
    by_side = {each.side: each for each in here}
    with stage:
        st.markdown(
            f"A region of 64x64 pixels on a map of stride {stride}: what pooling reads has an IoU of "
            f"**{by_side[64].overlap:.2f}** with it and is **{by_side[64].wider:.0f} pixels** wider. A cell of "
            f"its {cells}x{cells} grid is {64 / cells:.1f} pixels wide, and its middle lies "
            f"**{by_side[64].middle:.1f} pixels** from where it should."
        )
        told = "; ".join(f"side {each.side:g}: {each.overlap:.2f}" for each in here)
        lab.chart(figures.overlaps(found, stride), key="overlap", quick=True, alt=f"IoU at stride {stride}: {told}.")
        folded(f"In pixels of the picture, at stride {stride}", table, key="overlap-numbers")
    notice = [
        f"Rounding alone moves an edge by a quarter of the stride on average: {here[2].start:.1f} pixels here.",
        f"The last edge is off by {here[2].end:.1f}: the cell it falls into counts as read. That is from a time when "
        "x2 was the last pixel of a box and not the edge behind it.",
        "More cells do not make the middles err less, but they are narrower, so the same error leads further past "
        "them. Align: 0, whatever the stride.",
        "Small things suffer most. Two remedies: do not round, or take small regions from a map with a smaller "
        "stride, as feature pyramids do.",
    ]
    call = f"rounding(64, stride={stride}, cells={cells}, draws={DRAWS}, random=np.random.default_rng(0))"
    exports = {"rounding.csv": lambda: table.to_csv()}
    return lab.Said(notice, call, (region_read, rounding), exports)


def pyramid(controls: Any, stage: Any) -> lab.Said:
    """Grids over whole maps, one after the other: a vector of one length."""
    with controls:
        rows = st.slider("Rows of the map", 1, 16, 10, key="rows", bind="query-params")
        columns = st.slider("Columns of the map", 1, 16, 13, key="columns", bind="query-params")
        chosen = st.pills(
            "Cells of each level, each way", (1, 2, 3, 4, 6), selection_mode="multi", default=(1, 2, 4), key="levels",
            bind="query-params",
        )  # fmt: skip
        maps = st.select_slider("Maps", (1, 64, 256, 512), 256, key="maps", bind="query-params")
    if not chosen:
        raise CoreError("without a level there is no cell to take a maximum of: choose at least one")
    levels = tuple(sorted(chosen))
    map_ = blobs(rows, columns)
    values = spatial_pyramid(map_[None], levels)
    with stage:
        st.markdown(
            f"Maps of {rows}x{columns}: **{len(values)} numbers** of each, **{maps * len(values):,}** of {maps}. "
            f"Flattened they would be {maps * rows * columns:,}, and another number for every size of picture."
        )
        drawn = "; ".join(f"{level}x{level} cells" for level in levels)
        lab.chart(figures.grids(map_, levels), key="grids", quick=True, alt=f"A map of {rows}x{columns} under {drawn}.")
        alt = f"The vector: {', '.join(f'{value:g}' for value in values)}."
        lab.chart(figures.vector(values, levels), key="vector", quick=True, alt=alt)
        table = pd.DataFrame({"value": [f"{value:g}" for value in values]}).rename_axis("place")
        folded("The numbers behind this chart", table, key="vector-numbers")
        st.caption("Every bar is the largest value of one cell of one level, read row by row.")
    squares = " + ".join(f"{level}²" for level in levels)
    notice = [
        f"The length is {squares} = {len(values)} for each map, whatever its size. Change rows and columns: the bars "
        "change, their number does not.",
        "The level of 1x1 is global max pooling: what is there at all. The finer levels say roughly where.",
        "Where cells do not divide the map they overlap by a row, and on a map smaller than the level they share rows. "
        "None is ever empty.",
        "SPP-net runs the convolutions once for a picture and pools the pyramid over every proposal. One level alone, "
        "7x7, is the RoI pooling of Fast R-CNN.",
    ]
    call = f"spatial_pyramid(maps, levels={levels})  # {maps * len(values):,} numbers of {maps} maps"
    return lab.Said(notice, call, (spatial_pyramid,), {"pyramid.csv": lambda: table.to_csv()})


@st.cache_data(show_spinner=False, max_entries=80)
def _rounded(stride: int, cells: int) -> list[Rounding]:
    options: dict[str, Any] = {"stride": stride, "cells": cells, "draws": DRAWS}
    return [rounding(side, **options, random=np.random.default_rng(0)) for side in SIDES]


def _values(means: list[float]) -> int:
    return len(np.unique(np.round(means, 9)))
