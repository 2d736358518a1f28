"""One assignment student by student: how many are how far, who has what, who has not begun."""

from statistics import median

import pandas as pd
import streamlit as st

from classroom.desk import Desk
from classroom.overview import Overview, Row
from classroom.people import Person
from pages._kit import course, lab
from pages._kit.course import points
from pages._kit.scrolling import Way, scrolling
from pages._parts.gradebook import figures

STATES = {
    "not begun": "not begun",
    "begun": "has a draft",
    "waiting": "waits for grading",
    "undecided": "undecided",
    "to mark": "a person has to mark",
    "graded": "graded",
}


def show(_desk: Desk, _who: Person, one: Overview) -> None:
    """Numbers, heat map, distribution, table, and who has not begun."""
    if not one.rows:
        st.info("Nobody is on the roster here. Bring the roster under Members, or choose all sections.")
        return
    _numbers(one)
    handed = sorted((row for row in one.rows if row.entries), key=lambda row: (row.points or 0.0, row.name))
    if handed:
        if any(question.points for question in one.questions):
            _heat(one, handed)
        _spread(one)
    else:
        st.info("Nothing is graded yet. What students hand in appears here as soon as it is.")
    st.markdown("## Everybody")
    if handed:
        st.caption("A name leads to the hand-in that counts, with its notebook.")
    st.html(scrolling(table(one), label=f"Everybody and {one.title}"))
    missing = [row for row in one.missing if row.member]
    if missing:
        st.markdown(f"## Nothing handed in ({len(missing)})")
        for state, words in (("not begun", "Not begun"), ("begun", "A draft, nothing handed in")):
            names = [row.name for row in missing if row.state == state]
            if names:
                st.markdown(f"**{words} ({len(names)})**")
                st.text(", ".join(names))


def table(one: Overview) -> pd.DataFrame:
    """The numbers of everybody."""
    rows = []
    for row in one.rows:
        had = {entry.question: points(entry.points) for entry in row.entries}
        rows.append(
            {
                "student": _way(row, anonymous=one.anonymous),
                "points": "-" if row.points is None else f"{points(row.points)} of {points(one.out_of)}",
                "section": row.section or "-",
                "state": STATES[row.state] + ("" if row.member else ", has left"),
                **{question.id: had.get(question.id, "-") for question in one.questions if question.points},
                "hand-ins": row.hand_ins,
                "days late": row.days_late or "-",
                "last hand-in": course.when(row.last) if row.last else "-",
            }
        )
    return pd.DataFrame(rows).set_index("student")


def _way(row: Row, *, anonymous: bool) -> Way | str:
    """The name, which leads to the hand-in that counts."""
    if not row.hand_in:
        return row.name
    return Way(f"gradebook?hand_in={row.hand_in}{'&screen=true' if anonymous else ''}", row.name)


def _numbers(one: Overview) -> None:
    members = [row for row in one.rows if row.member]
    states = [row.state for row in one.rows]
    middle = f"{points(median(one.points))} of {points(one.out_of)}" if one.points else "-"
    with st.container(horizontal=True, key="numbers"):
        st.metric("Handed in", f"{sum(row.hand_ins > 0 for row in members)} of {len(members)}", width="content")
        st.metric("Median points", middle, width="content")
        st.metric("To mark by a person", states.count("to mark"), width="content")
        st.metric("Undecided", states.count("undecided"), width="content")
        st.metric("In the queue", len(one.waiting), width="content")


def _heat(one: Overview, handed: list[Row]) -> None:
    questions = [question.id for question in one.questions if question.points]
    shares = []
    for question in questions:
        entries = [next((entry for entry in row.entries if entry.question == question), None) for row in handed]
        shares.append(
            [
                None if entry is None or entry.points is None else entry.points / entry.out_of if entry.out_of else 1.0
                for entry in entries
            ]
        )
    worst = min(
        (each for each in one.failures if each.question.points),
        key=lambda each: 9.0 if each.mean is None else each.mean / each.question.points,
    )
    alt = (
        f"Share of the points for {len(questions)} questions and {len(handed)} students. "
        f"The least is had in {worst.question.id}: {points(worst.mean)} of {points(worst.question.points)} on average."
    )
    st.markdown("## Students and questions")
    lab.chart(figures.heat(questions, [row.name for row in handed], shares), key="heat", alt=alt)
    st.caption("A gap: nobody has decided this yet. The numbers are in the table below.")


def _spread(one: Overview) -> None:
    if not one.points:
        return
    most = max(one.bins, key=lambda each: each.count)
    alt = f"How {len(one.points)} students' points are spread; most, {most.count}, have {figures.span(most)}."
    numbers = pd.DataFrame({"points": map(figures.span, one.bins), "students": [each.count for each in one.bins]})
    st.markdown("## How the points are spread")
    lab.chart(figures.spread(one.bins), key="spread", alt=alt, table=numbers.set_index("points"))
