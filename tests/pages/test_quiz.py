"""The quiz of a lab: its options, and what an answer gets."""

from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from pages._kit.quiz import ask
from syllabus.questions import all_questions, question
from tests.pages import boards


def test_hides_the_right_option_among_the_others() -> None:
    """In the file it mostly stands first: whoever always takes the first one is not to pass."""
    asked = [question for question in all_questions() if question.kind == "choice"]
    places = Counter(question.mixed.index(question.answer) for question in asked)
    assert places[0] / len(asked) < 0.4
    assert all(sorted(question.mixed) == sorted(question.options) for question in asked)


def test_says_why_after_the_right_answer_only() -> None:
    page = boards.opened("overlap")
    page.session_state["quiz"] = True  # the fold is open
    page.run()
    (first, *_) = page.radio
    assert list(first.options) != ["1/3", "1/2", "1/4", "2/3"]
    first.set_value("1/2").run()
    assert "Not yet" in page.warning[0].value
    page.radio(key="quiz-Q401").set_value("1/3").run()
    assert "one third" in page.success[0].value


def asked(*identifiers: str) -> AppTest:
    return AppTest.from_string(f"from pages._kit.quiz import ask\n\nask({identifiers!r})").run()


def test_asks_for_the_wrong_line_of_a_slide_in_the_order_of_the_slide() -> None:
    page = asked("D36")
    assert not page.exception
    slide = question("D36")
    assert slide.title in page.markdown[0].value
    (lines,) = page.radio
    assert tuple(lines.options) == slide.options
    lines.set_value(next(line for line in slide.options if line != slide.answer)).run()
    assert "Not yet" in page.warning[0].value
    page.radio[0].set_value(slide.answer).run()
    assert slide.why in page.success[0].value


def test_says_that_a_click_belongs_into_class() -> None:
    with pytest.raises(ValueError, match="Q604 asks for a click on a picture: it can be asked in class"):
        ask(["Q604"])


def test_asks_every_other_kind_of_question() -> None:
    page = asked("Q04", "Q39", "E06", "Q10", "N51")
    assert not page.exception
    assert (len(page.text_input), len(page.radio), len(page.get("button_group"))) == (2, 2, 1)
