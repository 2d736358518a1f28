"""Pictures with their truth drawn over them: boxes, masks and joints as lines that stay sharp at any size.

A picture is an SVG around the pixels, shown as an image. Several stand side by side, and below each other where there
is no room.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from core.data.scenes import LIMBS
from core.types import Floats, Mask
from pages._kit.pictures import data_uri, pixels

COLOURS = ("#E69F00", "#56B4E9", "#CC79A7", "#009E73", "#D55E00", "#0072B2")
STYLE = """<style>
.shots { display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fit, minmax(min(var(--least), 100%), 1fr)); }
.shots figure { margin: 0; min-width: 0; max-width: var(--most); }
.shots figcaption { font-size: 0.875rem; line-height: 1.35; margin-top: 0.15rem; overflow-wrap: anywhere; }
.shots img { display: block; width: 100%; height: auto; border-radius: 4px; }
</style>"""


@dataclass(frozen=True, eq=False)
class Shot:
    """One picture (H, W, 3 or 1) from 0 to 1, what a screen reader says of it, and what is drawn over it."""

    image: Floats
    alt: str
    caption: str = ""
    boxes: Floats | None = None  # (N, 4)
    labels: Sequence[str] = ()
    masks: Mask | None = None  # (N, H, W)
    joints: Floats | None = None  # (P, 14, 3)
    lines: Sequence[Floats] = ()  # each (M, 2), x and y
    sharp: bool = False  # whether pixels are shown as squares


def shots(shown: Sequence[Shot], *, least: int = 220, most: int = 460) -> None:
    """Draw pictures side by side, each at least and at most so many pixels wide where there is room."""
    st.html(drawn(shown, least=least, most=most))


def drawn(shown: Sequence[Shot], *, least: int = 220, most: int = 460) -> str:
    """The same as HTML, to be kept by a page that shows it again."""
    figures = "".join(
        f"<figure>{_img(shot)}{f'<figcaption>{escape(shot.caption)}</figcaption>' if shot.caption else ''}</figure>"
        for shot in shown
    )
    return f'{STYLE}<div class="shots" style="--least: {least}px; --most: {most}px">{figures}</div>'


def _img(shot: Shot) -> str:
    """The drawing as an image of its own: the page takes no SVG. With nothing drawn over them the pixels are enough:
    a browser takes a millisecond for them, and several for a drawing."""
    if shot.boxes is None and shot.masks is None and shot.joints is None and not len(shot.lines):
        look = ' style="image-rendering: pixelated"' if shot.sharp else ""
        return f'<img alt="{escape(shot.alt)}" src="{data_uri(pixels(shot.image))}"{look}>'
    content = base64.b64encode(svg(shot).encode()).decode()
    return f'<img alt="{escape(shot.alt)}" src="data:image/svg+xml;base64,{content}">'


def svg(shot: Shot) -> str:
    """One picture as SVG.

    >>> svg(Shot(np.zeros((4, 6, 1)), "black")).count("<image")
    1
    """
    height, width = shot.image.shape[:2]
    unit = max(height, width) / 100  # lines and letters keep their size whatever the pixels
    place = f'x="0" y="0" width="{width}" height="{height}" preserveAspectRatio="none"'
    look = ' style="image-rendering: pixelated"' if shot.sharp else ""
    drawn = [f'<image {place}{look} href="{data_uri(pixels(shot.image))}"/>']
    if shot.masks is not None and len(shot.masks):
        drawn.append(f'<image {place} style="image-rendering: pixelated" href="{_mask_uri(shot.masks)}"/>')
    for line in shot.lines:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="#FFFFFF" stroke-opacity="0.55" '
            f'stroke-width="{0.35 * unit:.2f}"/>'
        )
    seen = [(place, box) for place, box in enumerate(shot.boxes if shot.boxes is not None else ()) if box[2] > box[0]]
    drawn += [_frame(box, place, unit) for place, box in seen]
    for figure in shot.joints if shot.joints is not None else ():
        drawn += _joints(figure, unit)
    drawn += _words([(shot.labels[place], box) for place, box in seen if place < len(shot.labels)], shot, unit)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{6 * width}" '
        f'height="{6 * height}" font-family="Inter, sans-serif">{"".join(drawn)}</svg>'
    )


def _mask_uri(masks: Mask) -> str:
    paint = np.zeros((*masks.shape[1:], 4), dtype=np.uint8)
    for place, mask in enumerate(masks):
        colour = COLOURS[place % len(COLOURS)]
        paint[mask] = (*(int(colour[at : at + 2], 16) for at in (1, 3, 5)), 125)
    return data_uri(paint)


def _frame(box: Floats, place: int, unit: float) -> str:
    x1, y1, x2, y2 = box
    return (
        f'<rect x="{x1:.1f}" y="{y1:.1f}" width="{x2 - x1:.1f}" height="{y2 - y1:.1f}" fill="none" '
        f'stroke="{COLOURS[place % len(COLOURS)]}" stroke-width="{0.9 * unit:.2f}"/>'
    )


def _words(labelled: Sequence[tuple[str, Floats]], shot: Shot, unit: float) -> list[str]:
    """What the boxes are called: above each, or below or inside where another word stands there already."""
    (height, width), size = shot.image.shape[:2], 5 * unit
    high, taken, drawn = 1.25 * size, list[tuple[float, float, float]](), []
    for word, (x1, y1, _, y2) in labelled:
        wide = 0.5 * size * len(word) + 0.6 * size
        left = min(max(x1, 0.0), max(0.0, width - wide))
        inside = [top for top in (y1 - high, y2, y1, y2 - high) if -0.05 * size <= top <= height - high] or [
            max(0.0, y1)
        ]
        free = [top for top in inside if not any(
            left < other + far and other < left + wide and abs(top - there) < high for other, there, far in taken
        )]  # fmt: skip
        top = (free or inside)[0]
        taken.append((left, top, wide))
        drawn.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="#14161A" '
            f'fill-opacity="0.85"/><text x="{left + 0.3 * size:.1f}" y="{top + 0.95 * size:.1f}" '
            f'font-size="{size:.1f}" fill="#FFFFFF">{escape(word)}</text>'
        )
    return drawn


def _joints(figure: Floats, unit: float) -> list[str]:
    """Limbs between joints that can be seen; the figure's own right side is filled, its left side open."""
    drawn = []
    for first, last in LIMBS:
        if figure[first, 2] and figure[last, 2]:
            (x1, y1), (x2, y2) = figure[first, :2], figure[last, :2]
            drawn.append(
                f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#FFFFFF" '
                f'stroke-width="{0.7 * unit:.2f}"/>'
            )
    right = {0, 1, 2, 6, 7, 8}
    for number, (x, y, seen) in enumerate(figure):
        if seen:
            fill = "#D55E00" if number in right else "#FFFFFF"
            drawn.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{1.2 * unit:.2f}" fill="{fill}" stroke="#14161A" '
                f'stroke-width="{0.5 * unit:.2f}"/>'
            )
    return drawn
