"""The page of members: a roster is shown before it is taken over, PINs once, and names are never taken for markup."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from classroom.people import Person
from classroom.roles import Role
from pages._kit import course as kit
from tests.classroom.conftest import ADA, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.pages.test_assignments import said

PAGE = Path(__file__).resolve().parents[2] / "pages/members.py"
ROSTER = (
    b"name,email,number,section\nAda Lovelace,ada@example.org,1815,Tuesday\n<img src=x>,eve@example.org,7,Tuesday\n,x\n"
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        monkeypatch.setattr(kit, "desk", lambda: opened.desk)
        yield opened


def page(monkeypatch: pytest.MonkeyPatch, who: Person | None, **address: str) -> AppTest:
    monkeypatch.setattr(kit, "member", lambda: who)
    drawn = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        drawn.query_params[key] = value
    drawn.run()
    assert not drawn.exception
    return drawn


def html(drawn: AppTest) -> str:
    return "\n".join(element.proto.body for element in drawn.get("html"))


def press(drawn: AppTest, label: str) -> AppTest:
    next(button for button in drawn.button if button.label == label).click().run()
    assert not drawn.exception
    return drawn


def test_finds_somebody_by_any_of_their_words(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = page(monkeypatch, TINA, find="friday ben")
    assert "1 of 4 people" in said(drawn)
    assert "Ben Bitdiddle" in html(drawn)
    assert "Ada" not in html(drawn)


def test_lets_assistants_look_and_not_change(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = page(monkeypatch, TINA)
    assert len(drawn.button) == 0
    assert [len(page(monkeypatch, who).get("html")) for who in (ADA, None)] == [0, 0]


def test_shows_a_roster_before_it_is_taken_over(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = page(monkeypatch, IVA, view="Roster")
    drawn.file_uploader[0].upload("roster.csv", ROSTER, "text/csv").run()
    assert "**1** new, **1** changed, **0** as they are, **1** students not in the file, **1** lines" in said(drawn)
    assert "Section: Monday → Tuesday" in html(drawn)
    assert "Line 4:" in said(drawn)
    assert "<img src=x>" not in html(drawn)
    assert "&lt;img src=x&gt;" in html(drawn)
    assert len(course.desk.classroom.people()) == 4
    press(drawn, "Take it over")
    assert "2 people were written down" in said(drawn)
    assert len(course.desk.classroom.people()) == 5


def test_shows_pins_once(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = press(page(monkeypatch, IVA, view="Letting in"), "Draw PINs for the 3 who have none")
    assert "shown now and never again" in said(drawn)
    assert html(drawn).count("<tr>") == 4
    press(drawn, "Put them away")
    assert "PIN" not in html(drawn)
    assert "Everybody has a PIN" in said(drawn)


def test_deletes_only_when_asked_twice_and_keeps_the_work(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.desk.classroom.keep([replace(ADA, name="![x](http://evil.example/a.png)")])
    drawn = page(monkeypatch, IVA)
    next(box for box in drawn.selectbox if box.label == "Who").select("ada").run()
    assert "![x](http" not in said(drawn)
    press(drawn, "Delete for good")
    assert course.desk.classroom.person("ada") is None


def test_gives_a_role_to_staff_whom_only_a_provider_knows(course: SmallCourse, monkeypatch) -> None:
    course.desk.classroom.keep([Person("vera", "Vera", Role.VISITOR)])
    course.desk.classroom.identify("https://idp", "7", "vera")
    drawn = page(monkeypatch, IVA)
    drawn.selectbox(key="whom").set_value("vera").run()
    assert drawn.button(key="save-role").disabled
    press(drawn, "Take off sign-ins")
    assert course.desk.classroom.identities("vera") == ()
    assert "Take off sign-ins" not in [button.label for button in drawn.button]
    drawn.segmented_control(key="role-vera").set_value("assistant").run()
    press(drawn, "Save the role")
    assert course.desk.classroom.person("vera") == Person("vera", "Vera", Role.ASSISTANT)
