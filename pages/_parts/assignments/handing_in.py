"""Handing in: what is typed on the page, or a file from Jupyter; a receipt for either."""

import streamlit as st

from classroom import assignments, editor, work
from classroom.assignments import Card
from classroom.desk import Desk
from classroom.people import Person
from grading.service import Receipt
from pages._kit.course import speaking
from pages._kit.words import plain
from pages._parts.assignments.facts import rules

MOST_MB = 20


def typed(desk: Desk, who: Person, card: Card) -> None:
    """The button below the notebook."""
    st.markdown("## Hand in")
    _rules(desk, card)
    if st.button("Hand in what is typed here", key=f"hand-in-{card.name}", type="primary", disabled=not _open(card)):
        with speaking():
            _keep(card.name, editor.hand_in(desk, who, card.name))
    receipt(card.name)


def file(desk: Desk, who: Person, card: Card) -> None:
    """Take the files along, come back with the answered notebook."""
    name, data = assignments.files(desk, who, card.name)
    st.markdown(
        "Work in Jupyter or on Colab: take the files along, fill the cells in, and hand the notebook in here. "
        "Keep the notebook's name and its cells; you may add cells of your own."
    )
    with st.container(horizontal=True, key="take-along"):
        st.download_button("Download for Jupyter", data, file_name=name, key="files", icon=":material/download:")
        own, typed_so_far = editor.notebook(desk, who, card.name)
        st.download_button("Download with what I typed here", typed_so_far, file_name=own, key="own-files")
    _rules(desk, card)
    taken = st.file_uploader(
        "The answered notebook, or a zip archive of several",
        ["ipynb", "zip"],
        key=f"upload-{card.name}",
        max_upload_size=MOST_MB,
        disabled=not _open(card),
    )
    if taken is not None and st.button("Hand this file in", key=f"hand-in-file-{card.name}", type="primary"):
        with speaking():
            _keep(card.name, work.hand_in(desk, who, card.name, file=taken.name, data=taken.getvalue()))
    receipt(card.name)


def receipt(name: str) -> None:
    """What the last hand-in of this visit was acknowledged with."""
    kept: Receipt | None = st.session_state.get(f"_receipt-{name}")
    if kept is None:
        return
    st.success(str(kept), icon=":material/check_circle:")
    for note in kept.notes:
        st.caption(plain(note))
    st.markdown("Under **Results** you see it being graded.")


def _keep(name: str, receipt: Receipt) -> None:
    st.session_state[f"_receipt-{name}"] = receipt


def _rules(desk: Desk, card: Card) -> None:
    if not _open(card):
        st.info("This assignment takes nothing in now.")
    said = list(rules(card, desk.clock()))
    if said:
        st.caption(" ".join(said))


def _open(card: Card) -> bool:
    return card.stage in ("open", "late") and card.left != 0
