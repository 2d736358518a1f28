"""All assignments of the course, one below the other."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import streamlit as st

from classroom.assignments import Card
from pages._parts.assignments.facts import headline

HERE = Path(__file__).resolve().parents[2] / "assignments.py"


# Streamlit draws a way to the page one is on as a grey chip; these lead on, and look like it.
STYLE = """<style>
[class*=st-key-assignment-] [data-testid=stPageLink-NavLink] { background: none; padding-left: 0; }
[class*=st-key-assignment-] [data-testid=stPageLink-NavLink] p { font-size: 1.125rem; text-decoration: underline; }
[class*=st-key-assignment-] .stPageLink a * { white-space: normal; line-height: 1.5; }  /* a long title: two lines */
</style>"""


def listing(cards: Sequence[Card], now: datetime) -> None:
    """A line for each, with the way in; what is closed comes last."""
    if not cards:
        st.info(
            "Nothing is published yet. Your instructor opens assignments here; until then, the labs are open to all."
        )
    st.html(STYLE)
    for card in sorted(cards, key=lambda card: card.stage == "closed"):
        with st.container(border=True, key=f"assignment-{card.name}"):
            st.page_link(HERE, label=f"**{card.title}**", query_params={"set": card.name})
            st.markdown(headline(card, now))
