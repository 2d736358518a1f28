import json
import re
import string
from dataclasses import asdict
from pathlib import Path

import pytest

import syllabus
from syllabus.errata import errata
from syllabus.numbers import number
from syllabus.questions import all_questions
from syllabus.tables import frozen, row, said, table

TABLES = sorted(path.stem for path in Path(syllabus.__file__).parent.glob("*.toml"))


def test_finds_the_six_tables():
    assert TABLES == ["discrepancies", "numbers", "problem_sets", "questions", "slides", "systems"]


@pytest.mark.parametrize("name", TABLES)
def test_leaves_no_text_empty_and_no_text_twice_in_a_column(name):
    for column in ("name", "taught", "prompt", "theme", "title"):
        texts = [entry[column] for entry in table(name).values() if column in entry]
        assert all(texts)
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("name", [name for name in TABLES if name not in ("problem_sets", "slides")])
def test_names_lectures_by_their_letters_in_order(name):
    for id, entry in table(name).items():
        letters = entry["lectures"].split()
        assert letters == sorted(set(letters)), id
        assert set(letters) <= set("ABCDE"), id
        assert letters, id


@pytest.mark.parametrize("name", TABLES)
def test_speaks_of_lectures_and_of_nothing_on_a_disk(name):
    text = (Path(syllabus.__file__).parent / f"{name}.toml").read_text(encoding="utf-8")
    assert not re.search(r"\bdecks?\b|\.md\b|/work\b|\bslides?/", text, flags=re.IGNORECASE)
    printable = set(string.printable) | set("·²³")
    assert set(text) <= printable, sorted(set(text) - printable)


def test_refuses_an_unknown_id_and_says_which_there_are():
    with pytest.raises(KeyError, match=r"problem_sets.toml, whose ids run from ps1 to ps8"):
        row("problem_sets", "ps9")


def test_freezes_lists_and_refuses_what_is_no_value():
    assert frozen([1, [2.5, "a"]]) == (1, (2.5, "a"))
    with pytest.raises(TypeError, match="a number, a text or a list"):
        frozen({"a": 1})
    with pytest.raises(TypeError, match="True"):
        frozen(True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(138357544, "138,357,544", id="thousands"),
        pytest.param(0.0204, "0.0204", id="small"),
        pytest.param((258982, 2.979), "258,982, 2.979", id="list"),
        pytest.param(((55, 55, 96), (1000,)), "55x55x96, (1,000)", id="shapes"),
        pytest.param((4, ("ax", "by")), "4, (ax, by)", id="nested"),
        pytest.param("argmin", "argmin", id="word"),
    ],
)
def test_writes_values_for_readers(value, text):
    assert said(value) == text


@pytest.mark.parametrize("record", [errata()[0], all_questions()[0], number("N08")], ids=lambda r: type(r).__name__)
def test_turns_every_record_into_json(record):
    assert json.loads(json.dumps(asdict(record)))["id"] == record.id
