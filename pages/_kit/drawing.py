"""Drawings of lines and surfaces as SVG, shown as pictures with words for a screen reader, in the visitor's theme.

Colours that must change in the dark have a name here; a drawing says the name, and the picture says what it means.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from core.types import Floats
from pages._kit.shots import STYLE

INK, PAPER, CARD, RULE, GREY = "var(--ink)", "var(--paper)", "var(--card)", "var(--rule)", "#8A8F98"
BLUE, VERMILLION = "var(--blue)", "var(--vermillion)"
BLUE_WORDS, VERMILLION_WORDS = "var(--blue-words)", "var(--vermillion-words)"  # letters need more contrast than lines
DAY = {
    **{"ink": "#14161A", "paper": "#F4F5F7", "card": "#FFFFFF", "rule": "#C3C9D0"},
    **{"blue": "#0072B2", "vermillion": "#D55E00", "blue-words": "#004E7C", "vermillion-words": "#A23F00"},
}
NIGHT = {
    **{"ink": "#F2F4F6", "paper": "#1B232C", "card": "#0F1419", "rule": "#46525F"},
    **{"blue": "#56B4E9", "vermillion": "#F0803C", "blue-words": "#8CCBF2", "vermillion-words": "#F6B27A"},
}


@dataclass(frozen=True)
class Drawing:
    """The inside of an SVG, its size, and what it says."""

    parts: Sequence[str]
    width: int
    height: int
    alt: str
    caption: str = ""

    def svg(self, *, dark: bool = False) -> str:
        """All of it, with what its colours mean by day or by night."""
        colours = ";".join(f"--{name}:{colour}" for name, colour in (NIGHT if dark else DAY).items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" style="{colours}" '
            f'width="{2 * self.width}" height="{2 * self.height}" font-family="Inter, sans-serif">'
            f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>{"".join(self.parts)}</svg>'
        )


def drawings(shown: Sequence[Drawing], *, least: int = 280, most: int = 640) -> None:
    """Draw them side by side, each at least and at most so many pixels wide where there is room."""
    dark = st.context.theme.type == "dark"
    figures = "".join(
        f'<figure><img alt="{escape(each.alt)}" '
        f'src="data:image/svg+xml;base64,{base64.b64encode(each.svg(dark=dark).encode()).decode()}">'
        f"{f'<figcaption>{escape(each.caption)}</figcaption>' if each.caption else ''}</figure>"
        for each in shown
    )
    st.html(f'{STYLE}<div class="shots" style="--least: {least}px; --most: {most}px">{figures}</div>')


def line(first: Floats, second: Floats, *, colour: str = INK, width: float = 2.0, dash: str = "") -> str:
    """A line between two places (2,)."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{first[0]:.1f}" y1="{first[1]:.1f}" x2="{second[0]:.1f}" y2="{second[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
    )


def polygon(places: Floats, *, fill: str, stroke: str = "none", opacity: float = 1.0) -> str:
    """A surface around places (N, 2)."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polygon points="{points}" fill="{fill}" fill-opacity="{opacity:g}" stroke="{stroke}"/>'


def rectangle(box: Sequence[float], *, colour: str, width: float = 2.0, dash: str = "") -> str:
    """The frame of a box (x1, y1, x2, y2)."""
    x1, y1, x2, y2 = box
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{x1:.1f}" y="{y1:.1f}" width="{x2 - x1:.1f}" height="{y2 - y1:.1f}" fill="none" '
        f'stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
    )


def words(said: str, x: float, y: float, *, size: float = 13, colour: str = INK, ground: bool = False) -> str:
    """Words around a place, on the paper's colour if they lie over lines."""
    wide, below = 0.58 * size * len(said), ""
    if ground:
        below = (
            f'<rect x="{x - wide / 2 - 3:.1f}" y="{y - 0.72 * size:.1f}" width="{wide + 6:.1f}" '
            f'height="{1.35 * size:.1f}" rx="3" fill="{PAPER}" fill-opacity="0.92"/>'
        )
    return (
        f'{below}<text x="{x:.1f}" y="{y + 0.32 * size:.1f}" font-size="{size:g}" fill="{colour}" '
        f'text-anchor="middle">{escape(said)}</text>'
    )


def lines_of(said: str, most: int) -> list[str]:
    """Words in lines of at most so many letters.

    >>> lines_of("a class and a box", 9)
    ['a class', 'and a box']
    """
    found = [""]
    for word in said.split():
        if found[-1] and len(found[-1]) + 1 + len(word) > most:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found


def arrow(first: Floats, second: Floats, *, colour: str, bare: float, width: float = 2.0) -> str:
    """An arrow that begins and ends `bare` before its places (2,)."""
    along = (second - first) / max(float(np.linalg.norm(second - first)), 1e-9)
    across = np.array([-along[1], along[0]])
    begin, tip = first + bare * along, second - bare * along
    head = np.stack([tip, tip - 11 * along + 5 * across, tip - 11 * along - 5 * across])
    return line(begin, tip - 8 * along, colour=colour, width=width) + polygon(head, fill=colour)
