"""What staff hold a class with: the steps of a plan, what is asked, how to join, the projector, the end.

It stands below the bar of the tab that presents, and on the page of the class for whoever steers from a phone.
"""

from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

import segno
import streamlit as st

from classroom import members
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import lecture, own
from classroom.live.port import Lecture, Place
from classroom.people import Person
from pages._kit import course, people
from pages._kit.bare import PROJECTED, projected
from pages._kit.discovery import open_to_all
from pages._kit.live import asking
from pages._kit.words import plain
from syllabus.plans import Plan

PANEL = "_live-panel"
NO_PLAN = "No plan"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def show(desk: Desk, who: Person, *, here: bool) -> None:
    """All of it, for the lecture that is live; `here` if this tab presents."""
    with course.speaking():
        now = lecture.live(desk, who)
        if now is None:
            return
        with st.container(horizontal=True, vertical_alignment="center", key="live-holding"):
            panels: dict[str, Callable[[Desk, Person, Lecture], None]] = {"Plan": _plan, "Ask": _ask, "Join": _join}
            label = "What to hold the class with"
            chosen = st.segmented_control(label, list(panels), key=PANEL, label_visibility="collapsed")
            _audience(desk, who)
            if here:
                st.toggle("Projector", key="_live-projector", value=projected(), help="Large type, and nothing else.")
            st.button("End the class", key="_live-end", on_click=_end, args=(desk, who))
        if here and st.session_state["_live-projector"] != projected():
            st.session_state[PROJECTED] = st.session_state["_live-projector"]
            st.rerun()
        if chosen:
            panels[chosen](desk, who, now)


def _audience(desk: Desk, who: Person) -> None:
    count = lecture.audience(desk, who)
    st.markdown(f"{count} page{'' if count == 1 else 's'} here")


def _end(desk: Desk, who: Person) -> None:
    with course.speaking():
        lecture.end(desk, who)


def _ask(desk: Desk, who: Person, _now: Lecture) -> None:
    asking.show(desk, who)


# -- the plan


def take_up(desk: Desk, who: Person, name: str) -> None:
    """Follow a plan from its first step on; one that comes along becomes one of the course's own."""
    if name == NO_PLAN:
        lecture.follow_plan(desk, who, None)
        return
    chosen = own.offered(desk, who)[name]
    copies = [one.id for one in own.plans(desk, who) if one.text == chosen.text]
    number = chosen.id or next(iter(copies), 0) or own.write_plan(desk, who, chosen.text, _labs()).id
    lecture.follow_plan(desk, who, number)
    step_to(desk, who, _read(desk, who, number), 0)


def choose(desk: Desk, who: Person, label: str, *, key: str) -> str | None:
    """The name of a plan that somebody chooses, or None."""
    known = own.offered(desk, who)
    called = {name: plan.title for name, plan in known.items()}
    return st.selectbox(
        label, list(known), index=None, format_func=called.__getitem__, placeholder="Choose one", key=key
    )


def step_to(desk: Desk, who: Person, plan: Plan, number: int) -> None:
    """Lead the class to a step: to its lab, or to where its question is asked."""
    step = plan.steps[number]
    if step.kind == "lab":
        page, _, query = step.what.partition("?")
        lecture.go(desk, who, Place(page, query), step=number)
    else:
        lecture.at_step(desk, who, number)


def _labs() -> set[str]:
    return {lab.name for lab in open_to_all()}


def _read(desk: Desk, who: Person, number: int) -> Plan:
    found = next((one for one in own.plans(desk, who) if one.id == number), None)
    if found is None:
        raise ClassroomError("This plan was deleted. Choose another.")
    return own.preview_plan(desk, who, found.text, _labs())


def _plan(desk: Desk, who: Person, now: Lecture) -> None:
    if now.plan is None:
        _choose(desk, who)
        return
    plan = _read(desk, who, now.plan)
    at = min(now.step, len(plan.steps) - 1)
    step = plan.steps[at]
    with st.container(border=True, key="live-plan"):
        st.markdown(f"**{plain(plan.title)}**, step {at + 1} of {len(plan.steps)}: {plain(step.title or step.what)}")
        with st.container(horizontal=True, vertical_alignment="center", key="live-steps"):
            _step_button("Step back", desk, who, plan, at - 1)
            _step_button("Next step", desk, who, plan, at + 1)
            if step.notes:
                with st.popover("Notes", key="live-notes"):
                    st.markdown(step.notes)
            st.button(
                "Lay aside", key="_live-aside", type="tertiary", on_click=_quietly(take_up), args=(desk, who, NO_PLAN)
            )
        if at + 1 < len(plan.steps):
            following = plan.steps[at + 1]
            st.caption(f"Then: {plain(following.title or following.what)}")
    if step.kind == "quiz":
        asking.show(desk, who)


def _step_button(label: str, desk: Desk, who: Person, plan: Plan, to: int) -> None:
    possible = 0 <= to < len(plan.steps)
    first: Literal["primary", "secondary"] = "primary" if label == "Next step" else "secondary"
    doing = _quietly(step_to)
    st.button(
        label, key=f"_live-{label}", type=first, disabled=not possible, on_click=doing, args=(desk, who, plan, to)
    )


def _choose(desk: Desk, who: Person) -> None:
    chosen = choose(desk, who, "Lesson plan", key="_live-plan")
    doing = _quietly(take_up)
    st.button(
        "Begin with its first step",
        key="_live-begin",
        disabled=chosen is None,
        on_click=doing,
        args=(desk, who, chosen),
    )


def _quietly(doing: Callable[..., None]) -> Callable[..., None]:
    """What a service refuses is a sentence on the page."""

    def done(*arguments: object) -> None:
        with course.speaking():
            doing(*arguments)

    return done


# -- joining


def _join(desk: Desk, who: Person, _now: Lecture) -> None:
    address = joining_address(st.context.url or "")
    code, words = st.columns([1, 2], vertical_alignment="center")
    with code:
        st.image(qr(address), width=260, alt=f"QR code that leads to {address}")
    with words:
        st.markdown(f"## {address.partition('://')[2]}")
        rules = people.rules()
        if rules is None or rules.local:
            st.markdown(f"## Class code {members.class_code(desk, who)}")
        if urlsplit(address).hostname in LOOPBACK:
            st.caption(
                "Other machines do not find this one by that name. Start Fovea with **\\-\\-address 0.0.0.0** and open "
                "it by the address that others know this machine by."
            )


def joining_address(url: str) -> str:
    """Where a class is joined, on the server of this page.

    >>> joining_address("https://vision.example.edu/convolution?stride=2")
    'https://vision.example.edu/live'
    """
    at = urlsplit(url)
    return f"{at.scheme}://{at.netloc}/live"


def qr(address: str) -> str:
    """The address as a QR code, as a drawing."""
    return str(segno.make(address, error="m").svg_inline(scale=8, border=2, light="#FFFFFF"))
