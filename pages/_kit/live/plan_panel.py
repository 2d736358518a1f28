"""A lesson plan while a class is held: where it stands, how to go on, one's notes."""

from typing import Literal

import streamlit as st

from classroom.desk import Desk
from classroom.live import quizzing
from classroom.live.port import Lecture
from classroom.people import Person
from pages._kit import course
from pages._kit.discovery import open_to_all
from pages._kit.live import asking, plan_taken
from pages._kit.live.saying import said, trying
from pages._kit.words import harmless, plain
from syllabus.plans import Plan, Step

SAID = "_live-plan-said"
Notes = Literal["open", "folded", "away"]


def show(desk: Desk, who: Person, now: Lecture, *, notes: Notes) -> None:
    """Where the plan stands and how to go on, with what is or may be asked there; or the choice of a plan."""
    plan = None
    with course.speaking():
        plan = plan_taken.read(desk, who, now.plan)
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
        aside = trying(lambda: plan_taken.take_up(desk, who, None), place=SAID)
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


def _choose(desk: Desk, who: Person) -> None:
    chosen = plan_taken.choose(desk, who, "Lesson plan", key="_live-plan")
    begins = trying(lambda: plan_taken.take_up(desk, who, chosen), place=SAID)
    st.button("Begin with its first step", key="_live-begin", disabled=chosen is None, on_click=begins)
    said(SAID)


def _step_button(label: str, desk: Desk, who: Person, plan: Plan, to: int) -> None:
    possible = 0 <= to < len(plan.steps)
    kind: Literal["primary", "secondary"] = "primary" if label == "Next step" else "secondary"
    steps = trying(lambda: plan_taken.step_to(desk, who, plan, to), place=SAID)
    st.button(label, key=f"_live-{label}", type=kind, disabled=not possible, on_click=steps)
