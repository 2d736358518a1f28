"""A question to be answered, field by kind: the same for a class that is asked and for somebody who practises."""

from collections.abc import Sequence

import streamlit as st

from classroom.live.answers import Tally
from core.types import Pair
from pages._kit.click_picture import Place, Region, click_picture
from pages._kit.discovery import open_to_all
from pages._kit.live.bars import bars
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
        begin = (float(start[0]), float(start[1])) if isinstance(start, tuple) else None
        return click_picture(address, size, base=key, alt=f"Picture: {picture}.", key=key, start=begin)
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


def looked_for(kind: Kind) -> str:
    """What to call the answer once it is out."""
    return "The wrong line" if kind == "slide" else "Right"


def counted(
    kind: Kind,
    rounds: Sequence[Tally],
    picture: str,
    *,
    key: str,
    marked: bool,
    regions: Sequence[Region] = (),
    mine: Place | None = None,
) -> None:
    """How the class voted, in one round or in both; what is right is `marked` once it is out."""
    if kind != "click":
        st.html(bars(rounds, marked=looked_for(kind) if marked else ""))
        return
    address, size = shown(picture)
    last = rounds[-1]
    alt = f"Picture: {picture}, with {last.votes} places that were taken{' and what is right' if marked else ''}."
    click_picture(
        address, size, base=key, alt=alt, key=key, start=mine, locked=True, regions=regions, points=last.points
    )
    if marked:
        st.caption(", then ".join(f"{one.right} of {one.votes} inside" for one in rounds) + ".")


def framed(question: Question, *, key: str, told: bool = True) -> None:
    """The picture of a question to look at; with what is right, if that may be `told`."""
    address, size = shown(question.picture)
    alt, regions = f"Picture: {question.picture}.", question.regions if told else ()
    click_picture(address, size, base=question.picture, alt=alt, key=key, locked=True, regions=regions)


def lab(page: str) -> None:
    """The way to the lab that shows it, if there is one."""
    titles = {each.name: each.title for each in open_to_all()}
    if page:
        st.html(f"See it: {link(page, titles.get(page.partition('?')[0], page))}")


@st.cache_data(show_spinner=False, max_entries=64)
def shown(name: str) -> tuple[str, Pair]:
    """A picture of the questions as an address, and its size (H, W)."""
    image = drawn(name)
    return data_uri(image), (image.shape[0], image.shape[1])
