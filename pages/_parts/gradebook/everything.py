"""The whole course: points of everybody in every assignment."""

import pandas as pd
import streamlit as st

from classroom.desk import Desk
from classroom.overview import Matrix, matrix
from classroom.people import Person
from pages._kit import lab
from pages._kit.course import points
from pages._kit.scrolling import scrolling
from pages._parts.gradebook import decide, figures, keeping


def show(desk: Desk, who: Person, *, section: str, anonymous: bool) -> None:
    """Heat map, table, exports."""
    found = matrix(desk, who, section=section, anonymous=anonymous)
    if not found.assignments:
        st.info("This course has no assignments yet: put a notebook into the folder `source` of the course.")
        return
    if not found.lines:
        st.info("Nobody is on the roster here. Bring the roster under Members, or choose all sections.")
        return
    _heat(found)
    rows = []
    for line in found.lines:
        each = {name: points(had) for (name, _, _), had in zip(found.assignments, line.points, strict=True)}
        total = f"{points(line.total)} of {points(found.out_of)}"
        rows.append({"student": line.name, "section": line.section or "-", **each, "whole course": total})
    st.html(scrolling(pd.DataFrame(rows).set_index("student"), label="Points of the whole course"))
    decide.exports_of(desk, who, ())
    keeping.fill(desk, who)
    keeping.keep(desk, who)


def _heat(found: Matrix) -> None:
    """Assignments by students, without assignments in which nobody has points yet."""
    lines = sorted(found.lines, key=lambda line: (line.total, line.name))
    begun = [
        (place, title, out_of)
        for place, (_, title, out_of) in enumerate(found.assignments)
        if any(line.points[place] is not None for line in lines)
    ]
    if not begun:
        st.info("Nobody has points yet.")
        return
    shares = [
        [None if (had := line.points[place]) is None else had / out_of if out_of else 1.0 for line in lines]
        for place, _, out_of in begun
    ]
    alt = (
        f"Share of the points of {len(lines)} students in {len(begun)} assignments. "
        f"The most are {points(lines[-1].total)} of {points(found.out_of)}."
    )
    titles = [title for _, title, _ in begun]
    lab.chart(figures.heat(titles, [line.name for line in lines], shares), key="course-heat", alt=alt)
    rest = len(found.assignments) - len(begun)
    others = f" Left out: {rest} in which nobody has points yet." if rest else ""
    st.caption(f"A gap: nothing handed in, or not decided yet.{others} The numbers are in the table below.")
