"""Beginning a class, and steering the one that is live from here, as from a phone in the hand."""

import streamlit as st

from classroom.desk import Desk
from classroom.live import lecture
from classroom.people import Person
from pages._kit import course
from pages._kit.live import frame, holding, plan_taken


def show(desk: Desk, who: Person) -> None:
    """What there is to hold a class with; before one is live, how to begin."""
    if lecture.live(desk, who) is not None:
        if frame.presents():
            st.info("This tab presents, and what you hold the class with stands above. Open a lab to show it.")
        else:
            st.fragment(holding.show)(desk, who, here=False)
        return
    st.info("No class is live now. Open a lab and press **Present**: whoever follows sees what you see.")
    name = plan_taken.choose(desk, who, "Or begin with a lesson plan", key="_begin-plan")
    st.button("Begin", key="_begin", disabled=name is None, type="primary", on_click=_begin, args=(desk, who, name))


def _begin(desk: Desk, who: Person, name: str) -> None:
    with course.speaking():
        frame.present(who)
        plan_taken.take_up(desk, who, name)
