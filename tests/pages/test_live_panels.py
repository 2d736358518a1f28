"""What followers and presenter see when the class is asked, from the first vote to the answer; and what not yet."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from classroom.live import own, quizzing
from classroom.live.port import Lecture, Place
from classroom.people import Person
from classroom.roles import Role
from pages._kit import course as kit
from pages._kit.live.asked import LIMITS
from tests.classroom.conftest import ADA, BEN, IVA
from tests.classroom.course import SmallCourse, small
from tests.classroom.live.test_answers import right_answer
from tests.classroom.live.test_quizzing import CLICK, TELLTALE
from tests.pages.test_assignments import said


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        monkeypatch.setattr(kit, "desk", lambda: opened.desk)
        opened.desk.lectures.begin(Lecture(0, IVA.key, opened.now))
        yield opened


def following() -> None:
    from pages._kit import course
    from pages._kit.live import quiz_panel

    quiz_panel.show(course.desk(), course.member())


def presenting() -> None:
    from pages._kit import course
    from pages._kit.live import asking

    asking.show(course.desk(), course.member())


def drawn(monkeypatch: pytest.MonkeyPatch, who: Person | None) -> AppTest:
    monkeypatch.setattr(kit, "member", lambda: who)
    function = presenting if who and who.role >= Role.ASSISTANT else following
    found = AppTest.from_function(function, default_timeout=60).run()
    assert not found.exception
    return found


def press(found: AppTest, label: str) -> AppTest:
    next(button for button in found.button if button.label == label).click().run()
    assert not found.exception
    return found


def labels(found: AppTest) -> list[str]:
    return [button.label for button in found.button]


def everything(found: AppTest) -> str:
    """All that is sent to the browser, by whatever element."""
    waiting, texts = [*found.main.children.values()], list[str]()
    for node in waiting:
        texts.append(str(getattr(node, "proto", "")).replace("\\'", "'"))
        waiting += getattr(node, "children", {}).values()
    return "\n".join(texts)


def pictures(found: AppTest) -> list[dict[str, Any]]:
    """What the pictures to click on are told."""
    sent = [each.proto for each in found.get("bidi_component")]
    return [json.loads(proto.json) for proto in sent if proto.component_name == "fovea-click"]


def test_says_nothing_while_nothing_is_asked(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in (ADA, None):
        assert len(drawn(monkeypatch, who).main.children) == 0
    course.desk.lectures.end(1, course.now)
    assert len(drawn(monkeypatch, ADA).main.children) == 0


def test_votes_changes_the_vote_and_sees_how_it_came_out(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = quizzing.ask(course.desk, IVA, "Q04").id
    ada = drawn(monkeypatch, ADA)
    assert ["at the top of the page" in toast.value for toast in ada.toast] == [True]
    assert not ada.run().toast
    assert "How many parameters" in said(ada)
    ada.text_input[0].input("many")
    assert "Write a number" in said(press(ada, "Vote"))
    ada.text_input[0].input("1")
    assert "You answered **1**" in said(press(ada, "Vote"))
    ada.text_input[0].input("86950")
    assert "You answered **86,950**. You may change it" in said(press(ada, "Change my answer"))
    assert drawn(monkeypatch, ADA).text_input[0].value == "86950"  # after a reload
    quizzing.close(course.desk, IVA)
    assert "The vote is closed. You answered **86,950**" in said(ada.run())
    assert labels(ada) == []
    quizzing.again(course.desk, IVA)
    assert "Second vote" in said(ada.run())
    quizzing.vote(course.desk, ADA, quiz, "2", round=2)
    quizzing.reveal(course.desk, IVA)
    assert "You answered **86,950**, then **2**" in said(ada.run())
    assert "Right: **86,950**" in said(ada)
    assert "Right: 86,950</dt>" in everything(ada)
    quizzing.put_away(course.desk, IVA)
    assert len(ada.run().main.children) == 0


def test_a_vote_that_comes_late_is_refused_with_a_sentence(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    quizzing.ask(course.desk, IVA, "Q04")
    ada = drawn(monkeypatch, ADA)
    ada.text_input[0].input("1")
    quizzing.close(course.desk, IVA)
    press(ada, "Vote")
    assert "The vote is closed. You gave no answer" in said(ada)
    assert course.desk.quizzes.votes([1]) == ()


def test_a_refusal_is_not_said_again_at_the_second_vote(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    quizzing.ask(course.desk, IVA, "Q04")
    ada = drawn(monkeypatch, ADA)
    quizzing.close(course.desk, IVA)
    press(ada, "Vote")
    quizzing.again(course.desk, IVA)
    assert "Second vote" in said(ada.run())
    assert not ada.error


def test_both_votes_on_a_picture_lie_side_by_side(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = quizzing.ask(course.desk, IVA, own.write(course.desk, IVA, CLICK).id).id
    quizzing.vote(course.desk, ADA, quiz, (0.11, 0.12))
    quizzing.vote(course.desk, BEN, quiz, (0.31, 0.42))
    quizzing.close(course.desk, IVA)
    iva = drawn(monkeypatch, IVA)
    iva.toggle[0].set_value(True).run()
    assert "2 places." in said(iva)
    quizzing.again(course.desk, IVA)
    quizzing.vote(course.desk, ADA, quiz, (0.32, 0.43), round=2)
    quizzing.reveal(course.desk, IVA)
    ada = drawn(monkeypatch, ADA)
    for found in (drawn(monkeypatch, IVA), ada):
        assert "First vote: 1 of 2 inside." in said(found)
        assert "Second vote: 1 of 1 inside." in said(found)
        first, second = [picture["points"] for picture in pictures(found)]
        assert sorted(first) == [[0.11, 0.12], [0.31, 0.42]]
        assert second == [[0.32, 0.43]]
    assert [picture["place"] for picture in pictures(ada)] == [[0.11, 0.12], [0.32, 0.43]]


@pytest.mark.slow
@pytest.mark.parametrize("kind", TELLTALE)
def test_before_it_is_revealed_no_page_holds_the_answer(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    text, secrets = TELLTALE[kind]
    written = own.write(course.desk, IVA, f"{text}\nbecause of the whole reason.\nlab zz_page?zz=1")
    quiz = quizzing.ask(course.desk, IVA, written.id, 60).id
    quizzing.vote(course.desk, ADA, quiz, right_answer(written))
    hidden = ("reason", "zz_page", *(secret for secret in secrets if "=" not in secret))
    for step in (None, quizzing.close, quizzing.again):
        if step:
            step(course.desk, IVA)
        ben, iva = drawn(monkeypatch, BEN), drawn(monkeypatch, IVA)
        assert [secret for secret in hidden if secret in everything(ben)] == []
        assert [secret for secret in ("reason", "zz_page") if secret in everything(iva)] == []
        assert not [word for word in ("Right: **", ">Right: ") if word in everything(ben) + everything(iva)]
    quizzing.reveal(course.desk, IVA)
    for who in (BEN, IVA):
        assert [secret for secret in hidden if secret not in everything(drawn(monkeypatch, who))] == []


@pytest.mark.parametrize(
    ("who", "says"),
    [(None, "Sign in to answer"), (Person("vera", "Vera", Role.VISITOR), "Only members of the course answer")],
    ids=["nobody", "a visitor"],
)
def test_who_is_no_member_reads_what_to_do(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch, who: Person | None, says: str
) -> None:
    quizzing.ask(course.desk, IVA, "Q04")
    found = drawn(monkeypatch, who)
    assert says in said(found)
    assert "parameters" not in everything(found)
    assert ("/sign-in?next=" in everything(found)) is (who is None)
    quizzing.reveal(course.desk, IVA)
    quizzing.put_away(course.desk, IVA)
    assert len(drawn(monkeypatch, who).main.children) == 0


def test_the_presenter_asks_from_opening_to_the_next(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    iva = drawn(monkeypatch, IVA)
    assert iva.button[0].disabled
    iva.selectbox[0].select("Q04")
    iva.segmented_control[0].set_value("60 s").run()
    press(iva, "Open")
    assert "is open: **0** answers, 2 students in the course, 60 s left" in said(iva)
    quizzing.vote(course.desk, ADA, 1, "86950")
    assert "**1** answer," in said(iva.run())
    assert labels(press(iva, "Close")) == ["Reveal", "Second vote"]
    assert "86,950" not in everything(iva)
    iva.toggle[0].set_value(True).run()
    assert "<dt>86,950</dt>" in everything(iva)
    iva.segmented_control[0].set_value("30 s").run()
    press(iva, "Second vote")
    assert "The second vote is open" in said(iva)
    assert "30 s left" in said(iva)
    press(iva, "Close")
    assert labels(iva) == ["Reveal"]
    press(iva, "Reveal")
    assert "Right: **86,950**" in said(iva)
    assert labels(press(iva, "Next")) == ["Open"]


def test_the_panels_know_when_time_is_up(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    quizzing.ask(course.desk, IVA, "Q04", LIMITS["30 s"])
    course.now += timedelta(seconds=31)
    assert "The vote is closed" in said(drawn(monkeypatch, ADA))
    assert "Closed with **0** answers" in said(drawn(monkeypatch, IVA))


def test_two_who_present_at_once_read_that_the_other_was_quicker(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    quizzing.ask(course.desk, IVA, "Q04")
    iva = drawn(monkeypatch, IVA)
    quizzing.reveal(course.desk, IVA)
    assert "Somebody else moved this question on" in said(press(iva, "Close"))


def test_the_question_of_the_plans_step_is_chosen_already(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = own.write_plan(course.desk, IVA, "# Week 3\nlab convolution\nquiz Q21\n", {"convolution"})
    course.desk.lectures.change(1, {"plan": plan.id, "step": 0})
    assert drawn(monkeypatch, IVA).selectbox[0].value is None
    course.desk.lectures.change(1, {"step": 1})
    assert drawn(monkeypatch, IVA).selectbox[0].value == "Q21"
    course.desk.lectures.change(1, {"step": 9, "page": Place().page})
    assert drawn(monkeypatch, IVA).selectbox[0].value is None


def test_what_others_wrote_is_no_markup(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "![x](http://evil.example/a.png) <b>"
    text = f"{hostile} A?\n* {hostile} B\n- {hostile} C\nbecause {hostile} so."
    quiz = quizzing.ask(course.desk, IVA, own.write(course.desk, IVA, text).id).id
    quizzing.vote(course.desk, ADA, quiz, f"{hostile} B")
    quizzing.vote(course.desk, BEN, quiz, f"{hostile} C")
    for revealed in (False, True):
        if revealed:
            quizzing.reveal(course.desk, IVA)
        for who in (ADA, IVA):
            found = drawn(monkeypatch, who)
            options = [option for radio in found.radio for option in radio.options]
            assert "evil" in said(found)
            assert "![x](" not in "\n".join([said(found), *options])
            assert not any("<b>" in element.proto.body for element in found.get("html"))
