"""Lesson plans: those that come along, and one's own, as text with their steps beside it."""

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import own
from classroom.people import Person
from pages._kit.course import speaking
from pages._kit.discovery import open_to_all
from pages._kit.live.fields import beside
from pages._kit.live.saying import said, trying
from pages._kit.words import harmless, plain
from pages._parts.live import choosing
from syllabus.plans import LONGEST, Plan
from syllabus.questions import asked_live

START = """# Week 3: convolution
lab convolution
  Ask what happens at the border before you move anything.
quiz Q21
"""
TEXT, DRAFT = "plan-text", "_plan-draft"  # the field, and what stood in it, which outlives the page
AT = "_plan-at"  # the name of the plan that the field began with
KEPT = "_plan-kept"  # where is said what came of keeping or deleting one
NEW = "new"


def show(desk: Desk, who: Person) -> None:
    """Choose one, change its text, see its steps."""
    known = {NEW: own.Offered("A new plan", START), **own.offered(desk, who)}
    chosen = choosing.choose("Plan", {name: plan.title for name, plan in known.items()}, key="plan")
    if st.session_state.get(AT) != chosen:
        st.session_state[TEXT], st.session_state[AT] = known[chosen].text, chosen
    elif TEXT not in st.session_state:
        st.session_state[TEXT] = st.session_state[DRAFT]
    left, right = st.columns(2, gap="large")
    with left:
        text = st.session_state[DRAFT] = st.text_area("Its text", height=420, max_chars=LONGEST, key=TEXT) or ""
        st.caption(
            "A line **lab** with the end of a lab's address, or **quiz** with an id; a title may follow. Indented "
            "lines are notes for you. The steps are shown when you leave the field or press Ctrl+Enter."
        )
    with right:
        with speaking():
            steps(own.preview_plan(desk, who, text, _labs()))
            _buttons(desk, who, known[chosen].id)
        said(KEPT)


def steps(plan: Plan) -> None:
    """The steps of a plan, with ways to its labs and with its notes."""
    st.markdown(f"## {plain(plan.title)}")
    titles = {lab.name: lab.title for lab in open_to_all()}
    asked = {one.id: one.prompt for one in asked_live()}
    for number, step in enumerate(plan.steps, start=1):
        if step.kind == "lab":
            st.html(f"<strong>{number}.</strong> {beside(step.what, step.title or titles[step.lab])}")
        else:
            st.markdown(
                f"**{number}.** Ask {step.what}: {plain(step.title or asked.get(step.what, 'one of your own'))}"
            )
        if step.notes:
            st.markdown(harmless(step.notes))


def _buttons(desk: Desk, who: Person, kept: int) -> None:
    with st.container(horizontal=True, key="plan-buttons"):
        label = "Keep it" if kept else "Keep it as a plan of the course"
        keeps = trying(lambda: _keep(desk, who, kept), place=KEPT)
        st.button(label, key="keep-plan", type="primary", on_click=keeps)
        if kept:
            with st.popover("Delete it", key="delete-plan"):
                drops = trying(lambda: _drop(desk, who, kept), place=KEPT)
                st.button("Delete for good", key="drop-plan", on_click=drops)


def _keep(desk: Desk, who: Person, id: int) -> str | None:
    """Keep what stands in the field; what is wrong with it stands where its steps would."""
    try:
        kept = own.write_plan(desk, who, st.session_state[TEXT], _labs(), id=id)
    except ClassroomError:
        return None
    st.session_state[AT] = f"own-{kept.id}"
    choosing.go("plan", f"own-{kept.id}")
    return "Kept. Step through it under Present."


def _drop(desk: Desk, who: Person, id: int) -> str:
    """Forget a plan and begin a new one."""
    own.drop_plan(desk, who, id)
    choosing.go("plan", NEW)
    return "Deleted."


def _labs() -> set[str]:
    return {lab.name for lab in open_to_all()}
