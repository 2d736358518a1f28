"""Every page drawn in this process: without an exception, with its promise, and at once the way its address says."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from classroom.people import Person
from classroom.roles import Role
from pages._kit import guard
from pages._kit.discovery import discover, open_to_all

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "pages/_kit/shell.py"
LABS = open_to_all()
PROTECTED = [page for page in discover() if page not in LABS]


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_draws(lab) -> None:
    page = AppTest.from_file(str(lab.path), default_timeout=60).run()
    assert not page.exception
    assert page.title[0].value == lab.title
    assert page.header[0].value == "What to notice"


@pytest.mark.parametrize("page", PROTECTED, ids=lambda page: page.name)
def test_shows_nothing_of_a_protected_page_to_nobody(page) -> None:
    """The shell guards it; this is the page alone."""
    drawn = AppTest.from_file(str(page.path), default_timeout=60).run()
    assert not drawn.exception
    assert [len(drawn.get(kind)) for kind in ("markdown", "button", "table", "selectbox", "plotly_chart")] == [0] * 5


@pytest.mark.parametrize(
    ("role", "led_to"),
    [
        (Role.STUDENT, ["Assignments", "Live class"]),
        (Role.INSTRUCTOR, ["Assignments", "Gradebook", "Live class", "Marking", "Members", "Server"]),
    ],
)
def test_the_front_page_leads_members_to_what_they_may_open(role, led_to, monkeypatch) -> None:
    monkeypatch.setattr(guard, "arrival", lambda: guard.Arrival(Person("k", "Somebody", role)))
    page = AppTest.from_file(str(SHELL), default_timeout=60).run()
    assert not page.exception
    links = [link.proto.label.strip("*") for link in page.get("page_link")]
    assert [name for name in links if name in {lab.title for lab in PROTECTED}] == led_to


def test_draws_the_front_page_with_every_lab_and_without_torch() -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest;"
        f"page = AppTest.from_file({str(SHELL)!r}, default_timeout=60).run();"
        "assert not page.exception, page.exception;"
        "print(len([card for card in page.get('html') if '<img ' in card.proto.body and '</p>' in card.proto.body]),"
        "'torch' in sys.modules, 'sklearn' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    cards, torch, sklearn = ran.stdout.split()[-3:]
    assert int(cards) == len(LABS)
    assert (torch, sklearn) == ("False", "False")
