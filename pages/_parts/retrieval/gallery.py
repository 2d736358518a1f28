"""A ranked gallery: the query, and in one row for each space the pictures found, nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages._kit.pictures import data_uri

FEW = 1024  # pixels: a picture of no more is sent exactly
STYLE = """<style>
.found { display: flex; flex-wrap: wrap; gap: 12px; margin: 4px 0 14px; padding: 0; }
.found figure { margin: 0; width: 88px; }
.found img { display: block; width: 88px; height: 88px; border-radius: 6px; border: 3px solid #009E73;
  box-sizing: border-box; }
.found .other img { border: 3px dashed #D55E00; }
.found .few img { image-rendering: pixelated; }
.found .query img { border-color: currentColor; }
.found figcaption { font-size: 0.8rem; line-height: 1.35; margin-top: 3px; font-variant-numeric: tabular-nums; }
</style>"""


@dataclass(frozen=True, eq=False)
class Hit:
    """One picture of a gallery and what stands below it; `right` is None where no truth is known."""

    image: NDArray[np.uint8]
    word: str
    note: str
    right: bool | None


def gallery(title: str, hits: Sequence[Hit], *, query: bool = False) -> None:
    """Draw pictures in a row that wraps."""
    st.markdown(f"**{title}**")
    st.html(STYLE + '<div class="found">' + "".join(_one(hit, query=query) for hit in hits) + "</div>")


def _one(hit: Hit, *, query: bool) -> str:
    look = "query" if query else "other" if hit.right is False else "same"
    alt = f"{hit.word}, {hit.note}" if hit.note else hit.word
    few = hit.image.shape[0] * hit.image.shape[1] <= FEW
    picture = f'<img src="{data_uri(hit.image, lossless=few)}" alt="{escape(alt)}">'
    words = f"<figcaption>{escape(hit.word)}<br>{hit.note}</figcaption>"
    return f'<figure class="{look}{" few" if few else ""}">{picture}{words}</figure>'
