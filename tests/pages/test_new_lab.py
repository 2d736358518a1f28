"""A new lab is one new file: it is in the menu, on the front page, in the search, and it draws."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.serving import copy_of_the_house, serve

LAB = '''"""Filters: How large is the output?

One idea: a window that may not leave the image shrinks it.
"""

import streamlit as st

from core.filters.arithmetic import output_side
from pages._kit import lab

lab.opening(__doc__, predict="A kernel of 3 on 28 pixels: how many remain?")
kernel = st.slider("Kernel side", 1, 11, 3, key="kernel", bind="query-params")
side = output_side(28, kernel)
st.metric("Output side", side)
lab.closing(
    notice=[f"{28 - side} pixels are lost."],
    shows=(output_side,),
    call=f"output_side(28, {kernel})  # {side}",
    answer=f"{side}.",
)
'''


@pytest.mark.browser
def test_is_one_file(tmp_path: Path, browser: Browser) -> None:
    root = copy_of_the_house(tmp_path)
    (root / "pages/output_size.py").write_text(LAB)
    with serve(root) as own:
        page = browser.new_page()
        page.goto(f"{own.address}/?q=shrinks")
        page.get_by_role("link", name="How large is the output?").first.click()
        page.get_by_role("heading", name="How large is the output?").wait_for()
        page.get_by_text("2 pixels are lost.").wait_for()
        page.get_by_role("slider").press("ArrowRight")
        page.get_by_text("3 pixels are lost.").wait_for()
        assert page.url.endswith("/output_size?kernel=4")
        page.close()
