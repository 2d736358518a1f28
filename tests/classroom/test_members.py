"""The roster through the services: what a file changes, PINs that open the door, roles, leaving, being forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from classroom import assignments, members
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.roles import Role
from classroom.signin.pins import verify
from tests.classroom.conftest import BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small

ROSTER = (
    b"name,email,number,section\n"
    b"Ada Lovelace,ada@example.org,1815,Tuesday\nGrace Hopper,grace@example.org,1906,Tuesday\n"
)


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        yield opened


def test_shows_what_a_roster_would_change_and_then_changes_it(course: SmallCourse) -> None:
    shown = members.preview(course.desk, IVA, ROSTER)
    assert [one.name for one in shown.plan.added] == ["Grace Hopper"]
    assert [(old.section, new.section) for old, new in shown.plan.changed] == [("Monday", "Tuesday")]
    assert [one.name for one in shown.plan.missing] == ["Ben Bitdiddle"]
    assert len(members.members(course.desk, IVA)) == 4
    members.carry_out(course.desk, IVA, shown)
    assert {one.name for one in members.members(course.desk, IVA)} >= {"Grace Hopper", "Ben Bitdiddle"}
    members.carry_out(course.desk, IVA, members.preview(course.desk, IVA, ROSTER), leave=True)
    assert "Ben Bitdiddle" not in {one.name for one in members.members(course.desk, IVA)}
    back = members.preview(course.desk, IVA, members.as_file(course.desk, IVA).encode())
    assert (back.plan.added, back.plan.changed, back.faults) == ((), (), ())


@pytest.mark.parametrize("meanwhile", ["deleted", "another role", "came by themselves"])
def test_takes_nothing_over_from_a_roster_that_changed_since(course: SmallCourse, meanwhile: str) -> None:
    shown = members.preview(course.desk, IVA, ROSTER)
    if meanwhile == "deleted":
        members.forget(course.desk, IVA, "ada")
    elif meanwhile == "another role":
        members.change(course.desk, IVA, "ada", role=Role.ASSISTANT)
    else:
        course.desk.classroom.keep([Person("grace", "Grace Hopper", email="grace@example.org", number="1906")])
    before = members.members(course.desk, IVA, everybody=True)
    with pytest.raises(ClassroomError, match="changed meanwhile"):
        members.carry_out(course.desk, IVA, shown)
    assert members.members(course.desk, IVA, everybody=True) == before


def test_says_which_lines_are_wrong_in_their_order(course: SmallCourse) -> None:
    shown = members.preview(course.desk, IVA, b"name,email,colour\nEve,no address,red\n,x@y.org,blue\n")
    assert [fault.line for fault in shown.faults] == [2, 3]
    assert shown.ignored == ("colour",)


def test_gives_pins_that_can_be_read_once(course: SmallCourse) -> None:
    assert {one.key for one in members.without_pin(course.desk, IVA)} == {"ada", "ben", "tina", "iva"}
    drawn = members.give_pins(course.desk, IVA, ["ada", "ben", "ada"])
    assert [one.key for one, _ in drawn] == ["ada", "ben"]
    for person, pin in drawn:
        kept = course.desk.classroom.pin(person.key)
        assert kept is not None
        assert verify(pin, kept.hashed)
        assert pin not in kept.hashed
    assert {one.key for one in members.without_pin(course.desk, IVA)} == {"tina", "iva"}


def test_forgets_a_person_and_keeps_the_statistics(course: SmallCourse) -> None:
    course.published().hand_in(BEN)
    course.grade()
    members.forget(course.desk, IVA, "ben")
    assert course.desk.classroom.person("ben") is None
    assert len(course.desk.ledger.results(assignment="ps")) == 1
    told = " ".join(f"{deed.what} {deed.about}" for deed in course.desk.ledger.audit())
    assert "deleted a person" in told
    assert "Bitdiddle" not in told


def test_never_leaves_a_course_without_an_instructor(course: SmallCourse) -> None:
    for attempt in (
        lambda: members.change(course.desk, IVA, "iva", role=Role.STUDENT),
        lambda: members.change(course.desk, IVA, "iva", active=False),
        lambda: members.forget(course.desk, replace(IVA, key="another"), "iva"),
    ):
        with pytest.raises(ClassroomError, match="needs an instructor"):
            attempt()
    with pytest.raises(ClassroomError, match="cannot delete yourself"):
        members.forget(course.desk, IVA, "iva")
    members.change(course.desk, IVA, "tina", role=Role.INSTRUCTOR)
    assert members.change(course.desk, IVA, "iva", role=Role.STUDENT).role == Role.STUDENT


def test_another_role_holds_at_once(course: SmallCourse) -> None:
    fresh = members.change(course.desk, IVA, "ben", role=Role.ASSISTANT)
    assert len(assignments.cards(course.desk, fresh)) == 1


def test_knows_nobody_by_a_made_up_key(course: SmallCourse) -> None:
    for ask in (members.forget, members.change):
        with pytest.raises(ClassroomError, match="no such member"):
            ask(course.desk, IVA, "nobody")
    with pytest.raises(ClassroomError, match="no such member"):
        members.give_pins(course.desk, IVA, ["ada", "nobody"])
    assert course.desk.classroom.pin("ada") is None


def test_draws_another_class_code(course: SmallCourse) -> None:
    before = members.class_code(course.desk, IVA)
    assert members.class_code(course.desk, TINA) == before
    assert members.another_code(course.desk, IVA) != before
