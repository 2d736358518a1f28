"""Asking a class, from opening to putting away; and that nobody learns the answer, or who gave which, before time."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from classroom.errors import ClassroomError, NotAllowed
from classroom.live import own, practice, quizzing
from classroom.people import Person
from syllabus.questions import asked_live, question
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse
from tests.classroom.live.test_answers import right_answer

# A question of each kind, and what of it nobody may read before it is revealed.
TELLTALE = {
    "number": ("How many?\n= 0.918273 +- 0.0077", ("0.918273",)),
    "shape": ("Which?\n= 917x823x645", ("917x823x645",)),
    "choice": ("Which?\n* one\n- two\n- three", ("right=('one',)",)),
    "several": ("Which?\n* one\n* two\n- three", ("right=('one', 'two')",)),
    "slide": ("Which?\nslide Heading\n- one\nx two\n- three", ("right=('two',)",)),
    "click": ("Where?\npicture scene 7\nregion 0.21 0.32 0.43 0.54\n= the small ship", ("0.21", "0.54", "ship")),
}
CLICK = "Where is the ship?\npicture scene 7\nregion 0.21 0.32 0.43 0.54\n= the small ship\nbecause it lies there."


def ask(course: SmallCourse, id: str = "Q04", seconds: int | None = None) -> int:
    return quizzing.ask(course.desk, IVA, id, seconds).id


def seen(course: SmallCourse) -> str:
    """All that Ben is told of what is asked now."""
    found = quizzing.current(course.desk, BEN)
    assert found is not None
    return repr(found)


def test_goes_from_opening_to_putting_away(course: SmallCourse) -> None:
    desk, quiz = course.desk, ask(course)
    quizzing.vote(desk, ADA, quiz, "86,950")
    quizzing.vote(desk, BEN, quiz, "1")
    quizzing.vote(desk, BEN, quiz, "2")
    assert quizzing.count(desk, IVA) == quizzing.Count(answered=2, students=2)
    assert quizzing.close(desk, IVA).state == "closed"
    with pytest.raises(ClassroomError, match=r"closed\. Your answer from before counts"):
        quizzing.vote(desk, BEN, quiz, "3")
    assert quizzing.again(desk, IVA, 60).round == 2
    with pytest.raises(ClassroomError, match=r"closed\. Your answer from before counts"):
        quizzing.vote(desk, BEN, quiz, "3", round=1)
    quizzing.vote(desk, BEN, quiz, "86950", round=2)
    assert quizzing.my_vote(desk, BEN, quiz) == {1: "2", 2: "86950"}
    assert quizzing.count(desk, IVA).answered == 1
    quizzing.reveal(desk, IVA)
    found = quizzing.current(desk, BEN)
    assert found is not None
    assert found.told is not None
    assert (found.told.answer, found.mine, found.before) == ("86,950", "86950", "2")
    assert [(one.votes, one.right) for one in found.told.rounds] == [(2, 1), (1, 1)]
    quizzing.put_away(desk, IVA)
    assert quizzing.current(desk, BEN) is quizzing.asked_now(desk, IVA) is None


def test_time_closes_without_anybody(course: SmallCourse) -> None:
    quiz = ask(course, seconds=30)
    course.now += timedelta(seconds=29)
    quizzing.vote(course.desk, ADA, quiz, "1")
    course.now += timedelta(seconds=1)
    with pytest.raises(ClassroomError, match=r"closed\. Yours came late"):
        quizzing.vote(course.desk, BEN, quiz, "1")
    found = quizzing.current(course.desk, BEN)
    assert found is not None
    assert (found.state, found.mine) == ("closed", None)
    assert quizzing.again(course.desk, IVA).until is None


@pytest.mark.parametrize("seconds", [4, 0, -1, 3601])
def test_asks_for_a_sensible_time(course: SmallCourse, seconds: int) -> None:
    with pytest.raises(ClassroomError, match="5 to 3,600 seconds"):
        ask(course, seconds=seconds)


def test_refuses_what_cannot_be_now(course: SmallCourse) -> None:
    desk = course.desk
    for step in (quizzing.close, quizzing.again, quizzing.reveal, quizzing.put_away, quizzing.count):
        with pytest.raises(ClassroomError, match="Nothing is asked"):
            step(desk, IVA)  # type: ignore[operator]
    with pytest.raises(ClassroomError, match="no question 'Q999'"):
        ask(course, "Q999")
    ask(course)
    with pytest.raises(ClassroomError, match="Close the first vote"):
        quizzing.again(desk, IVA)
    with pytest.raises(ClassroomError, match="moved this question on"):
        quizzing.put_away(desk, IVA)
    quizzing.close(desk, IVA)
    quizzing.again(desk, IVA)
    quizzing.close(desk, IVA)
    with pytest.raises(ClassroomError, match="second vote already"):
        quizzing.again(desk, IVA)
    quizzing.reveal(desk, IVA)
    with pytest.raises(ClassroomError, match="moved this question on"):
        quizzing.close(desk, IVA)
    desk.lectures.end(1, course.now)
    with pytest.raises(ClassroomError, match="No class is live"):
        ask(course)
    with pytest.raises(ClassroomError, match="never asked"):
        quizzing.tally(desk, IVA, 99, 1)
    with pytest.raises(ClassroomError, match="Nothing is asked"):
        quizzing.vote(desk, ADA, 99, "1")


@pytest.mark.parametrize("gone", [None, Person("vera", "Vera", active=False)], ids=["nobody", "somebody who left"])
def test_only_members_answer(course: SmallCourse, gone: Person | None) -> None:
    quiz = ask(course)
    for call in (
        lambda: quizzing.current(course.desk, gone),
        lambda: quizzing.vote(course.desk, gone, quiz, "1"),
        lambda: quizzing.my_vote(course.desk, gone, quiz),
    ):
        with pytest.raises(NotAllowed):
            call()


@pytest.mark.parametrize("kind", TELLTALE)
def test_before_it_is_revealed_no_student_learns_the_answer(course: SmallCourse, kind: str) -> None:
    text, secrets = TELLTALE[kind]
    asked = own.write(course.desk, IVA, f"{text}\nbecause of the whole reason.\nlab zz_page?zz=1")
    assert asked.kind == kind
    quiz = ask(course, asked.id)
    quizzing.vote(course.desk, ADA, quiz, right_answer(asked))
    secrets = (*secrets, "reason", "zz_page", ADA.key, ADA.name)
    assert [secret for secret in secrets if secret in seen(course)] == []
    quizzing.close(course.desk, IVA)
    assert [secret for secret in secrets if secret in seen(course)] == []
    quizzing.again(course.desk, IVA)
    assert [secret for secret in secrets if secret in seen(course)] == []
    quizzing.reveal(course.desk, IVA)
    assert [secret for secret in secrets if secret not in seen(course)] == [ADA.key, ADA.name]


def test_what_is_asked_just_now_cannot_be_practised(course: SmallCourse) -> None:
    for turn in range(2):
        ask(course)
        assert "Q04" not in {one.id for one in practice.of_lecture(course.desk, BEN, "")}
        assert practice.past(course.desk, BEN) == ()
        quizzing.reveal(course.desk, IVA)
        assert "Q04" in {one.id for one in practice.of_lecture(course.desk, BEN, "")}
        assert [one.id for one in practice.past(course.desk, BEN)] == ["Q04"], turn


def test_options_are_mixed_so_that_the_first_is_not_always_right(course: SmallCourse) -> None:
    first = 0
    choices = [one for one in asked_live() if one.kind == "choice"]
    for one in choices[:40]:
        ask(course, one.id)
        found = quizzing.current(course.desk, BEN)
        assert found is not None
        first += found.options[0] == one.answer
    assert 0 < first < 25


def test_votes_are_counted_without_a_name(course: SmallCourse) -> None:
    quiz = ask(course)
    quizzing.vote(course.desk, ADA, quiz, "86950")
    quizzing.reveal(course.desk, IVA)
    found = repr(quizzing.tally(course.desk, TINA, quiz, 1)) + seen(course)
    assert all(word not in found for word in ("'ada'", "Ada", "Lovelace"))
    with pytest.raises(NotAllowed):
        quizzing.tally(course.desk, BEN, quiz, 1)


def test_a_question_stays_as_it_was_asked(course: SmallCourse) -> None:
    written = own.write(course.desk, IVA, CLICK)
    quiz = ask(course, written.id)
    quizzing.vote(course.desk, ADA, quiz, (0.3, 0.4))
    own.write(course.desk, IVA, CLICK.replace("ship", "boat"), id=1)
    own.drop(course.desk, IVA, 1)
    quizzing.reveal(course.desk, IVA)
    found = quizzing.current(course.desk, ADA)
    assert found is not None
    assert found.told is not None
    assert "ship" in found.prompt
    assert found.told.regions == ((0.21, 0.32, 0.43, 0.54),)
    assert found.told.rounds[0].points == ((0.3, 0.4),)


def test_every_question_can_be_asked_and_comes_back_the_same(course: SmallCourse) -> None:
    for one in asked_live():
        quiz = course.desk.quizzes.quiz(ask(course, one.id))
        assert quiz is not None
        before, after = asdict(question(one.id)), asdict(quizzing.worded(quiz))
        dropped = ("lectures", "row")
        assert {key: after[key] for key in after if key not in dropped} == {
            key: before[key] for key in before if key not in dropped
        }
