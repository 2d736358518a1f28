"""The quiz of a lab: its options, and what an answer gets."""

from collections import Counter

from pages._kit.quiz import mixed
from syllabus.questions import all_questions
from tests.pages import boards


def test_hides_the_right_option_among_the_others() -> None:
    """In the file it mostly stands first: whoever always takes the first one is not to pass."""
    asked = [question for question in all_questions() if question.kind == "choice"]
    places = Counter(mixed(question).index(question.answer) for question in asked)
    assert places[0] / len(asked) < 0.4
    assert all(sorted(mixed(question)) == sorted(question.options) for question in asked)


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
