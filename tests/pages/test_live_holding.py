"""What staff hold a class with: the plan and its notes, which no screen shows that the class sees; and the audience."""

import pytest
from streamlit.testing.v1 import AppTest

from classroom.live import lecture, own, quizzing
from classroom.people import Person
from grading.ledger.port import LedgerBusy
from pages._kit import course as kit
from pages._kit.bare import PROJECTED
from pages._kit.live.holding import PANEL
from tests.classroom.conftest import IVA, TINA
from tests.classroom.course import SmallCourse
from tests.pages.test_assignments import said
from tests.pages.test_live_panels import course, everything, labels, press

__all__ = ["course"]  # the fixture
NOTES = "Wait for **three** guesses."
PLAN = f"# Week 3\nlab convolution\n  {NOTES}\nquiz Q21\nlab layer?maps=6  Six maps\n"
LABS = {"convolution", "layer"}


def at_the_screen() -> None:
    from pages._kit import course
    from pages._kit.live import holding

    holding.show(course.desk(), course.member(), here=True)


def on_the_phone() -> None:
    from pages._kit import course
    from pages._kit.live import holding

    holding.show(course.desk(), course.member(), here=False)


def held(monkeypatch: pytest.MonkeyPatch, *, here: bool, who: Person = IVA, **session: object) -> AppTest:
    monkeypatch.setattr(kit, "member", lambda: who)
    found = AppTest.from_function(at_the_screen if here else on_the_phone, default_timeout=60)
    for key, value in {PANEL: "Plan", **session}.items():
        found.session_state[key] = value
    found.run()
    assert not found.exception
    return found


@pytest.fixture
def planned(course: SmallCourse) -> int:
    """The class stands at the first step of a plan."""
    plan = own.write_plan(course.desk, IVA, PLAN, LABS)
    lecture.follow_plan(course.desk, IVA, plan.id)
    return plan.id


def popovers(found: AppTest) -> list[str]:
    return [block.proto.popover.label for block in found.get("popover")]


def test_notes_are_open_on_the_phone_folded_on_the_screen_and_nowhere_on_the_projector(
    planned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, screen = held(monkeypatch, here=False), held(monkeypatch, here=True)
    wall = held(monkeypatch, here=True, **{PROJECTED: True})
    assert NOTES in said(phone)
    assert (popovers(phone), popovers(screen), popovers(wall)) == ([], ["Notes"], [])
    assert NOTES not in everything(wall)
    for found in (phone, screen, wall):
        assert "step 1 of 3: Convolution, step by step" in said(found)
        assert "Then: question Q21" in everything(found)


def test_steps_through_a_plan_with_the_question_at_its_step(
    course: SmallCourse, planned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    iva = held(monkeypatch, here=True)
    press(iva, "Next step")
    assert "step 2 of 3: question Q21" in said(iva)
    assert "Then: Six maps" in everything(iva)
    assert iva.selectbox[0].value == "Q21"
    press(iva, "Next step")
    now = course.desk.lectures.live()
    assert now is not None
    assert (now.step, now.place.address) == (2, "layer?maps=6")
    assert next(button for button in iva.button if button.label == "Next step").disabled
    press(iva, "Lay aside")
    assert "Begin with its first step" in labels(iva)


def test_a_plan_that_was_deleted_leaves_the_choice_of_another(
    course: SmallCourse, planned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.drop_plan(course.desk, IVA, planned)
    iva = held(monkeypatch, here=True)
    assert "This plan was deleted. Choose another." in said(iva)
    iva.selectbox[0].select_index(0).run()
    press(iva, "Begin with its first step")
    assert "step 1 of" in said(iva)
    assert "deleted" not in said(iva)


@pytest.mark.parametrize("panel", [None, "Join", "Plan"], ids=["no panel", "how to join", "a plan at a lab"])
def test_a_question_opened_on_the_phone_appears_on_the_screen(
    course: SmallCourse, planned: int, monkeypatch: pytest.MonkeyPatch, panel: str | None
) -> None:
    screen = held(monkeypatch, here=True, **{PANEL: panel})
    assert "How many parameters" not in said(screen)
    quizzing.ask(course.desk, TINA, "Q04")
    assert "How many parameters" in said(screen.run())
    assert ("step 1 of 3" in said(screen)) is (panel == "Plan")
    screen.segmented_control[0].set_value("Join").run()  # and is not in the way
    assert "How many parameters" not in said(screen)
    press(screen, "End the class")
    assert not screen.button


def test_while_a_vote_is_open_no_click_puts_the_last_panel_away(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = held(monkeypatch, here=True, **{PANEL: None})
    assert not screen.segmented_control[0].proto.required
    quizzing.ask(course.desk, IVA, "Q04")
    assert screen.run().segmented_control[0].proto.required
    screen.segmented_control[0].set_value(None).run()  # a click that was on its way already
    assert screen.segmented_control[0].value == "Ask"
    assert "How many parameters" in said(screen)
    press(screen, "Close")
    screen.segmented_control[0].set_value(None).run()
    assert "How many parameters" not in said(screen)
    quizzing.again(course.desk, IVA)
    assert "The second vote is open" in said(screen.run())


def test_a_plan_that_was_deleted_before_it_begins_is_refused_with_a_sentence(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = own.write_plan(course.desk, IVA, PLAN, LABS)
    iva = held(monkeypatch, here=True)
    iva.selectbox[0].select(f"own-{plan.id}").run()
    own.drop_plan(course.desk, IVA, plan.id)
    assert "This plan was deleted. Choose another." in said(press(iva, "Begin with its first step"))


def test_what_a_busy_database_refuses_is_said_below_the_buttons(
    course: SmallCourse, planned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise LedgerBusy

    tina = held(monkeypatch, here=True, who=TINA)
    with monkeypatch.context() as away:
        away.setattr(course.desk.lectures, "change", busy)
        away.setattr(course.desk.lectures, "end", busy)
        for label in ("Next step", "Lay aside", "End the class"):
            assert "please try again in a moment" in said(press(tina, label))
    press(tina, "Next step")
    assert "step 2 of 3" in said(tina)
    assert "try again" not in said(tina)


def test_how_to_join_stands_on_the_screen(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    iva = held(monkeypatch, here=True, **{PANEL: "Join"})
    assert "Class code" in said(iva)
