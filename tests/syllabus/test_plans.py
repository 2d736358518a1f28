from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syllabus.plans import MOST_STEPS, Plan, Step, lessons, read_plan
from syllabus.questions import asked_live
from syllabus.written import WrittenWrongly
from tests.pages import boards
from tests.syllabus.addresses import LABS, assert_sets_what_the_lab_has

ASKED = {asked.id: asked for asked in asked_live()}
READ = {name: read_plan(text, labs=LABS, has_quiz=ASKED.__contains__) for name, text in lessons().items()}
ADDRESSES = sorted({step.what for plan in READ.values() for step in plan.steps if step.kind == "lab"})


def plan_of(text):
    return read_plan(text, labs={"roi", "pooling"}, has_quiz={"Q21", "own-3"}.__contains__)


def test_reads_title_steps_and_notes():
    lab = "lab pooling?pool_stride=1   A step of one\n  Ask first.\n\n    indented\n  - item\n"
    assert plan_of(f"\n# Week 3:  pooling\n\n{lab}quiz own-3\n") == Plan(
        "Week 3: pooling",
        (
            Step("lab", "pooling?pool_stride=1", "A step of one", "Ask first.\n\n  indented\n- item"),
            Step("quiz", "own-3", "", ""),
        ),
    )


def test_reads_tabs_and_windows_endings():
    plan = plan_of("# A\r\nlab roi\r\n\tnote\r\nquiz Q21\r\n")
    assert [step.notes for step in plan.steps] == ["note", ""]


def test_names_the_lab_without_its_setting():
    assert plan_of("# A\nlab pooling?pool_stride=1").steps[0].lab == "pooling"


WRONG = {
    "empty": ("", "the plan has no title: begin it with a line such as # Week 3"),
    "no-title": ("lab roi", "the plan has no title"),
    "title-of-nothing": ("#\nlab roi", "the plan has no title"),
    "no-steps": ("# A", "the plan has 0 steps: write 1 to 60"),
    "many-steps": ("# A\n" + "lab roi\n" * (MOST_STEPS + 1), "the plan has 61 steps"),
    "note-first": ("# A\n  note\nlab roi", "line 2 is a note before the first step"),
    "second-title": ("# A\nlab roi\n# B", "line 3 is a second title"),
    "long-title": (f"# {'x' * 121}\nlab roi", "line 1: the title has more than 120 letters"),
    "long-step": (f"# A\nlab roi {'x' * 121}", "line 2: the title has more than 120 letters"),
    "no-step": ("# A\nlab roi\nthen talk", "line 3 is no step: begin it with lab or quiz, or indent it"),
    "nameless": ("# A\nlab", "line 2 is no step"),
    "unknown-lab": ("# A\n\nlab poolin?x=1", "line 3: there is no lab 'poolin': did you mean pooling"),
    "no-lab": ("# A\nlab zzz", "line 2: there is no lab 'zzz': take the end of its address"),
    "elsewhere": ("# A\nlab https://x.org/roi", "line 2: there is no lab"),
    "above": ("# A\nlab ../roi", "line 2: there is no lab"),
    "unknown-quiz": ("# A\nlab roi\nquiz Q99", "line 3: there is no quiz 'Q99': take the id of one"),
    "invisible": ("# A\nlab roi\n  a\x07b", r"line 3 holds the invisible character U\+0007"),
    "long": ("# A\nlab roi\n" + "  note\n" * 3000, "the text has 21,012 letters, and 20,000 are the most"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG.keys())
def test_says_which_line_is_wrong_and_what_helps(text, says):
    with pytest.raises(WrittenWrongly, match=says):
        plan_of(text)


PIECES = ["# A", "lab roi", "lab", "quiz Q21 title", "quiz", "  note", "\t", "", "lab ../roi", "lab roi?x= y"]


@settings(deadline=None, max_examples=200)
@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=10).map("\n".join))
def test_answers_any_text_with_a_plan_or_one_sentence(text):
    try:
        plan = plan_of(text)
    except WrittenWrongly as wrong:
        message = str(wrong)
    else:
        assert plan.title
        assert all(step.lab == "roi" or step.what == "Q21" for step in plan.steps)
        return
    assert 10 < len(message) < 300
    assert message.isprintable()


@pytest.mark.parametrize("name", READ)
def test_comes_with_lessons_of_six_to_ten_steps_with_notes(name):
    plan = READ[name]
    assert 6 <= len(plan.steps) <= 10
    assert {step.kind for step in plan.steps} == {"lab", "quiz"}
    assert len({step.what for step in plan.steps}) == len(plan.steps)
    assert all(step.notes.endswith((".", "?")) for step in plan.steps if step.kind == "lab")
    assert all(step.title for step in plan.steps)


def test_asks_about_what_the_lesson_shows():
    kinds = {ASKED[step.what].kind for plan in READ.values() for step in plan.steps if step.kind == "quiz"}
    assert {"slide", "click", "number", "choice"} <= kinds


@pytest.mark.parametrize("address", ADDRESSES)
def test_sets_controls_that_the_labs_of_a_lesson_have(address):
    assert_sets_what_the_lab_has(address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_opens_the_labs_of_a_lesson_with_their_setting(address):
    lab, _, query = address.partition("?")
    asked_for = {key: value for key, (value,) in parse_qs(query).items()}
    page = boards.opened(lab, **asked_for)
    assert not page.error
    assert {key: str(page.session_state[key]).replace("True", "true") for key in asked_for} == asked_for
