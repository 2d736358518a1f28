"""Who may be stuck: seen from checks, hand-ins and the times of drafts, by whoever may see it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from classroom import work
from classroom.errors import NotAllowed
from classroom.people import Person
from classroom.port import Came, Checked
from classroom.staff import actions
from classroom.staff.stuck import AGAIN, QUIET, SOON, Stuck, stuck
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.classroom.test_overview import HINT, judged
from tests.classroom.test_work import EVERYBODY, STAFF

MINUTE = timedelta(minutes=1)


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        yield opened.published()


def check(
    course: SmallCourse, who: Person = ADA, outcome: Came = "failed", seen: str = "It gave 4.", **more: str
) -> None:
    course.now += MINUTE
    course.desk.classroom.note_check(who.key, "ps", Checked(more.get("cell", "mean"), outcome, seen, course.now))


def said(course: SmallCourse, **asked: object) -> list[tuple[str, str, str, int]]:
    found = stuck(course.desk, TINA, "ps", **asked)  # type: ignore[arg-type]
    return [(one.name, one.sign.why, one.sign.where, one.sign.times) for one in found]


@pytest.mark.parametrize("role", EVERYBODY)
def test_is_for_the_staff(course: SmallCourse, role: str) -> None:
    if role in STAFF:
        assert stuck(course.desk, EVERYBODY[role], "ps") == ()
    else:
        with pytest.raises(NotAllowed):
            stuck(course.desk, EVERYBODY[role], "ps")


def test_three_checks_with_the_same_answer(course: SmallCourse) -> None:
    for times in range(1, AGAIN + 2):
        check(course)
        assert said(course) == ([("Ada Lovelace", "same hint", "mean", times)] if times >= AGAIN else [])
    (one,) = stuck(course.desk, TINA, "ps")
    assert (one.sign.said, one.sign.at, one.section) == ("It gave 4.", course.now, "Monday")
    check(course, seen="It gave 5.")
    assert said(course) == []


def test_an_answer_that_passes_is_no_trouble(course: SmallCourse) -> None:
    for _ in range(AGAIN):
        check(course, outcome="passed", seen="")
    assert said(course) == []


def test_what_is_long_ago_is_forgotten(course: SmallCourse) -> None:
    for _ in range(AGAIN):
        check(course, outcome="error")
    course.now += timedelta(minutes=61)
    assert said(course) == []
    assert len(said(course, minutes=120)) == 1


def test_a_hand_in_since_says_more(course: SmallCourse) -> None:
    for _ in range(AGAIN):
        check(course)
    course.hand_in(ADA)
    assert said(course) == []


def test_three_hand_ins_with_the_same_hint(course: SmallCourse) -> None:
    for times in range(1, AGAIN + 1):
        assert said(course) == []
        course.hand_in(ADA, mean=f"def mean(xs): return {times}")
        judged(course, mean=0.0)
    (one,) = stuck(course.desk, TINA, "ps")
    assert (one.sign.where, one.sign.times, one.sign.said, one.sign.hand_in) == ("mean", 3, HINT, 3)
    course.hand_in(ADA)
    judged(course)
    assert said(course) == []


def test_typed_and_never_checked(course: SmallCourse) -> None:
    work.save(course.desk, ADA, "ps", cell="double", text="def double")
    work.save(course.desk, BEN, "ps", cell="essay", text="words need no check")
    assert said(course) == []
    course.now += QUIET
    assert said(course) == [("Ada Lovelace", "not checked", "double", 0)]
    check(course, outcome="passed", cell="double")
    assert said(course) == []


def test_not_begun_though_it_is_due_soon(course: SmallCourse) -> None:
    def names() -> list[str]:
        return [name for name, why, *_ in said(course) if why == "not begun"]

    due: datetime = course.now + SOON + MINUTE
    course.published(due=due)
    assert names() == []
    course.now += MINUTE
    assert names() == ["Ben Bitdiddle", "Ada Lovelace"]
    assert said(course, section="Monday") == [("Ada Lovelace", "not begun", "", 0)]
    course.desk.classroom.keep([replace(BEN, active=False)])
    work.save(course.desk, ADA, "ps", cell="essay", text="A beginning")
    assert names() == []
    course.desk.classroom.keep([BEN])
    actions.extend(course.desk, IVA, "ps", students=["ben"], until=due + SOON)
    assert names() == []
    course.published(due=due, closes=due + SOON)
    course.now = due + MINUTE
    assert names() == ["Ben Bitdiddle"]  # who has until later


def test_who_tried_most_comes_first_and_the_staff_never(course: SmallCourse) -> None:
    for _ in range(AGAIN):
        check(course, ADA)
        check(course, TINA)
    for _ in range(AGAIN + 1):
        check(course, BEN, cell="double")
    assert said(course) == [("Ben Bitdiddle", "same hint", "double", 4), ("Ada Lovelace", "same hint", "mean", 3)]


def test_names_nobody_on_a_screen(course: SmallCourse) -> None:
    for _ in range(AGAIN):
        check(course)
    found: tuple[Stuck, ...] = stuck(course.desk, TINA, "ps", anonymous=True)
    assert found[0].name.startswith("Student ")
