"""One assignment question by question: where points are lost, and what those who lost them were told."""

import streamlit as st

from classroom.desk import Desk
from classroom.overview import Overview
from classroom.people import Person
from classroom.staff.figures import Failure
from pages._kit import lab
from pages._kit.course import points
from pages._kit.ways import link
from pages._kit.words import plain
from pages._parts.gradebook import figures


def show(_desk: Desk, _who: Person, one: Overview) -> None:
    """A bar for each question, then each in words, the one that went worst first."""
    if not any(row.entries for row in one.rows):
        st.info("Nothing is graded yet: come back when somebody has handed in.")
        return
    failures = [each for each in one.failures if each.question.points] or one.failures
    worst = min(failures, key=_share)
    alt = (
        f"{len(failures)} questions by how many have full points, a part, none, or no decision yet. "
        f"{worst.question.id} went worst: {worst.full} of {worst.graded} have full points."
    )
    lab.chart(figures.failing(failures), key="failing", alt=alt)
    for each in sorted(failures, key=_share):
        _question(each)


def _question(one: Failure) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(one.question.id)}** · {plain(one.question.title)}{one.question.addition}")
        if one.graded:
            decided = f"{points(one.mean)} of {points(one.question.points)} points on average"
            waits = f", {one.undecided} not decided" if one.undecided else ""
            st.markdown(f"{decided}: {one.full} full, {one.part} a part, {one.none} none{waits}.")
        else:
            st.html(f"<p>{one.undecided} wait for a person. {link('marking', 'Mark them')}</p>")
        if one.seen:
            many = "One was told" if one.times == 1 else f"{one.times} were told"
            st.markdown(f"{many}, more than anything else:")
            st.code(one.seen, language=None, wrap_lines=True)
            if one.hint:
                st.text(f"Their hint: {one.hint}")


def _share(one: Failure) -> float:
    """The share of points had; what nobody has a verdict for comes last."""
    return one.mean / one.question.points if one.mean is not None and one.question.points else 2.0
