"""Course: Live class

One idea: the class at one place at a time, asked now and then, and every question to be practised afterwards.

For: students
"""

import streamlit as st

from classroom.permissions import may, require
from pages._kit import course
from pages._parts.live import joining, mine, plans, practise, presenting, questions, results

STUDENTS = {"Class": joining.show, "Practise": practise.show, "My answers": mine.show}
STAFF = {"Present": presenting.show, "Questions": questions.show, "Plans": plans.show, "Results": results.show}

st.title("Live class", anchor=False)
with course.speaking():
    who, desk = require(course.member(), "practise questions"), course.desk()
    views = STUDENTS | (STAFF if may(who, "present") else {})
    view = st.segmented_control(
        "Look at", list(views), default="Class", key="view", bind="query-params", required=True
    )  # fmt: skip
    views[view](desk, who)
