"""Course: Gradebook

One idea: everybody's work at a glance, by student and by question, with what an instructor decides about it.

For: assistants
"""

import streamlit as st

from classroom.overview import overview
from classroom.permissions import require
from pages._kit import course
from pages._parts.gradebook import attempt, decide, everything, questions, queue, similar, stuck, students

VIEWS = {"Students": students.show, "Questions": questions.show, "Queue": queue.show, "Decide": decide.show}
LOOKS = {"Who is stuck": stuck.show, "Similar solutions": similar.show}  # without all the marks
ORDER = ["Students", "Questions", "Queue", "Who is stuck", "Similar solutions", "Decide"]
ALL = "The whole course"


def choices(names: tuple[str, ...], sections: list[str]) -> tuple[str, str, bool]:
    """Which assignment, which section, and whether people are named."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        name = st.selectbox("Assignment", [ALL, *names], key="assignment", bind="query-params", width=260)
        section = st.selectbox("Section", ["All sections", *sections], key="section", bind="query-params", width=180)
        hidden = st.toggle(
            "Numbers for names", key="screen", bind="query-params", help="For a screen that students see."
        )
    return name, "" if section == "All sections" else section, hidden


st.title("Gradebook", anchor=False)
with course.speaking():
    who, desk = require(course.member(), "see the gradebook"), course.desk()
    if hand_in := attempt.asked_for():
        attempt.show(desk, who, hand_in)
        st.stop()
    sections = sorted({one.section for one in desk.classroom.people() if one.section})
    name, part, hidden = choices(desk.shelf.names(), sections)
    if name == ALL:
        everything.show(desk, who, section=part, anonymous=hidden)
    else:
        view = st.segmented_control(
            "Look at", ORDER, default="Students", key="view", bind="query-params", required=True
        )
        if view in VIEWS:
            VIEWS[view](desk, who, overview(desk, who, name, section=part, anonymous=hidden))
        else:
            LOOKS[view](desk, who, name, section=part, anonymous=hidden)
