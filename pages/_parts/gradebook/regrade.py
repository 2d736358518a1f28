"""Grading again: first whose marks would change, graded beside the page and recorded nowhere; then the button."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.overview import Overview
from classroom.people import Person
from classroom.staff import actions, regrading
from classroom.staff.regrading import Moved
from core.errors import CoreError
from core.learning.train import Progress
from grading.errors import GradingError
from pages._kit import course, watching
from pages._kit.background import Job
from pages._kit.course import points
from pages._kit.scrolling import scrolling
from pages._parts.gradebook.done import did

JOB = "regrade"


def show(desk: Desk, who: Person, one: Overview, names: dict[str, str]) -> None:
    """Whom and what, the preview, the regrade."""
    st.markdown("## Grade again")
    if not names:
        st.caption("Nothing is handed in yet.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="regrading"):
        whom = st.selectbox(
            "Whose hand-ins", ["", *names], format_func=lambda key: names.get(key, "Everybody's"), key="again-whom"
        )
        asked = ["", *(question.id for question in one.questions if not question.by_hand)]
        question = st.selectbox("Which question", asked, format_func=lambda id: id or "All", key="again-question")
        if st.button("Preview", key="preview"):
            watching.begin(
                JOB, (one.name, whom, question), lambda report: _preview(desk, who, one, whom, question, report)
            )
    st.caption(
        "The preview grades what was handed in beside this page, shows whose points differ, and records nothing."
    )
    job = watching.current(JOB)
    if job is not None and job.setting == (one.name, whom, question):
        watching.watch(JOB, lambda job: _found(job, {row.student: row.name for row in one.rows}))
    elif job is not None:
        st.caption("The preview was of another choice.")
    many = sum(row.hand_ins for row in one.rows if not whom or row.student == whom)
    with st.popover("Regrade", key="regrade-open"):
        what = f"question {question}" if question else "all questions"
        st.markdown(
            f"{many} hand-ins are graded anew, {what}. What people marked stays; the history keeps every outcome."
        )
        reason = st.text_input("Why", key="again-why", max_chars=actions.LONGEST, help="Students read it.")
        if st.button("Regrade them", key="regrade", type="primary"):
            with course.speaking():
                asked_for = regrading.regrade(desk, who, one.name, student=whom, question=question, reason=reason)
                did(f"{len(asked_for)} gradings wait in the queue.")


def _preview(desk: Desk, who: Person, one: Overview, whom: str, question: str, report: Progress) -> Iterator[Any]:
    """Runs in a thread: nothing of the page may be touched here."""
    many = sum(row.hand_ins for row in one.rows if not whom or row.student == whom) or 1

    def looked(number: int) -> None:
        report(min(0.99, number / many), f"{number} of at most {many} hand-ins")

    try:
        yield from regrading.preview(desk, who, one.name, student=whom, question=question, looked=looked)
    except (ClassroomError, GradingError) as problem:
        raise CoreError(str(problem)) from problem


def _found(job: Job, names: dict[str, str]) -> None:
    changes: list[Moved] = list(job.found)
    if changes:
        rows = [
            {
                "student": names.get(each.student, each.name),
                "hand-in": each.number,
                "before": points(each.before),
                "after": points(each.after),
                "change": f"{'+' if each.gained > 0 else ''}{points(each.gained)}",
                "questions": ", ".join(each.questions),
            }
            for each in changes
        ]
        st.html(scrolling(pd.DataFrame(rows).set_index("student"), label="Whose marks would change"))
    if not job.running and not job.wrong:
        said = "Stopped before the end" if job.stopped else "All were graded"
        up, down = sum(each.gained > 0 for each in changes), sum(each.gained < 0 for each in changes)
        st.markdown(f"{said}: **{up}** hand-ins would gain points, **{down}** would lose some. Nothing was recorded.")
