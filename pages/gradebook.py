"""Course: Gradebook

One idea: everybody's work at a glance, by student and by question, with what an instructor decides about it.

For: assistants
"""

import streamlit as st

from classroom.overview import overview
from classroom.permissions import require
from pages._kit import course
from pages._parts.gradebook import decide, everything, questions, queue, students

VIEWS = {"Students": students.show, "Questions": questions.show, "Queue": queue.show, "Decide": decide.show}
ALL = "The whole course"

st.title("Gradebook", anchor=False)
with course.speaking():
    who, desk = require(course.member(), "see the gradebook"), course.desk()
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        name = st.selectbox("Assignment", [ALL, *desk.shelf.names()], key="assignment", bind="query-params", width=260)
        sections = sorted({one.section for one in desk.classroom.people() if one.section})
        section = st.selectbox("Section", ["All sections", *sections], key="section", bind="query-params", width=180)
        hidden = st.toggle(
            "Numbers for names", key="screen", bind="query-params", help="For a screen that students see."
        )
    part = "" if section == "All sections" else section
    if name == ALL:
        everything.show(desk, who, section=part, anonymous=hidden)
    else:
        view = st.segmented_control(
            "Look at", list(VIEWS), default="Students", key="view", bind="query-params", required=True
        )
        VIEWS[view](desk, who, overview(desk, who, name, section=part, anonymous=hidden))
