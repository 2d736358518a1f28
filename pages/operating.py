"""Course: Server

One idea: what keeps this course running, what it lacks, and what to do about it.

For: instructors
"""

import streamlit as st

from classroom.operation import look_over, try_sandbox
from classroom.permissions import require
from pages._kit import course
from pages._kit.operations.machine import process
from pages._parts.operating import views

st.title("Server", anchor=False)
with course.speaking():
    who, desk = require(course.member(), "look after the server"), course.desk()
    views.show(look_over(desk, who, process()), now=desk.clock())
    st.button("Look again", key="again")
    st.markdown("## Sandbox")
    st.write("A test notebook tries to read files, to reach the network, to end other programs, and more.")
    if st.button("Try to break out", key="sandbox"):
        with st.spinner("A few seconds ..."):
            tried = try_sandbox(desk, who)
        views.sentences(tried, now=desk.clock())
    st.write("Settings: `fovea config` on the server. Numbers over time: `/api/metrics`, for Prometheus.")
