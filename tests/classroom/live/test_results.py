"""What came of asking: who took part, how each question went, what one sees of oneself."""

import csv
import io
from dataclasses import replace

import pytest

from classroom.errors import NotAllowed
from classroom.live import quizzing, results
from classroom.live.port import Lecture
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse


def asked(course: SmallCourse, first: dict[str, str], second: dict[str, str] | None = None) -> int:
    """Q04 with these answers by key, and the second vote if there is one; revealed."""
    desk, people = course.desk, {one.key: one for one in (ADA, BEN, TINA)}
    quiz = quizzing.ask(desk, IVA, "Q04").id
    for round, given in enumerate([first] if second is None else [first, second], start=1):
        if round == 2:
            quizzing.close(desk, IVA)
            quizzing.again(desk, IVA)
        for key, answer in given.items():
            quizzing.vote(desk, people[key], quiz, answer, round=round)
    quizzing.reveal(desk, IVA)
    return quiz


def test_counts_who_was_asked_answered_and_was_right_in_the_end(course: SmallCourse) -> None:
    asked(course, {"ada": "86950", "ben": "1", "tina": "86950"}, {"ada": "2", "ben": "86,950"})
    asked(course, {"ada": "86950"})
    asked(course, {"ben": "86950"}, {})
    found = {one.student.key: (one.asked, one.answered, one.right) for one in results.participation(course.desk, TINA)}
    assert found == {"ada": (3, 2, 1), "ben": (3, 2, 1)}


def test_counts_one_lecture_or_all(course: SmallCourse) -> None:
    asked(course, {"ada": "86950"})
    course.desk.lectures.end(1, course.now)
    second = course.desk.lectures.begin(Lecture(0, IVA.key, course.now)).id
    asked(course, {"ben": "86950"})
    counted = results.participation(course.desk, IVA, lecture=second)
    assert [(one.student.key, one.asked, one.answered) for one in counted] == [("ben", 1, 1), ("ada", 1, 0)]
    assert [one.lecture for one in results.per_question(course.desk, IVA)] == [1, second]
    assert results.participation(course.desk, IVA, lecture=99)[0].asked == 0


def test_says_how_a_question_went_before_and_after_the_discussion(course: SmallCourse) -> None:
    asked(course, {"ada": "86950", "ben": "1", "tina": "1"}, {"ada": "86950", "ben": "86950"})
    asked(course, {"ada": "86950", "ben": "86950"}, {"ada": "86950"})
    asked(course, {"ada": "1", "ben": "86950"}, {"ada": "1", "ben": "1"})
    asked(course, {"ada": "1"})
    went = results.per_question(course.desk, IVA)
    assert [(one.votes, one.shares, one.gain) for one in went] == [
        ((2, 2), (0.5, 1.0), 1.0),
        ((2, 1), (1.0, 1.0), None),
        ((2, 2), (0.5, 0.0), -1.0),
        ((1,), (0.0,), None),
    ]


def test_one_sees_ones_own_answers_and_the_right_one_when_it_is_out(course: SmallCourse) -> None:
    quiz = quizzing.ask(course.desk, IVA, "Q04").id
    quizzing.vote(course.desk, ADA, quiz, "1")
    (found,) = results.mine(course.desk, ADA)
    assert (found.given, found.right, found.answer, found.page) == (("1",), None, "", "")
    quizzing.close(course.desk, IVA)
    quizzing.again(course.desk, IVA)
    quizzing.vote(course.desk, ADA, quiz, "86950", round=2)
    quizzing.reveal(course.desk, IVA)
    (found,) = results.mine(course.desk, ADA)
    assert (found.given, found.right, found.answer) == (("1", "86,950"), True, "86,950")
    (bens,) = results.mine(course.desk, BEN)
    assert (bens.given, bens.right, bens.answer) == (("-", "-"), None, "86,950")
    asked(course, {"ada": "2"})
    assert [one.given for one in results.mine(course.desk, ADA)] == [("2",), ("1", "86,950")]


def test_the_file_holds_no_formula(course: SmallCourse) -> None:
    course.desk.classroom.keep([replace(ADA, name="=HYPERLINK(A1)", section="@x")])
    asked(course, {"ada": "86950"})
    rows = list(csv.reader(io.StringIO(results.as_file(course.desk, IVA))))
    assert tuple(rows[0]) == results.HEADER
    assert rows[1] == ["'=HYPERLINK(A1)", "1815", "ada@example.org", "'@x", "1", "1", "1"]
    with pytest.raises(NotAllowed):
        results.as_file(course.desk, TINA)
