"""The staff's own questions and plans: kept as they are written, refused with a sentence, brought all or none."""

import pytest

from classroom.errors import ClassroomError
from classroom.live import own
from syllabus.plans import lessons
from tests.classroom.conftest import IVA, TINA
from tests.classroom.course import SmallCourse

NUMBER = "How many?\n= 2416\nbecause it is so."
CHOICE = "Which?\n* this\n- that\nbecause it is so."
PLAN = "# Week 3\nlab convolution\n  Ask first.\nquiz Q37\n"
LABS = {"convolution", "layer"}


def test_keeps_a_question_under_an_id_of_its_own(course: SmallCourse) -> None:
    first, second = own.write(course.desk, IVA, NUMBER), own.write(course.desk, TINA, CHOICE)
    assert (first.id, first.answer, second.id) == ("own-1", 2416, "own-2")
    changed = own.write(course.desk, TINA, NUMBER.replace("2416", "13"), id=1)
    assert own.find(course.desk, IVA, "own-1") == changed
    assert [one.question.answer for one in own.questions(course.desk, IVA)] == [13, "this"]
    own.drop(course.desk, IVA, 1)
    assert [one.id for one in own.questions(course.desk, IVA)] == [2]


@pytest.mark.parametrize("id", ["own-1", "own-0", "own-x", "Q999", "N999", "", "Q04 ", "own-99999999999999999999"])
def test_says_that_there_is_no_such_question(course: SmallCourse, id: str) -> None:
    with pytest.raises(ClassroomError, match="There is no question"):
        own.find(course.desk, IVA, id)


def test_says_what_is_wrong_in_a_sentence_and_keeps_nothing(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match=r"^The question has no reason.+because\.$"):
        own.write(course.desk, IVA, "How many?\n= 3")
    with pytest.raises(ClassroomError, match=r"^Line 2: "):
        own.preview(course.desk, IVA, "How many?\n= three\nbecause so")
    assert own.questions(course.desk, IVA) == ()


def test_brings_a_file_of_questions_or_nothing_of_it(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match=r"^Question 2 of 2: The question has no answer"):
        own.bring(course.desk, IVA, f"{NUMBER}\n---\nWhat?\nbecause so")
    assert own.questions(course.desk, IVA) == ()
    brought = own.bring(course.desk, IVA, f"---\n{NUMBER}\r\n---  \r\n\n{CHOICE}\n---\n")
    assert [one.id for one in brought] == ["own-1", "own-2"]
    again = own.bring(course.desk, IVA, own.as_text(course.desk, IVA))
    assert [(one.prompt, one.answer) for one in again] == [(one.prompt, one.answer) for one in brought]
    for text in ("", "---\n---", "\n---\n".join([NUMBER] * 201)):
        with pytest.raises(ClassroomError, match="1 to 200 questions"):
            own.bring(course.desk, IVA, text)


def test_keeps_a_plan_whose_labs_and_questions_there_are(course: SmallCourse) -> None:
    kept = own.write_plan(course.desk, IVA, PLAN, LABS)
    assert (kept.title, kept.text) == ("Week 3", PLAN)
    assert own.plans(course.desk, TINA) == (kept,)
    for text in (PLAN.replace("Q37", "Q999"), PLAN.replace("Q37", "own-1"), PLAN.replace("convolution", "nowhere")):
        with pytest.raises(ClassroomError, match=r"^Line \d: .+\.$"):
            own.write_plan(course.desk, IVA, text, LABS, id=kept.id)
    own.write(course.desk, IVA, NUMBER)
    changed = own.write_plan(course.desk, IVA, PLAN.replace("Q37", "own-1"), LABS, id=kept.id)
    assert own.preview_plan(course.desk, IVA, changed.text, LABS).steps[1].what == "own-1"
    own.drop_plan(course.desk, IVA, kept.id)
    assert own.plans(course.desk, IVA) == ()


def test_the_plans_that_come_along_may_be_kept(course: SmallCourse) -> None:
    from pages._kit.discovery import open_to_all

    labs = {lab.name for lab in open_to_all()}
    assert [own.write_plan(course.desk, IVA, text, labs).id for text in lessons().values()]
