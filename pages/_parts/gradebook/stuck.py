"""Who may be stuck just now; the list follows by itself while a class works."""

from collections.abc import Sequence

import streamlit as st

from classroom.desk import Desk
from classroom.people import Person
from classroom.staff.stuck import AGAIN, QUIET, SOON, Stuck, stuck
from pages._kit import course
from pages._kit.ways import link
from pages._kit.words import plain

LOOK_EVERY = 10.0  # seconds
SPANS = {"30 minutes": 30, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}


def show(desk: Desk, who: Person, name: str, *, section: str, anonymous: bool) -> None:
    """Over how long to look, and the list."""
    span = st.segmented_control(
        "Of the last", list(SPANS), default="hour", key="span", bind="query-params", required=True
    )
    st.caption(
        f"Somebody is listed who was told the same thing {AGAIN} times in a row, who typed and has not checked it for "
        f"{QUIET.seconds // 60} minutes, or who has not begun {SOON.days} days before it is due. "
        "What is typed is not looked at, only when. Students do not see this list."
    )

    @st.fragment(run_every=LOOK_EVERY)
    def part() -> None:
        with course.speaking():
            found = stuck(desk, who, name, minutes=SPANS[span], section=section, anonymous=anonymous)
            _all(desk, found)

    part()


def _all(desk: Desk, found: Sequence[Stuck]) -> None:
    again = [one for one in found if one.sign.why == "same hint"]
    quiet = [one for one in found if one.sign.why == "not checked"]
    away = [one for one in found if one.sign.why == "not begun"]
    with st.container(horizontal=True, key="stuck-numbers"):
        st.metric("The same again", len({one.student for one in again}), width="content")
        st.metric("Typed, not checked", len(quiet), width="content")
        st.metric("Not begun, due soon", len(away), width="content")
    if not found:
        st.info("Nobody looks stuck. This page follows by itself.")
    groups: dict[tuple[str, str], list[Stuck]] = {}
    for one in again:
        groups.setdefault((one.sign.where, one.sign.said), []).append(one)
    if groups:
        st.markdown("## The same again and again")
    for (where, said), people in sorted(groups.items(), key=lambda each: -len(each[1])):
        _group(where, said, people)
    if quiet:
        st.markdown("## Typed, and not checked since")
        now = desk.clock()
        for one in quiet:
            since = course.distance(one.sign.at, now) if one.sign.at else ""
            st.text(f"{one.name}, in {one.sign.where}, {since}")
    if away:
        st.markdown(f"## Not begun, and due soon ({len(away)})")
        st.text(", ".join(one.name for one in away))


def _group(where: str, said: str, people: Sequence[Stuck]) -> None:
    """Everybody who is told the same in the same place: one word to all of them may do."""
    with st.container(border=True):
        many = f"{len(people)} student{'' if len(people) == 1 else 's'}"
        st.markdown(f"**{plain(where)}**: {many}")
        st.code(said or "(nothing was said)", language=None, wrap_lines=True)
        for one in people:
            tried = f"{one.sign.times} {'hand-ins' if one.sign.hand_in else 'checks'}"
            if one.sign.hand_in:
                way = link(f"gradebook?hand_in={one.sign.hand_in}", f"{one.name}: {tried}")
                st.html(f"<p>{way}</p>")
            else:
                st.text(f"{one.name}: {tried}")
