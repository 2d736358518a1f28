"""The setting of the lab on regions: a map, a region, a grid over it; and what both ways make of it."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import streamlit as st

from core.detect.regions.roi import HOWS, How, align_weights, many_regions, pooled_spans, roi_align, roi_pool
from core.types import Floats, Heatmap, Pair
from pages._kit.board import gathered, grid, link, scene, written

SIDE, STRIDE = 8, 16
PIXELS = SIDE * STRIDE
ROAM = 64  # pixels that a region moves at least, if need be beyond the map
MAPS = ("Numbers drawn by lot", "One bright value", "A slope")


@dataclass(frozen=True, eq=False)
class Setting:
    """A map, a region in pixels (x1, y1, x2, y2), and how the grid over it is filled."""

    map: Heatmap
    region: Floats
    size: Pair
    sampling: int
    aligned: bool

    @property
    def pooled(self) -> Heatmap:
        """What RoI pooling makes of it."""
        found: Heatmap = roi_pool(self.map[None], self.region, self.size, scale=1 / STRIDE)[0]
        return found

    @property
    def sampled(self) -> Heatmap:
        """What RoI Align makes of it."""
        options: dict[str, Any] = {"sampling": self.sampling, "aligned": self.aligned}
        found: Heatmap = roi_align(self.map[None], self.region, self.size, scale=1 / STRIDE, **options)[0]
        return found

    @property
    def call(self) -> str:
        """Both as calls."""
        told = f"np.array({self.region.tolist()}), {self.size}, scale=1 / {STRIDE}"
        more = f", sampling={self.sampling}" + ("" if self.aligned else ", aligned=False")
        return f"roi_pool(maps, {told})\nroi_align(maps, {told}{more})"


def choose() -> Setting:
    """Draw the controls."""
    kind = st.selectbox("Map", MAPS, key="map", bind="query-params")
    x = st.slider("Left edge, in pixels", -32, PIXELS, 21, key="x", bind="query-params")
    wide = st.slider("Width, in pixels", 0, PIXELS, 56, key="width", bind="query-params")
    size = st.slider("Cells of the grid, each way", 1, 4, 2, key="cells", bind="query-params")
    with st.expander("Rows, and how Align looks", key="more"):
        y = st.slider("Upper edge, in pixels", -32, PIXELS, 26, key="y", bind="query-params")
        tall = st.slider("Height, in pixels", 0, PIXELS, 70, key="height", bind="query-params")
        sampling = st.slider(
            "Places in a cell, each way", 0, 4, 2, key="sampling", bind="query-params",
            help="0: as many as it takes for about one in each value of the map.",
        )  # fmt: skip
        aligned = st.toggle("Values lie in the middle of their cells", True, key="aligned", bind="query-params")
    st.caption(f"The map is {SIDE}x{SIDE}, a value every {STRIDE} pixels: a picture of {PIXELS}x{PIXELS}.")
    corners = np.array([x, y, x + wide, y + tall], dtype=np.float64)
    return Setting(_map(kind), corners, (size, size), sampling, aligned)


def _map(kind: str) -> Heatmap:
    if kind == MAPS[0]:
        return np.random.default_rng(5).integers(0, 10, (SIDE, SIDE)).astype(np.float64)
    if kind == MAPS[1]:
        bright = np.zeros((SIDE, SIDE))
        bright[3, 3] = 8.0
        return bright
    slope: Heatmap = np.tile(np.arange(SIDE) + 0.5, (SIDE, 1))
    return slope


def blobs(rows: int, columns: int) -> Heatmap:
    """A map with two things on it, one strong and one weak, in whole numbers: (rows, columns)."""
    y, x = (np.arange(16) + 0.5)[:, None], np.arange(16) + 0.5
    strong = 9 * np.exp(-((y - 3) ** 2 + (x - 4) ** 2) / 6)
    weak = 6 * np.exp(-((y - 8) ** 2 + (x - 10) ** 2) / 4)
    found: Heatmap = np.round(np.maximum(strong, weak) + np.random.default_rng(7).uniform(0, 1.2, (16, 16)))
    return found[:rows, :columns].clip(0, 9)


def moved(setting: Setting) -> tuple[list[float], dict[How, list[float]]]:
    """The mean of both grids for every place of the left edge: over the map, and as far beyond as it takes to see."""
    wide = setting.region[2] - setting.region[0]
    beyond = max(0, ceil((ROAM - (PIXELS - wide)) / 2))
    edges = np.arange(-beyond, PIXELS - wide + beyond + 1)
    regions = np.repeat(setting.region[None], len(edges), axis=0)
    regions[:, 0], regions[:, 2] = edges, edges + wide
    options: dict[str, Any] = {"sampling": setting.sampling, "aligned": setting.aligned}
    found = {
        how: many_regions(how, setting.map[None], regions, setting.size, scale=1 / STRIDE, **options) for how in HOWS
    }
    return edges.tolist(), {how: values.mean(axis=(1, 2, 3)).tolist() for how, values in found.items()}


def by_torchvision(how: How, setting: Setting) -> Heatmap:
    """What torchvision makes of it."""
    options: dict[str, Any] = {"sampling": setting.sampling, "aligned": setting.aligned}
    regions = setting.region[None]
    found: Heatmap = many_regions(how, setting.map[None], regions, setting.size, scale=1 / STRIDE, **options)[0, 0]
    return found


def weights(setting: Setting) -> Floats:
    """The weights of Align, one row for each cell of the grid: (h·w, H·W)."""
    x1, y1, x2, y2 = (setting.region / STRIDE).tolist()
    down, across = (
        align_weights(start, end, cells, SIDE, sampling=setting.sampling, aligned=setting.aligned)
        for start, end, cells in ((y1, y2, setting.size[0]), (x1, x2, setting.size[1]))
    )
    joint: Floats = np.kron(down, across)
    return joint


def board_of(setting: Setting) -> dict[str, Any]:
    """The map and both grids; a value that is pointed at lights up what it is made of."""
    x1, y1, x2, y2 = (setting.region / STRIDE).tolist()
    rows, columns = pooled_spans(y1, y2, setting.size[0], SIDE), pooled_spans(x1, x2, setting.size[1], SIDE)
    pooled, sampled, links = setting.pooled, setting.sampled, []
    for place, ((top, bottom), (left, right)) in enumerate((a, b) for a in rows.tolist() for b in columns.tolist()):
        there = [row * SIDE + column for row in range(top, bottom) for column in range(left, right)]
        marks = [(each, "", ", read", "tap") for each in there]
        shown = [f"{setting.map.ravel()[each]:g}" for each in there]
        told = f"max({', '.join(shown)})" if len(shown) <= 12 else f"the largest of {len(shown)} values"
        links.append(link({"map": marks}, told if there else "nothing of the map", float(pooled.ravel()[place])))
    grids = {
        "map": grid(f"Map {SIDE} x {SIDE}", written(setting.map), numbers=setting.map),
        "pool": grid("RoI pooling", written(pooled), numbers=pooled),
        "align": grid("RoI Align", written(sampled), numbers=sampled),
    }
    found = {"pool": links, "align": gathered(weights(setting), setting.map, source="map")}
    legend = "Point at a value of a grid, or press Play: what it is made of lights up."
    return scene(grids, [["map", "pool", "align"]], found, walk="align", legend=legend)


def torch_code(setting: Setting) -> str:
    """The same in PyTorch."""
    rows = ", ".join(f"[{', '.join(f'{value:g}' for value in row)}]" for row in setting.map.tolist())
    told = f"[torch.tensor([{setting.region.tolist()}])], {setting.size}, spatial_scale=1 / {STRIDE}"
    return (
        "import torch\nfrom torchvision.ops import roi_align, roi_pool\n\n"
        f"maps = torch.tensor([[[{rows}]]])\n"
        f"print(roi_pool(maps, {told}))\n"
        f"print(roi_align(maps, {told}, sampling_ratio={setting.sampling or -1}, aligned={setting.aligned}))\n"
    )
