"""The page of the server: what is red comes first, in words that are never taken for markup."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from benchmarks.serve import fovea
from classroom.people import Person
from classroom.pulse import STILL
from grading.companion import Companion
from grading.sandbox import selftest
from pages._kit import beside
from pages._kit import course as kit
from tests.classroom.conftest import ADA, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.pages.test_assignments import said
from tests.pages.test_beside import until
from tests.pages.test_browser import sideways, violations
from tests.pages.test_members import html
from tests.pages.test_operations import get
from tests.serving import instructor_link

PAGE = Path(__file__).resolve().parents[2] / "pages/operating.py"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        monkeypatch.setattr(kit, "desk", lambda: opened.desk)
        yield opened.published()


def page(monkeypatch: pytest.MonkeyPatch, who: Person | None) -> AppTest:
    monkeypatch.setattr(kit, "member", lambda: who)
    drawn = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not drawn.exception
    return drawn


@pytest.mark.parametrize("who", [ADA, TINA], ids=["a-student", "an-assistant"])
def test_shows_nothing_to_others(course: SmallCourse, monkeypatch: pytest.MonkeyPatch, who: Person) -> None:
    drawn = page(monkeypatch, who)
    assert "Only instructors" in drawn.error[0].value
    assert html(drawn) == ""


def test_shows_what_there_is(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = html(page(monkeypatch, IVA))
    for what in ("Version", "Database", "Queue", "Graders", "Disk", "Open pages", "Memory", "Last backup"):
        assert f">{what}</th>" in shown


def test_what_is_red_says_what_to_do(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.hand_in()
    page(monkeypatch, IVA)
    course.now += STILL + timedelta(seconds=1)
    assert "Hand-ins wait and nobody takes them. Start `fovea grader`" in said(page(monkeypatch, IVA))
    monkeypatch.setitem(beside._running, "grader", Companion("grader", [], trouble="no `seccomp` <b>here</b>"))
    told = next(one.value for one in page(monkeypatch, IVA).error if "Graders" in one.value)
    assert "No \\`seccomp\\` \\<b\\>here" in told


def test_the_sandbox_is_tried_when_somebody_asks(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[None]()

    def examined() -> selftest.Examination:
        asked.append(None)
        standing = selftest.Standing(("seccomp",), (), (), (), ("Memory is limited per process only.",))
        return selftest.Examination(standing, ())

    monkeypatch.setattr(selftest, "examine", examined)
    drawn = page(monkeypatch, IVA)
    assert asked == []
    next(button for button in drawn.button if button.key == "sandbox").click().run()
    assert len(asked) == 1
    assert any("Memory is limited per process only" in one.value for one in drawn.warning)
    assert "seccomp" in drawn.success[-1].value


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_and_the_word_that_it_is_full_can_be_read_by_everybody(tmp_path: Path, browser: Browser) -> None:
    own = {"FOVEA_SESSIONS": "1", "FOVEA_LEDGER": str(tmp_path / "ledger.sqlite")}
    with fovea(environment=own) as server:
        page, late = browser.new_context().new_page(), browser.new_context().new_page()
        page.goto(instructor_link(server))
        page.goto(f"{server.address}/operating")
        expect(page.get_by_role("row", name="Open pages")).to_contain_text("1 of 1 in this process")
        expect(page.get_by_role("alert").filter(has_text="Who comes new is turned away")).to_be_visible()
        answer = late.goto(f"{server.address}/convolution")
        assert answer is not None
        assert answer.status == 503
        assert late.get_by_role("heading").inner_text() == "Fovea is full"
        for scheme in ("light", "dark"):
            for width in (1280, 390):
                for one in (page, late):
                    one.emulate_media(color_scheme=scheme)
                    one.set_viewport_size({"width": width, "height": 900})
                    assert violations(one) == []
                    assert sideways(one) == []
        answer = page.reload()
        assert answer is not None
        assert answer.status == 200  # who is in may reload
        expect(page.get_by_role("row", name="Version")).to_be_visible()
        page.context.close()
        late.context.close()


@pytest.mark.slow
@pytest.mark.browser
def test_who_got_the_page_and_no_place_reads_that_it_is_full(tmp_path: Path, browser: Browser) -> None:
    own = {"FOVEA_SESSIONS": "1", "FOVEA_LEDGER": str(tmp_path / "ledger.sqlite")}
    with fovea(environment=own) as server, ExitStack() as inside:
        page = browser.new_context().new_page()

        def quicker(route: Route) -> None:
            """Between the page and its socket somebody else comes in."""
            inside.enter_context(
                connect(
                    f"ws://127.0.0.1:{server.port}/_stcore/stream",
                    subprotocols=[Subprotocol("streamlit"), Subprotocol("x")],
                    origin=Origin(server.address),
                )
            )
            route.continue_()

        page.route("**/_stcore/host-config", quicker, times=1)
        page.goto(f"{server.address}/convolution?stride=3")
        expect(page.get_by_role("heading", name="Fovea is full")).to_be_visible()
        page.get_by_role("link", name="Try again").click()
        expect(page.get_by_role("heading", name="Fovea is full")).to_be_visible()
        inside.close()
        assert until(lambda: "\nfovea_sessions 0.0\n" in get(f"{server.address}/api/metrics")[2])
        page.get_by_role("link", name="Try again").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Convolution", timeout=30_000)
        assert "stride=3" in page.url
        page.context.close()
