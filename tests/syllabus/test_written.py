import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syllabus.plans import read_plan
from syllabus.questions import Question, asked_live, check
from syllabus.written import LARGEST, LONGEST, WrittenWrongly, read, write
from tests.syllabus.addresses import LABS, assert_sets_what_the_lab_has

DOCS = (Path(__file__).parents[2] / "docs/quizzes.md").read_text(encoding="utf-8")
KINDS = ["number", "number", "shape", "choice", "several", "slide", "click"]  # of the examples in the guide


def bare(asked):
    return replace(asked, lectures=(), row="")


@pytest.mark.parametrize("asked", asked_live(), ids=lambda asked: asked.id)
def test_writes_every_question_of_the_syllabus_and_reads_it_again(asked):
    assert read(write(asked), id=asked.id) == bare(asked)


words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12).filter(str.strip)
line = st.lists(words, min_size=1, max_size=6).map(" ".join)
lines = st.lists(line, min_size=3, max_size=8, unique=True)
numbers = st.integers(-int(LARGEST), int(LARGEST)) | st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
share = st.integers(0, 1000).map(lambda value: value / 1000)
region = st.tuples(*[st.tuples(share, share).filter(lambda pair: pair[0] < pair[1])] * 2).map(
    lambda pairs: (pairs[0][0], pairs[1][0], pairs[0][1], pairs[1][1])
)


@st.composite
def questions(draw):
    kind = draw(st.sampled_from(sorted(set(KINDS))))
    made = Question(
        "own-1", (), kind, draw(line), (), "", 0.0, draw(line), "", draw(st.sampled_from(["", "roi", "roi?x=4"]))
    )
    if kind == "number":
        return replace(made, answer=draw(numbers), within=draw(st.sampled_from([0.0, 0.05, 1, 1e-7])))
    if kind == "shape":
        sides = draw(st.lists(st.integers(0, 10**9 - 1), min_size=2, max_size=4))
        return replace(made, answer="x".join(map(str, sides)))
    if kind == "click":
        regions = tuple(draw(st.lists(region, min_size=1, max_size=8)))
        return replace(made, picture="scene 7", regions=regions, answer=draw(st.just("") | line))
    options = tuple(draw(lines))
    if kind == "slide":
        return replace(made, title=draw(line), options=options, answer=draw(st.sampled_from(options)))
    if kind == "choice":
        return replace(made, options=options, answer=draw(st.sampled_from(options)))
    right = draw(st.sets(st.sampled_from(options), min_size=2, max_size=len(options) - 1))
    return replace(made, options=options, answer=tuple(option for option in options if option in right))


@settings(deadline=None)
@given(questions())
def test_reads_what_it_wrote(asked):
    again = read(write(asked), id="own-1")
    assert again == asked
    if asked.kind != "click":
        assert check(again, asked.answer)


PIECES = [
    *("Which?", "because so", "= 4", "= 28x28x6", "* yes", "- no", "- also no", "x wrong", "slide A slide", "lab roi"),
    *(
        "picture scene 7",
        "region 0 0 1 1",
        "region",
        "because",
        "= ",
        "",
        "  more",
        "= 1e9",
        "= 4 +- -1",
        "picture ../x",
    ),
]


@settings(deadline=None, max_examples=300)
@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12).map("\n".join))
def test_answers_any_text_with_a_question_or_one_sentence(text):
    try:
        asked = read(text, id="own-1")
    except WrittenWrongly as wrong:
        message = str(wrong)
    else:
        assert read(write(asked), id="own-1") == asked
        return
    assert 10 < len(message) < 500
    assert message.isprintable()


WRONG = {
    "empty": ("", "the text is empty: its first line is the question"),
    "blank": (" \n\n", "the text is empty"),
    "no-reason": ("What?\n= 4", "no reason: add a line that begins with because"),
    "no-answer": ("What?\nbecause so", "no answer: add a line with ="),
    "two-answers": ("What?\n= 4\n= 5\nbecause so", "line 3: there is one = line already"),
    "no-mark": ("What?\n= 4\nand more\nbecause so", "line 3 begins with no mark"),
    "no-number": ("What?\n= many\nbecause so", "line 2: 'many' is no number I can read"),
    "no-tolerance": ("What?\n= 9.4 +- x\nbecause so", "line 2: 'x' is no number I can read"),
    "less-than-nothing": ("What?\n= 4 +- -1\nbecause so", "line 2: a number is never off by less"),
    "too-large": ("What?\n= 99999999999999999\nbecause so", "line 2: .* is no number I can read"),
    "no-shape": ("What?\n= 4x4xten\nbecause so", "line 2: '4x4xten' is no shape I can read"),
    "empty-answer": ("What?\n=\nbecause so", "line 2: nothing stands behind ="),
    "no-star": ("What?\n- a\n- b\nbecause so", r"line 2: a choice needs right options, marked with \*"),
    "stars-only": ("What?\n* a\n* b\nbecause so", "line 2: a choice needs .* wrong ones"),
    "twice": ("What?\n* a\n- a\nbecause so", "line 3: the same option stands further up"),
    "both": ("What?\n* a\n- b\n= 4\nbecause so", "line 4: a question with options has no = line"),
    "x-without-slide": ("What?\n* a\nx b\nbecause so", "line 3: x marks the wrong line of a slide"),
    "nine": ("What?\n* 0\n" + "".join(f"- {n}\n" for n in range(1, 9)) + "because so", "line 10: 8 options"),
    "nothing-wrong": ("What?\nslide S\n- a\n- b\nbecause so", "line 2: a slide has one wrong line"),
    "short-slide": ("What?\nslide S\nx a\n- b\nbecause so", "line 2: a slide has two right lines"),
    "star-on-slide": ("What?\nslide S\nx a\n- b\n* c\nbecause so", "line 5: a slide asks for its wrong"),
    "nowhere": ("What?\npicture scene 7\nbecause so", "line 2: a picture needs 1 to 8 lines with region"),
    "no-picture": ("What?\npicture dog\nregion 0 0 1 1\nbecause so", "line 2: there is no picture 'dog'"),
    "no-photo": ("What?\npicture photo dog\nregion 0 0 1 1\nbecause so", "line 2: there is no photo 'dog'"),
    "turned": ("What?\npicture scene 7\nregion 0.5 0 0.4 1\nbecause so", "line 3: a region is left, top"),
    "three": ("What?\npicture scene 7\nregion 0 0 1\nbecause so", "line 3: a region is left, top"),
    "outside": ("What?\npicture scene 7\nregion 0 0 2 1\nbecause so", "line 3: a region is left, top"),
    "two-shows": ("What?\npicture scene 7\nslide S\nregion 0 0 1 1\nbecause so", "line 3: .* slide or a picture"),
    "options": ("What?\npicture scene 7\nregion 0 0 1 1\n- a\nbecause so", "line 4: who is asked to click"),
    "lost-region": ("What?\n= 4\nregion 0 0 1 1\nbecause so", "line 3: a region belongs to a picture"),
    "no-lab": ("What?\n= 4\nbecause so\nlab https://x.org", "line 4: a lab is given by the end"),
    "other-folder": ("What?\n= 4\nbecause so\nlab ../errata", "line 4: a lab is given by the end"),
    "other-file": ("What?\n= 4\nbecause so\nlab a.b", "line 4: a lab is given by the end"),
    "null": ("What\x00?\n= 4\nbecause so", r"line 1 holds the invisible character U\+0000"),
    "turned-round": ("What?\n= 4\nbecause \u202eso", r"line 3 holds the invisible character U\+202E"),
    "half-a-letter": ("What?\n= 4\nbecause \ud800", r"line 3 holds the invisible character U\+D800"),
    "long": ("x" * (LONGEST + 1), "the text has 4,001 letters, and 4,000 are the most"),
    "long-line": ("x" * 1001 + "\n= 4\nbecause so", "line 1: it has 1,001 letters"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG.keys())
def test_says_which_line_is_wrong_and_what_helps(text, says):
    with pytest.raises(WrittenWrongly, match=says):
        read(text, id="own-1")


def test_reads_lines_that_go_on_and_windows_endings():
    asked = read(
        "How many\r\n  are there?\r\n\r\n* one,\r\n  no more\r\n- two\r\nbecause I\r\ncounted.\r\n", id="own-1"
    )
    assert asked.prompt == "How many are there?"
    assert asked.options == ("one, no more", "two")
    assert asked.why == "I counted."


@pytest.mark.parametrize("text", ["86,950", "86 950", "86950", "86'950"])
def test_reads_numbers_as_readers_type_them(text):
    assert read(f"What?\n= {text}\nbecause so", id="own-1").answer == 86950


def test_evaluates_nothing():
    asked = read("`{1+1}` {{7*7}} $(id) <b>\n* __import__('os')\n- 2\nbecause :red[x]", id="own-1")
    assert (asked.prompt, asked.answer) == ("`{1+1}` {{7*7}} $(id) <b>", "__import__('os')")


def test_reads_the_examples_of_the_guide():
    examples = [read(text, id="own-1") for text in re.findall(r"```question\n(.*?)```", DOCS, re.DOTALL)]
    assert [asked.kind for asked in examples] == KINDS
    for asked in examples:
        if asked.page:
            assert_sets_what_the_lab_has(asked.page)


def test_reads_the_plan_of_the_guide():
    (text,) = re.findall(r"```plan\n(.*?)```", DOCS, re.DOTALL)
    plan = read_plan(text, labs=LABS, has_quiz={"Q21", "N37"}.__contains__)
    assert plan.title == "Week 3: convolution"
    assert [step.what.partition("?")[0] for step in plan.steps] == ["convolution", "Q21", "pooling", "N37"]
    assert plan.steps[2].notes == "- Which side comes out of 224?\n- And with padding?"
