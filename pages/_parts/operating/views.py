"""What was found, drawn: first what needs somebody, then everything as a table."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from classroom.operation import Finding
from pages._kit import course
from pages._kit.scrolling import scrolling
from pages._kit.words import plain

WORDS = {"fine": "fine", "look": "have a look", "act": "act now"}


def show(found: Sequence[Finding], *, now: datetime) -> None:
    """Sentences for what is not fine, and the table."""
    wrong = [one for one in found if one.state != "fine"]
    sentences(wrong, now=now)
    if not wrong:
        st.success("Everything is fine.", icon=":material/check_circle:")
    rows = [{"What": one.what, "State": WORDS[one.state], "Now": said(one, now)} for one in found]
    st.html(scrolling(pd.DataFrame(rows).set_index("What"), label="The server"))


def sentences(found: Sequence[Finding], *, now: datetime) -> None:
    """Each in words, with what helps."""
    for one in found:
        draw = {"fine": st.success, "look": st.warning, "act": st.error}[one.state]
        icon = ":material/check_circle:" if one.state == "fine" else ":material/error:"
        draw(f"**{one.what}.** {_sentence(plain(said(one, now)))} {one.do}", icon=icon)


def said(one: Finding, now: datetime) -> str:
    """What was found, and how long ago, where it is about a moment.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> said(Finding("Last backup", "fine", "taken", at=noon.replace(hour=9)), noon)
    'taken 3 hours ago'
    """
    return f"{one.says} {course.distance(one.at, now)}" if one.at else one.says


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
