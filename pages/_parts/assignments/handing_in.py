"""Handing in: what is typed on the page, or a file from Jupyter; a receipt for either."""

from collections.abc import Callable

import streamlit as st

from classroom import assignments, editor, work
from classroom.assignments import Card
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from grading.errors import GradingError
from grading.service import Receipt
from pages._kit.downloads import download
from pages._kit.words import plain
from pages._parts.assignments.facts import rules
from pages._parts.assignments.results import following

MOST_MB = 20


def typed(desk: Desk, who: Person, card: Card) -> None:
    """The button below the notebook."""
    st.markdown("## Hand in")
    _rules(desk, card)
    st.button(
        "Hand in what is typed here",
        key=f"hand-in-{card.name}",
        type="primary",
        disabled=not _open(card),
        on_click=_take,
        args=(card.name, lambda: editor.hand_in(desk, who, card.name)),
    )
    receipt(desk, who, card.name)


def file(desk: Desk, who: Person, card: Card) -> None:
    """Take the files along, come back with the answered notebook."""
    name, data = assignments.files(desk, who, card.name)
    st.markdown(
        "Work in Jupyter or on Colab: take the files along, fill the cells in, and hand the notebook in here. "
        "Keep the notebook's name and its cells; you may add cells of your own."
    )
    with st.container(horizontal=True, key="take-along"):
        download("Download for Jupyter", data, file=name, key="files")
        own, typed_so_far = editor.notebook(desk, who, card.name)
        download("Download with what I typed here", typed_so_far, file=own, key="own-files", icon=None)
    _rules(desk, card)
    taken = st.file_uploader(
        "The answered notebook, or a zip archive of several",
        ["ipynb", "zip"],
        key=f"upload-{card.name}",
        max_upload_size=MOST_MB,
        disabled=not _open(card),
    )
    if taken is not None:
        st.button(
            "Hand this file in",
            key=f"hand-in-file-{card.name}",
            type="primary",
            on_click=_take,
            args=(card.name, lambda: work.hand_in(desk, who, card.name, file=taken.name, data=taken.getvalue())),
        )
    receipt(desk, who, card.name)


def receipt(desk: Desk, who: Person, name: str) -> None:
    """What the last hand-in of this visit was acknowledged with, or why it was not taken."""
    if refused := st.session_state.pop(f"_refused-{name}", ""):
        st.error(plain(refused), icon=":material/error:")
        return
    kept: Receipt | None = st.session_state.get(f"_receipt-{name}")
    if kept is None:
        return
    st.success(str(kept), icon=":material/check_circle:")
    for note in kept.notes:
        st.caption(plain(note))
    following(desk, who, name, kept.attempt.hand_in)


def _take(name: str, hand_in: Callable[[], Receipt]) -> None:
    """Hand in before anything of the page is drawn: what is drawn may be cut short by the next click, this may not."""
    try:
        st.session_state[f"_receipt-{name}"] = hand_in()
    except (ClassroomError, GradingError) as refusal:
        st.session_state[f"_refused-{name}"] = str(refusal)


def _rules(desk: Desk, card: Card) -> None:
    if not _open(card):
        st.info("This assignment takes nothing in now.")
    said = list(rules(card, desk.clock()))
    if said:
        st.caption(" ".join(said))


def _open(card: Card) -> bool:
    return card.stage in ("open", "late") and card.left != 0
