"""Local sign-in: link once, class code and PIN, one sentence for all mistakes, cookies that end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classroom.people import Person
from classroom.port import Pin
from classroom.signin import local, pins
from classroom.signin.local import WRONG, LocalSignIn, NotLetIn, class_code
from classroom.store.sql import SqlClassroom, open_classroom

ADA = Person("a", "Ada Lovelace", number="0815")
PIN = "271828"
HASHED = pins.hash_pin(PIN)


class Clock:
    now = datetime(2026, 3, 9, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def course(tmp_path: Path):
    room = open_classroom(tmp_path / "ledger.sqlite")
    room.keep([ADA])
    room.set_pins({"a": Pin(HASHED)})
    yield room
    room.close()


def enter(door: LocalSignIn, course: SqlClassroom, **said: str) -> str:
    right = {"code": class_code(course), "who": "0815", "pin": PIN, "address": "10.0.0.7"}
    return door.enter(**right | said)


def test_lets_in_who_knows_code_and_pin_and_a_restart_signs_nobody_out(course: SqlClassroom) -> None:
    cookie = enter(LocalSignIn(lambda: course), course, pin="27 18 28")
    assert LocalSignIn(lambda: course).person(cookie) == ADA


@pytest.mark.parametrize("said", [{"code": "nothing"}, {"who": "nobody"}, {"pin": "000000"}, {"pin": ""}])
def test_says_the_same_and_hashes_whatever_is_wrong(course, said, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    monkeypatch.setattr(local.pins, "verify", lambda pin, kept: bool(hashed.append(kept)))
    with pytest.raises(NotLetIn) as refusal:
        enter(LocalSignIn(lambda: course), course, **said)
    assert str(refusal.value) == WRONG
    assert len(hashed) == 1


@pytest.mark.parametrize("who", ["0815", "a made-up name"])
def test_waits_after_five_wrong_ones_whether_or_not_the_name_is_real(course, who: str) -> None:
    clock = Clock()
    door = LocalSignIn(lambda: course, clock)
    waits = []
    for _ in range(6):
        with pytest.raises(NotLetIn) as refusal:
            enter(door, course, who=who, pin="999999")
        waits.append(refusal.value.wait)
    assert waits == [0, 0, 0, 0, 0, 30]
    clock.now += timedelta(seconds=31)
    if who == "0815":
        assert door.person(enter(door, course)) == ADA
        assert course.pin("a") == Pin(HASHED)


@pytest.mark.parametrize("change", ["left", "deleted", "new PIN", "signed out", "another key", "old"])
def test_ends_a_cookie(course, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door = LocalSignIn(lambda: course)
    cookie = enter(door, course)
    assert door.person(cookie) == ADA
    match change:
        case "left":
            course.keep([replace(ADA, active=False)])
        case "deleted":
            course.delete("a")
        case "new PIN":
            course.set_pins({"a": Pin(pins.hash_pin("314159"))})
        case "signed out":
            door.end(cookie)
        case "another key":
            course.set(local.COOKIE_KEY, "another")
        case "old":
            monkeypatch.setattr(local, "LIFETIME", -1)
    assert door.person(cookie) is None


@pytest.mark.parametrize("with_course", [True, False])
def test_redeems_its_link_once(course, with_course: bool) -> None:
    door = LocalSignIn(lambda: course if with_course else None)
    token = door.link().rsplit("/", 1)[1]
    assert token not in repr(door)
    assert door.redeem("é" * 40) is None
    assert door.person(door.redeem(token)) == local.INSTRUCTOR
    assert door.redeem(token) is None


@pytest.mark.parametrize("cookie", [None, "", "a.b.c", "INSTRUCTOR"])
def test_takes_a_made_up_cookie_for_nobodys(course, cookie: str | None) -> None:
    assert LocalSignIn(lambda: course).person(cookie) is None
    assert LocalSignIn().person(cookie) is None


def test_draws_pins_that_nobody_tries_first() -> None:
    drawn = [pins.draw_pin() for _ in range(500)]
    assert all(len(pin) == 6 and pin.isdecimal() and not pins.guessable(pin) for pin in drawn)
    assert not pins.verify(PIN, "nonsense")
    assert not pins.verify(PIN, pins.decoy())


def test_ends_a_cookie_for_good_and_older_ones_with_it(course: SqlClassroom) -> None:
    clock = Clock()
    door, cookies = LocalSignIn(lambda: course, clock), []
    for _ in range(3):
        cookies.append(enter(door, course))
        clock.now += timedelta(seconds=1)
    door.end(cookies[1])
    door.end(cookies[0])  # an older one brings nobody back
    restarted = LocalSignIn(lambda: course, clock)
    assert [restarted.person(cookie) for cookie in cookies] == [None, None, ADA]


def test_lets_in_again_whatever_the_clock_did(course: SqlClassroom) -> None:
    clock = Clock()
    door = LocalSignIn(lambda: course, clock)
    door.end(enter(door, course))
    clock.now -= timedelta(minutes=1)
    assert door.person(enter(door, course)) == ADA


def test_ends_the_instructors_cookie_where_there_is_no_course() -> None:
    door = LocalSignIn()
    cookie = door.redeem(door.link().rsplit("/", 1)[1])
    assert door.person(cookie) == local.INSTRUCTOR
    door.end(cookie)
    assert door.person(cookie) is None
