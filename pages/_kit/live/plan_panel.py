"""A lesson plan while a class is held: choose one, step through it, read one's notes."""

from typing import Literal

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import lecture, own, quizzing
from classroom.live.port import Lecture, Place
from classroom.people import Person
from pages._kit import course
from pages._kit.discovery import open_to_all
from pages._kit.live import asking
from pages._kit.live.saying import said, trying
from pages._kit.words import harmless, plain
from syllabus.plans import Plan, Step

NO_PLAN = "No plan"
SAID = "_live-plan-said"
Notes = Literal["open", "folded", "away"]


def show(desk: Desk, who: Person, now: Lecture, *, notes: Notes) -> None:
    """Where the plan stands and how to go on, with what is or may be asked there; or the choice of a plan."""
    plan = None
    with course.speaking():
        plan = _read(desk, who, now.plan)
    if plan is None:
        _choose(desk, who)
        return
    at = min(now.step, len(plan.steps) - 1)
    with st.container(border=True, key="live-plan"):
        _stands(desk, who, plan, at, notes)
    if plan.steps[at].kind == "quiz" or quizzing.asked_now(desk, who):
        asking.show(desk, who)


def _stands(desk: Desk, who: Person, plan: Plan, at: int, notes: Notes) -> None:
    step = plan.steps[at]
    st.markdown(f"**{plain(plan.title)}**, step {at + 1} of {len(plan.steps)}: {_called(step)}")
    with st.container(horizontal=True, vertical_alignment="center", key="live-steps"):
        _step_button("Step back", desk, who, plan, at - 1)
        _step_button("Next step", desk, who, plan, at + 1)
        if step.notes and notes == "folded":
            with st.popover("Notes", key="live-notes"):
                st.markdown(harmless(step.notes))
        aside = trying(lambda: take_up(desk, who, NO_PLAN), place=SAID)
        st.button("Lay aside", key="_live-aside", type="tertiary", on_click=aside)
    said(SAID)
    if at + 1 < len(plan.steps):
        st.caption(f"Then: {_called(plan.steps[at + 1])}")
    if step.notes and notes == "open":
        st.markdown(harmless(step.notes))


def _called(step: Step) -> str:
    """A step by its own title, or by its lab's.

    >>> _called(Step("quiz", "Q21", "", "")), _called(Step("lab", "layer?maps=6", "", ""))
    ('question Q21', 'One convolutional layer')
    """
    titles = {lab.name: lab.title for lab in open_to_all()}
    return plain(step.title or (titles[step.lab] if step.kind == "lab" else f"question {step.what}"))


def take_up(desk: Desk, who: Person, name: str) -> None:
    """Follow a plan from its first step on; one that comes along becomes one of the course's own."""
    if name == NO_PLAN:
        lecture.follow_plan(desk, who, None)
        return
    chosen = own.offered(desk, who)[name]
    copies = [one.id for one in own.plans(desk, who) if one.text == chosen.text]
    number = chosen.id or next(iter(copies), 0) or own.write_plan(desk, who, chosen.text, _labs()).id
    lecture.follow_plan(desk, who, number)
    step_to(desk, who, own.preview_plan(desk, who, chosen.text, _labs()), 0)


def choose(desk: Desk, who: Person, label: str, *, key: str) -> str | None:
    """The name of a plan that somebody chooses, or None."""
    called = {name: plan.title for name, plan in own.offered(desk, who).items()}
    return st.selectbox(
        label, list(called), index=None, format_func=called.__getitem__, placeholder="Choose one", key=key
    )


def step_to(desk: Desk, who: Person, plan: Plan, number: int) -> None:
    """Lead the class to a step: to its lab, or to where its question is asked."""
    step = plan.steps[number]
    if step.kind == "lab":
        page, _, query = step.what.partition("?")
        lecture.go(desk, who, Place(page, query), step=number)
    else:
        lecture.at_step(desk, who, number)


def _choose(desk: Desk, who: Person) -> None:
    chosen = choose(desk, who, "Lesson plan", key="_live-plan")
    begins = trying(lambda: take_up(desk, who, chosen or NO_PLAN), place=SAID)
    st.button("Begin with its first step", key="_live-begin", disabled=chosen is None, on_click=begins)
    said(SAID)


def _step_button(label: str, desk: Desk, who: Person, plan: Plan, to: int) -> None:
    possible = 0 <= to < len(plan.steps)
    kind: Literal["primary", "secondary"] = "primary" if label == "Next step" else "secondary"
    steps = trying(lambda: step_to(desk, who, plan, to), place=SAID)
    st.button(label, key=f"_live-{label}", type=kind, disabled=not possible, on_click=steps)


def _labs() -> set[str]:
    return {lab.name for lab in open_to_all()}


def _read(desk: Desk, who: Person, number: int | None) -> Plan | None:
    """The plan of this number; one that is no longer there, or names what is not, is refused with a sentence."""
    if number is None:
        return None
    found = next((one for one in own.plans(desk, who) if one.id == number), None)
    if found is None:
        raise ClassroomError("This plan was deleted. Choose another.")
    return own.preview_plan(desk, who, found.text, _labs())
