"""The view on shapes in space: voxels, points or a mesh, turned by two sliders, and what each costs."""

from math import radians
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
import streamlit as st

from core.detect.beyond.shapes3d import SHAPES, memory, mesh, points, shell, sizes, voxels
from core.detect.beyond.solid import projected, turned
from core.types import Floats
from pages._kit import lab
from pages._kit.drawing import BLUE, Drawing, drawings

Way = Literal["voxels", "points", "mesh"]
WAYS: tuple[Way, ...] = get_args(Way)
SIDES = (4, 6, 8, 10, 12, 16, 20)
COUNTS = (50, 100, 200, 500, 1000, 2000)
FINEST = (8, 16, 32, 64, 128, 256, 512, 1024)
COUNTED = 64  # up to this side of the grid the mesh is made and counted
WIDE, FOCAL, AWAY = 420, 640.0, 3.9
TOWARDS = np.array([-0.45, -0.75, -0.5]) / np.linalg.norm([-0.45, -0.75, -0.5])  # to the light, in the camera's axes
LOOKS = {
    "voxels": ("#0072B2", "solid", "circle"),
    "points": ("#E69F00", "dot", "square"),
    "mesh": ("#D55E00", "dash", "diamond"),
}


@st.cache_data(show_spinner=False, max_entries=60)
def surface(shape: str, way: Way, side: int, count: int) -> tuple[Floats, Floats]:
    """What is drawn: surfaces (F, 3 or 4, 3) with normals (F, 3); points (V, 1, 3)."""
    field = SHAPES[shape]
    if way == "voxels":
        return shell(voxels(field, side))
    if way == "points":
        found = points(field, count, random=np.random.default_rng(0))
        return found[:, None], np.zeros_like(found)
    corners, faces = mesh(field, side)
    triangles = corners[faces]
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    out = np.einsum("fi,fi->", normals, triangles.mean(axis=1))  # the sign by which they look outwards
    return triangles, normals * np.sign(out) / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


@st.cache_data(show_spinner=False, max_entries=60)
def counted(shape: str, side: int) -> tuple[int, int]:
    """Corners and triangles of a shape's mesh."""
    corners, faces = mesh(SHAPES[shape], side)
    return len(corners), len(faces)


@st.cache_data(show_spinner=False)
def grown(shape: str) -> dict[int, tuple[int, int]]:
    """Corners and triangles by the side of the grid: counted, and beyond that by its square, as a surface grows."""
    most = counted(shape, COUNTED)
    found = {side: counted(shape, side) for side in FINEST if side <= COUNTED}
    more = {side: (side // COUNTED) ** 2 for side in FINEST if side > COUNTED}
    return found | {side: (times * most[0], times * most[1]) for side, times in more.items()}


def view(controls: Any, stage: Any) -> lab.Said:
    """A shape, a way to keep it, and the bytes."""
    with controls:
        shape = st.selectbox("Shape", list(SHAPES), key="shape", bind="query-params")
        way = st.segmented_control("Kept as", WAYS, default="voxels", key="way", bind="query-params", required=True)
        side, count = 12, 500
        if way == "points":
            count = st.select_slider("Points", COUNTS, count, key="count", bind="query-params")
        else:
            side = st.select_slider("Grid of D x D x D", SIDES, side, key="side", bind="query-params")
        turn = st.slider("Turn (degrees)", -180, 180, 30, 5, key="turn", bind="query-params")
        tilt = st.slider("Tilt (degrees)", -90, 90, 20, 5, key="tilt", bind="query-params")
    corners, triangles = counted(shape, side) if way == "mesh" else (count, 0)
    own = {
        "voxels": {"side": side, "corners": 0, "triangles": 0},
        "points": {"side": 0, "corners": count, "triangles": 0},
        "mesh": {"side": 0, "corners": corners, "triangles": triangles},
    }[way]
    parts, normals = surface(shape, way, side, count)
    numbers, room = sizes(**own)[way], memory(**own)[way]
    formula = {
        "voxels": f"D·D·D = {side}³ = {numbers:,} bits",
        "points": f"V·3 = {count:,}·3 = {numbers:,} floats",
        "mesh": f"V·3 + F·3 = {corners:,}·3 floats + {triangles:,}·3 integers = {numbers:,} numbers",
    }[way]
    table = _table(grown(shape))
    with stage:
        left, right = st.columns(2)
        with left:
            drawn = _drawn(parts, normals, turn=turn, tilt=tilt)
            alt = f"The {shape} as {way}, turned by {turn} and tilted by {tilt} degrees: {formula}, {room:,} bytes."
            drawings([Drawing(drawn, WIDE, WIDE, alt)], most=460)
            if not len(parts):
                st.info(f"Nothing of the {shape} is left: the middle of no voxel lies in it. Take a finer grid.")
        with right:
            st.markdown(f"{formula}: **{room:,} bytes**")
            last = f"voxels {table['voxels'].iloc[-1]}, mesh {table['mesh'].iloc[-1]}"
            told = f"Bytes by the side of the grid; at {FINEST[-1]} {last}."
            chart = _chart(table, None if way == "points" else (side, room))
            lab.chart(chart, key="memory", quick=True, alt=told, table=table)
            st.caption(
                f"{'' if way == 'points' else 'Ring: what you see. '}Voxels at one bit each. Mesh, and as many points "
                f"as it has corners: counted up to D = {COUNTED}, beyond that by the square of D, as a surface grows."
            )
    notice = [
        "Voxels fill space: twice as fine takes eight times the room. A surface grows with the square only, so sooner "
        f"or later points and meshes are cheaper: {_cheaper(table)}.",
        "On a coarse grid it is the other way round: a voxel is one bit, a corner has three numbers of 32 bits. But "
        "what is thinner than a voxel vanishes there; try the chair at D = 4.",
        "Points say where the surface is, not which of them are joined; there is no inside and no outside. The "
        "triangles of a mesh say it, and cost three integers each.",
        "A network that predicts voxels is a convolution in three directions. One that predicts points must not care "
        "about their order; one that predicts a mesh most often bends a given one.",
    ]
    call = f"memory(side={own['side']}, corners={own['corners']}, triangles={own['triangles']})  # {room:,} bytes"
    return lab.Said(notice, call, (sizes, memory, voxels, mesh), {"memory.csv": lambda: str(table.to_csv())})


def _table(found: dict[int, tuple[int, int]]) -> pd.DataFrame:
    """Bytes of all three ways by the side of the grid."""
    rows = {}
    for side, (corners, triangles) in found.items():
        room = memory(side=side, corners=corners, triangles=triangles)
        rows[side] = [f"{room[way]:,}" for way in WAYS]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(WAYS)).rename_axis("D")


def _cheaper(table: pd.DataFrame) -> str:
    """From which side on the two ways need less than voxels."""
    numbers = {way: [int(text.replace(",", "")) for text in table[way]] for way in WAYS}
    told = []
    for way in ("points", "mesh"):
        sides = [side for side, a, b in zip(table.index, numbers[way], numbers["voxels"], strict=True) if a < b]
        told.append(
            f"the {way} here from D = {sides[0]} on" if sides else f"the {way} here only beyond D = {FINEST[-1]}"
        )
    return ", ".join(told)


def _chart(table: pd.DataFrame, at: tuple[int, int] | None) -> dict[str, Any]:
    """Bytes over the side of the grid, with a ring around what is drawn."""
    data: list[dict[str, Any]] = [
        {
            **{"type": "scatter", "mode": "lines+markers", "name": way, "x": list(table.index)},
            "y": [int(text.replace(",", "")) for text in table[way]],
            "line": {"color": LOOKS[way][0], "dash": LOOKS[way][1], "width": 2.5},
            "marker": {"symbol": LOOKS[way][2], "size": 7},
            "hovertemplate": f"{way}, D = %{{x}}: %{{y:,}} bytes<extra></extra>",
        }
        for way in WAYS
    ]
    if at:
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "x": [at[0]], "y": [at[1]], "showlegend": False},
                **{"marker": {"symbol": "circle-open", "size": 20, "color": "#CC79A7", "line": {"width": 3}}},
                "hoverinfo": "skip",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 300,
            "margin": {"l": 8, "r": 16, "t": 30, "b": 8},
            "xaxis": {"type": "log", "title": {"text": "side D of the grid"}, "fixedrange": True, "automargin": True},
            "yaxis": {"type": "log", "title": {"text": "bytes"}, "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def _drawn(parts: Floats, normals: Floats, *, turn: int, tilt: int) -> list[str]:
    """The surfaces that face us, the farthest first, lit from the upper left."""
    matrix = turned(0.0, radians(tilt), 0.0) @ turned(0.0, 0.0, radians(turn))  # turned first, then tilted
    upright = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # the shapes' z axis points up, the camera's y axis down
    places = parts @ upright.T @ matrix.T + (0, 0, AWAY)
    flat = projected(places.reshape(-1, 3), focal=FOCAL, middle=(WIDE / 2, WIDE / 2)).reshape(*places.shape[:2], 2)
    depth = places[..., 2].mean(axis=1)
    if places.shape[1] == 1:  # points: the near ones larger and stronger
        order = np.argsort(-depth)
        near = (AWAY + 1.2 - depth[order]) / 2.4
        return [
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{1.4 + 2.6 * close:.1f}" '
            f'fill="{BLUE}" fill-opacity="{0.3 + 0.7 * close:.2f}"/>'
            for (x, y), close in zip(flat[order, 0].tolist(), near.clip(0, 1).tolist(), strict=True)
        ]
    looking = normals @ upright.T @ matrix.T
    faces_us = np.einsum("fi,fi->f", looking, places.mean(axis=1)) < 0
    order = np.flatnonzero(faces_us)[np.argsort(-depth[faces_us], kind="stable")]
    light = (0.42 + 0.58 * (looking[order] @ TOWARDS).clip(0, 1))[:, None] * np.array([120, 190, 235])
    drawn = []
    for place, colour in zip(order.tolist(), light, strict=True):
        fill = _hex(colour)
        path = "L".join(f"{x:.0f} {y:.0f}" for x, y in flat[place].tolist())
        drawn.append(f'<path d="M{path}Z" fill="#{fill}" stroke="#{fill if parts.shape[1] == 3 else "2B4C63"}"/>')
    return drawn


def _hex(colour: Floats) -> str:
    return "".join(f"{round(value):02x}" for value in colour.clip(0, 255).tolist())
