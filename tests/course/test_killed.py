"""The server is killed while students type and hand in: what was acknowledged is there when it is back."""

import os
import random
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from grading.ledger.sql import open_ledger
from tests.classroom.conftest import ADA
from tests.course.house import CourseHouse, prepare, publish, tab, type_into
from tests.pages.visits import settle
from tests.serving import serve

KILLED = 4
SET = "/assignments?set=ps"
ANSWER = "Answer 1 of 3: Two functions"


def handed_in(house: CourseHouse) -> int:
    ledger = open_ledger(house.database)
    found = {attempt.hand_in for attempt in ledger.attempts(assignment="ps")}
    ledger.close()
    return len(found)


def hand_in_until_killed(page: Page, house: CourseHouse, seconds: float) -> int:
    """Press the button, kill the server a moment later: the number of the receipt that was read, or 0."""
    page.get_by_role("button", name="Hand in what is typed here").click()
    page.wait_for_timeout(seconds * 1000)
    os.killpg(house.server.process.pid, signal.SIGKILL)
    read = page.get_by_text("for ps, received on")
    return int(read.inner_text().split()[1]) if read.count() else 0


@pytest.mark.slow
@pytest.mark.browser
def test_no_draft_and_no_acknowledged_hand_in_is_lost(tmp_path: Path, browser: Browser) -> None:
    root, code = prepare(tmp_path)
    publish(root)
    chance, page = random.Random(5), tab(browser)
    acknowledged, kept = 0, ""
    for fall in range(KILLED):
        with serve(root) as server:
            house = CourseHouse(server, root, code)
            if fall:
                page.goto(server.address + SET)
                settle(page)
            else:
                house.enter(page, ADA, SET)
            expect(page.get_by_role("textbox", name=ANSWER)).to_contain_text(kept)
            assert handed_in(house) >= acknowledged
            kept = f"# fall {fall}"
            type_into(page, ANSWER, f"{kept}\ndef double(x):\n    return 2 * x")
            acknowledged = max(acknowledged, hand_in_until_killed(page, house, chance.uniform(0.0, 1.0)))
    assert handed_in(CourseHouse(server, root, code)) >= acknowledged >= 1
