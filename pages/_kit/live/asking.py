"""What the presenter asks the class with: pick a question, then lead it from opening to the answer.

The screen is projected: nothing of the answer stands on it before the question is revealed, and no votes before
somebody asks for them.
"""

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import own, quizzing
from classroom.people import Person
from pages._kit import course
from pages._kit.discovery import open_to_all
from pages._kit.live import asked
from pages._kit.live.saying import said
from syllabus.questions import Question, asked_live


def show(desk: Desk, who: Person | None) -> None:
    """What is asked now; or, if nothing is, the choice of what to ask."""
    with course.speaking(), st.container(border=True, key="live-asking"):
        now = quizzing.asked_now(desk, who)
        if now is None:
            _pick(desk, who)
        else:
            asked.show(desk, who, *now)
        said(asked.SAID)


def _pick(desk: Desk, who: Person | None) -> None:
    """Every question there is, that of the plan's step chosen already."""
    known = {one.id: one for one in (*asked_live(), *(one.question for one in own.questions(desk, who)))}
    planned = _planned(desk, who)
    place = list(known).index(planned) if planned in known else None
    picked = st.selectbox(
        "Ask the class", list(known), index=place, format_func=lambda id: heading(known[id]),
        placeholder="Type a word or an id", key=f"_live-pick-{planned}", filter_mode="contains",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="live-asking-open"):
        asked.limit()
        asked.button("Open", lambda: quizzing.ask(desk, who, picked or "", asked.seconds()), disabled=picked is None)


def heading(question: Question) -> str:
    """A question in a list: its id, and what it asks or shows."""
    return f"{question.id}: {f'slide, {question.title}' if question.title else question.prompt}"


def _planned(desk: Desk, who: Person | None) -> str:
    """The question at which the lesson plan stands; empty if it stands at none."""
    lecture = desk.lectures.live()
    plan = next((one for one in own.plans(desk, who) if lecture and one.id == lecture.plan), None)
    if lecture is None or plan is None:
        return ""
    try:
        steps = own.preview_plan(desk, who, plan.text, {lab.name for lab in open_to_all()}).steps
    except ClassroomError:  # something it names is no longer there
        return ""
    step = steps[lecture.step] if lecture.step < len(steps) else None
    return step.what if step and step.kind == "quiz" else ""
