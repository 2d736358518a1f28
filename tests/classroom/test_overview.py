"""What the staff sees and decides: overview, gradebook, more time, releases, regrades, exports; whoever may."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from classroom.errors import ClassroomError
from classroom.members import forget
from classroom.overview import matrix, overview, queue
from classroom.people import Person
from classroom.staff import actions, audit, regrading
from classroom.staff.exporting import exports
from classroom.staff.figures import bins, times
from classroom.staff.roll import DELETED, numbered
from grading.errors import GradingError
from grading.records import Outcome, Score, State, verdict
from grading.service import may_see
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import MONDAY, SmallCourse, small

HOUR = timedelta(hours=1)
HINT = "Divide by how many there are."


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        yield opened.published()


def judged(course: SmallCourse, double: float | None = 2.0, mean: float | None = 3.0) -> None:
    """Record an outcome for the next hand-in in the queue, two seconds after it came."""
    course.now += timedelta(seconds=2)
    attempt = course.desk.ledger.claim("g1", now=course.now, seconds=60)
    assert attempt is not None

    def score(name: str, points: float | None, out_of: float) -> Score:
        state: State = "undecided" if points is None else "full" if points == out_of else "part" if points else "none"
        seen, hint = ("It gave 4, and 2 was expected.", HINT) if state in ("part", "none") else ("", "")
        return Score(name, points, out_of, state, seen, hint)

    scores = (score("test-double", double, 2.0), score("test-mean", mean, 3.0), Score("essay", None, 1.0, "to mark"))
    stopped = "the machine lost its memory" if None in (double, mean) else ""
    outcome = Outcome(verdict(scores), scores, 0.5, stopped_by=stopped)
    course.desk.ledger.record(attempt, outcome, now=course.now)


def worked(course: SmallCourse) -> SmallCourse:
    """Ada handed in twice, Ben once."""
    course.hand_in(ADA, mean="def mean(xs): return sum(xs)")
    judged(course, mean=0.0)
    course.hand_in(ADA)
    judged(course)
    course.hand_in(BEN, mean="def mean(xs): return 2")
    judged(course, mean=0.0)
    return course


LATER = MONDAY + timedelta(days=9)


# -- what is seen


def test_shows_everybody_with_how_they_stand(course: SmallCourse) -> None:
    worked(course)
    course.desk.classroom.keep([Person("cyn", "Cyn Coder"), Person("dot", "Dot Draft"), Person("eve", "Eve Early")])
    course.hand_in(Person("eve", "Eve Early"))
    from classroom.work import save

    save(course.desk, Person("dot", "Dot Draft"), "ps", cell="double", text="def")
    found = overview(course.desk, TINA, "ps")
    assert {row.name: (row.state, row.points, row.hand_ins) for row in found.rows} == {
        "Ada Lovelace": ("to mark", 5.0, 2),
        "Ben Bitdiddle": ("to mark", 2.0, 1),
        "Cyn Coder": ("not begun", None, 0),
        "Dot Draft": ("begun", None, 0),
        "Eve Early": ("waiting", None, 1),
    }
    assert [row.name for row in found.missing] == ["Cyn Coder", "Dot Draft"]
    assert [(one.name, one.being_graded, one.again) for one in found.waiting] == [("Eve Early", False, False)]
    assert (queue(course.desk, TINA).waiting, found.times) == (1, times([2.0, 2.0, 2.0]))


def test_shows_where_a_question_fails_and_what_was_seen_most(course: SmallCourse) -> None:
    found = overview(worked(course).desk, TINA, "ps")
    double, mean, essay = found.failures
    assert (double.full, double.mean, double.seen) == (2, 2.0, "")
    assert (mean.full, mean.none, mean.graded, mean.mean, mean.times) == (1, 1, 2, 1.5, 1)
    assert (mean.seen, mean.hint) == ("It gave 4, and 2 was expected.", HINT)
    assert (essay.undecided, essay.graded, essay.mean) == (2, 0, None)
    assert sum(one.count for one in found.bins) == len(found.points) == 2


def test_filters_by_section(course: SmallCourse) -> None:
    found = overview(worked(course).desk, TINA, "ps", section="Friday")
    assert [row.name for row in found.rows] == ["Ben Bitdiddle"]
    assert found.sections == ("Friday", "Monday")
    assert [line.name for line in matrix(course.desk, TINA, section="Monday").lines] == ["Ada Lovelace"]


def test_adds_up_the_course(course: SmallCourse) -> None:
    found = matrix(worked(course).desk, TINA)
    assert found.assignments == (("ps", "ps", 6.0),)
    assert [(line.name, line.points, line.total) for line in found.lines] == [
        ("Ben Bitdiddle", (2.0,), 2.0),
        ("Ada Lovelace", (5.0,), 5.0),
    ]


def test_names_nobody_on_a_screen_and_keeps_the_numbers(course: SmallCourse) -> None:
    worked(course)
    first = overview(course.desk, TINA, "ps", anonymous=True)
    assert not any("Ada" in row.name or "Ben" in row.name for row in first.rows)
    course.desk.classroom.keep([Person("cyn", "Cyn Coder")])
    again = {row.student: row.name for row in overview(course.desk, TINA, "ps", anonymous=True).rows}
    assert {row.student: row.name for row in first.rows}.items() <= again.items()
    assert {line.student: line.name for line in matrix(course.desk, TINA, anonymous=True).lines} == again


def test_numbers_differ_even_where_two_are_drawn_alike() -> None:
    assert len(set(numbered(map(str, range(2000)), "s").values())) == 2000


def test_keeps_the_work_of_who_was_deleted_and_leaves_the_staffs_own_out(course: SmallCourse) -> None:
    worked(course)
    course.hand_in(TINA, double="def double(x): return x + x")
    judged(course)
    forget(course.desk, IVA, "ben")
    found = overview(course.desk, IVA, "ps")
    assert [(row.name, row.points, row.member) for row in found.rows] == [
        ("Ada Lovelace", 5.0, True),
        (DELETED, 2.0, False),
    ]
    assert all("Tina" not in line.name for line in matrix(course.desk, IVA).lines)


def test_bins_take_every_value_in() -> None:
    for out_of, values in ((6.0, [0, 1, 5.9, 6]), (1.0, [1.0]), (100.0, [99.5, 101.0]), (0.0, [0.0]), (7.5, [7.5])):
        found = bins(values, out_of)
        assert sum(one.count for one in found) == len(values)
        assert len(found) <= 11
        assert all(one.high == after.low for one, after in pairwise(found))


# -- what is decided


def test_extends_one_and_all_and_takes_nothing_away(course: SmallCourse) -> None:
    course.published(due=MONDAY)
    actions.extend(course.desk, IVA, "ps", students=["ada"], until=MONDAY + 9 * HOUR, why="ill")
    actions.extend(course.desk, IVA, "ps", until=MONDAY + 3 * HOUR)
    rows = {row.student: row.extension for row in overview(course.desk, IVA, "ps").extended}
    assert {key: one.until for key, one in rows.items() if one} == {"ada": MONDAY + 9 * HOUR, "ben": MONDAY + 3 * HOUR}
    assert actions.extend(course.desk, IVA, "ps", until=MONDAY + 3 * HOUR) == ()
    actions.take_back_extension(course.desk, IVA, "ps", "ben")
    assert [row.student for row in overview(course.desk, IVA, "ps").extended] == ["ada"]


def test_refuses_an_extension_that_changes_nothing(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match="until when"):
        actions.extend(course.desk, IVA, "ps")
    with pytest.raises(ClassroomError, match="no due date"):
        actions.extend(course.desk, IVA, "ps", until=LATER)
    with pytest.raises(ClassroomError, match="any number"):
        actions.extend(course.desk, IVA, "ps", attempts=2)
    course.published(due=MONDAY)
    with pytest.raises(ClassroomError, match="due on 2 March 2026"):
        actions.extend(course.desk, IVA, "ps", until=MONDAY - HOUR)
    with pytest.raises(ClassroomError, match="Not a student"):
        actions.extend(course.desk, IVA, "ps", students=["tina"], until=LATER)
    with pytest.raises(ClassroomError, match="No extension"):
        actions.take_back_extension(course.desk, IVA, "ps", "ada")
    assert course.desk.ledger.extensions() == ()


def test_releases_and_withdraws(course: SmallCourse) -> None:
    actions.release(course.desk, IVA, "ps", visible=False)
    actions.release(course.desk, IVA, "ps", students=["ben"])
    seen = {name: may_see(course.desk.ledger, assignment="ps", student=name) for name in ("ada", "ben")}
    assert (seen, actions.released(course.desk, TINA, "ps")) == ({"ada": False, "ben": True}, False)
    assert actions.released_apart(course.desk, TINA, "ps") == {"ben": True}
    actions.release(course.desk, IVA, "ps")
    assert actions.released_apart(course.desk, TINA, "ps") == {}
    actions.release(course.desk, IVA, "ps", students=["ada"], visible=False)
    assert actions.released_apart(course.desk, TINA, "ps") == {"ada": False}
    for nobody in ("tina", "nobody"):
        with pytest.raises(ClassroomError, match="Not a student"):
            actions.release(course.desk, IVA, "ps", students=["ben", nobody])
    assert actions.released_apart(course.desk, TINA, "ps") == {"ada": False}


def test_collects_what_is_undecided_with_the_reason(course: SmallCourse) -> None:
    course.hand_in(ADA)
    judged(course, mean=None)
    (one,) = regrading.undecided(course.desk, TINA)
    assert (one.name, one.why, one.questions) == ("Ada Lovelace", "the machine lost its memory", ("test-mean",))
    assert overview(course.desk, TINA, "ps").rows[1].state == "undecided"
    regrading.regrade(course.desk, IVA, "ps", student="ada", reason="the machine was mended")
    judged(course)
    assert regrading.undecided(course.desk, TINA) == ()


def test_asks_for_a_regrade_with_a_reason_and_a_question_that_is_there(course: SmallCourse) -> None:
    worked(course)
    with pytest.raises(ClassroomError, match="Say why"):
        regrading.regrade(course.desk, IVA, "ps", reason=" ")
    with pytest.raises(ClassroomError, match="no question test-median"):
        regrading.regrade(course.desk, IVA, "ps", question="test-median", reason="x")
    with pytest.raises(GradingError, match="Nothing was handed in"):
        regrading.regrade(course.desk, IVA, "ps", student="eve", reason="x")
    found = regrading.regrade(course.desk, IVA, "ps", student="ada", question="test-mean", reason="a test was wrong")
    assert [(one.number, one.question) for one in found] == [(1, "test-mean"), (2, "test-mean")]
    assert [one.again for one in overview(course.desk, IVA, "ps").waiting] == [True, True]


def test_previews_a_regrade_with_the_real_grader_and_records_nothing(course: SmallCourse) -> None:
    course.hand_in(BEN)
    judged(course, mean=0.0)  # as an earlier, wrong test had it
    before = (course.desk.ledger.results(), course.desk.ledger.audit())
    (moved,) = regrading.preview(course.desk, IVA, "ps")
    assert (moved.name, moved.before, moved.after, moved.questions) == ("Ben Bitdiddle", 2.0, 5.0, ("test-mean",))
    assert list(regrading.preview(course.desk, IVA, "ps", question="test-double")) == []
    assert (course.desk.ledger.results(), course.desk.ledger.audit()) == before


def test_cannot_preview_without_a_grader(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match="grades nothing itself"):
        regrading.preview(replace(course.desk, check=object()), IVA, "ps")  # type: ignore[arg-type]


def test_tells_the_audit_with_names(course: SmallCourse) -> None:
    worked(course)
    actions.release(course.desk, IVA, "ps", students=["ben"])
    regrading.regrade(course.desk, IVA, "ps", student="ben", reason="for ada and ben")
    newest, released, *_ = audit.audit(course.desk, IVA, assignment="ps")
    assert (newest.name, newest.about) == ("Iva Instructor", "ps of Ben Bitdiddle, number 1: for ada and ben")
    assert (released.what, released.about) == ("released", "ps for Ben Bitdiddle")
    assert audit.audit(course.desk, IVA, assignment="ps2") == ()
    assert len(audit.audit(course.desk, IVA, limit=2)) == 2


# -- exports


def test_exports_what_the_overview_shows(course: SmallCourse) -> None:
    worked(course)
    shown = {row.name: row.points for row in overview(course.desk, IVA, "ps").rows}
    name, text = exports(course.desk, IVA, "csv", ["ps"])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert name == "ps-csv.csv"
    assert {f"{row['first_name']} {row['last_name']}": float(row["points"]) for row in rows} == shown
    _, canvas = exports(course.desk, IVA, "canvas")
    assert canvas.splitlines()[0] == "Student,ID,SIS User ID,SIS Login ID,Section,ps"
    assert '"Lovelace, Ada",,1815,ada,Monday,5' in canvas
    for format in ("questions", "moodle", "nbgrader"):
        assert len(exports(course.desk, IVA, format)[1].splitlines()) >= 3


def test_exports_without_names_and_alike_each_time(course: SmallCourse) -> None:
    worked(course)
    name, text = exports(course.desk, IVA, "csv", pseudonymous=True)
    assert name == "ps-csv-no-names.csv"
    assert text == exports(course.desk, IVA, "csv", pseudonymous=True)[1]
    assert not any(word in text.lower() for word in ("ada", "ben", "lovelace", "1815"))
    with pytest.raises(GradingError, match="have to know"):
        exports(course.desk, IVA, "canvas", pseudonymous=True)


def test_sends_nobody_to_a_platform_who_was_deleted(course: SmallCourse) -> None:
    worked(course)
    course.desk.classroom.delete("ben")
    assert "ben" not in exports(course.desk, IVA, "moodle")[1]
    assert len(exports(course.desk, IVA, "csv")[1].splitlines()) == 3
    with pytest.raises(ClassroomError, match="no assignment ps9"):
        exports(course.desk, IVA, "csv", ["ps9"])
