"""Exports through the services: nobody can be told from one without names, and platforms get what they can read."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from classroom import members
from classroom.errors import ClassroomError, NotAllowed
from classroom.people import Person
from classroom.roles import Role
from classroom.staff.exporting import exports, fill_canvas, problems
from grading.exports import Format
from grading.ledger.records import Mark
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.grading.ledger.hand_ins import outcome, score

GRACE = Person(
    "wxq7kd2mf3", "Grace Hopper", email="grace@navy.example", number="190612", login="ghopper", lms_id="55501"
)
MARKER = Person("zk4hr8vtcb", "Marga Marker", Role.ASSISTANT, email="marga@example.org", number="770077", login="mm")


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        opened.published()
        opened.desk.classroom.keep([GRACE, MARKER])
        ledger = opened.desk.ledger
        for who in (ADA, GRACE):
            receipt = opened.hand_in(who)
            claimed = ledger.claim("g1", now=opened.now, seconds=60)
            assert claimed is not None
            seen = f"printed: {who.name}, {who.number}"
            scores = (
                score("test-double", 2.0, 2.0, seen=seen),
                score("test-mean", 1.5, 3.0),
                score("essay", None, 2.0),
            )
            ledger.record(claimed, outcome(*scores), now=opened.now)
            said = f"Well done, {who.name}! Ask {MARKER.name} ({MARKER.email})."
            ledger.mark(Mark(receipt.attempt.hand_in, "essay", 1.0, said, MARKER.key, opened.now))
        yield opened


def secrets(people: tuple[Person, ...]) -> set[str]:
    """Everything by which somebody could be told."""
    found = set[str]()
    for one in people:
        found |= {one.key, one.name, one.email, one.number, one.login, one.lms_id, *one.name.split()}
    return {word.lower() for word in found if len(word) > 2}


@pytest.mark.parametrize("format", ["csv", "questions", "nbgrader"])
def test_without_names_nobody_can_be_told_not_even_the_staff(course: SmallCourse, format: Format) -> None:
    everybody = members.members(course.desk, IVA, everybody=True)
    name, text = exports(course.desk, IVA, format, pseudonymous=True)
    told = [word for word in secrets(everybody) if word in f"{name}{text}".lower()]
    assert told == []
    named = exports(course.desk, IVA, format)[1].lower()
    assert GRACE.key in named  # the same search finds them where they are
    assert len(text.splitlines()) == len(exports(course.desk, IVA, format)[1].splitlines())


def test_without_names_the_points_are_the_same(course: SmallCourse) -> None:
    hidden, named = (
        sorted(
            (row["question"], row["points"], row["out_of"])
            for row in csv.DictReader(io.StringIO(exports(course.desk, IVA, "questions", pseudonymous=one)[1]))
        )
        for one in (True, False)
    )
    assert hidden == named
    assert ("essay", "1", "2") in hidden


def test_pseudonyms_stay_when_somebody_is_deleted_and_names_do_not(course: SmallCourse) -> None:
    before = exports(course.desk, IVA, "csv", pseudonymous=True)[1]
    members.forget(course.desk, IVA, GRACE.key)
    assert set(exports(course.desk, IVA, "csv", pseudonymous=True)[1].splitlines()) == set(before.splitlines())
    assert "Hopper" not in exports(course.desk, IVA, "questions")[1]


def test_says_before_what_moodle_will_not_take(course: SmallCourse) -> None:
    (sentence,) = problems(course.desk, IVA, "moodle")
    assert "Ben Bitdiddle" in sentence
    assert problems(course.desk, IVA, "canvas") == ()
    course.desk.classroom.keep([replace(BEN, number="4")])
    assert problems(course.desk, IVA, "moodle") == ("In Moodle map by the column ID number: everybody has one.",)
    course.desk.classroom.keep([replace(BEN, number="4", email="ben@example.org")])
    assert problems(course.desk, IVA, "moodle") == ()


def test_fills_a_gradebook_from_canvas(course: SmallCourse) -> None:
    theirs = (
        "Student,ID,SIS User ID,SIS Login ID,Section,ps (12)\n    Points Possible,,,,,6\n"
        "Hopper Grace,55501,,,Monday,\nLovelace,9,1815,,Monday,\n"
    )
    filled = fill_canvas(course.desk, IVA, theirs.encode())
    assert [row[-1] for row in csv.reader(io.StringIO(filled.text))] == ["ps (12)", "6", "4.5", "4.5"]
    assert filled.left == ("Not found in the file from Canvas, by ID, SIS User ID or SIS Login ID: Ben Bitdiddle.",)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"0" * (21 * 10**6)], ids=["no text", "far too much"])
def test_refuses_what_is_no_gradebook(course: SmallCourse, data: bytes) -> None:
    with pytest.raises(ClassroomError):
        fill_canvas(course.desk, IVA, data)


@pytest.mark.parametrize("who", [None, ADA, TINA], ids=["nobody", "student", "assistant"])
def test_is_for_instructors(course: SmallCourse, who: Person | None) -> None:
    for ask in (lambda: fill_canvas(course.desk, who, b""), lambda: problems(course.desk, who, "moodle")):
        with pytest.raises(NotAllowed):
            ask()
