"""The guard: nobody sees a protected page, not even the first visitor of a server that never drew a page before."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages._kit.discovery import AUDIENCES, discover, open_to_all
from tests.serving import copy_of_the_house, serve

LABS = open_to_all()


def protect(page: Path, audience: str = "instructors") -> None:
    """Write into a page's docstring that it is protected."""
    source = page.read_text(encoding="utf-8")
    protected, changed = re.subn(
        r"(One idea: .*?)(\n\n|\s*\"\"\")", rf"\1\n\nFor: {audience}.\2", source, count=1, flags=re.S
    )
    assert changed == 1
    page.write_text(protected, encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize(
    "lab",
    [LABS[0], *(pytest.param(lab, marks=pytest.mark.slow) for lab in LABS[len(LABS) // 2 :: len(LABS) // 2]), None],
    ids=lambda lab: lab.name if lab else "a plain page",
)
def test_meets_the_first_request_to_a_fresh_server(tmp_path: Path, browser: Browser, lab) -> None:
    root = copy_of_the_house(tmp_path)
    (root / "pages/secret.py").write_text(
        '"""Course: Secret\n\nOne idea: marks."""\n\nimport streamlit as st\n\nst.write("THE MARKS")\n'
    )
    name = lab.name if lab else "secret"
    protect(root / f"pages/{name}.py")
    with serve(root, warm=False) as fresh:
        page = browser.new_page()
        page.goto(f"{fresh.address}/{name}")
        page.get_by_role("heading", name="Sign in to open this page").wait_for()
        assert page.get_by_role("heading", level=1).all_inner_texts() == ["Sign in to open this page"]
        assert "THE MARKS" not in page.content()
        page.close()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_reads_the_audience_of_a_protected_page(tmp_path: Path, audience: str) -> None:
    page = tmp_path / "secret.py"
    page.write_text('"""Course: Secret\n\nOne idea: marks."""\n')
    protect(page, audience)
    assert [lab.role for lab in discover(tmp_path)] == [AUDIENCES[audience]]
