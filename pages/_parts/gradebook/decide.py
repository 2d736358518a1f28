"""What an instructor decides about an assignment; every action says what it does before the button that does it."""

from datetime import datetime, time, timedelta

import pandas as pd
import streamlit as st

from classroom.desk import Desk
from classroom.overview import Overview
from classroom.people import Person
from classroom.permissions import may
from classroom.staff import actions
from classroom.staff.audit import audit
from classroom.staff.exporting import NAMED, exports, problems
from grading.exports import Format
from pages._kit import course
from pages._kit.downloads import download
from pages._kit.scrolling import folded, scrolling
from pages._kit.words import plain
from pages._parts.gradebook import regrade
from pages._parts.gradebook.done import did, say_what_was_done

FORMATS: dict[str, Format] = {
    "Table (CSV)": "csv",
    "Questions (CSV)": "questions",
    "Canvas": "canvas",
    "Moodle": "moodle",
    "nbgrader": "nbgrader",
}


def show(desk: Desk, who: Person, one: Overview) -> None:
    """More time, results, regrades, exports, audit."""
    say_what_was_done()
    if not may(who, "extend"):
        st.info("Extensions, releases, regrades and exports are for instructors.")
        return
    names = {row.student: row.name for row in one.rows if row.member}
    _extend(desk, who, one, names)
    _release(desk, who, one, names)
    regrade.show(desk, who, one, {row.student: row.name for row in one.rows if row.hand_ins})
    exports_of(desk, who, (one.name,))
    _audit(desk, who, one)


def exports_of(desk: Desk, who: Person, assignments: tuple[str, ...]) -> None:
    """The marks as a file for another system."""
    if not may(who, "export"):
        return
    st.markdown("## Take the marks elsewhere")
    with st.container(horizontal=True, vertical_alignment="bottom", key="export-choices"):
        kind = st.selectbox("For", list(FORMATS), key="format", bind="query-params", width=200)
        hidden = st.toggle(
            "Without names",
            key="pseudonyms",
            bind="query-params",
            disabled=FORMATS[kind] in NAMED,
            help="Everybody keeps the same invented name in every export.",
        )
        hidden = hidden and FORMATS[kind] not in NAMED
        what = assignments[0] if len(assignments) == 1 else "course"
        download(
            "Export",
            lambda: exports(desk, who, FORMATS[kind], assignments, pseudonymous=hidden)[1],
            file=f"{what}-{FORMATS[kind]}{'-no-names' if hidden else ''}.csv",
            key="export",
        )
    st.caption("It holds everybody, whatever section is chosen above. What is not decided is left empty.")
    for sentence in problems(desk, who, FORMATS[kind]):
        st.warning(plain(sentence), icon=":material/lightbulb:")


def _extend(desk: Desk, who: Person, one: Overview, names: dict[str, str]) -> None:
    st.markdown("## More time")
    if one.extended:
        rows = [
            {
                "student": row.name,
                "until": course.when(row.extension.until) if row.extension.until else "-",
                "attempts more": row.extension.attempts or "-",
                "why": row.extension.why or "-",
            }
            for row in one.extended
            if row.extension
        ]
        st.html(scrolling(pd.DataFrame(rows).set_index("student"), label="Extensions in force"))
    else:
        st.caption("No extension is in force.")
    with st.container(horizontal=True, key="extending"):
        with st.popover("Extend", key="extend-open"):
            whom = st.selectbox(
                "For whom", ["", *names], format_func=lambda key: names.get(key, "Everybody"), key="whom"
            )
            tomorrow = (desk.clock() + timedelta(days=1)).astimezone(course.here())
            day = st.date_input("Until", tomorrow.date(), key="until-day")
            hour = st.time_input("At", time(23, 59), key="until-hour", step=300)
            timed = st.checkbox("Extend the time", value=True, key="timed")
            more = st.number_input("Attempts more", 0, 100, 0, key="attempts-more")
            why = st.text_input("Why", key="why-more", max_chars=actions.LONGEST)
            until = datetime.combine(day, hour, course.here()) if timed else None
            st.caption(plain(_extends(names.get(whom, "everybody"), until, int(more))))
            if st.button("Extend it", key="extend", type="primary"):
                with course.speaking():
                    chosen = [whom] if whom else []
                    actions.extend(desk, who, one.name, students=chosen, until=until, attempts=int(more), why=why)
                    did(f"Extended for {names.get(whom, 'everybody')}.")
        if one.extended:
            with st.popover("Take an extension back", key="unextend-open"):
                given = {row.student: row.name for row in one.extended}
                whose = st.selectbox("Whose", list(given), format_func=given.__getitem__, key="whose")
                st.caption("Everybody's dates and attempts hold for them again; what came later is late.")
                if st.button("Take it back", key="unextend", type="primary"):
                    with course.speaking():
                        actions.take_back_extension(desk, who, one.name, whose)
                        did(f"The extension of {given[whose]} is taken back.")


def _extends(whom: str, until: datetime | None, more: int) -> str:
    parts = [f"may hand in until {course.when(until)}"] if until else []
    parts += [f"gets {more} attempts more"] if more else []
    return f"What this does: {whom} {' and '.join(parts)}." if parts else "Choose a time or a number of attempts."


def _release(desk: Desk, who: Person, one: Overview, names: dict[str, str]) -> None:
    st.markdown("## Results")
    seen, apart = actions.released(desk, who, one.name), actions.released_apart(desk, who, one.name)
    st.markdown("Students see their results." if seen else "Students do **not** see their results.")
    others = [names[key] for key in apart if key in names]
    if others:
        st.text(f"Other than that, {'hidden from' if seen else 'shown to'}: {', '.join(others)}")
    whom = st.selectbox(
        "Whose results",
        ["", *names],
        format_func=lambda key: names.get(key, "Everybody's"),
        key="release-whom",
        width=260,
    )
    shown = apart.get(whom, seen)
    with st.popover("Withdraw results" if shown else "Release results", key="release-open"):
        st.markdown(_releases(plain(names.get(whom, "")), plain(one.title), visible=not shown))
        if st.button("Hide them" if shown else "Show them", key="release", type="primary"):
            with course.speaking():
                actions.release(desk, who, one.name, students=[whom] if whom else [], visible=not shown)
                did(f"{_whose(names.get(whom, ''))} are {'hidden' if shown else 'released'}.")


def _releases(student: str, title: str, *, visible: bool) -> str:
    """What the button does, in a sentence."""
    if student:
        what = "will see points, what was seen and your comments" if visible else "will not see any results"
        return f"{student} {what} for {title}, whatever holds for the others; until it is said for all again."
    if visible:
        return f"All students will see their points, what was seen and your comments for {title}."
    return f"The results of {title} will be hidden from all students until you release them."


def _whose(name: str) -> str:
    return f"The results of {name}" if name else "The results"


def _audit(desk: Desk, who: Person, one: Overview) -> None:
    st.markdown("## Who did what")
    lines = audit(desk, who, assignment=one.name, limit=100)
    rows = [{"when": course.when(line.at), "who": line.name, "what": line.what, "about": line.about} for line in lines]
    if not rows:
        st.caption("Nothing happened yet.")
        return
    folded("The last hundred deeds about this assignment", pd.DataFrame(rows).set_index("when"), key="audit")
