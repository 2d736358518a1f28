"""A bonus as students and staff meet it: five of three points, a maximum for Canvas, a warning for Moodle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classroom import assignments, work
from classroom.overview import matrix, overview
from classroom.staff.exporting import exports, problems
from classroom.staff.opened import opened
from grading.ledger.policy import DAY
from tests.classroom.conftest import ADA, BEN, IVA
from tests.classroom.course import MONDAY, SmallCourse, small
from tests.classroom.test_overview import judged

BONUS = 'late_points = 1\n[assignments.ps]\nbonus = ["test-mean"]'


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db"), settings=BONUS) as found:
        yield found.published(due=MONDAY + DAY)


def test_what_can_be_had_leaves_it_out_and_what_is_had_does_not(course: SmallCourse) -> None:
    course.hand_in(ADA)
    judged(course)
    card, (seen,) = assignments.card(course.desk, ADA, "ps"), work.history(course.desk, ADA, "ps")
    assert (card.points, card.out_of) == (seen.worth, seen.out_of) == (5.0, 3.0)
    assert [question.id for question in card.questions if question.bonus] == ["test-mean"]


def test_lateness_takes_from_all_points(course: SmallCourse) -> None:
    course.now = MONDAY + 2 * DAY
    course.hand_in(ADA)
    judged(course)
    assert assignments.card(course.desk, ADA, "ps").points == 3.0  # begun its second day


def test_the_gradebook_says_the_same(course: SmallCourse) -> None:
    for who, mean in ((ADA, 3.0), (BEN, 0.0)):
        course.hand_in(who)
        judged(course, mean=mean)
    found = overview(course.desk, IVA, "ps")
    points = {row.student: row.points for row in found.rows}
    assert (found.out_of, points, {row.out_of for row in found.rows}) == (3.0, {ADA.key: 5.0, BEN.key: 2.0}, {3.0})
    assert found.bins[-1].high >= 5.0
    assert sum(one.count for one in found.bins) == 2
    assert [(one.question.bonus, one.mean) for one in found.failures] == [(False, 2.0), (True, 1.5), (False, None)]
    assert matrix(course.desk, IVA).out_of == 3.0
    sheet = opened(course.desk, IVA, next(row.hand_in for row in found.rows if row.student == ADA.key))
    assert (sheet.standing.points, sheet.out_of) == (5.0, 3.0)


def test_canvas_gets_its_maximum_and_moodles_is_to_be_raised(course: SmallCourse) -> None:
    assert not [said for said in problems(course.desk, IVA, "moodle") if "maximum" in said]
    course.hand_in(ADA)
    judged(course)
    assert "Points Possible,,,,,3\r\n" in exports(course.desk, IVA, "canvas")[1]
    (said,) = [said for said in problems(course.desk, IVA, "moodle") if "maximum" in said]
    assert said.startswith("In Moodle set the maximum of ps to 6: somebody has more than 3 points")
    assert not problems(course.desk, IVA, "canvas")
