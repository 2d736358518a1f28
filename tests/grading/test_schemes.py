"""How marks add up: the presets, the arithmetic, and tables that a person wrote."""

import csv
import io
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.errors import GradingError
from grading.ledger.people import Person
from grading.schemes import Part, Scheme, given_marks, scheme, schemes, totals
from tests.assignments.nbgrading import COURSE

SETS = tuple(f"ps{number}" for number in range(1, 9))
PEOPLE = {"ada": Person("ada", "Ada", "Lovelace")}
SCHEME = Scheme("s", "S", (Part("sets", 80, 8, ("ps1", "ps2")), Part("oral", 20)))


def grade(student, assignment, points):
    return SimpleNamespace(student=student, assignment=assignment, points=points)


def rows(text):
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_presets_add_up_to_a_hundred_and_the_lectures_to_a_hundred_and_ten_with_their_bonus():
    known = schemes(COURSE)
    assert list(known) == ["course", "cvpr-2020-previous", "cvpr-2020-revised", "cvpr-2020-revised-by-hand"]
    assert {each.points for each in known.values()} == {100}
    most = {name: each.points + sum(part.bonus for part in each.parts) for name, each in known.items()}
    assert most["cvpr-2020-previous"] == most["cvpr-2020-revised"] == most["cvpr-2020-revised-by-hand"] == 110
    shares = {name: [part.points for part in each.parts] for name, each in known.items()}
    assert shares["cvpr-2020-previous"] == [45, 30, 25]
    assert shares["cvpr-2020-revised"] == [35, 20, 45]
    assert shares["cvpr-2020-revised-by-hand"] == [35, 25, 40]
    assert all(each.parts[0].assignments == SETS for each in known.values())


@given(st.lists(st.floats(0, 12), min_size=8, max_size=8), st.floats(0, 20))
def test_a_part_gives_what_it_has_and_no_more_than_its_bonus(points, bonus):
    part = Part("sets", 80, bonus, SETS)
    earned = part.earned(points)
    assert 0 <= earned <= 80 + bonus + 1e-9
    assert part.earned([min(each, 10) for each in points]) <= earned + 1e-9
    assert part.earned([10.0] * 8) == 80
    if max(points) <= 10:
        assert earned == pytest.approx(sum(points))


def test_adds_up_and_waits_for_what_is_not_decided():
    grades = [grade("ada", "ps1", 10), grade("ada", "ps2", 11), grade("ben", "ps1", None), grade("cem", "ps2", 5)]
    marks = {("ada", "oral"): 15.0, ("ben", "oral"): 20.0}
    found = rows(totals(SCHEME, grades, marks, assignments=["ps1", "ps2"], people=PEOPLE))
    assert found["ada"] == {
        "student": "ada",
        "last_name": "Lovelace",
        "first_name": "Ada",
        "email": "",
        "sets": "84",
        "oral": "15",
        "total": "99",
        "out_of": "100",
        "waits_for": "",
    }
    assert (found["ben"]["sets"], found["ben"]["total"], found["ben"]["waits_for"]) == ("", "", "sets")
    assert (found["cem"]["sets"], found["cem"]["total"], found["cem"]["waits_for"]) == ("20", "", "oral")


def test_sets_that_the_course_does_not_have_yet_take_nothing_away():
    found = rows(totals(SCHEME, [grade("ada", "ps1", 8)], {("ada", "oral"): 20.0}, assignments=["ps1"], people={}))
    assert found["ada"]["total"] == "84"


def test_no_name_becomes_a_formula():
    assert "'=HYPERLINK" in totals(SCHEME, [grade("=HYPERLINK(A1)", "ps1", 8)], {}, assignments=["ps1"], people={})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("name,points\n", "needs the columns student, part, points", id="other columns"),
        pytest.param(
            "student,part,points\nada,essay,3\n", 'Line 2 of the table of marks: "essay" is none of oral', id="part"
        ),
        pytest.param("student,part,points\nada,sets,3\n", '"sets" is none of oral', id="a part that is graded"),
        pytest.param("student,part,points\nada,oral,21\n", "points go from 0 to 20", id="too many"),
        pytest.param("student,part,points\nada,oral,-1\n", "points go from 0 to 20", id="below nothing"),
        pytest.param("student,part,points\nada,oral,nan\n", "points go from 0 to 20", id="no number"),
        pytest.param("student,part,points\nada,oral,1\nada,oral,2\n", "Line 3", id="twice"),
    ],
)
def test_says_what_is_wrong_with_a_table_of_marks(text, says):
    with pytest.raises(GradingError, match=re.escape(says)):
        given_marks(text, SCHEME)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[a]\n", "needs parts", id="no parts"),
        pytest.param('[a]\nparts = [{ name = "x", weight = 3 }]\n', "weight", id="an unknown key"),
        pytest.param('[a]\nparts = [{ name = "x", points = 0 }]\n', "points above 0", id="no points"),
        pytest.param(
            '[a]\nparts = [{ name = "x", points = 1 }, { name = "x", points = 2 }]\n', "the same name", id="twice"
        ),
        pytest.param("[a\n", "cannot be read", id="no TOML"),
    ],
)
def test_says_what_is_wrong_with_a_scheme(tmp_path, text, says):
    (tmp_path / "schemes.toml").write_text(text)
    with pytest.raises(GradingError, match=says):
        schemes(tmp_path)


def test_says_which_schemes_there_are(tmp_path):
    with pytest.raises(GradingError, match='Did you mean "course"'):
        scheme(COURSE, "corse")
    with pytest.raises(GradingError, match="no file"):
        schemes(tmp_path)
