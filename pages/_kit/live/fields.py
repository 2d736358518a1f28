"""A question to be answered, field by kind: the same for a class that is asked and for somebody who practises."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import streamlit as st

from core.types import Pair
from pages._kit.click_picture import Place, click_picture
from pages._kit.discovery import open_to_all
from pages._kit.pictures import data_uri
from pages._kit.ways import link
from pages._kit.words import plain
from syllabus.pictures import picture as drawn
from syllabus.questions import Kind, Question

LABEL = "Your answer"
PLACEHOLDERS = {"number": "a number", "shape": "height x width x maps"}


def field(kind: Kind, options: Sequence[str], picture: str, *, key: str, start: object = None) -> object:
    """The field for an answer of this kind, and what stands in it; it begins with `start`."""
    if kind == "click":
        address, size = shown(picture)
        return click_picture(address, size, base=key, alt=f"Picture: {picture}.", key=key, start=place_of(start))
    if start is not None and key not in st.session_state:
        st.session_state[key] = list(start) if isinstance(start, tuple) else start
    if kind in ("choice", "slide"):
        label = "Which line is wrong?" if kind == "slide" else LABEL
        given: object = st.radio(label, options, index=None, format_func=plain, key=key)
        return given
    if kind == "several":
        return st.pills(f"{LABEL} (mark all that hold)", options, selection_mode="multi", format_func=plain, key=key)
    return st.text_input(LABEL, max_chars=40, placeholder=PLACEHOLDERS[kind], key=key)


def given_in(key: str) -> object:
    """What stands in a field as a callback finds it, whatever its kind."""
    given = st.session_state.get(key)
    _, place = st.session_state.get(f"_{key}", (None, None))
    return place or (tuple(given) if isinstance(given, list) else given)


def place_of(given: object) -> Place | None:
    """An answer as a place on its picture, if it is one."""
    return (float(given[0]), float(given[1])) if isinstance(given, tuple) else None


def framed(question: Question, *, key: str, told: bool = True) -> None:
    """The picture of a question to look at; with what is right, if that may be `told`."""
    address, size = shown(question.picture)
    alt, regions = f"Picture: {question.picture}.", question.regions if told else ()
    click_picture(address, size, base=question.picture, alt=alt, key=key, locked=True, regions=regions)


def lab(page: str, *, apart: bool = False) -> None:
    """The way to the lab that shows it, if there is one; `apart` in a tab of its own."""
    titles = {each.name: each.title for each in open_to_all()}
    if page:
        title = titles.get(page.partition("?")[0], page)
        st.html(f"See it: {beside(page, title) if apart else link(page, title)}")


def beside(address: str, title: str) -> str:
    """A link that opens a tab of its own, so that nothing that was typed here is lost.

    >>> beside("layer?maps=6", "One convolutional layer")
    '<a href="layer?maps=6" target="_blank">One convolutional layer</a>'
    """
    return f'<a href="{escape(address)}" target="_blank">{escape(title)}</a>'


@lru_cache(maxsize=64)
def shown(name: str) -> tuple[str, Pair]:
    """A picture of the questions as an address, and its size (H, W)."""
    image = drawn(name)
    return data_uri(image), (image.shape[0], image.shape[1])
