"""Coming to a page by the browser's own way back, or with a class that is followed: the address says it all."""

from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest, local_script_runner

from core.nets.stack import STACKS
from pages._kit.live.frame import MODE
from tests.pages import boards

SHELL = Path(__file__).resolve().parents[2] / "pages/_kit/shell.py"
START, OTHER = "conv 3 same times 3", "conv 5, pool 2"


def as_going_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a page is asked for as a browser does for its own way back."""
    asked = partial(local_script_runner.RerunData, is_history_navigation=True)
    monkeypatch.setattr(local_script_runner, "RerunData", asked)


def went(page: AppTest, to: str, **address: str) -> AppTest:
    page.query_params.clear()
    page.query_params.update(address)
    page.switch_page(f"../{to}.py").run()
    assert not page.exception
    return page


@pytest.mark.parametrize(
    ("back", "mode", "stride"),
    [(False, "none", 3), (True, "none", 3), (True, "out", 3), (True, "follow", 2), (True, "present", 2)],
    ids=["by the menu", "by the way back", "stepped out", "with a class", "steered"],
)
def test_a_lab_is_found_as_it_was_left_unless_a_class_led_there(
    monkeypatch: pytest.MonkeyPatch, back: bool, mode: str, stride: int
) -> None:
    page = AppTest.from_file(str(SHELL), default_timeout=60)
    assert went(page, "convolution", stride="3").slider(key="stride").value == 3
    went(page, "layer")
    page.session_state[MODE] = mode
    if back:
        as_going_back(monkeypatch)
    assert went(page, "convolution").slider(key="stride").value == stride
    assert ("stride" in page.query_params) is (stride == 3)


@pytest.mark.parametrize(
    ("address", "stack"),
    [({}, START), ({"stack": "conv 3 same dilation 2 times 3"}, "conv 3 same dilation 2 times 3")],
    ids=["its start", "another"],
)
def test_a_stack_that_was_changed_goes_back_to_that_of_the_address(
    monkeypatch: pytest.MonkeyPatch, address: dict[str, str], stack: str
) -> None:
    page = boards.opened("receptive_field", stack=OTHER)
    assert page.selectbox(key="preset").value is None
    as_going_back(monkeypatch)
    page.query_params.clear()
    page.query_params.update(address)
    page.run()
    assert not page.exception
    assert page.text_area(key="stack").value == stack
    assert page.selectbox(key="preset").value == next(name for name, (known, _) in STACKS.items() if known == stack)
