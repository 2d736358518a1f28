"""The view on boxes in space: nine sliders, the box in a picture, and seen from above."""

from math import pi, radians
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.detect.beyond.solid import EDGES, FRONT, Solid, around, corners, hidden, projected
from core.types import Floats
from pages._kit import lab
from pages._kit.drawing import (
    BLUE,
    GREY,
    INK,
    RULE,
    VERMILLION,
    Drawing,
    drawings,
    line,
    polygon,
    rectangle,
    words,
)
from pages._kit.scrolling import folded

WIDE, TALL, FOCAL = 520, 320, 340.0
MIDDLE = (260.0, 120.0)
EYES = 1.6  # metres of the camera above the ground
ORANGE = "#E69F00"
ABOVE = 320  # pixels of the plan
NAMES = ("x", "y", "z", "width", "height", "length", "roll", "pitch", "yaw")


def view(controls: Any, stage: Any) -> lab.Said:
    """A box, its picture and its plan."""
    with controls:
        level = st.toggle("It stands level: 7 numbers in place of 9", True, key="level", bind="query-params")
        x = st.slider("x, to the right (m)", -6.0, 6.0, 1.2, 0.1, key="x", bind="query-params")
        z = st.slider("z, away (m)", 1.0, 40.0, 7.0, 0.5, key="z", bind="query-params")
        yaw = st.slider("Yaw, about the upright axis (degrees)", -180, 180, 35, 5, key="yaw", bind="query-params")
        roll = pitch = 0
        if not level:
            roll = st.slider("Roll (degrees)", -90, 90, 0, 5, key="roll", bind="query-params")
            pitch = st.slider("Pitch (degrees)", -90, 90, 0, 5, key="pitch", bind="query-params")
        with st.expander("Height above the street, and the three sides"):
            y = st.slider("y, down from the camera (m)", -2.0, 2.0, 0.85, 0.05, key="y", bind="query-params")
            sides = [
                st.slider("Width (m)", 0.5, 5.0, 1.8, 0.1, key="wide", bind="query-params"),
                st.slider("Height (m)", 0.5, 5.0, 1.5, 0.1, key="high", bind="query-params"),
                st.slider("Length (m)", 0.5, 10.0, 4.0, 0.1, key="long", bind="query-params"),
            ]
    tilt = (radians(roll), radians(pitch))
    wide, high, long = sides
    box = Solid(x, y, z, wide, high, long, *tilt, radians(yaw))
    points = corners(box)
    flat = projected(points, focal=FOCAL, middle=MIDDLE)
    numbers = box.numbers(level=level)
    frame = around(flat)
    with stage:
        left, right = st.columns([3, 2])
        with left:
            drawings([_picture(flat, points, frame)], least=200)
        with right:
            drawings([_plan(points, box)], least=200, most=400)
        table = pd.DataFrame(
            [f"{value:g}" for value in np.round(box.numbers(), 3)],
            columns=["value"],
            index=pd.Index([f"{name} ({'rad' if name in NAMES[6:] else 'm'})" for name in NAMES], name="number"),
        )
        told = "seven numbers, as roll and pitch are 0" if level else "nine numbers"
        upright = ", ".join(f"{value:.0f}" for value in frame)
        st.markdown(f"In space: **{told}**. In the picture an upright box keeps **four**: ({upright}).")
        folded("The nine numbers", table, key="nine")
    double = Solid(2 * x, 2 * y, 2 * z, 2 * wide, 2 * high, 2 * long, *tilt, radians(yaw))
    same = float(np.abs(projected(corners(double), focal=FOCAL, middle=MIDDLE) - flat).max())
    moved = "not one corner moves" if same < 1e-6 else f"corners move by {same:.3f} pixels"
    notice = [
        f"A detector in space has to say {len(numbers)} numbers here; an upright box in a picture has four. Lecture E "
        "writes the nine as (x, y, z, w, h, l, r, p, y): its second y is the yaw.",
        f"Twice as large and twice as far off, the same picture: {moved}. Nobody can tell the two apart from one "
        "picture without knowing how large cars are.",
        "Turn a level box by 180 degrees: the frame stays, front and rear change places. The angle has to be seen on "
        "what the box holds.",
        "What drives on a road neither rolls nor pitches much, so two angles are left out; a drone needs them all.",
    ]
    written = ", ".join(f"{value:g}" for value in np.round(box.numbers(), 2))
    call = f"projected(corners(Solid({written})), focal={FOCAL:g}, middle={MIDDLE})"
    return lab.Said(notice, call, (corners, projected, around), {"box.csv": lambda: str(table.to_csv())})


def _picture(flat: Floats, points: Floats, frame: tuple[float, float, float, float]) -> Drawing:
    """The street, the box on it, and the upright frame around it."""
    parts = [f'<rect y="{MIDDLE[1]:g}" width="{WIDE}" height="{TALL - MIDDLE[1]:g}" fill="{RULE}" fill-opacity="0.4"/>']
    for x in range(-12, 13, 2):
        parts.append(line(*_ground((x, 2.7), (x, 80.0)), colour=RULE, width=1))
    for z in (3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40):
        parts.append(line(*_ground((-60.0, z), (60.0, z)), colour=RULE, width=1))
    parts.append(polygon(flat[list(FRONT)], fill=ORANGE, opacity=0.55))
    behind = hidden(points)
    parts += [line(flat[one], flat[two], colour=BLUE, width=1.5, dash="2 4") for one, two in behind]
    parts += [line(flat[one], flat[two], colour=BLUE, width=3) for one, two in EDGES if (one, two) not in behind]
    parts.append(rectangle(frame, colour=VERMILLION, width=2.5, dash="9 5"))
    left, top, right, bottom = frame
    beyond = left < 0 or top < 0 or right > WIDE or bottom > TALL
    alt = (
        f"A box in space drawn over a street; the upright frame around it goes from {left:.0f}, {top:.0f} to "
        f"{right:.0f}, {bottom:.0f} on a picture of {WIDE}x{TALL}" + (", beyond its rim." if beyond else ".")
    )
    caption = "Blue: the box, dotted what it hides, its front filled. Dashed: the upright frame around it."
    return Drawing(parts, WIDE, TALL, alt, caption)


def _ground(*places: tuple[float, float]) -> Floats:
    """Places on the ground, to the right and away, in the picture."""
    return projected(np.array([(x, EYES, z) for x, z in places]), focal=FOCAL, middle=MIDDLE)


def _plan(points: Floats, box: Solid) -> Drawing:
    """Seen from above: the camera below, what lies before it above."""
    reach = max(12.0, 1.15 * float(points[:, 2].max()), 2.3 * float(np.abs(points[:, 0]).max()))
    scale = (ABOVE - 30) / reach

    def placed(ground: Floats) -> Floats:
        return np.stack([ABOVE / 2 + scale * ground[:, 0], ABOVE - 18 - scale * ground[:, -1]], axis=1)

    camera = np.array([ABOVE / 2, ABOVE - 18.0])
    half = WIDE / 2 / FOCAL * reach
    parts = [
        line(camera, placed(np.array([[side * half, reach]]))[0], colour=GREY, width=1, dash="5 4") for side in (-1, 1)
    ]
    every = 2 if reach < 16 else 5 if reach < 30 else 10
    for metres in range(every, int(reach) + 1, every):
        y = camera[1] - scale * metres
        parts += [line(np.array([44.0, y]), np.array([ABOVE, y]), colour=RULE, width=1)]
        parts.append(words(f"{metres} m", 22, y, size=15))
    seen = placed(points[:, [0, 2]])
    for one, two in EDGES:
        parts.append(line(seen[one], seen[two], colour=BLUE, width=2))
    parts.append(polygon(seen[list(FRONT)], fill=ORANGE, opacity=0.7))
    around_front = zip(FRONT, (*FRONT[1:], FRONT[0]), strict=True)
    parts += [line(seen[one], seen[two], colour=ORANGE, width=5) for one, two in around_front]
    parts.append(polygon(camera + np.array([[-8, 8], [8, 8], [0, -6]]), fill=INK))
    where = f"{box.z:g} m away and {box.x:g} m to the right, turned by {box.yaw * 180 / pi:.0f} degrees"
    alt = f"Seen from above: the box is {where}."
    caption = "Seen from above, the front orange; the camera is the triangle, its view dashed."
    return Drawing(parts, ABOVE, ABOVE, alt, caption)
