import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.filters.examples import EXAMPLES
from core.nets.receptive import views
from core.nets.stack import parse_stack
from core.nets.table import parse
from core.nets.trace import trace
from core.nets.zoo import names, network
from syllabus.numbers import equal_as_printed, number
from syllabus.questions import all_questions, check, question, read_number, read_shape
from syllabus.tables import table

ROOT = Path(__file__).parents[2]
QUESTIONS = all_questions()
LABELS = {network(name).name: name for name in names()}
NEEDED_NOW = ["Q02", "Q03", "Q04", "Q05", "Q06", "Q07", "Q10", "Q13", "Q21", "Q22", "Q23", "Q30", "Q31"]
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


def test_asks_what_the_first_labs_need():
    assert set(NEEDED_NOW) <= set(table("questions"))


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.id)
def test_is_complete(asked):
    assert asked.prompt.endswith((".", "?"))
    assert asked.why.endswith(".")
    assert 1 <= asked.why.count(". ") + 1 <= 3
    assert set(table("questions")[asked.id]) <= {
        *("lectures", "kind", "prompt", "options", "answer", "within", "why", "row", "page")
    }
    assert (len(asked.options) >= 3) == (asked.kind in ("choice", "several"))
    assert len(set(asked.options)) == len(asked.options)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.id)
def test_takes_its_right_answer_and_no_other(asked):
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
    page, _, query = asked.page.partition("?")
    source = (ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8")
    for part in re.findall(r"^from pages\._kit\.(\w+) import", source, re.MULTILINE):
        source += (ROOT / "pages/_kit" / f"{part}.py").read_text(encoding="utf-8")
    source += "".join(part.read_text(encoding="utf-8") for part in (ROOT / "pages/_parts" / page).glob("*.py"))
    switched = "lab.one_of(" in source
    for key, (value,) in parse_qs(query, strict_parsing=bool(query)).items():
        if key == "view" and switched:  # the frame draws the switch, between the views that the page names
            assert f'"{value}": ' in source, value
            continue
        assert re.search(rf'key="{key}",[^()]*bind="query-params"', source), key
        if key == "example":
            assert value in EXAMPLES
        if key == "stack":
            assert views(parse_stack(value), 64)
        if key == "network":
            assert value in {"My own table", *LABELS}


@pytest.mark.parametrize("id", ["Q03", "Q04", "Q05", "Q22", "Q36", "E04"])
def test_shows_the_answer_as_the_total_of_the_network_it_points_to(id):
    setting = {key: value for key, (value,) in parse_qs(question(id).page.partition("?")[2]).items()}
    maps = {"grey": 1, "colour": 3}.get(setting.get("colour"))
    shown = parse(setting["table"]) if "table" in setting else network(LABELS[setting["network"]], maps=maps)
    assert trace(shown).parameters == question(id).answer


def test_has_the_shape_that_core_computes():
    asked = question("Q39")
    assert read_shape(asked.answer) == number(asked.row).ours[0]


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
