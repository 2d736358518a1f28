"""Course: Members

One idea: who is in the course, in which section and role, and how they come in.

For: assistants
"""

import streamlit as st

from classroom import members
from classroom.permissions import may, require
from pages._kit import course
from pages._parts.members import everybody, letting_in, roster

st.title("Members", anchor=False)
with course.speaking():
    who, desk = require(course.member(), "see people"), course.desk()
    views = {"Everybody": everybody.show, "Roster": roster.show, "Letting in": letting_in.show}
    shown = list(views) if may(who, "change people") else ["Everybody"]
    found = members.members(desk, who, everybody=True)
    if len(found) < 2:
        st.info("Nobody is here yet but you. Bring a roster as a CSV file under **Roster**.")
    view = st.segmented_control("Look at", shown, default="Everybody", key="view", bind="query-params", required=True)
    views[view](desk, who)
