"""What is on its way: gradings that wait, how long they take, and what the machine could not decide."""

from urllib.parse import quote

import pandas as pd
import streamlit as st

from classroom.desk import Desk, nobody_grades
from classroom.overview import Overview, Waits
from classroom.overview import queue as queue_of
from classroom.people import Person
from classroom.staff.regrading import Undecided, undecided
from pages._kit import beside, course
from pages._kit.scrolling import scrolling
from pages._kit.ways import link

SHOWN = 50  # gradings listed


def show(desk: Desk, who: Person, one: Overview) -> None:
    """The queue, the times, the inbox."""
    beside.notice(stalled=nobody_grades(desk))
    now, whole = desk.clock(), queue_of(desk, who)
    with st.container(horizontal=True, key="queue-numbers"):
        st.metric("Waiting, whole course", whole.waiting, width="content")
        st.metric("Being graded", whole.grading, width="content")
        if one.times:
            st.metric("Hand-in to verdict, median", _long(one.times.median), width="content")
            st.metric("95 of 100 within", _long(one.times.p95), width="content")
    if whole.oldest:
        st.caption(f"The longest waiting came {course.distance(whole.oldest, now)}.")
    if one.waiting:
        st.html(scrolling(_table(one.waiting[:SHOWN], desk), label="Gradings that wait"))
        if len(one.waiting) > SHOWN:
            st.caption(f"And {len(one.waiting) - SHOWN} more.")
    else:
        st.info("Nothing of this assignment waits for grading.")
    st.markdown("## Undecided")
    shown = {row.student: row.name for row in one.rows}
    inbox = [each for each in undecided(desk, who, assignment=one.name) if each.student in shown]
    if not inbox:
        st.info("The machine decided everything it was asked.")
    for each in inbox:
        _undecided(each, shown[each.student], screen="&screen=true" if one.anonymous else "")


def _undecided(one: Undecided, name: str, *, screen: str) -> None:
    with st.container(border=True):
        st.text(f"{name}, hand-in {one.number}, {course.when(one.at)}")
        st.text(f"Why: {one.why or 'nothing was said'}")
        ways = [link(f"gradebook?hand_in={one.hand_in}{screen}", "Open it")]
        ways += [
            link(f"marking?hand_in={one.hand_in}&question={quote(each)}", f"Mark {each}") for each in one.questions
        ]
        st.html(f"<p>{' · '.join(ways)}</p>")
        st.caption("Once the cause is mended, ask for a regrade of this student under Decide.")


def _table(waiting: tuple[Waits, ...], desk: Desk) -> pd.DataFrame:
    now = desk.clock()
    rows = [
        {
            "place": place,
            "student": each.name,
            "since": course.distance(each.since, now),
            "state": "being graded" if each.being_graded else "waits",
            "kind": "regrade" if each.again else "first grading",
        }
        for place, each in enumerate(waiting, 1)
    ]
    return pd.DataFrame(rows).set_index("place")


def _long(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.0f} h"
