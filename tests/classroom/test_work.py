"""Assignments and a student's work through the services: published, handed in, graded, seen, by whoever may."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classroom import assignments, work
from classroom.errors import ClassroomError, NotAllowed
from classroom.people import Person
from classroom.roles import Role
from grading.errors import Refusal
from grading.ledger.records import Extension
from grading.service import mark, release
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import MONDAY, SmallCourse, small

DAY = timedelta(days=1)
VISITOR = Person("vic", "Vic Visitor", Role.VISITOR)
GONE = Person("gone", "Gone Away", active=False)
EVERYBODY = {"nobody": None, "visitor": VISITOR, "student": ADA, "assistant": TINA, "instructor": IVA, "gone": GONE}


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        yield opened


STAFF, HEAD = {"assistant", "instructor"}, {"instructor"}


def test_a_student_learns_nothing_about_hand_ins_of_others(course: SmallCourse) -> None:
    course.published().hand_in(BEN)
    with pytest.raises(ClassroomError) as theirs:
        work.handed_in(course.desk, ADA, 1)
    with pytest.raises(ClassroomError) as none:
        work.handed_in(course.desk, ADA, 999)
    assert str(theirs.value) == str(none.value)


# -- what is open


def test_nothing_is_open_until_it_is_published(course: SmallCourse) -> None:
    assert assignments.cards(course.desk, ADA) == ()
    assert [card.stage for card in assignments.cards(course.desk, TINA)] == ["hidden"]
    with pytest.raises(ClassroomError, match="not published yet"):
        course.hand_in()
    course.published()
    assert [(card.name, card.stage, card.progress) for card in assignments.cards(course.desk, ADA)] == [
        ("ps", "open", "not begun")
    ]


def test_goes_from_announced_to_open_to_late_to_closed(course: SmallCourse) -> None:
    course.published(opens=MONDAY + DAY, due=MONDAY + 3 * DAY, closes=MONDAY + 5 * DAY)
    stages = []
    for day in range(7):
        course.now = MONDAY + day * DAY + timedelta(hours=1)
        stages.append(assignments.card(course.desk, ADA, "ps").stage)
    assert stages == ["announced", "open", "open", "late", "late", "closed", "closed"]
    with pytest.raises(Refusal, match="is closed"):
        course.hand_in()
    course.now = MONDAY
    with pytest.raises(Refusal, match="not open yet"):
        course.hand_in()


def test_the_last_word_holds_and_takes_nothing_away(course: SmallCourse) -> None:
    course.published().hand_in()
    assignments.publish(course.desk, IVA, "ps", "closed")
    assert assignments.card(course.desk, ADA, "ps").stage == "closed"
    assert len(work.history(course.desk, ADA, "ps")) == 1
    course.published()
    course.hand_in(double="def double(x): return x + x")
    assert len(work.history(course.desk, ADA, "ps")) == 2


def test_refuses_dates_that_run_backwards(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match=r"It is due on 1 March 2026, 09:00, before it opens on 2 March"):
        course.published(opens=MONDAY, due=MONDAY - DAY)
    assert course.desk.classroom.publications() == ()


def test_an_extension_keeps_it_open_for_one_student(course: SmallCourse) -> None:
    course.published(due=MONDAY, closes=MONDAY + DAY)
    course.desk.ledger.extend(Extension("ps", "ada", "iva", MONDAY, until=MONDAY + 9 * DAY))
    course.now = MONDAY + 2 * DAY
    assert assignments.card(course.desk, ADA, "ps").stage == "open"
    assert assignments.card(course.desk, BEN, "ps").stage == "closed"
    assert course.hand_in(ADA).days_late == 0


def test_says_what_is_left_before_it_bites(tmp_path: Path) -> None:
    settings = "max_attempts = 2\ncool_down = 30\nlate_points = 1.5\nlate_days = 2"
    with small(tmp_path, str(tmp_path / "ledger.db"), settings=settings) as course:
        course.published(due=MONDAY + DAY)
        before = assignments.card(course.desk, ADA, "ps")
        assert (before.left, before.again, before.days_late) == (2, None, 0)
        assert before.rules.closes == MONDAY + 3 * DAY
        course.hand_in()
        after = assignments.card(course.desk, ADA, "ps")
        assert (after.left, after.used) == (1, 1)
        assert after.again == course.now + timedelta(minutes=30)
        course.now = MONDAY + DAY + timedelta(hours=1)
        assert assignments.card(course.desk, ADA, "ps").days_late == 1
        assert assignments.card(course.desk, ADA, "ps").again is None


def test_gives_a_student_the_files_without_anything_secret(course: SmallCourse) -> None:
    course.published()
    name, data = assignments.files(course.desk, ADA, "ps")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert (name, archive.namelist()) == ("ps.zip", ["ps/ps.ipynb"])
        text = archive.read("ps/ps.ipynb").decode()
    assert "1234.5" not in text
    assert "BEGIN HIDDEN" not in text
    assert json.loads(text)["nbformat"] == 4


# -- from hand-in to marks


def test_a_student_hands_in_sees_a_hint_corrects_and_is_marked(course: SmallCourse) -> None:
    course.published()
    receipt = course.hand_in(mean="def mean(xs): return sum(xs)")
    assert (receipt.attempt.number, receipt.place) == (1, 0)
    waiting = work.history(course.desk, ADA, "ps")
    assert [(seen.place, seen.worth, seen.entries) for seen in waiting] == [(0, None, ())]
    assert assignments.card(course.desk, ADA, "ps").progress == "waiting"
    assert course.grade() == "graded"
    (seen,) = work.history(course.desk, ADA, "ps")
    assert {entry.question: entry.points for entry in seen.entries} == {
        "test-double": 2.0,
        "test-mean": 0.0,
        "essay": None,
    }
    assert "mean([1, 3]) == 2" in next(e.score.seen for e in seen.entries if e.question == "test-mean")
    course.hand_in()
    assert course.grade() == "graded"
    newest, oldest = work.history(course.desk, ADA, "ps")
    assert (newest.counts, newest.worth, oldest.counts) == (True, 5.0, False)
    card = assignments.card(course.desk, ADA, "ps")
    assert (card.progress, card.points, card.out_of, card.used) == ("partly marked", 5.0, 6.0, 2)
    mark(
        course.desk.ledger, hand_in=newest.standing.hand_in.id, question="essay", points=1.0, comment="Well said.",
        by="tina", clock=course.desk.clock,
    )  # fmt: skip
    card = assignments.card(course.desk, ADA, "ps")
    assert (card.progress, card.points) == ("graded", 6.0)
    notebooks = work.feedback(course.desk, ADA, newest.standing.hand_in.id)
    assert newest.ran == tuple(name for name, _ in notebooks)
    assert [name for name, _ in notebooks] == ["ps.ipynb"]
    assert b"1234.5" not in notebooks[0][1]
    assert work.handed_in(course.desk, ADA, newest.standing.hand_in.id) == ("ps.ipynb", course.answered())


def test_shows_no_results_before_they_are_released(course: SmallCourse) -> None:
    course.published().hand_in()
    course.grade()
    release(course.desk.ledger, assignment="ps", by="iva", clock=course.desk.clock, visible=False)
    (seen,) = work.history(course.desk, ADA, "ps")
    assert (seen.visible, seen.entries, seen.worth) == (False, (), None)
    assert assignments.card(course.desk, ADA, "ps").points is None
    with pytest.raises(ClassroomError, match="not released"):
        work.feedback(course.desk, ADA, 1)
    assert len(work.history(course.desk, TINA, "ps", student="ada")[0].entries) == 3
    assert work.feedback(course.desk, TINA, 1)


# -- drafts


def test_keeps_drafts_apart(course: SmallCourse) -> None:
    course.published()
    work.save(course.desk, ADA, "ps", cell="double", text="def double(x):")
    work.save(course.desk, BEN, "ps", cell="double", text="ben's")
    assert {cell: draft.text for cell, draft in work.drafts(course.desk, ADA, "ps").items()} == {
        "double": "def double(x):"
    }
    assert assignments.card(course.desk, ADA, "ps").progress == "begun"
    work.start_over(course.desk, ADA, "ps", cell="double")
    assert work.drafts(course.desk, ADA, "ps") == {}


def test_refuses_a_draft_without_end(course: SmallCourse) -> None:
    course.published()
    with pytest.raises(ClassroomError, match="too long"):
        work.save(course.desk, ADA, "ps", cell="double", text="x" * (work.MOST_TYPED + 1))


def test_somebody_who_left_may_nothing_any_more(course: SmallCourse) -> None:
    course.published().hand_in()
    with pytest.raises(NotAllowed, match="no longer a member"):
        assignments.cards(course.desk, replace(ADA, active=False))


def test_reads_the_course_anew_when_it_was_saved(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classroom.desk.LOOK_AGAIN", 0.0)
    settings = course.desk.shelf.folder / "fovea.toml"
    assert course.desk.shelf.course().settings.max_attempts is None
    settings.write_text(f"max_attempts = 3\n{settings.read_text()}")
    assert course.desk.shelf.course().settings.max_attempts == 3
    assert course.desk.shelf.assignment("ps").settings.max_attempts == 3
