"""What was found: every hand-in with its points, question by question what was seen and a hint."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from classroom import work
from classroom.desk import Desk, nobody_grades
from classroom.people import Person
from classroom.work import Seen
from grading.ledger.standing import Entry
from grading.records import Question
from pages._kit.course import in_points, points, speaking, when
from pages._kit.downloads import download
from pages._kit.words import plain

LOOK_EVERY = 0.7  # seconds, while something is being graded
STATES = {
    "full": (":material/check_circle:", "all points"),
    "part": (":material/cancel:", "a part"),
    "none": (":material/cancel:", "no points yet"),
    "to mark": (":material/edit_note:", "a person marks this"),
    "undecided": (":material/error:", "waits for your instructor: the fault is ours"),
}

WITHOUT = "does not pass yet, gives no points"  # of examples; where they pass, nothing is said


def results(desk: Desk, who: Person, name: str) -> None:
    """All hand-ins, the newest first; while one waits, its place in the queue is looked up again and again."""
    waits = any(seen.place is not None for seen in work.history(desk, who, name))

    @st.fragment(run_every=LOOK_EVERY if waits else None)
    def part() -> None:
        with speaking():
            history = work.history(desk, who, name)
            if waits and not any(seen.place is not None for seen in history):
                st.rerun()
            _all(desk, who, name, history)

    part()


def following(desk: Desk, who: Person, name: str, hand_in: int) -> None:
    """A line below a receipt that follows the hand-in until it is graded."""

    def now() -> Seen:
        return next(one for one in work.history(desk, who, name) if one.standing.hand_in.id == hand_in)

    waits = now().place is not None

    @st.fragment(run_every=LOOK_EVERY if waits else None)
    def part() -> None:
        with speaking():
            seen = now()
            if waits and seen.place is None:
                st.rerun()
            if seen.place is None and seen.visible:
                got = "" if seen.worth is None else f": {points(seen.worth)} of {points(seen.out_of)} points"
                st.markdown(f"**Graded{got}.** Under **Results** you read what was found, question by question.")
            else:
                _state(desk, seen)

    part()


def _state(desk: Desk, seen: Seen) -> None:
    """Where a hand-in is whose results are not to be seen yet."""
    if seen.place is not None:
        st.markdown(f"{_place(desk, seen.place)} This page follows by itself.")
    elif not seen.visible:
        st.markdown("Graded. Your instructor has not released the results yet.")


def _all(desk: Desk, who: Person, name: str, history: Sequence[Seen]) -> None:
    if not history:
        st.info("You have not handed anything in yet. Work in **Notebook**, or bring a file in **Hand in a file**.")
        return
    questions = work.questions(desk, who, name)
    for place, seen in enumerate(history):
        submission, number = seen.standing.hand_in.submission, seen.standing.hand_in.number
        title = f"Hand-in {number}, {when(submission.at)}"
        if seen.worth is not None:
            title += f": {points(seen.worth)} of {points(seen.out_of)} points"
        title += ", counts" if seen.counts and len(history) > 1 else ""
        with st.expander(title, expanded=place == 0, key=f"hand-in-{name}-{number}"):
            _one(desk, who, seen, questions)


def _one(desk: Desk, who: Person, seen: Seen, questions: Mapping[str, Question]) -> None:
    submission, number = seen.standing.hand_in.submission, seen.standing.hand_in.number
    _state(desk, seen)
    if seen.days_late and seen.worth is not None:
        taken = seen.standing.points - seen.worth
        days = f"{seen.days_late} day{'' if seen.days_late == 1 else 's'}"
        st.markdown(f"Handed in {days} late, which takes {in_points(taken)} off.")
    for note in seen.standing.result.outcome.notes if seen.visible and seen.standing.result else ():
        st.caption(plain(note))
    for entry in seen.entries:
        if entry.out_of or entry.state != "full":
            _question(entry, titled(entry.question, questions))
    with st.container(horizontal=True, key=f"take-{submission.assignment}-{number}"):
        id = seen.standing.hand_in.id
        download(
            "What you handed in", lambda: work.handed_in(desk, who, id)[1], file=submission.file, key=f"handed-{id}"
        )
        for file in seen.ran:
            ran = partial(_ran, desk, who, id, file)
            download(f"Your notebook as it ran: {file}", ran, file=file, key=f"ran-{id}-{file}", icon=None)
    st.caption(f"SHA-256 {submission.sha256}")


def _ran(desk: Desk, who: Person, hand_in: int, file: str) -> bytes:
    return dict(work.feedback(desk, who, hand_in))[file]


def _place(desk: Desk, place: int) -> str:
    if nobody_grades(desk):
        return "Waiting for the grader: nothing was graded for a while. Your hand-in is safe, and its time counts."
    return f"In the queue: {place} before yours." if place else "In the queue: yours is next."


def titled(id: str, questions: Mapping[str, Question]) -> str:
    """A question's title, and its name beside it where another question stands below the same heading.

    >>> two = {name: Question(name, 1.0, title="Two functions") for name in ("double", "mean")}
    >>> titled("mean", two), titled("mean", {"mean": two["mean"]}), titled("gone", two)
    ('Two functions · mean', 'Two functions', 'gone')
    >>> titled("more", {"more": Question("more", 1.0, title="Sharper", bonus=True)})
    'Sharper, bonus'
    """
    title = questions[id].title if id in questions else ""
    alone = sum(each.title == title for each in questions.values()) < 2
    addition = questions[id].addition if id in questions else ""
    return ((title if alone else f"{title} · {id}") if title else id) + addition


def had(entry: Entry) -> str:
    """The points of a question, and what they mean."""
    said = STATES[entry.state][1]
    if entry.points is None:
        return f"{in_points(entry.out_of)}, {said}"
    return f"{points(entry.points)} of {points(entry.out_of)} points, {said}" if entry.out_of else WITHOUT


def _question(entry: Entry, title: str) -> None:
    icon, _ = STATES[entry.state]
    st.markdown(f"{icon} **{title}** · {had(entry)}")
    if entry.score.seen and entry.state != "full":
        st.text(entry.score.seen)
    if entry.score.hint and entry.state != "full":
        st.info(entry.score.hint, icon=":material/lightbulb:")
    if entry.comment:
        st.text(f"Comment: {entry.comment}")
