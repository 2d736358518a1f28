import re
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.nets.table import parse
from core.nets.trace import trace
from core.nets.zoo import network
from syllabus.errata import errata
from syllabus.numbers import equal_as_printed, number
from syllabus.questions import all_questions, asked_live, check, question, read_number, read_shape
from syllabus.tables import table
from tests.syllabus.addresses import LABELS, LABS, assert_sets_what_the_lab_has

QUESTIONS = all_questions()
# The two tables of the syllabus: questions that the decks pose, and mistakes on their slides.
POSED = [
    "Q01", "Q02", "Q03", "Q04", "Q05", "Q06", "Q07", "Q08", "Q09", "Q10", "Q11", "Q12", "Q13",
    "Q14", "Q15", "Q16", "Q17", "Q18", "Q19", "Q20", "Q21", "Q22", "Q23", "Q24", "Q25", "Q26",
    "Q27", "Q28", "Q29", "Q30", "Q31", "Q32", "Q33", "Q34", "Q35", "Q36", "Q37", "Q38",
]  # fmt: skip
MISTAKES = [
    "E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "E10", "E11",
    "E12", "E13", "E14", "E15", "E16", "E17", "E18", "E19", "E20", "E21", "E22",
    "E23", "E24", "E25", "E26", "E27", "E28", "E29", "E30", "E31", "E32", "E33",
]  # fmt: skip
# Answers that are not a value of their row but follow from it, and why.
DERIVED = {
    "Q13": lambda ours: ours[0] / ours[1],  # the factor between two sizes
    "Q35": lambda ours: ours[2][2],  # the last cell
    "E04": lambda ours: ours[2],  # the total
    "E08": lambda ours: ours / 1e6,  # in millions
    "E09": lambda ours: ours / 1e6,
    "E14": lambda ours: len(ours),  # how many values come out
}


def flat(value):
    return [leaf for item in value for leaf in flat(item)] if isinstance(value, tuple) else [value]


@pytest.mark.parametrize("id", [*POSED, *MISTAKES])
def test_asks_every_question_of_the_syllabus(id):
    asked = question(id)
    assert asked.prompt
    assert asked.answer != ""
    assert asked.why
    assert asked.page.partition("?")[0] in LABS


def test_counts_the_two_tables_of_the_syllabus():
    assert (len(POSED), len(MISTAKES)) == (38, 33)


def test_asks_a_class_the_file_and_every_erratum():
    asked = asked_live()
    assert [each.id for each in asked] == [*table("questions"), *(found.id for found in errata())]
    assert all(question(each.id) == each for each in asked)
    assert {each.kind for each in asked} == {"number", "choice", "several", "shape", "click", "slide"}


@pytest.mark.parametrize("id", ["Q99999", "", "own-3", "N18", "D999", "<script>"])
def test_has_no_question_of_another_name(id):
    with pytest.raises(KeyError, match=re.escape(repr(id))):
        question(id)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.id)
def test_is_complete(asked):
    assert asked.prompt.endswith((".", "?"))
    assert asked.why.endswith(".")
    assert 1 <= asked.why.count(". ") + 1 <= 3
    assert set(table("questions")[asked.id]) <= {
        *("lectures", "kind", "prompt", "options", "answer", "within", "why", "row", "page", "picture", "regions")
    }
    assert (len(asked.options) >= 3) == (asked.kind in ("choice", "several"))
    assert len(set(asked.options)) == len(asked.options)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.id)
def test_takes_its_right_answer_and_no_other(asked):
    if asked.kind == "click":  # tests/syllabus/test_pictures.py
        return
    assert check(asked, asked.answer)
    assert check(asked, list(asked.answer) if asked.kind == "several" else asked.shown_answer)
    if asked.kind == "choice":
        assert [check(asked, option) for option in asked.options].count(True) == 1
    elif asked.kind == "several":
        assert not check(asked, asked.options)
        assert not check(asked, asked.answer[:1])
        assert not check(asked, asked.answer[0])
    elif asked.kind == "shape":
        assert not check(asked, asked.answer + "x1")
    else:
        assert not check(asked, asked.answer + asked.within + 1)
        assert not check(asked, asked.answer - asked.within - 1)
    assert not check(asked, "no idea")
    assert not check(asked, None)
    assert not check(asked, "")


@pytest.mark.parametrize("asked", [q for q in QUESTIONS if q.kind == "number"], ids=lambda asked: asked.id)
def test_has_the_answer_that_core_computes(asked):
    row = number(asked.row)
    assert row.status == "recomputed"
    if asked.id in DERIVED:
        assert check(asked, DERIVED[asked.id](row.ours))
    else:
        assert asked.answer in flat(row.ours)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.id)
def test_points_to_a_lab_and_sets_controls_it_has(asked):
    assert_sets_what_the_lab_has(asked.page)


@pytest.mark.parametrize("id", ["Q03", "Q04", "Q05", "Q22", "Q36", "E04"])
def test_shows_the_answer_as_the_total_of_the_network_it_points_to(id):
    setting = {key: value for key, (value,) in parse_qs(question(id).page.partition("?")[2]).items()}
    maps = {"grey": 1, "colour": 3}.get(setting.get("colour"))
    shown = parse(setting["table"]) if "table" in setting else network(LABELS[setting["network"]], maps=maps)
    assert trace(shown).parameters == question(id).answer


@pytest.mark.parametrize("asked", [q for q in QUESTIONS if q.kind == "shape"], ids=lambda asked: asked.id)
def test_has_the_shape_that_core_computes(asked):
    ours = number(asked.row).ours
    assert number(asked.row).status == "recomputed"
    assert read_shape(asked.answer) in (ours, *ours)


@pytest.mark.parametrize("asked", [q for q in QUESTIONS if q.row], ids=lambda asked: asked.id)
def test_rests_on_a_row_of_the_same_lecture(asked):
    assert set(asked.lectures) & set(number(asked.row).lectures)


def test_shows_answers_as_readers_write_them():
    assert question("Q05").shown_answer == "62,006"
    assert question("Q10").shown_answer.count("; ") == 1
    assert question("Q39").shown_answer == "28x28x6"


@pytest.mark.parametrize(
    "text", ["28x28x6", "28X28X6", "28 \u00d7 28 \u00d7 6", "28*28*6", "28·28·6", "(28, 28, 6)", " 28 28 6 ", "28,28,6"]
)
def test_reads_a_shape_however_it_is_typed(text):
    assert read_shape(text) == (28, 28, 6)


@pytest.mark.parametrize("text", ["", "x", "28x", "28xx6", "28 by 28", "-1x2", "28.5x2", "((3))", "9" * 5000])
def test_reads_no_shape_from_anything_else(text):
    assert read_shape(text) is None


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_reads_whole_numbers_with_thousands_set_apart(value):
    apart = f"{value:,}"
    for text in (str(value), apart, apart.replace(",", " "), apart.replace(",", "'"), f"{value:_}"):
        assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("9.4", 9.4, id="point"),
        pytest.param("9,4", 9.4, id="comma"),
        pytest.param("0,551", 0.551, id="comma-behind-zero-is-a-decimal"),
        pytest.param("\u22122", -2.0, id="minus-sign"),
        pytest.param("61,706.5", 61706.5, id="both"),
        pytest.param("1e9", None, id="no-exponents"),
        pytest.param("nan", None, id="nan"),
        pytest.param("1,2,3", None, id="list"),
        pytest.param("9" * 5000, None, id="endless"),
    ],
)
def test_reads_numbers_as_people_type_them(text, value):
    assert read_number(text) == value


def test_gives_way_to_rounding_where_a_question_says_so():
    factor = question("Q13")
    assert [check(factor, text) for text in ("9.4", "9.40", "9.45", "9.5", "9")] == [True, True, True, False, False]


def test_agrees_with_the_printed_answer_as_printed():
    assert equal_as_printed(9.4, number("N171").ours[0] / number("N171").ours[1])


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4))
def test_answers_whatever_is_given(given):
    for id in ("Q604", "E06", "N51", "Q10", "Q39", "Q04"):
        assert check(question(id), given) in (True, False)


def test_takes_no_number_too_long_to_be_written_out():
    assert not check(question("Q04"), 10**5000)
    assert not check(question("Q39"), -(10**5000))
