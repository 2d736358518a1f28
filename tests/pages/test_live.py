"""The page of the live class: who sees which views; practising, one's answers, questions, plans and results."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from classroom.errors import ClassroomError
from classroom.live import own, quizzing
from classroom.live.port import Lecture
from classroom.people import Person
from grading.ledger.port import LedgerBusy
from pages._kit import course as kit
from pages._kit.words import plain
from pages._parts.live import plans, writing
from pages._parts.live.choosing import GONE, ITEM
from pages._parts.live.questions import matching
from syllabus.plans import lessons
from syllabus.questions import asked_live
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse
from tests.pages.test_assignments import said
from tests.pages.test_live_panels import course, everything, labels, press

__all__ = ["course"]  # the fixture
PAGE = Path(__file__).resolve().parents[2] / "pages/live.py"
NUMBER = "How many are there?\n= 2416\nbecause each is one.\nlab layer"


def shell(path: str) -> None:
    """The page where links to it lead somewhere."""
    import streamlit as st

    st.navigation([st.Page(path, title="Live class", url_path="live")], position="hidden").run()


def page(monkeypatch: pytest.MonkeyPatch, who: Person | None, view: str, **address: str) -> AppTest:
    monkeypatch.setattr(kit, "member", lambda: who)
    drawn = AppTest.from_function(shell, args=(str(PAGE),), default_timeout=60)
    for key, value in {"view": view, **address}.items():
        drawn.query_params[key] = value
    drawn.run()
    assert not drawn.exception
    return drawn


def asked(course: SmallCourse, id: str = "Q04") -> None:
    """Ada is right, then nothing; Ben wrong, then right."""
    quiz = quizzing.ask(course.desk, IVA, id).id
    quizzing.vote(course.desk, ADA, quiz, "86950")
    quizzing.vote(course.desk, BEN, quiz, "1")
    quizzing.close(course.desk, IVA)
    quizzing.again(course.desk, IVA)
    quizzing.vote(course.desk, BEN, quiz, "86950", round=2)
    quizzing.reveal(course.desk, IVA)


def write(drawn: AppTest, key: str, text: str) -> AppTest:
    drawn.text_area(key=key).input(text).run()
    assert not drawn.exception
    return drawn


@pytest.mark.parametrize(
    ("who", "views"),
    [
        (ADA, ["Class", "Practise", "My answers"]),
        (TINA, ["Class", "Practise", "My answers", "Present", "Questions", "Plans", "Results"]),
        (None, []),
    ],
    ids=["a student", "an assistant", "nobody"],
)
def test_everybody_has_their_views(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, who: Person | None, views: list[str]
) -> None:
    found = page(monkeypatch, who, "Class").segmented_control
    assert [option for control in found[:1] for option in control.options] == views


@pytest.mark.parametrize("view", ["Questions", "Plans", "Results", "Present"])
def test_the_address_of_a_view_for_staff_opens_nothing_to_students(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    found = page(monkeypatch, ADA, view)
    assert [control.value for control in found.segmented_control[:1]] == ["Class"]
    assert not found.text_area


def test_practises_what_the_class_was_asked_and_each_lecture(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = page(monkeypatch, ADA, "Practise")
    assert "was not asked anything yet" in said(ada)
    asked(course)
    ada = page(monkeypatch, ADA, "Practise")
    assert "How many parameters is that" in said(ada)
    assert "86,950" not in everything(ada)
    ada.text_input[0].input("3")
    assert "Not yet" in said(press(ada, "Check"))
    ada.text_input[0].input("86950").run()
    assert "Not yet" not in said(ada)
    assert "Right. " in said(press(ada, "Check"))
    ada.toggle[0].set_value(True).run()
    assert "**86,950.**" in said(ada)
    lecture = page(monkeypatch, ADA, "Practise", of="Lecture D")
    first = lecture.selectbox[0].value
    press(lecture, "Next question")
    assert lecture.selectbox[0].value != first


def test_one_sees_ones_own_answers_alone(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not asked anything yet" in said(page(monkeypatch, ADA, "My answers"))
    asked(course)
    quizzing.ask(course.desk, IVA, "Q05")
    ada, ben = said(page(monkeypatch, ADA, "My answers")), said(page(monkeypatch, BEN, "My answers"))
    assert "Asked **2** times, answered **1**, right in the end **0**" in ada
    assert "You answered first 86,950, then nothing." in ada
    assert "Asked **2** times, answered **1**, right in the end **1**" in ben
    assert "You answered first 1, then 86,950." in ben
    assert "62,006" not in ada  # of Q05, which is open


def test_finds_questions_by_lecture_and_words_and_asks(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    own.write(course.desk, IVA, NUMBER)
    tina = page(monkeypatch, TINA, "Questions", find="perceptron grey hidden")
    assert tina.selectbox[0].options == [
        "Q04: A perceptron takes a grey image of 32x32 pixels, has 84 hidden units and 10 outputs. "
        "How many parameters is that?"
    ]
    assert "Right: **86,950**" in said(tina)
    press(tina, "Ask the class now")
    quiz = course.desk.quizzes.current(1)
    assert quiz is not None
    assert quiz.question == "Q04"
    assert "The class is asked." in said(tina)
    assert "No question has these words" in said(page(monkeypatch, TINA, "Questions", find="zebra stripes"))
    mine = page(monkeypatch, TINA, "Questions", lecture="own")
    assert [option.partition(":")[0] for option in mine.selectbox[0].options] == ["own-1"]
    course.desk.lectures.end(1, course.now)
    assert next(b for b in page(monkeypatch, TINA, "Questions").button if b.label == "Ask the class now").disabled


def test_every_lecture_and_every_kind_has_questions() -> None:
    found = asked_live()
    assert all(matching(found, "", (letter,)) for letter in "ABCDE")
    assert matching(found, "", ("own",)) == []
    assert len(matching(found, "", ("A", "B"))) < len(found)


def test_writes_changes_and_deletes_a_question(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    tina = page(monkeypatch, TINA, "Questions", lecture="own")
    assert "The course has no question of its own yet" in said(tina)
    write(tina, writing.TEXT, "How many?\n= many\nbecause so")
    assert plain("Line 2: ") in said(tina)
    assert "Keep it" not in labels(tina)
    write(tina, writing.TEXT, NUMBER)
    assert "Kept as own-1" in said(press(tina, "Keep it"))
    press(tina, "Keep it")
    assert len(own.questions(course.desk, IVA)) == 1  # the same question, not a copy
    press(tina, "Write a new one instead")
    write(tina, writing.TEXT, "?")
    press(tina, "Change it")
    assert tina.text_area(key=writing.TEXT).value == NUMBER
    write(tina, writing.TEXT, NUMBER.replace("2416", "2417"))
    press(tina, "Keep it")
    assert [one.question.answer for one in own.questions(course.desk, IVA)] == [2417]
    press(tina, "Delete for good")
    assert own.questions(course.desk, IVA) == ()
    assert tina.text_area(key=writing.TEXT).label == "A new question"


def test_takes_over_a_file_of_questions(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClassroomError, match="Question 2 of 2: "):
        writing._bring(course.desk, TINA, f"{NUMBER}\n---\nnothing".encode())
    with pytest.raises(ClassroomError, match="not UTF-8"):
        writing._bring(course.desk, TINA, "Zoë".encode("utf-16"))
    assert own.questions(course.desk, TINA) == ()
    assert writing._bring(course.desk, TINA, f"{NUMBER}\n---\n{NUMBER}".encode()) == "2 questions were taken over."
    assert len(own.questions(course.desk, TINA)) == 2


def test_copies_changes_and_deletes_a_plan(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    tina = page(monkeypatch, TINA, "Plans")
    name, text = next(iter(lessons().items()))
    tina.selectbox[0].select(name).run()
    assert tina.text_area[0].value == text
    press(tina, "Keep it as a plan of the course")
    assert "Kept. Step through it under Present." in said(tina)
    (kept,) = own.plans(course.desk, IVA)
    assert kept.text == text
    write(tina, plans.TEXT, "# Another\nlab nowhere")
    assert plain("Line 2: there is no lab 'nowhere'") in said(tina)
    assert "Keep it" not in labels(tina)
    write(tina, plans.TEXT, "# Another\nlab layer\n  Ask **first**.\nquiz Q04")
    assert "Ask **first**." in said(tina)
    press(tina, "Keep it")
    assert [one.title for one in own.plans(course.desk, IVA)] == ["Another"]
    press(tina, "Delete for good")
    assert own.plans(course.desk, IVA) == ()
    assert tina.selectbox[0].value == plans.NEW


@pytest.mark.parametrize(
    ("view", "more", "one", "other"),
    [
        ("Practise", {"of": "Lecture D"}, 2, 1),
        ("Questions", {"find": "stride"}, 1, 0),
        ("Plans", {}, 2, 1),
        ("Results", {}, 1, 0),
    ],
    ids=["practice", "questions", "plans", "results"],
)
def test_what_is_chosen_stands_in_the_address_and_a_link_leads_to_it(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, view: str, more: dict[str, str], one: int, other: int
) -> None:
    asked(course)
    drawn = page(monkeypatch, TINA, view, **more)
    assert ITEM not in drawn.query_params
    shown = drawn.selectbox[0].options
    drawn.selectbox[0].select_index(one).run()
    id = drawn.query_params[ITEM]
    again = page(monkeypatch, TINA, view, **more, **{ITEM: id})
    assert again.selectbox[0].value == drawn.selectbox[0].value == id
    assert again.selectbox[0].index == one
    again.selectbox[0].select_index(other).run()
    assert again.query_params[ITEM] != id
    assert again.selectbox[0].options == shown


def test_an_item_that_a_view_does_not_have_is_dropped_from_the_address(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = page(monkeypatch, TINA, "Plans", **{ITEM: "<b>Q04"})
    assert drawn.selectbox[0].value == plans.NEW
    assert ITEM not in drawn.query_params
    press(page(monkeypatch, TINA, "Practise", of="Lecture D"), "Next question")


def test_a_link_to_a_question_that_was_deleted_says_so_until_one_is_chosen(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = own.write(course.desk, IVA, NUMBER).id
    here = page(monkeypatch, TINA, "Questions", **{ITEM: item})
    assert here.selectbox[0].value == item
    own.drop(course.desk, IVA, int(item.removeprefix("own-")))  # in another tab
    for found in (here.run(), page(monkeypatch, TINA, "Questions", **{ITEM: item})):
        assert GONE in said(found.run())
        found.selectbox[0].select_index(3).run()
        assert GONE not in said(found)


@pytest.mark.parametrize(
    ("view", "more", "item"),
    [("Questions", {"find": "stride"}, "Q04"), ("Practise", {"of": "Lecture D"}, "Q04"), ("Plans", {}, None)],
    ids=["other words", "another lecture", "none"],
)
def test_a_link_to_what_is_merely_not_listed_says_nothing(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, view: str, more: dict[str, str], item: str | None
) -> None:
    asked = {ITEM: item} if item else {}
    assert GONE not in said(page(monkeypatch, TINA, view, **more, **asked))


def test_neither_deleting_a_question_nor_another_view_speaks_of_a_link(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = own.write(course.desk, IVA, NUMBER).id
    tina = page(monkeypatch, TINA, "Questions", **{ITEM: item})
    press(tina, "Delete for good")
    assert "Deleted." in said(tina)
    assert GONE not in said(tina)
    tina.selectbox[0].select("Q04").run()
    tina.segmented_control(key="view").set_value("Plans").run()
    assert tina.selectbox[0].value == plans.NEW
    assert GONE not in said(tina)


@pytest.mark.parametrize("view", ["Questions", "Plans"])
def test_a_database_that_is_busy_is_a_sentence_and_loses_nothing_that_was_typed(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    def busy(*_: object) -> None:
        raise LedgerBusy

    questions = view == "Questions"
    text, key = (NUMBER, writing.TEXT) if questions else ("# Mine\nlab layer", plans.TEXT)
    keep, of = ("Keep it", "question") if questions else ("Keep it as a plan of the course", "plan")
    delete, kept = ("Delete for good", own.questions if questions else own.plans)
    tina = page(monkeypatch, TINA, view, **({"lecture": "own"} if questions else {}))
    write(tina, key, text)
    with monkeypatch.context() as away:
        away.setattr(course.desk.quizzes, f"write_{of}", busy)
        assert "please try again in a moment" in said(press(tina, keep))
        away.setattr(course.desk.quizzes, f"{of}s", busy)
        assert "please try again in a moment" in said(tina.run())
        assert not tina.text_area
    assert tina.run().text_area(key=key).value == text
    assert "try again" not in said(tina)
    press(tina, keep)
    with monkeypatch.context() as away:
        away.setattr(course.desk.quizzes, f"drop_{of}", busy)
        assert "please try again in a moment" in said(press(tina, delete))
    assert len(kept(course.desk, IVA)) == 1
    assert tina.text_area(key=key).value == text


@pytest.mark.parametrize(
    ("view", "key", "text"),
    [("Questions", writing.TEXT, NUMBER), ("Plans", plans.TEXT, "# Mine\nlab layer")],
    ids=["a question", "a plan"],
)
def test_what_was_typed_is_there_after_a_look_at_something_else(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, view: str, key: str, text: str
) -> None:
    tina = write(page(monkeypatch, TINA, view), key, text)
    tina.segmented_control[0].set_value("Results").run()
    assert not tina.text_area
    tina.segmented_control[0].set_value(view).run()
    assert tina.text_area(key=key).value == text


def test_shows_who_took_part_and_how_questions_went(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing was asked" in said(page(monkeypatch, TINA, "Results"))
    asked(course)
    course.desk.lectures.end(1, course.now)
    course.desk.lectures.begin(Lecture(0, IVA.key, course.now.replace(hour=11)))
    tina, iva = page(monkeypatch, TINA, "Results"), page(monkeypatch, IVA, "Results")
    table = "\n".join(element.proto.body for element in tina.get("html"))
    for cell in ("Q04", "50 %", "100 %", "1.00", "Ben Bitdiddle"):
        assert f">{cell}<" in table
    assert not tina.get("download_button")
    assert iva.get("download_button")
    later = next(option for option in tina.selectbox[0].options if "11:00" in option)
    assert "Nothing was asked" in said(tina.selectbox[0].select(later).run())
