"""Every page drawn in this process: without an exception, with its promise, and at once the way its address says."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._kit.discovery import discover

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "pages/_kit/shell.py"
LABS = discover()


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_draws(lab) -> None:
    page = AppTest.from_file(str(lab.path), default_timeout=60).run()
    assert not page.exception
    assert page.title[0].value == lab.title
    assert page.header[0].value == "What to notice"


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
