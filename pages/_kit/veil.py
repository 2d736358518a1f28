"""Pictures under a veil of heat: clear where nothing is likely, yellow where it is sure; with frames over it.

A picture is an SVG around the pixels, shown as an image, as in `pages/_kit/shots.py`. The heat has its own, often
coarser, grid and says where on the picture it lies.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.types import Floats
from pages._kit.pictures import data_uri, pixels
from pages._kit.shots import STYLE

SURE = np.array([(86, 0, 120), (213, 94, 0), (240, 228, 66)], dtype=np.float64)  # from a little to sure
UNKNOWN = (20, 22, 26, 205)

Place = tuple[float, float, float, float]  # x, y, width, height in pixels of the picture


@dataclass(frozen=True)
class Frame:
    """A rectangle over the picture, with a word beside it."""

    place: Place
    colour: str = "#56B4E9"
    dashed: bool = False


@dataclass(frozen=True, eq=False)
class Veiled:
    """One picture (H, W, 3 or 1) from 0 to 1, the heat (h, w) over a part of it, and what a screen reader says."""

    image: NDArray[np.floating[Any]]
    alt: str
    caption: str = ""
    heat: Floats | None = None  # from 0 to 1; nan where it is not known
    place: Place | None = None  # of the heat; the whole picture if None
    frames: Sequence[Frame] = ()


def veiled(shown: Sequence[Veiled], *, least: int = 220, most: int = 460) -> None:
    """Draw pictures side by side, each at least and at most so many pixels wide where there is room."""
    figures = "".join(
        f'<figure><img alt="{escape(each.alt)}" src="{_uri(svg(each))}">'
        f"{f'<figcaption>{escape(each.caption)}</figcaption>' if each.caption else ''}</figure>"
        for each in shown
    )
    st.html(f'{STYLE}<div class="shots" style="--least: {least}px; --most: {most}px">{figures}</div>')


def svg(shown: Veiled) -> str:
    """One picture as SVG.

    >>> svg(Veiled(np.zeros((4, 6, 1)), "black", heat=np.ones((1, 1)))).count("<image")
    2
    """
    height, width = shown.image.shape[:2]
    unit = max(height, width) / 100
    look = 'preserveAspectRatio="none" style="image-rendering: pixelated"'
    ground = data_uri(pixels(shown.image.astype(np.float64)))
    parts = [f'<image x="0" y="0" width="{width}" height="{height}" {look} href="{ground}"/>']
    if shown.heat is not None:
        x, y, wide, tall = shown.place or (0, 0, width, height)
        place = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{tall:g}"'
        parts.append(f'<image {place} {look} href="{data_uri(veil(shown.heat))}"/>')
    for frame in shown.frames:
        x, y, wide, tall = frame.place
        dash = f' stroke-dasharray="{2 * unit:.2f} {1.4 * unit:.2f}"' if frame.dashed else ""
        box = f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{tall:g}" fill="none"'
        parts.append(f'{box} stroke="#14161A" stroke-width="{1.7 * unit:.2f}" stroke-opacity="0.7"/>')
        parts.append(f'{box} stroke="{frame.colour}" stroke-width="{0.9 * unit:.2f}"{dash}/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{8 * width}" '
        f'height="{8 * height}">{"".join(parts)}</svg>'
    )


def veil(heat: Floats) -> NDArray[np.uint8]:
    """Heat from 0 to 1 as colours that let the picture shine through: (h, w) -> (h, w, 4) of bytes.

    >>> veil(np.array([[0.0, 1.0, np.nan]]))[0, :, 3].tolist()
    [0, 215, 205]
    """
    known = np.isfinite(heat)
    share = np.where(known, heat, 0.0).clip(0, 1)
    colour = np.stack([np.interp(share, (0.0, 0.5, 1.0), SURE[:, channel]) for channel in range(3)], axis=-1)
    paint = np.concatenate([colour, (215 * np.sqrt(share) * (share > 0.02))[..., None]], axis=-1)
    paint[~known] = UNKNOWN
    return paint.astype(np.uint8)


def _uri(drawing: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
