"""The gallery as a page needs it: small pictures as addresses, what the network says of each, and a grid of cards."""

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from core.data.gallery import gallery
from core.models.pretrained import imagenet_classes, prepared, probabilities
from core.types import Floats
from pages._kit import imagenet
from pages._kit.pictures import data_uri

THUMB = 112
STYLE = """<style>
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: 0.7rem;
  padding: 0 !important; margin: 0; list-style: none; }
.gallery li { margin: 0 !important; font-size: 0.8rem; line-height: 1.3; overflow-wrap: anywhere; }
.gallery img { width: 100%; aspect-ratio: 1; border-radius: 0.4rem; display: block; }
.gallery .sure { height: 0.35rem; background: #0072B2; border-radius: 0.2rem; margin: 0.25rem 0; }
</style>"""


@st.cache_resource(show_spinner="The network looks at the gallery, once ...")
def said() -> Floats:
    """What the network says of every picture of the gallery, (N, 1000); asked once, in small groups."""
    imagenet.ready(inside=False)
    pictures = np.stack([piece.pixels for piece in gallery()])
    groups = (pictures[start : start + 8] for start in range(0, len(pictures), 8))
    return np.concatenate([probabilities(prepared(group)) for group in groups])


@st.cache_resource(show_spinner=False)
def thumbs() -> list[str]:
    """Every picture as a data address, some kilobytes each."""
    from PIL import Image

    small = (Image.fromarray(piece.pixels).resize((THUMB, THUMB)) for piece in gallery())
    return [data_uri(np.asarray(each), lossless=False) for each in small]


def cards(places: Sequence[int], confidence: Floats | None = None) -> str:
    """Some pictures of the gallery as a grid, each with the network's first answer, and a bar if it is a result."""
    pieces, pictures, rows, names = gallery(), thumbs(), said(), imagenet_classes()
    items = ""
    for place in places:
        best = int(rows[place].argmax())
        bar = ""
        if confidence is not None:
            bar = f'<div class="sure" style="width:{100 * confidence[place]:.0f}%"></div>{confidence[place]:.0%} sure. '
        items += (
            f'<li><img src="{pictures[place]}" alt="{escape(pieces[place].shows)}">{bar}'
            f"It says {escape(names[best])}, {rows[place][best]:.0%}.</li>"
        )
    return f'{STYLE}<ul class="gallery">{items}</ul>'
