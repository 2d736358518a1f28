"""The marking page as its visitors use it, without a browser: one answer after the other, skipped, undone, at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from classroom import marking
from classroom.people import Person
from pages._kit import course as kit
from pages._kit.words import harmless
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.classroom.test_overview import judged
from tests.pages import boards

Sign = Callable[[Person | None], None]
opened = partial(boards.opened, "marking")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    """Ben's essay and then Ada's wait; Tina marks."""
    with small(tmp_path, str(tmp_path / "ledger.db")) as found:
        monkeypatch.setattr(kit, "desk", lambda: found.desk)
        monkeypatch.setattr(kit, "member", lambda: TINA)
        found.published()
        found.hand_in(BEN, essay="Because ![Ben](http://e.org/b.png) says so.")
        judged(found)
        found.hand_in(ADA)
        judged(found)
        yield found


def whose(page: AppTest) -> str:
    return page.text[0].value.partition(",")[0]


def given(course: SmallCourse) -> list[tuple[int, float | None, str, str]]:
    return [(each.hand_in, each.points, each.comment, each.by) for each in course.desk.ledger.marks()]


@pytest.mark.parametrize("who", [None, ADA], ids=["nobody", "student"])
def test_shows_nothing_to_who_may_not(course: SmallCourse, monkeypatch: pytest.MonkeyPatch, who) -> None:
    monkeypatch.setattr(kit, "member", lambda: who)
    for address in ({}, {"hand_in": "1", "question": "essay"}):
        page = opened(**address)
        assert len(page.error) == 1
        assert not page.text


def test_gives_points_and_goes_on_to_the_next(course: SmallCourse) -> None:
    page = opened()
    assert whose(page) == "Ben Bitdiddle"
    assert any("Because !&#91;Ben]" in each.value for each in page.markdown)
    assert [each.label for each in page.button][:5] == ["0", "0.25", "0.5", "0.75", "1"]
    page.text_area(key="comment-1-essay").set_value("Ask yourself why.").run()
    page.button(key="give-1-essay-3").click().run()
    assert given(course) == [(1, 0.5, "Ask yourself why.", "tina")]
    assert page.success[0].value == "Ben Bitdiddle has 0.5 of 1."
    assert whose(page) == "Ada Lovelace"
    assert page.text_area(key="comment-2-essay").value == ""
    page.button(key="give-2-essay-5").click().run()
    assert any("Every answer to this question is marked" in each.value for each in page.success)


def test_takes_the_last_mark_back(course: SmallCourse) -> None:
    page = opened()
    page.button(key="give-1-essay-1").click().run()
    page.button(key="take-back").click().run()
    assert whose(page) == "Ben Bitdiddle"
    assert [points for _, points, *_ in given(course)] == [0.0, None]
    assert not [each for each in page.button if each.key == "take-back"]


def test_skips_one_and_comes_round_again(course: SmallCourse) -> None:
    page = opened()
    page.button(key="skip").click().run()
    assert whose(page) == "Ada Lovelace"
    page.button(key="skip").click().run()
    assert whose(page) == "Ben Bitdiddle"
    assert given(course) == []


def test_says_that_somebody_marked_it_meanwhile_and_overwrites_nothing(course: SmallCourse) -> None:
    page = opened()
    marking.give(course.desk, IVA, 1, "essay", points=0.25)
    page.button(key="give-1-essay-5").click().run()
    assert "Iva Instructor gave 0.25 points meanwhile" in page.error[0].value
    assert [by for *_, by in given(course)] == ["iva"]


def test_marks_the_one_that_the_address_asks_for(course: SmallCourse) -> None:
    page = opened(hand_in="2", question="test-mean")
    assert whose(page) == "Ada Lovelace"
    assert any("machine gave 3 of 3" in each.value for each in page.caption)
    assert len(page.code) == 2
    assert not [each for each in page.button if each.key == "skip"]
    assert page.number_input(key="other-2-test-mean").value == 3.0
    page.number_input(key="other-2-test-mean").set_value(1.75).run()
    page.button(key="give-2-test-mean-other").click().run()
    assert given(course) == [(2, 1.75, "", "tina")]
    for address in ({"hand_in": "99", "question": "essay"}, {"hand_in": "1", "question": "<b>"}):
        assert len(opened(**address).error) == 1


def test_a_name_is_nothing_but_letters(course: SmallCourse) -> None:
    course.desk.classroom.keep([replace(BEN, name="Ben ![x](http://e.org)")])
    page = opened()
    page.button(key="give-1-essay-3").click().run()
    assert page.success[0].value == r"Ben \!\[x\]\(http\://e.org\) has 0.5 of 1."


def test_names_nobody_if_asked(course: SmallCourse) -> None:
    page = opened(nameless="true")
    assert whose(page).startswith("Student ")
    assert any('href="gradebook?hand_in=1&amp;screen=true"' in each.proto.body for each in page.get("html"))


def test_leads_to_the_whole_hand_in(course: SmallCourse) -> None:
    assert any('href="gradebook?hand_in=1"' in each.proto.body for each in opened().get("html"))


def test_says_what_to_do_where_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small(tmp_path, str(tmp_path / "ledger.db")) as found:
        monkeypatch.setattr(kit, "desk", lambda: found.desk)
        monkeypatch.setattr(kit, "member", lambda: TINA)
        assert "Nothing waits to be marked" in opened().info[0].value


@pytest.mark.parametrize(
    "text", ["![x](http://e.org)", "\\![x](u)", "\\\\![x](u)", "$![x](u)$", "!\n![a][b]\n\n[b]: u"]
)
def test_fetches_no_picture_of_a_students(text: str) -> None:
    assert "![" not in harmless(text)
