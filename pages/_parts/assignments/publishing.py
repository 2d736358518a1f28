"""For instructors: from when to when an assignment is open, and hiding or closing it."""

from datetime import datetime, time
from typing import get_args

import streamlit as st

from classroom import assignments
from classroom.assignments import Card
from classroom.desk import Desk, nobody_grades
from classroom.people import Person
from classroom.permissions import may
from classroom.port import State
from pages._kit import beside
from pages._kit.course import here, speaking, when

END_OF_DAY = time(23, 59)
WORDS: dict[State, str] = {"hidden": "Hidden", "open": "Open", "closed": "Closed"}
DATES = {"opens": "Opens", "due": "Due", "closes": "Closes"}


def publishing(desk: Desk, who: Person, card: Card) -> None:
    """A form that says what students see, and what it was set to last."""
    if not may(who, "publish"):
        return
    beside.notice(stalled=nobody_grades(desk))
    said = desk.classroom.publications(assignment=card.name)
    last = said[-1] if said else None
    state = "hidden" if last is None else last.state
    with (
        st.expander(f"Publish (now {WORDS[state].lower()})", key=f"publish-{card.name}", expanded=last is None),
        st.form(key=f"publishing-{card.name}", border=False),
    ):
        chosen = st.segmented_control(
            "Students find it", list(WORDS), default=state, format_func=lambda one: WORDS[one], required=True
        )
        st.caption(
            f"Dates are in your time zone, {here()}; an empty one does not limit. A date alone means its last minute."
        )
        dates = {}
        for name, column in zip(DATES, st.columns(3), strict=True):
            before: datetime | None = getattr(card.rules, name)
            local = before.astimezone(here()) if before else None
            with column:
                day = st.date_input(DATES[name], value=local.date() if local else None)
                hour = st.time_input(f"{DATES[name]} at", value=local.time() if local else None, step=900)
            last_minute = time(0, 0) if name == "opens" else END_OF_DAY
            dates[name] = datetime.combine(day, hour or last_minute, tzinfo=here()) if day else None
        if st.form_submit_button("Publish", type="primary") and chosen in get_args(State):
            with speaking():
                assignments.publish(desk, who, card.name, chosen, **dates)
                st.rerun()
        if last is not None:
            st.caption(f"Last changed {when(last.at)}.")
