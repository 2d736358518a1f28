"""The page of assignments: what a student reads before it bites, works in, hands in, and finds afterwards."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from classroom import editor, work
from classroom.assignments import Card
from classroom.people import Person
from grading.ledger.policy import Late, Rules
from grading.records import Question
from pages._kit import course as kit
from pages._kit.course import distance
from pages._parts.assignments.facts import headline, rules
from pages._parts.assignments.outputs import show
from pages._parts.assignments.trying import begin
from tests.classroom.conftest import ADA, IVA
from tests.classroom.course import MONDAY, SmallCourse, small
from tests.grading.small_course import ANSWERS

BONUS = Question("more", 1.0, title="Sharper", bonus=True)
PAGE = Path(__file__).resolve().parents[2] / "pages/assignments.py"
DAY = timedelta(days=1)
CARD = Card(
    "ps", "Two functions", "open", Rules(due=MONDAY + DAY), (Question("q", 6.0),), "not begun", 0, None, None, None, 0
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        monkeypatch.setattr(kit, "desk", lambda: opened.desk)
        yield opened


def shell(path: str) -> None:
    """The page where links to it lead somewhere."""
    import streamlit as st

    st.navigation([st.Page(path, title="Assignments", url_path="assignments")], position="hidden").run()


def page(monkeypatch: pytest.MonkeyPatch, who: Person, **address: str) -> AppTest:
    monkeypatch.setattr(kit, "member", lambda: who)
    drawn = AppTest.from_function(shell, args=(str(PAGE),), default_timeout=60)
    for key, value in address.items():
        drawn.query_params[key] = value
    drawn.run()
    assert not drawn.exception
    return drawn


def said(drawn: AppTest) -> str:
    kinds = ("markdown", "caption", "info", "success", "error", "text", "warning")
    return "\n".join(str(element.value) for kind in kinds for element in drawn.get(kind))


def test_says_what_to_do_while_nothing_is_published(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing is published yet" in said(page(monkeypatch, ADA))


def test_gives_a_hidden_assignment_away_to_nobody_by_its_address(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = page(monkeypatch, ADA, set="ps")
    assert "There is no such assignment" in said(drawn)
    assert len(drawn.markdown) == 0


def test_an_instructor_publishes_it(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = page(monkeypatch, IVA, set="ps", view="Results")
    drawn.get("button_group")[0].set_value("open")
    next(button for button in drawn.button if button.label == "Publish").click().run()
    assert [one.state for one in course.desk.classroom.publications()] == ["open"]
    assert not any("Publish" in one.label for one in page(monkeypatch, ADA, set="ps").expander)


def test_shows_the_notebook_without_what_is_hidden(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.published()
    drawn = page(monkeypatch, ADA, set="ps")
    code = "\n".join(block.value for block in drawn.code)
    assert "assert double(2) == 4" in code
    assert "1234.5" not in code + said(drawn)
    assert "**2 points**" in said(drawn)


def test_hands_in_what_is_typed_and_shows_what_was_found(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.published()
    for cell, text in {**ANSWERS, "mean": "def mean(xs): return sum(xs)"}.items():
        editor.save(course.desk, ADA, "ps", cell=cell, text=text)
    drawn = page(monkeypatch, ADA, set="ps")
    next(button for button in drawn.button if button.label == "Hand in what is typed here").click().run()
    assert "Hand-in 1 for ps, received on Monday, 02 March 2026" in said(drawn)
    assert "yours is next" in said(page(monkeypatch, ADA, set="ps", view="Results"))
    course.grade()
    results = page(monkeypatch, ADA, set="ps", view="Results")
    assert results.expander[0].label.endswith("2 of 6 points")
    assert "mean([1, 3]) == 2" in said(results)
    assert "a person marks this" in said(results)


def test_a_bonus_comes_on_top_and_is_called_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small(tmp_path, str(tmp_path / "ledger.db"), settings='bonus = ["test-mean"]') as course:
        monkeypatch.setattr(kit, "desk", lambda: course.desk)
        course.published().hand_in()
        course.grade()
        assert "**3 points**, a bonus, judged when you hand in." in said(page(monkeypatch, ADA, set="ps"))
        results = page(monkeypatch, ADA, set="ps", view="Results")
        assert results.expander[0].label.endswith("5 of 3 points")
        lines = [line for line in said(results).splitlines() if "bonus" in line]
        assert len(lines) == 1
        assert "test-mean, bonus" in lines[0]


def examples() -> None:
    from grading.practice import Example, Tried
    from pages._parts.assignments.notebook import _came_of_it
    from pages._parts.assignments.trying import begin

    right = Example("one", True, printed="asked **2**\n")
    trial = begin(lambda: Tried((), False, 0.1, (right, Example("two", False, "It gave 5.", "<b>3</b>"))))
    trial.wait(5)
    _came_of_it(trial, key="x")


def test_shows_below_an_example_what_was_printed_meanwhile_as_plain_text() -> None:
    drawn = AppTest.from_function(examples).run()
    assert not drawn.exception
    assert [block.value for block in drawn.code] == ["asked **2**", "It gave 5.", "<b>3</b>"]
    assert [block.value for block in drawn.caption] == ["Printed while the examples ran"] * 2


def test_an_empty_history_says_what_to_do(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.published()
    assert "You have not handed anything in yet" in said(page(monkeypatch, ADA, set="ps", view="Results"))


def test_shows_only_ones_own(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.published().hand_in(replace(IVA, key="iva"))
    assert work.history(course.desk, IVA, "ps")
    assert "You have not handed anything in yet" in said(page(monkeypatch, ADA, set="ps", view="Results"))


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        pytest.param(CARD, "open · due Tue 3 Mar 2026, 09:00 (in 24 hours) · not begun · 6 points", id="open"),
        pytest.param(
            replace(CARD, stage="late", rules=Rules(due=MONDAY - DAY)),
            "late · was due Sun 1 Mar 2026, 09:00",
            id="late",
        ),
        pytest.param(
            replace(CARD, stage="announced", rules=Rules(opens=MONDAY + 3 * DAY)), "announced · opens Thu 5", id="soon"
        ),
        pytest.param(replace(CARD, progress="graded", points=4.5), "graded · **4.5 of 6 points**", id="graded"),
        pytest.param(replace(CARD, stage="closed"), "closed · not begun", id="closed"),
        pytest.param(
            replace(CARD, questions=(*CARD.questions, BONUS), progress="graded", points=7.0),
            "graded · **7 of 6 points**",
            id="graded with its bonus",
        ),
    ],
)
def test_says_in_one_line_how_it_stands(card: Card, expected: str) -> None:
    assert expected in headline(card, MONDAY)


def test_says_what_handing_in_now_would_mean_before_it_bites() -> None:
    late = Rules(due=MONDAY - DAY, closes=MONDAY + DAY, attempts=3, late=Late(points_per_day=1.5))
    card = replace(CARD, stage="late", rules=late, used=2, left=1, days_late=1, again=MONDAY + timedelta(minutes=5))
    assert list(rules(card, MONDAY)) == [
        "You have 1 hand-in left, of 3.",
        "The next hand-in is taken in 5 minutes.",
        "Handed in now it is 1 day late, which takes 1.5 points a day.",
        "Nothing is taken after Tue 3 Mar 2026, 09:00.",
        "Your best hand-in counts.",
    ]
    assert "You have used all your hand-ins" in " ".join(rules(replace(card, left=0), MONDAY))


def test_says_what_lateness_costs_where_there_is_a_date_to_be_late_for() -> None:
    open_end = Rules(late=Late(points_per_day=1.0))
    said = rules(replace(CARD, stage="open", rules=replace(open_end, due=MONDAY + DAY)), MONDAY)
    assert "Every day begun after it is due takes 1 point." in list(said)
    assert list(rules(replace(CARD, stage="open", rules=open_end), MONDAY)) == ["Your best hand-in counts."]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 seconds ago"),
        (89, "in 89 seconds"),
        (-300, "5 minutes ago"),
        (5400, "in 90 minutes"),
        (259200, "in 3 days"),
    ],
)
def test_says_how_long_it_is(seconds: int, expected: str) -> None:
    assert distance(MONDAY + timedelta(seconds=seconds), MONDAY) == expected


PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
).decode()


def drawn_outputs() -> None:
    from tests.pages.test_assignments import OUTPUTS, show

    show(OUTPUTS, key="cell")


BROKEN = base64.b64encode(b"\x89PNG\r\n\x1a\nnothing more").decode()
OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": "<script>alert(1)</script> **bold** \x1b[31mred\x1b[0m"},
    {"output_type": "display_data", "data": {"text/html": "<img src=x onerror=alert(1)>", "text/plain": "an image"}},
    {"output_type": "display_data", "data": {"image/png": "no picture at all !"}},
    {"output_type": "display_data", "data": {"image/png": PIXEL, "text/plain": "pixel"}},
    {"output_type": "display_data", "data": {"image/png": BROKEN, "text/plain": "it ends too early"}},
    {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["line 1", "E: v"]},
    {"output_type": "stream", "text": "x" * 50_000},
    {"output_type": "nonsense"},
]


def test_shows_outputs_as_text_and_pictures_and_never_as_markup() -> None:
    drawn = AppTest.from_function(drawn_outputs).run()
    assert not drawn.exception
    assert [block.value for block in drawn.code][:3] == [
        "<script>alert(1)</script> **bold** red",
        "an image",
        "line 1\nE: v",
    ]
    assert "30,000 letters more" in drawn.code[3].value
    assert len(drawn.get("markdown")) == 0
    assert len(drawn.get("image")) == 2


def test_a_run_that_fails_says_so_and_ends() -> None:
    def refused() -> None:
        raise editor.ClassroomError("There is no such cell to run.")

    trial = begin(refused)  # type: ignore[arg-type]
    trial.wait(5)
    assert (trial.running, trial.wrong, trial.found) == (False, "There is no such cell to run.", None)


__all__ = ["OUTPUTS", "show"]


def links() -> None:
    import streamlit as st

    from pages._parts.assignments.outputs import show

    said = st.session_state["said"]
    show([{"output_type": "execute_result", "data": {"text/plain": said}}], key="x")


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("http://localhost:8501/convolution?stride=2&example=a+%26+b", "/convolution?stride=2&example=a+%26+b"),
        ("https://labs.example/yolo", "/yolo"),
        ("https://evil.example/gradebook?x=1", None),
        ("https://evil.example/nowhere", None),
        ("javascript://x/yolo", None),
        ("see http://localhost:8501/yolo", None),
    ],
)
def test_opens_a_lab_whose_address_a_cell_puts_out_and_nothing_else(said: str, leads: str | None) -> None:
    drawn = AppTest.from_function(links)
    drawn.session_state["said"] = said
    drawn.run()
    buttons = drawn.get("link_button")
    assert [button.proto.url for button in buttons] == ([leads] if leads else [])
    assert [block.value for block in drawn.code] == ([] if leads else [said])
