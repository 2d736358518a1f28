"""The view of what the lectures only name: cards with a way to read on."""

from html import escape
from typing import Any

import streamlit as st

from core.detect.beyond.further import CARDS, Card, cards
from pages._kit import lab

KINDS = {"everything": "", "sentences": "S168", "borders": "S180", "two stages": "S181", "libraries": "S173"}
STYLE = """<style>
.further { display: grid; gap: 0.8rem; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
.further article { border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: 8px;
  padding: 0.8rem 1rem; }
.further p { margin: 0.3rem 0; }
.further small { display: block; font-size: 0.875rem; }
.further a { color: inherit; overflow-wrap: anywhere; }
</style>"""


def view(controls: Any, stage: Any) -> lab.Said:
    """Cards, all or of one kind."""
    with controls:
        kind = st.selectbox("About", list(KINDS), key="about", bind="query-params")
    shown = cards(KINDS[kind]) if KINDS[kind] else CARDS
    with stage:
        st.html(f'{STYLE}<div class="further">{"".join(map(_card, shown))}</div>')
    notice = [
        "The lectures name these and explain none of them. What each does in a sentence is here, the rest behind the "
        "link, which leads out of this app.",
        "Libraries age: TensorFlow's Object Detection API and the first Detectron are no longer maintained; their "
        "models live on in others.",
    ]
    listed = "\n".join(f"{card.name}, {card.year}, {card.source}: {card.address}" for card in shown)
    return lab.Said(notice, f'cards("{KINDS[kind] or "S173"}")', (cards,), {"links.txt": listed + "\n"})


def _card(card: Card) -> str:
    return (
        f"<article><strong>{escape(card.name)}</strong>, {card.year}<p>{escape(card.does)}</p>"
        f'<small>{escape(card.source)}: <a href="{escape(card.address)}" target="_blank" rel="noreferrer">'
        f"{escape(card.address.removeprefix('https://'))}</a></small></article>"
    )
