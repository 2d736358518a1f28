"""Keeping on the pages: the backup is for instructors, Canvas gets its file back, deleting says what it does."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from benchmarks.serve import fovea
from classroom.errors import ClassroomError
from classroom.keeping import backup
from classroom.people import Person
from pages._kit import course as kit
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.pages import boards
from tests.pages.test_assignments import said
from tests.pages.test_members import page as members_page
from tests.pages.test_members import press
from tests.serving import instructor_link

opened = partial(boards.opened, "gradebook")
FROM_CANVAS = (
    b"Student,ID,SIS User ID,Section,ps (12)\n    Points Possible,,,,10\n<b>Eve</b>,9,7,Monday,\nAda,1,1815,Monday,\n"
)
WHOLE = {"assignment": "The whole course"}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as found:
        monkeypatch.setattr(kit, "desk", lambda: found.desk)
        found.published()
        found.hand_in(ADA)
        found.grade()
        yield found


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person | None], None]:
    return lambda who: monkeypatch.setattr(kit, "member", lambda: who)


def downloads(page: AppTest) -> list[str]:
    return [button.proto.label for button in page.get("download_button")]


def test_instructors_take_the_course_away(course: SmallCourse, sign_in: Callable[[Person | None], None]) -> None:
    sign_in(IVA)
    page = opened(**WHOLE)
    assert not page.exception
    assert len(downloads(page)) == 1  # the exports
    next(button for button in page.button if button.label == "Make a backup").click().run()
    assert not page.exception
    assert re.fullmatch(r"Download the backup \([0-9.]+ MB\)", downloads(page)[-1])
    sign_in(TINA)
    page = opened(**WHOLE)
    assert downloads(page) == []
    assert "Make a backup" not in [button.label for button in page.button]


def test_says_why_there_is_no_backup(
    course: SmallCourse, sign_in: Callable[[Person | None], None], monkeypatch
) -> None:
    def full(*_: object) -> bytes:
        raise ClassroomError("There is no room for the backup.")

    monkeypatch.setattr("pages._parts.gradebook.keeping.backup", full)
    sign_in(IVA)
    page = opened(**WHOLE)
    next(button for button in page.button if button.label == "Make a backup").click().run()
    assert [error.value for error in page.error] == ["There is no room for the backup."]


def test_fills_canvass_file_in(course: SmallCourse, sign_in: Callable[[Person | None], None]) -> None:
    sign_in(IVA)
    page = opened(**WHOLE)
    page.file_uploader(key="canvas-file").upload("canvas.csv", FROM_CANVAS, "text/csv").run()
    assert not page.exception
    assert "Cells filled in: **1**" in said(page)
    assert "ps has 10 points in Canvas and 6 here" in said(page)
    assert "Not on our roster" in said(page)
    assert "<b>" not in said(page)
    assert "Take it back to Canvas" in downloads(page)
    page.file_uploader(key="canvas-file").upload("canvas.csv", b"Name,Points\n", "text/csv").run()
    assert "Export it there" in page.error[0].value


def test_says_what_moodle_will_not_take(course: SmallCourse, sign_in: Callable[[Person | None], None]) -> None:
    sign_in(IVA)
    page = opened(**WHOLE, format="Moodle")
    assert any("Ben Bitdiddle" in one.value for one in page.warning)


def test_deleting_says_what_goes_and_what_stays(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    page = members_page(monkeypatch, IVA)
    next(box for box in page.selectbox if box.label == "Who").select("ada").run()
    assert "The files of 1 hand\\-in" in said(page) or "The files of 1 hand-in" in said(page)
    assert "under a key that names nobody" in said(page)
    press(page, "Delete for good")
    assert [one.value for one in page.success] == ["Deleted."]
    assert course.desk.ledger.erased() == {"ada"}
    assert BEN.key not in course.desk.ledger.erased()


@pytest.mark.slow
@pytest.mark.browser
def test_what_a_browser_downloads_can_be_brought_back(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "course"
    where = str(folder / "ledger.sqlite")
    with small(tmp_path, where) as made:
        made.published().hand_in(ADA)
        made.grade()
    with fovea(wait=False, environment={"FOVEA_COURSE": str(folder), "FOVEA_LEDGER": where}) as server:
        server.wait("/api/ready")
        page = browser.new_page()
        page.goto(instructor_link(server))
        page.goto(f"{server.address}/gradebook?assignment=The+whole+course")
        page.get_by_role("button", name="Make a backup").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the backup").press("Enter")
        download.value.save_as(tmp_path / "taken.zip")
        page.close()
    manifest = backup.restore(tmp_path / "taken.zip", tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))
    assert (manifest.tables["submissions"], manifest.tables["outcomes"]) == (1, 1)
    assert (tmp_path / "back/source/ps/ps.ipynb").read_bytes() == (folder / "source/ps/ps.ipynb").read_bytes()
