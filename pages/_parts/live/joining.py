"""Waiting for a class to begin: the bar above leads to wherever it is."""

import streamlit as st

from classroom.desk import Desk
from classroom.people import Person


def show(desk: Desk, _who: Person) -> None:
    """Say what happens next."""
    if desk.lectures.live() is None:
        st.info("No class is live now. Leave this page open: it takes you there when one begins.")
    else:
        st.info("A class is live. This page takes you to the lab that it is at, as soon as one is shown.")
    st.markdown("Meanwhile, **Practise** has the questions that classes were asked.")
