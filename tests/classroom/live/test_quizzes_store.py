"""The memory of questions and votes, on SQLite and on Postgres: after the close no vote changes, whoever is quick."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from classroom.live.port import Lecture, Quiz, Vote, Written
from classroom.people import Person
from classroom.store.lectures import SqlLectures
from classroom.store.quizzes import SqlQuizzes
from classroom.store.sql import SqlClassroom, open_classroom

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLASS = [Person(f"student{number}", f"Student {number}") for number in range(20)]


@pytest.fixture
def lectures(classroom: SqlClassroom) -> SqlLectures:
    return SqlLectures(classroom.engine)


@pytest.fixture
def quizzes(classroom: SqlClassroom) -> SqlQuizzes:
    return SqlQuizzes(classroom.engine)


@pytest.fixture
def lecture(lectures: SqlLectures) -> int:
    return lectures.begin(Lecture(0, "iva", NOW)).id


def asked(lecture: int, *, question: str = "Q04", until: datetime | None = None) -> Quiz:
    return Quiz(0, lecture, question, "text", "open", 1, NOW, until)


def given(quiz: Quiz, person: str = "ada", *, answer: str = '"13"', round: int = 1, at: datetime = NOW) -> Vote:
    return Vote(quiz.id, round, person, answer, False, at)


def test_asking_closes_what_was_open(quizzes: SqlQuizzes, lecture: int) -> None:
    first = quizzes.ask(asked(lecture))
    second = quizzes.ask(asked(lecture, question="Q05", until=NOW + timedelta(seconds=30)))
    assert (first.id, first.state) != (second.id, "closed")
    assert [one.state for one in quizzes.asked(lecture=lecture)] == ["closed", "open"]
    assert quizzes.current(lecture) == second == quizzes.quiz(second.id)
    assert quizzes.current(lecture + 1) is quizzes.quiz(second.id + 1) is None
    assert quizzes.asked(lecture=lecture + 1) == ()


def test_what_the_class_sees_counts_the_revision_up_and_votes_do_not(
    quizzes: SqlQuizzes, lectures: SqlLectures, lecture: int
) -> None:
    seen = [lectures.revision() or 0]
    quiz = quizzes.ask(asked(lecture))
    seen.append(lectures.revision() or 0)
    assert quizzes.vote(given(quiz))
    assert quizzes.set_state(quiz.id, "away") is None
    assert lectures.revision() == seen[-1]
    for state, round in (("closed", None), ("open", 2), ("revealed", None), ("away", None)):
        quizzes.set_state(quiz.id, state, round=round)  # type: ignore[arg-type]
        seen.append(lectures.revision() or 0)
    assert seen == list(range(seen[0], seen[0] + 6))


def test_what_is_revealed_is_only_put_away(quizzes: SqlQuizzes, lecture: int) -> None:
    quiz = quizzes.ask(asked(lecture))
    assert quizzes.set_state(quiz.id, "away") is None
    revealed = quizzes.set_state(quiz.id, "revealed")
    assert revealed is not None
    assert revealed.state == "revealed"
    assert quizzes.set_state(quiz.id, "open", round=2) is None
    assert quizzes.set_state(quiz.id, "closed") is None
    assert quizzes.quiz(quiz.id) == revealed
    away = quizzes.set_state(quiz.id, "away")
    assert away is not None
    assert away.state == "away"
    assert quizzes.set_state(quiz.id, "revealed") is None
    assert quizzes.set_state(quiz.id + 1, "closed") is None


def test_the_last_answer_of_a_round_counts(quizzes: SqlQuizzes, lecture: int) -> None:
    quiz = quizzes.ask(asked(lecture))
    later = NOW + timedelta(seconds=3)
    for vote in (given(quiz), given(quiz, answer='"15"', at=later), given(quiz, "ben")):
        assert quizzes.vote(vote)
    assert quizzes.votes([quiz.id]) == (given(quiz, answer='"15"', at=later), given(quiz, "ben"))
    assert quizzes.votes([quiz.id], person="ben") == (given(quiz, "ben"),)
    assert quizzes.votes([]) == ()


def test_a_closed_round_and_one_that_is_not_asked_take_no_votes(quizzes: SqlQuizzes, lecture: int) -> None:
    quiz = quizzes.ask(asked(lecture, until=NOW + timedelta(seconds=30)))
    assert quizzes.vote(given(quiz, at=NOW + timedelta(seconds=29)))
    assert not quizzes.vote(given(quiz, "ben", at=NOW + timedelta(seconds=30)))
    assert not quizzes.vote(given(quiz, "ben", round=2))
    quizzes.set_state(quiz.id, "closed")
    assert not quizzes.vote(given(quiz, "ben"))
    quizzes.set_state(quiz.id, "open", round=2)
    assert not quizzes.vote(given(quiz, answer='"late for the first"'))
    assert quizzes.vote(given(quiz, answer='"15"', round=2, at=NOW + timedelta(hours=1)))
    assert [(vote.round, vote.given) for vote in quizzes.votes([quiz.id])] == [(1, '"13"'), (2, '"15"')]
    assert not quizzes.vote(Vote(quiz.id + 1, 1, "ada", "", False, NOW))


def test_when_the_lecture_is_over_no_vote_counts(quizzes: SqlQuizzes, lectures: SqlLectures, lecture: int) -> None:
    quiz = quizzes.ask(asked(lecture))
    lectures.end(lecture, NOW)
    assert not quizzes.vote(given(quiz))


def test_no_vote_counts_after_the_close_though_twenty_vote_at_once(
    database: str, classroom: SqlClassroom, quizzes: SqlQuizzes, lecture: int
) -> None:
    classroom.keep(CLASS)
    quiz = quizzes.ask(asked(lecture))
    begin, closed, late = threading.Barrier(len(CLASS) + 1), threading.Event(), list[str]()
    taken, faults = list[str](), list[Exception]()

    def answer(key: str) -> None:
        own = open_classroom(database)
        try:
            begin.wait(20)
            for turn in range(8):
                after = closed.is_set()
                if SqlQuizzes(own.engine).vote(given(quiz, key, answer=f'"{turn}"', at=NOW + timedelta(seconds=turn))):
                    taken.append(key)
                    if after:
                        late.append(key)
        except Exception as fault:
            faults.append(fault)
        finally:
            own.close()

    voters = [threading.Thread(target=answer, args=(one.key,)) for one in CLASS]
    for voter in voters:
        voter.start()
    begin.wait(20)
    while len(taken) < 5 and not faults:
        threading.Event().wait(0.001)
    quizzes.set_state(quiz.id, "closed")
    counted = quizzes.votes([quiz.id])
    closed.set()
    for voter in voters:
        voter.join()
    assert faults == late == []
    assert quizzes.votes([quiz.id]) == counted
    assert {vote.person for vote in counted} == set(taken)


def test_two_who_ask_at_once_leave_one_question_open(quizzes: SqlQuizzes, lecture: int) -> None:
    begin = threading.Barrier(4)

    def ask() -> None:
        begin.wait(20)
        quizzes.ask(asked(lecture))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    states = [one.state for one in quizzes.asked(lecture=lecture)]
    assert states == ["closed"] * 3 + ["open"]


def test_a_person_who_is_deleted_takes_their_votes_along(
    classroom: SqlClassroom, quizzes: SqlQuizzes, lecture: int
) -> None:
    quiz = quizzes.ask(asked(lecture))
    assert quizzes.vote(given(quiz))
    assert quizzes.vote(given(quiz, "ben"))
    classroom.delete("ada")
    assert [vote.person for vote in quizzes.votes([quiz.id])] == ["ben"]


def test_keeps_changes_and_forgets_what_the_staff_writes(quizzes: SqlQuizzes) -> None:
    first = quizzes.write_question(Written(0, "What?\n= 1\nbecause so", "iva", NOW))
    second = quizzes.write_question(Written(0, "another", "tina", NOW))
    changed = quizzes.write_question(Written(first.id, "What now?", "tina", NOW))
    assert changed.id == first.id != second.id
    assert quizzes.questions() == (changed, second)
    quizzes.drop_question(second.id)
    assert quizzes.questions() == (changed,)
    plan = quizzes.write_plan(Written(0, "# Week 3", "iva", NOW, title="Week 3"))
    assert plan.title == "Week 3"
    assert quizzes.plans() == (plan,)
    quizzes.drop_plan(plan.id)
    assert quizzes.plans() == ()


def test_what_somebody_deleted_meanwhile_is_kept_anew(quizzes: SqlQuizzes) -> None:
    gone = quizzes.write_question(Written(0, "first", "iva", NOW))
    quizzes.drop_question(gone.id)
    assert quizzes.write_question(Written(gone.id, "again", "iva", NOW)) in quizzes.questions()
