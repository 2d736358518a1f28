"""Who took part in class, and how each question went."""

import pandas as pd
import streamlit as st

from classroom.desk import Desk
from classroom.live import results
from classroom.live.results import Went
from classroom.people import Person
from classroom.permissions import may
from pages._kit import course
from pages._kit.downloads import download
from pages._kit.scrolling import scrolling
from pages._parts.live import choosing

ALL = "all"


def show(desk: Desk, who: Person) -> None:
    """Which class; its questions, its students, the file."""
    known = {ALL: "All of them", **{str(one.id): course.when(one.began) for one in desk.lectures.lectures()}}
    chosen = choosing.choose("Class", known, key="class")
    lecture = None if chosen == ALL else int(chosen)
    went = results.per_question(desk, who, lecture=lecture)
    if not went:
        st.info("Nothing was asked. What the class answers is counted here.")
        return
    st.markdown("## Questions")
    st.html(scrolling(_questions(went), label="Questions"))
    st.caption(
        "Gain: of those who were wrong at first, the share by which the second vote was better (Hake). Students' votes "
        "alone."
    )
    st.markdown("## Students")
    st.html(scrolling(_students(desk, who, lecture), label="Students"))
    if may(who, "export"):
        with st.container(key="participation"):
            file = "participation.csv"
            download("Download as CSV", lambda: results.as_file(desk, who, lecture=lecture), file=file, key="csv")


def _questions(went: tuple[Went, ...]) -> pd.DataFrame:
    rows = [
        {
            "question": one.question,
            "asked": one.prompt if len(one.prompt) <= 70 else f"{one.prompt[:67]} ...",
            "votes": _of(one.votes, 0),
            "right": _share(one, 0),
            "second votes": _of(one.votes, 1),
            "right then": _share(one, 1),
            "gain": "-" if one.gain is None else f"{one.gain:.2f}",
        }
        for one in went
    ]
    return pd.DataFrame(rows).set_index("question")


def _students(desk: Desk, who: Person, lecture: int | None) -> pd.DataFrame:
    rows = [
        {
            "student": one.student.name,
            "section": one.student.section or "-",
            "asked": one.asked,
            "answered": one.answered,
            "right": one.right,
        }
        for one in results.participation(desk, who, lecture=lecture)
    ]
    return pd.DataFrame(rows, columns=["student", "section", "asked", "answered", "right"]).set_index("student")


def _of(votes: tuple[int, ...], round: int) -> str:
    return str(votes[round]) if round < len(votes) else "-"


def _share(one: Went, round: int) -> str:
    share = one.shares[round] if round < len(one.shares) else None
    return "-" if share is None else f"{100 * share:.0f} %"
