"""The demo course on the front page: whom it is offered to, and the whole way in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from benchmarks.browser import PATIENCE
from benchmarks.serve import fovea
from classroom.demo import build
from classroom.demo.place import DEMO, Place
from classroom.desk import COURSE
from classroom.people import Person
from classroom.roles import Role
from classroom.signin.local import INSTRUCTOR
from fovea import main
from grading.companion import Companion
from pages._kit import beside, demo
from tests.serving import instructor_link

OTHER_INSTRUCTOR = Person("xyz", "Iva", Role.INSTRUCTOR)
DEMOTED = Person(INSTRUCTOR.key, "Instructor", Role.STUDENT)


def offered(who: object) -> None:
    from pages._kit.demo import offer

    offer(who)


def drawn(who: Person | None) -> AppTest:
    found = AppTest.from_function(offered, args=(who,)).run()
    assert not found.exception
    return found


def labels(found: AppTest) -> list[str]:
    return [button.label for button in found.button]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv(DEMO, str(tmp_path / "demo"))
    monkeypatch.setattr(beside, "_running", {})
    monkeypatch.setattr(demo, "_lines", [])
    monkeypatch.setattr(demo, "on_this_machine", lambda: True)
    return Place(tmp_path / "demo")


@pytest.mark.parametrize(
    ("who", "is_offered"),
    [
        pytest.param(INSTRUCTOR, True, id="who-came-by-the-printed-link"),
        pytest.param(OTHER_INSTRUCTOR, False, id="another-instructor"),
        pytest.param(DEMOTED, False, id="no-instructor-any-more"),
        pytest.param(Person("ada", "Ada"), False, id="student"),
        pytest.param(None, False, id="nobody"),
    ],
)
def test_is_offered_to_the_instructor_of_this_machine(place: Place, who: Person | None, is_offered: bool) -> None:
    assert labels(drawn(who)) == ["Try a course with made-up people"] * is_offered


def test_is_not_offered_by_a_server_that_others_reach(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "on_this_machine", lambda: False)
    assert labels(drawn(INSTRUCTOR)) == []


def test_says_in_the_demo_course_that_it_is_one(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COURSE, str(place.course))
    found = drawn(INSTRUCTOR)
    assert "made-up people" in found.info[0].value
    assert labels(found) == []


def test_shows_how_far_it_is_then_the_way_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    beside._running["demo"] = Companion("demo", [])
    demo._lines.append("PS1: 5 of 41 hand-ins graded.")
    assert "5 of 41" in drawn(INSTRUCTOR).markdown[0].value
    demo._lines += ["Sign in as the student Amara: class code abc, PIN 1", "once at http://127.0.0.1:1/sign-in/token"]
    found = drawn(INSTRUCTOR)
    assert any("class code abc" in caption.value for caption in found.caption)
    assert [link.proto.url for link in found.get("link_button")] == [
        "http://127.0.0.1:1/sign-in/token",
        "http://127.0.0.1:1/sign-in",
    ]


def test_throws_it_away(place: Place) -> None:
    place.begin()
    beside._running["demo"] = Companion("demo", [], trouble="Port 8600 is taken.")
    found = drawn(INSTRUCTOR)
    assert "Port 8600 is taken" in found.error[0].value
    found = found.button[0].click().run()
    assert labels(found) == ["Try a course with made-up people"]
    assert not place.folder.exists()


def test_the_command_throws_it_away_too(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.begin()
    assert main(["demo", "--forget"]) == 0
    assert main(["demo", "--forget"]) == 0
    assert capsys.readouterr().out.splitlines() == ["The demo course is gone.", "There is no demo course."]
    place.folder.mkdir()
    (place.folder / "thesis.tex").touch()
    assert main(["demo", "--forget"]) == 2
    assert "left alone" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.browser
def test_an_instructor_starts_it_beside_their_own_course_and_stays_signed_in(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = Place(tmp_path / "demo")
    monkeypatch.setattr(build, "_grader", lambda *_: None)
    build.make(where, lambda _: None, count=2, sets=[])
    own = {DEMO: str(where.folder), "FOVEA_LEDGER": str(tmp_path / "own.sqlite")}
    with fovea(environment=own) as server:
        context = browser.new_context()
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(instructor_link(server))
        page.get_by_role("button", name="Try a course with made-up people").click()
        entry = page.get_by_role("link", name="Come in as its instructor")
        entry.wait_for()
        page.get_by_text("Sign in as the student Amara Edgewater").wait_for()
        with context.expect_page() as opened:
            entry.click()
        other = opened.value
        other.get_by_text("nothing here is real").wait_for()
        other.goto(other.url.rstrip("/") + "/members")
        other.get_by_text("Bjarne Kernelund").first.wait_for()
        page.reload()
        page.get_by_role("link", name="Gradebook").first.wait_for()  # the cookie of one is not the other's
        page.get_by_role("button", name="Stop it and throw it away").click()
        page.get_by_role("button", name="Try a course with made-up people").wait_for()
        assert not where.folder.exists()
        context.close()
        said = server.said()
    assert "PIN" not in said
    assert said.count("/sign-in/") == 1
