"""Which plan a class follows: those there are to choose from, taking one up, and the step that it stands at."""

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import lecture, own
from classroom.live.port import Place
from classroom.people import Person
from pages._kit.discovery import open_to_all
from syllabus.plans import Plan

DELETED = "This plan was deleted. Choose another."


def choose(desk: Desk, who: Person, label: str, *, key: str) -> str | None:
    """The name of a plan that somebody chooses, or None."""
    called = {name: plan.title for name, plan in own.offered(desk, who).items()}
    return st.selectbox(
        label, list(called), index=None, format_func=called.__getitem__, placeholder="Choose one", key=key
    )


def take_up(desk: Desk, who: Person, name: str | None) -> None:
    """Follow a plan from its first step on, or none; one that comes along becomes one of the course's own."""
    if name is None:
        lecture.follow_plan(desk, who, None)
        return
    chosen = own.offered(desk, who).get(name)
    if chosen is None:
        raise ClassroomError(DELETED)
    copies = [one.id for one in own.plans(desk, who) if one.text == chosen.text]
    number = chosen.id or next(iter(copies), 0) or own.write_plan(desk, who, chosen.text, _labs()).id
    lecture.follow_plan(desk, who, number)
    step_to(desk, who, own.preview_plan(desk, who, chosen.text, _labs()), 0)


def step_to(desk: Desk, who: Person, plan: Plan, number: int) -> None:
    """Lead the class to a step: to its lab, or to where its question is asked."""
    step = plan.steps[number]
    if step.kind == "lab":
        page, _, query = step.what.partition("?")
        lecture.go(desk, who, Place(page, query), step=number)
    else:
        lecture.at_step(desk, who, number)


def read(desk: Desk, who: Person, number: int | None) -> Plan | None:
    """The plan of this number; one that is no longer there, or names what is not, is refused with a sentence."""
    if number is None:
        return None
    found = next((one for one in own.plans(desk, who) if one.id == number), None)
    if found is None:
        raise ClassroomError(DELETED)
    return own.preview_plan(desk, who, found.text, _labs())


def _labs() -> set[str]:
    return {lab.name for lab in open_to_all()}
