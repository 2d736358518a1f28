"""The command line knows the members of a course: whose a file is, until when it could come, whose marks it prints."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import fovea
from classroom.errors import ClassroomError
from classroom.members import forget
from classroom.office import Office
from classroom.overview import matrix, overview
from classroom.people import Person
from grading.ledger.records import Extension
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small

Typed = Callable[..., str]
CYN = Person("k7", "Cyn Coder", number="1912", section="Friday")


@pytest.fixture
def course(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    monkeypatch.setenv("FOVEA_LEDGER", database)
    with small(tmp_path, database, settings="[assignments.ps]\nlate_points = 1\n") as opened:
        opened.desk.classroom.keep([CYN])
        yield opened


@pytest.fixture
def typed(course: SmallCourse, capsys: pytest.CaptureFixture[str]) -> Typed:
    def fovea_prints(*words: str, code: int = 0) -> str:
        assert fovea.main([*words, "--course", str(course.desk.shelf.folder)]) == code
        said = capsys.readouterr()
        return said.err if code else said.out

    return fovea_prints


@pytest.fixture
def file(course: SmallCourse, tmp_path: Path) -> str:
    path = tmp_path / "ps.ipynb"
    path.write_bytes(course.answered())
    return str(path)


def table(text: str) -> dict[str, dict[str, str]]:
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.parametrize("said", ["1912", "cyn  coder", "k7"], ids=["number", "name", "key"])
def test_a_file_is_handed_in_for_who_is_called_so(course: SmallCourse, typed: Typed, file: str, said: str) -> None:
    typed("submit", "ps", file, "--student", said)
    assert {one.submission.student for one in course.desk.ledger.hand_ins()} == {"k7"}
    assert {row.name: row.state for row in overview(course.desk, IVA, "ps").rows}["Cyn Coder"] == "waiting"


def test_a_file_of_nobody_is_refused(course: SmallCourse, typed: Typed, file: str) -> None:
    assert 'Nobody on the roster is called "1913"' in typed("submit", "ps", file, "--student", "1913", code=2)
    course.desk.classroom.keep([Person("k8", "Cyn Coder", number="1914")])
    assert 'Several members are called "Cyn Coder"' in typed("submit", "ps", file, "--student", "Cyn Coder", code=2)
    assert course.desk.ledger.hand_ins() == ()


def test_without_a_roster_everybody_is_who_they_say(tmp_path: Path) -> None:
    with small(tmp_path, str(tmp_path / "ledger.db")) as course:
        for person in (ADA, BEN):
            course.desk.classroom.delete(person.key)
        assert Office(course.desk).whom("somebody") == "somebody"
        assert Office(course.desk).whom("Tina Tutor") == TINA.key


def test_a_file_that_comes_after_the_published_end_is_refused(course: SmallCourse, typed: Typed, file: str) -> None:
    course.published(closes=datetime(2026, 3, 9, tzinfo=UTC))
    assert "closed" in typed("submit", "ps", file, "--student", "1912", code=2)


def test_exports_what_the_pages_show_with_names_and_published_dates(course: SmallCourse, typed: Typed) -> None:
    course.published(due=course.now - timedelta(days=1))
    course.hand_in(ADA)
    course.hand_in(BEN)
    course.hand_in(TINA)  # only tries it out
    for _ in range(3):
        assert course.grade() == "graded"
    later = Extension("ps", "ben", "iva", course.now, until=course.now + timedelta(days=1), why="ill")
    course.desk.ledger.extend(later)
    found = table(typed("export"))
    shown = {line.student: line.points[0] for line in matrix(course.desk, IVA).lines}
    assert {who: row["points"] for who, row in found.items()} == {"ada": "3", "ben": "5", "k7": ""}
    assert shown == {"ada": 3.0, "ben": 5.0, "k7": None}
    assert (found["ada"]["last_name"], found["ada"]["email"]) == ("Lovelace", "ada@example.org")
    assert "1815" in typed("export", "--format", "canvas")


def test_totals_take_marks_by_number_and_say_whose_they_are(course: SmallCourse, typed: Typed, tmp_path: Path) -> None:
    (course.desk.shelf.folder / "schemes.toml").write_text(
        '[all]\ntitle = "All"\nparts = [{name = "oral", points = 100}]\n'
    )
    given = tmp_path / "oral.csv"
    given.write_text("student,part,points\n1912,oral,70\nada@example.org,oral,80\n")
    found = table(typed("total", "all", "--marks", str(given)))
    assert {row["first_name"]: row["total"] for row in found.values()} == {"Ada": "80", "Ben": "", "Cyn": "70"}
    given.write_text("student,part,points\n1912,oral,70\nCyn Coder,oral,80\n")
    assert 'names "Cyn Coder" twice' in typed("total", "all", "--marks", str(given), code=2)


def test_who_was_never_on_the_roster_is_not_called_deleted(course: SmallCourse) -> None:
    course.published()
    for who in (Person("walk-in", "Walk In"), BEN):
        course.hand_in(who)
    forget(course.desk, IVA, "ben")
    names = {row.name for row in overview(course.desk, IVA, "ps").rows if not row.member}
    assert names == {"walk-in (not on the roster)", "somebody who was deleted"}


def test_refuses_names_that_several_bear(course: SmallCourse) -> None:
    course.desk.classroom.keep([Person("k9", "Ada Lovelace")])
    with pytest.raises(ClassroomError, match="say a number"):
        Office(course.desk).whom("ada lovelace")
