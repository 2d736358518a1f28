"""What the presenter asks the class with: pick a question, open, close, ask once more, reveal.

The screen is projected: nothing of the answer stands on it before the question is revealed, and no votes before
somebody asks for them.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import own, quizzing
from classroom.live.port import Quiz
from classroom.people import Person
from grading.errors import GradingError
from pages._kit import course
from pages._kit.discovery import open_to_all
from pages._kit.live.fields import counted, framed, lab, looked_for
from pages._kit.words import plain
from syllabus.questions import Question, asked_live

LIMITS = {"No limit": None, "30 s": 30, "60 s": 60, "90 s": 90}
SAID = "_live-asking-said"  # what could not be done, told once
LIMIT = "_live-limit"


def show(desk: Desk, who: Person | None) -> None:
    """What is asked now; or, if nothing is, the choice of what to ask."""
    with course.speaking(), st.container(border=True, key="live-asking"):
        asked = quizzing.asked_now(desk, who)
        if asked is None:
            _pick(desk, who)
        else:
            _asked(desk, who, *asked)
        if said := st.session_state.pop(SAID, None):
            st.error(said, icon=":material/error:")


def _pick(desk: Desk, who: Person | None) -> None:
    """Every question there is, that of the plan's step chosen already."""
    known = {one.id: one for one in (*asked_live(), *(one.question for one in own.questions(desk, who)))}
    planned = _planned(desk, who)
    place = list(known).index(planned) if planned in known else None
    picked = st.selectbox(
        "Ask the class", list(known), index=place, format_func=lambda id: heading(known[id]),
        placeholder="Type a word or an id", key=f"_live-pick-{planned}",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="live-asking-open"):
        st.segmented_control("Time", list(LIMITS), default="No limit", required=True, key=LIMIT)
        _button("Open", lambda: quizzing.ask(desk, who, picked or "", _seconds()), disabled=picked is None)


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


def _asked(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    """The question and where it stands."""
    _question(question, with_options=not quiz.is_revealed)
    if quiz.is_revealed:
        _revealed(desk, who, quiz, question)
    elif quiz.takes_votes(desk.clock()):
        st.fragment(_count, run_every=1.0)(desk, who)
        _button("Close", lambda: quizzing.close(desk, who))
        _picture(question)
    else:
        _closed(desk, who, quiz, question)


def _question(question: Question, *, with_options: bool) -> None:
    st.markdown(f"**{plain(question.prompt)}**")
    if question.title:
        st.markdown(f"Slide: **{plain(question.title)}**")
    if question.options and with_options:
        st.markdown("\n".join(f"- {plain(option)}" for option in question.mixed))


def _count(desk: Desk, who: Person | None) -> None:
    """How many have answered; once the vote is over, by time or by somebody else, everything is drawn anew."""
    asked, now = quizzing.asked_now(desk, who), desk.clock()
    if asked is None or not asked[0].takes_votes(now):
        st.rerun()
    quiz, found = asked[0], quizzing.count(desk, who)
    left = f", {max(0, round((quiz.until - now).total_seconds()))} s left" if quiz.until else ""
    vote = "The second vote" if quiz.round > 1 else "The vote"
    st.markdown(f"{vote} is open: **{found.answered}** answers, {found.students} students in the course{left}.")


def _closed(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    answered = quizzing.count(desk, who).answered
    st.markdown(f"Closed with **{answered}** answers.")
    with st.container(horizontal=True, vertical_alignment="center", key="live-asking-closed"):
        histogram = st.toggle("Show the votes", key=f"_live-votes-{quiz.id}-{quiz.round}")
        if quiz.round < quizzing.ROUNDS:
            _button("Second vote", lambda: quizzing.again(desk, who), primary=False)
        _button("Reveal", lambda: quizzing.reveal(desk, who))
    if histogram:
        _votes(desk, who, quiz, question)
    else:
        _picture(question)


def _revealed(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    st.markdown(f"{looked_for(question.kind)}: **{plain(question.shown_answer)}**. {plain(question.why)}")
    _votes(desk, who, quiz, question)
    lab(question.page)
    _button("Next", lambda: quizzing.put_away(desk, who))


def _picture(question: Question) -> None:
    if question.kind == "click":
        framed(question, key="_live-picture", told=False)


def _votes(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    """The votes of all rounds; what is right is marked when the class knows it."""
    rounds = [quizzing.tally(desk, who, quiz.id, round) for round in range(1, quiz.round + 1)]
    out = quiz.is_revealed
    regions = question.regions if out else ()
    key = f"_live-tally-{quiz.id}-{quiz.round}-{out}"
    counted(question.kind, rounds, question.picture, key=key, marked=out, regions=regions)


def _seconds() -> int | None:
    return LIMITS[st.session_state.get(LIMIT, "No limit")]


def _button(label: str, does: Callable[[], object], *, primary: bool = True, disabled: bool = False) -> None:
    """A button for one step of asking; what the step refuses is said in the box."""

    def press() -> None:
        try:
            does()
        except (ClassroomError, GradingError) as refusal:
            st.session_state[SAID] = plain(str(refusal))

    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    st.button(label, key=f"_live-{label.lower().replace(' ', '-')}", type=kind, on_click=press, disabled=disabled)
