"""What staff hold a class with: the steps of a plan, what is asked, how to join, the projector, the end.

It stands below the bar of the tab that presents, and on the page of the class for whoever steers from a phone.
"""

from collections.abc import Callable

import streamlit as st

from classroom.desk import Desk
from classroom.live import lecture, quizzing
from classroom.people import Person
from pages._kit import course
from pages._kit.bare import PROJECTED, projected
from pages._kit.live import asking, join_panel, plan_panel
from pages._kit.live.saying import said, trying

PANEL, PROJECTOR = "_live-panel", "_live-projector"
SAID = "_live-holding-said"
TURNED = "_live-turned"  # in the session: the question that was turned to last


def show(desk: Desk, who: Person, *, here: bool) -> None:
    """All of it, for the lecture that is live; `here` if this tab presents."""
    with course.speaking():
        now = lecture.live(desk, who)
        if now is None:
            return
        panels: dict[str, Callable[[], None]] = {
            "Plan": lambda: plan_panel.show(desk, who, now, notes=_notes(here)),
            "Ask": lambda: asking.show(desk, who),
            "Join": lambda: join_panel.show(desk, who),
        }
        is_open = _turn_to_what_is_asked(desk, who)
        with st.container(horizontal=True, vertical_alignment="center", key="live-holding"):
            label = "What to hold the class with"
            chosen = st.segmented_control(
                label, list(panels), key=PANEL, required=is_open, label_visibility="collapsed"
            )
            _audience(desk, who)
            if here:
                st.toggle("Projector", key=PROJECTOR, value=projected(), help="Large type, and nothing else.")
            ends = trying(lambda: lecture.end(desk, who), place=SAID)
            st.button("End the class", key="_live-end", on_click=ends)
        said(SAID)
        if here and st.session_state[PROJECTOR] != projected():
            st.session_state[PROJECTED] = st.session_state[PROJECTOR]
            st.rerun()
        if chosen:
            panels[chosen]()


def _turn_to_what_is_asked(desk: Desk, who: Person) -> bool:
    """Show a question that was opened on another page, as from the phone, once; a plan shows it by itself.

    Whether its vote is open: as long as it is, some panel stays.
    """
    asked, state = quizzing.asked_now(desk, who), st.session_state
    if asked is None:
        return False
    is_open = asked[0].takes_votes(desk.clock())
    if state.get(TURNED) != asked[0].id or (is_open and state.get(PANEL) is None):
        state[TURNED] = asked[0].id
        state[PANEL] = "Plan" if state.get(PANEL) == "Plan" else "Ask"
    return is_open


def _notes(here: bool) -> plan_panel.Notes:
    """The screen of the tab that presents may be seen by the class, a phone is not."""
    if not here:
        return "open"
    return "away" if projected() else "folded"


def _audience(desk: Desk, who: Person) -> None:
    others = lecture.audience(desk, who) - 1
    st.markdown({1: "1 page follows"}.get(others, f"{others} pages follow") if others > 0 else "Nobody follows yet")
