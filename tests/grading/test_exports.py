"""Marks for other systems: the columns each of them reads, nothing that a spreadsheet runs, nobody named unasked."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.canvas import fill
from grading.errors import GradingError
from grading.exports import FORMULAS, Column, Format, defused, export, fill_worksheet, pseudonym
from grading.ledger.people import Person
from grading.ledger.policy import Late, Rules
from grading.ledger.records import Attempt, HandIn, Mark, Result
from grading.ledger.standing import Grade, grade, standing
from grading.records import Outcome, Score, Submission
from tests.grading.ledger.hand_ins import MONDAY, outcome, score
from tests.grading.lms_readers import Canvas, CanvasUser, Refused, moodle

KEY = b"a key of at least 16 bytes"
COLUMNS = (Column("ps1", 10.0, due=MONDAY, lms_id="4711"), Column("ps2", 5.0))
PEOPLE = {
    "ada": Person("ada", "Ada", "Lovelace", "ada@example.org", "1001", "ada.l", "77", "Monday"),
    "bob": Person("bob", "Bob", "Ross, Jr.", "bob@example.org", "1002"),
    "cy": Person("cy"),
}


def graded(
    student: str, assignment: str, *scores: Score, late: timedelta = timedelta(0), marks: tuple[Mark, ...] = ()
) -> Grade:
    """What a student has after one hand-in with these scores; none: it waits for grading."""
    submission = Submission(student, assignment, "0" * 64, f"{assignment}.ipynb", MONDAY + late)
    hand_in = HandIn(1, 1, submission)
    attempt = Attempt(1, 1, 1, submission, 1, 1, MONDAY, "graded")
    found: Outcome = outcome(*scores)
    results = [Result(attempt, found, MONDAY)] if scores else []
    rules = Rules(due=MONDAY, late=Late(per_day=0.5))
    result = grade([standing(hand_in, results, marks)], rules)
    assert result is not None
    return result


GRADES = (
    graded("ada", "ps1", score("q1", 0.1, 5.0), score("q2", 0.2, 5.0)),
    graded("ada", "ps2", score("q1", 4.0, 5.0, seen="off by one"), late=timedelta(hours=1)),
    graded("bob", "ps1", score("q1", 5.0, 5.0), score("essay", None, 5.0)),
    graded("bob", "ps2"),
)


def table(format: Format, people: Mapping[str, Person] = PEOPLE, pseudonyms: bytes = b"") -> list[list[str]]:
    return list(csv.reader(io.StringIO(export(format, COLUMNS, GRADES, people, pseudonyms=pseudonyms))))


def test_our_table_tells_what_stands_and_why() -> None:
    header, *rows = table("csv")
    found = {(row[0], row[4]): dict(zip(header, row, strict=True)) for row in rows}
    assert len(found) == 6
    ada = found["ada", "ps2"]
    assert (ada["points"], ada["out_of"], ada["taken_for_lateness"], ada["days_late"]) == ("2", "5", "2", "1")
    assert ada["handed_in_at"] == "2026-03-02T10:00:00+00:00"
    assert [found["ada", "ps1"][name] for name in ("state", "points", "last_name")] == ["graded", "0.3", "Lovelace"]
    assert [found["bob", "ps1"][name] for name in ("state", "points", "to_mark")] == ["to mark", "5", "essay"]
    assert [found["bob", "ps2"][name] for name in ("state", "points")] == ["waits for grading", ""]
    assert [found["cy", "ps1"][name] for name in ("state", "points", "hand_ins")] == ["nothing handed in", "", "0"]


def test_what_is_undecided_is_empty_not_zero() -> None:
    lost = Score("q1", None, 5.0, "undecided")
    text = export("csv", COLUMNS[:1], [graded("ada", "ps1", lost)], {})
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["state"], row["points"]) == ("undecided", "")
    for format in ("canvas", "moodle", "nbgrader"):
        text = export(format, COLUMNS[:1], [graded("ada", "ps1", lost)], {})  # type: ignore[arg-type]
        last = list(csv.reader(io.StringIO(text)))[-1]
        assert last[-2 if format == "nbgrader" else -1] == ("-" if format == "moodle" else "")


def test_questions_one_by_one_with_who_marked_them() -> None:
    marked = graded(
        "ada", "ps1", score("essay", None, 5.0), marks=(Mark(1, "essay", 4.5, "=cmd|' /C calc'!A0", "eve", MONDAY),)
    )
    text = export("questions", COLUMNS[:1], [marked], {})
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["question"], row["points"], row["out_of"], row["marked_by"], row["integrity"]) == (
        "essay",
        "4.5",
        "5",
        "eve",
        "by hand",
    )
    assert row["comment"] == "'=cmd|' /C calc'!A0"


def test_canvas_finds_its_columns_and_its_second_row() -> None:
    header, possible, ada, bob, cy = table("canvas")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ps1 (4711)", "ps2"]
    assert possible == ["    Points Possible", "", "", "", "", "10", "5"]
    assert ada == ["Lovelace, Ada", "77", "1001", "ada.l", "Monday", "0.3", "2"]
    assert bob == ["Ross, Jr., Bob", "", "1002", "bob", "", "5", ""]
    assert cy == ["cy", "", "", "cy", "", "", ""]


def test_moodle_finds_people_by_number_or_mail() -> None:
    header, ada, _bob, cy = table("moodle")
    assert header == ["First name", "Last name", "ID number", "Email address", "ps1", "ps2"]
    assert ada == ["Ada", "Lovelace", "1001", "ada@example.org", "0.3", "2"]
    assert cy == ["", "", "cy", "cy", "-", "-"]


WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),"
    "Feedback comments\r\n"
    'Participant 31,"Lovelace, Ada",ADA@example.org,Submitted,,10.00,Yes,-,"line one\nline two"\r\n'
    "Participant 32,Bob,bob@example.org,Submitted,3.00,10.00,Yes,-,\r\n"
    "Participant 33,Dan,dan@example.org,No submission,,10.00,Yes,-,\r\n"
)


def test_moodles_worksheet_comes_back_with_the_grades_filled_in() -> None:
    filled = list(csv.reader(io.StringIO(fill_worksheet(WORKSHEET, [GRADES[0], GRADES[3]], PEOPLE))))
    given = list(csv.reader(io.StringIO(WORKSHEET.removeprefix("\ufeff"))))
    assert [row[4] for row in filled] == ["Grade", "0.3", "3.00", ""]  # bob's is undecided: what stood there stays
    for before, after in zip(given, filled, strict=True):
        assert before[:4] + before[5:] == after[:4] + after[5:]


@pytest.mark.parametrize("worksheet", ["", "Name,Points\r\nada,1\r\n", "Identifier,Grade\r\nParticipant 1,\r\n"])
def test_a_worksheet_that_is_none_is_refused_in_a_sentence(worksheet: str) -> None:
    with pytest.raises(GradingError, match="Download it from the assignment in Moodle"):
        fill_worksheet(worksheet, GRADES, PEOPLE)


def test_nbgraders_columns_are_its_exporters() -> None:
    header, ada, _bob, cy, *_ = table("nbgrader")
    assert header == [
        "assignment",
        "duedate",
        "timestamp",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
    ]
    assert ada[:4] == ["ps1", "2026-03-02 09:00:00", "2026-03-02 09:00:00", "ada"]
    assert ada[7:] == ["0.3", "0", "0.3", "10"]
    assert cy[7:] == ["0", "0", "0", "10"]


# -- what a spreadsheet would run


@pytest.mark.parametrize(
    "attack", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "\uff1d1"]
)  # fmt: skip
@pytest.mark.parametrize("format", ["csv", "canvas", "moodle", "nbgrader"])
def test_a_students_name_is_never_a_formula(format: Format, attack: str) -> None:
    person = Person("ada", attack, attack, attack, attack, attack, attack, attack)
    text = export(format, (Column(attack, 1.0),), [], {"ada": person})
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            assert cell == "-" or not cell.strip(" \u00a0\ufeff").startswith(FORMULAS), row


@given(st.text())
def test_defusing_leaves_no_formula_and_loses_nothing(text: str) -> None:
    safe = defused(text)
    assert safe.removeprefix("'") == text.removeprefix("'") or safe == "'" + text
    assert not safe.startswith(FORMULAS)
    assert defused(safe) == safe


@given(st.floats(0, 1e6, allow_nan=False))
def test_points_are_written_so_that_they_read_the_same(points: float) -> None:
    one = graded("ada", "ps1", score("q1", points, 2e6))
    (row,) = csv.DictReader(io.StringIO(export("csv", COLUMNS[:1], [one], {})))
    assert float(row["points"]) == pytest.approx(points, abs=1e-6)
    assert "e" not in row["points"]


def test_a_name_with_commas_quotes_and_lines_is_one_cell() -> None:
    person = Person("ada", 'Ada "the first"', "Love,\r\nlace")
    (row,) = csv.DictReader(io.StringIO(export("moodle", (), [], {"ada": person}), newline=""))
    assert (row["First name"], row["Last name"]) == ('Ada "the first"', "Love,\r\nlace")


# -- what the platforms make of it: their readers' rules, in tests/grading/lms_readers.py

HARD = (
    'Ada "the first"', "Love,\nlace", "Points Possible", "Muted", "=1+1", "a;b;c;d;e;f;g;h;i", "back\\", "Zoë", "0",
    "-", "@ada", "1,5", "Ross, Jr.", " ", "' or 1",
)  # fmt: skip
WORDS = st.one_of(st.sampled_from(HARD), st.text("ab,;\"'\\=-@\n\r\té 0\u2028", max_size=8))


def same_points(found: float | str | None, expected: float | None) -> bool:
    if expected is None:
        return found in (None, "", "-")
    return found not in (None, "", "-") and abs(float(found or 0) - expected) < 1e-6


@given(st.lists(st.tuples(WORDS, WORDS, st.one_of(st.none(), st.floats(0, 100))), min_size=1, max_size=6))
def test_canvas_gives_everybody_their_own_points(people: list[tuple[str, str, float | None]]) -> None:
    known = {
        f"s{number}": Person(f"s{number}", first, last, number=f"M{number}" * (number % 2), lms_id=str(40 + number))
        for number, (first, last, _) in enumerate(people)
    }
    grades = [
        graded(f"s{number}", "ps1", score("q1", points, 100.0) if points is not None else score("essay", None, 1.0))
        for number, (_, _, points) in enumerate(people)
    ]
    users = [CanvasUser(40 + number, "somebody", f"M{number}" * (number % 2)) for number in range(len(people))]
    for lms_id in ("7", ""):
        canvas = Canvas(users, {7: "ps1"})
        found = canvas.read(export("canvas", (Column("ps1", 100.0, lms_id=lms_id),), grades, known))
        assert canvas.strangers == canvas.fresh == []
        assert canvas.possible == {"ps1": "100"}
        assert len(found) == len(people)
        for number, one in enumerate(grades):
            assert same_points(found[40 + number, "ps1"], one.points)


def test_canvas_finds_people_by_each_of_its_names() -> None:
    users = [CanvasUser(77, "x"), CanvasUser(78, "x", sis="1002"), CanvasUser(79, "x", login="cy")]
    canvas = Canvas(users, {4711: "First set", 4712: "ps2"})
    found = canvas.read(export("canvas", COLUMNS, GRADES, PEOPLE))
    assert found[77, "First set"] == "0.3"  # by number, whatever it is called there
    assert (found[78, "First set"], found[78, "ps2"]) == ("5", "")  # by the SIS User ID
    assert (79, "ps2") in found  # by the login
    assert canvas.strangers == []


@pytest.mark.parametrize("name", ["Final Score", "the Current Grade project", "ps (4)"])
def test_a_column_that_canvas_would_misread_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(GradingError, match=r"Canvas takes .* rename"):
        export("canvas", (Column(name, 1.0),), [], PEOPLE)


def test_a_column_as_canvas_reads_it_would_have_been_lost() -> None:
    canvas = Canvas([CanvasUser(77, "x")], {})
    assert canvas.read("Student,ID,SIS Login ID,Section,Final Score\nAda,77,,,5\n") == {}


@given(st.lists(st.tuples(WORDS, WORDS, st.one_of(st.none(), st.floats(0, 100))), min_size=1, max_size=6))
def test_moodle_gives_everybody_their_own_points(people: list[tuple[str, str, float | None]]) -> None:
    known = {
        f"s{number}": Person(f"s{number}", first, last, email=f"s{number}@example.org", number=f"M{number}")
        for number, (first, last, _) in enumerate(people)
    }
    grades = [
        graded(f"s{number}", "ps1", score("q1", points, 100.0) if points is not None else score("essay", None, 1.0))
        for number, (_, _, points) in enumerate(people)
    ]
    text = export("moodle", (Column("ps1", 100.0),), grades, known)
    for by, name in (("ID number", "M{}"), ("Email address", "s{}@example.org")):
        users = {name.format(number): f"s{number}" for number in range(len(people))}
        found = moodle(text, users, by=by)
        assert len(found) == len(people)
        for one in grades:
            assert same_points(found[one.student, "ps1"], one.points)


@pytest.mark.parametrize("nothing", ["", " ", "0"])
@pytest.mark.parametrize("by", ["ID number", "Email address"])
def test_nobodys_points_go_to_the_one_above(by: str, nothing: str) -> None:
    people = {
        "ada": Person("ada", "Ada", email="ada@e.org", number="1"),
        "ben": Person("ben", "Ben", "", nothing, nothing),
    }
    text = export("moodle", COLUMNS[:1], [GRADES[0], graded("ben", "ps1", score("q1", 5.0, 5.0))], people)
    with pytest.raises(Refused, match="usermappingerror: ben"):
        moodle(text, {"1": "ada", "ada@e.org": "ada"}, by=by)


def test_moodle_as_it_reads_would_have_given_them_away() -> None:
    text = "First name,Last name,ID number,Email address,ps1\nAda,,1,,3\nBen,,,,5\n"
    assert moodle(text, {"1": "ada"}, by="ID number") == {("ada", "ps1"): 5.0}


# -- a gradebook from Canvas, filled in

FROM_CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,First set (4711),ps2 (4712),Essay (9),Final Score\n"
    ",,,,,,,Manual Posting,,\n"
    "    Points Possible,,,,,,10,6,1,(read only)\n"
    '"Lovelace, Ada",77,,,Monday,"=quoted, ""as"" it is",,,1,40\n'
    '"Ross, Bob",78,1002,bob,Monday,,1,1,,\n'
    '"Somebody, Else",79,,else,Monday,,,,,\n'
    '"Student, Test",80,,f00,Monday,,,,,\n'
)


def test_a_gradebook_from_canvas_comes_back_filled_in() -> None:
    filled = fill(
        FROM_CANVAS, (Column("ps1", 10.0, lms_id="4711"), Column("PS2", 5.0), Column("ps3", 1.0)), GRADES, PEOPLE
    )
    before, after = (list(csv.reader(io.StringIO(one))) for one in (FROM_CANVAS, filled.text))
    ours = [(row, column) for row in (3, 4) for column in (6, 7)]
    for row, cells in enumerate(before):
        for column, cell in enumerate(cells):
            if (row, column) not in ours:
                assert after[row][column] == cell
    assert [after[row][column] for row, column in ours] == ["0.3", "", "5", "1"]
    canvas = Canvas(
        [CanvasUser(77, ""), CanvasUser(78, ""), CanvasUser(79, ""), CanvasUser(80, "")], {4711: "First set"}
    )
    assert canvas.read(filled.text)[77, "First set"] == "0.3"
    assert filled.cells == 2
    assert filled.left == (
        "Canvas has no assignment of this name: ps3. Create it there first, and export again.",
        "PS2 has 6 points in Canvas and 5 here.",
        "Not on our roster, and left as they are: Somebody, Else; Student, Test.",
        "Not found in the file from Canvas, by ID, SIS User ID or SIS Login ID: cy.",
    )


def test_never_gives_one_student_the_marks_of_another_who_has_the_same_id() -> None:
    twins = {key: replace(person, lms_id="77") for key, person in PEOPLE.items()}
    filled = fill(FROM_CANVAS, (Column("PS2", 6.0),), GRADES, twins)
    rows = list(csv.reader(io.StringIO(filled.text)))
    assert rows[3] == list(csv.reader(io.StringIO(FROM_CANVAS)))[3]
    assert any("more than one" in sentence and "77" in sentence for sentence in filled.left)


@pytest.mark.parametrize("read", [lambda text: fill(text, (), (), {}), lambda text: fill_worksheet(text, (), {})])
def test_meets_a_cell_without_end_with_a_sentence(read: Callable[[str], object]) -> None:
    with pytest.raises(GradingError, match="as it is"):
        read(f'{FROM_CANVAS}"{"x" * 200_000}"\n')


def test_a_column_is_found_by_its_name_too_and_semicolons_are_kept() -> None:
    german = FROM_CANVAS.replace(", ", "\0").replace(",", ";").replace("\0", ", ")
    filled = fill("\ufeff" + german, (Column("PS2", 6.0),), [graded("ada", "PS2", score("q1", 2.5, 6.0))], PEOPLE)
    assert filled.text.startswith("\ufeffStudent;ID;")
    assert "Lovelace, Ada;77;;;Monday;" in filled.text
    assert filled.cells == 1


@pytest.mark.parametrize(
    "text", ["", "Name,Points\nada,1\n", "\ufeff", "Student,ID\n", '"', "Student,SIS User ID,Section\n"]
)
def test_what_is_no_gradebook_from_canvas_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(GradingError, match="Export it there"):
        fill(text, COLUMNS, GRADES, PEOPLE)


# -- without names


@pytest.mark.parametrize("format", ["csv", "questions", "nbgrader"])
def test_without_names_nobody_can_be_told(format: Format) -> None:
    text = export(format, COLUMNS, GRADES, PEOPLE, pseudonyms=KEY)
    for secret in ("ada", "Ada", "Lovelace", "example.org", "1001", "bob", "Ross"):
        assert secret not in text
    assert pseudonym("ada", KEY) in text


def test_without_names_nobodys_words_are_repeated() -> None:
    said = (Mark(1, "essay", 4.5, "well done, Ada", "eve", MONDAY),)
    marked = graded("ada", "ps1", score("essay", None, 5.0, seen="printed: I am Ada", hint="a hint"), marks=said)
    (row,) = csv.DictReader(io.StringIO(export("questions", COLUMNS[:1], [marked], {}, pseudonyms=KEY)))
    assert (row["points"], row["out_of"], row["integrity"]) == ("4.5", "5", "by hand")
    assert (row["comment"], row["seen"]) == ("", "")
    assert row["marked_by"] == pseudonym("eve", KEY, kind="staff")


def test_a_pseudonym_is_the_same_again_and_another_with_another_key() -> None:
    assert pseudonym("ada", KEY) == pseudonym("ada", KEY) != pseudonym("ada", KEY[::-1])
    assert pseudonym("ada", KEY) != pseudonym("bob", KEY)
    points = {(row[0], row[4]): row[6] for row in table("csv", pseudonyms=KEY)}
    assert points[pseudonym("ada", KEY), "ps1"] == "0.3"


def test_without_names_rows_do_not_betray_the_alphabet() -> None:
    names = [row[0] for row in table("csv", pseudonyms=KEY)[1:]]
    assert names[:3] == sorted(names[:3])


def test_a_short_key_is_refused() -> None:
    with pytest.raises(GradingError, match="at least 16 bytes"):
        pseudonym("ada", b"short")


@pytest.mark.parametrize("format", ["canvas", "moodle"])
def test_systems_that_need_names_get_no_pseudonyms(format: Format) -> None:
    with pytest.raises(GradingError, match="have to know whose"):
        export(format, COLUMNS, GRADES, PEOPLE, pseudonyms=KEY)


def test_a_due_date_in_another_zone_is_told_in_utc() -> None:
    from zoneinfo import ZoneInfo

    column = Column("ps1", 1.0, due=datetime(2026, 7, 1, 23, 59, tzinfo=ZoneInfo("Europe/Rome")))
    (row,) = csv.DictReader(io.StringIO(export("nbgrader", (column,), [], {"ada": Person("ada")})))
    assert row["duedate"] == str(datetime(2026, 7, 1, 21, 59, tzinfo=UTC).replace(tzinfo=None))
