"""What is shown of work begun with other controls says so, and as soon as they are moved back it does not."""

import re
from collections import defaultdict

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.figures import PAGES, says_earlier


def page_of_work() -> None:
    from collections.abc import Iterator

    import streamlit as st

    from core.learning.train import Progress
    from pages._kit import watching

    def work(progress: Progress) -> Iterator[int]:
        if finds:
            yield 1

    finds = st.toggle("Finds something", True, key="finds")
    setting = {"gamma": st.slider("Gamma", 0, 5, 2, key="gamma")}, ("a", None)
    if st.button("Begin", key="begin"):
        watching.begin("work", setting, work)
    watching.watch("work", lambda job: None, now=setting)


@pytest.mark.parametrize("finds", [pytest.param(True, id="something"), pytest.param(False, id="nothing")])
def test_says_that_results_are_of_an_earlier_setting(finds: bool) -> None:
    page = AppTest.from_function(page_of_work).run()
    page.toggle(key="finds").set_value(finds)
    page.button(key="begin").click().run()
    assert page.session_state["_job-work"].wait(30)
    assert not says_earlier(page.run())
    assert says_earlier(page.slider(key="gamma").set_value(3).run()) is finds
    assert not says_earlier(page.slider(key="gamma").set_value(2).run())
    assert not page.exception


def test_no_two_labs_call_their_work_the_same() -> None:
    """A visitor keeps one piece of work of each name, whichever lab began it."""
    found = defaultdict(set)
    for file in PAGES.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(
            r'watching\.(?:begin|watch)\(\s*"([^"]+)"|^(?:JOB|NAME) = "([^"]+)"', text, re.MULTILINE
        ):
            found["".join(name)].add(str(file.relative_to(PAGES)))
    assert {"focal", "losses", "fcn-scenes", "spoof"} <= set(found)
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
