"""The focal loss as a visitor uses it, without a browser."""

from functools import partial

import pytest

from core.detect.dense import focal_contest
from core.detect.dense.focal_recorded import WAYS
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "focal")


def test_says_who_holds_the_loss() -> None:
    page = opened()
    said = "The objects hold **18.6%** of the cross-entropy and **99.9%** of the focal loss."
    assert page.markdown[2].value == said
    page = opened(gamma="0.0", hard="0.5")
    assert page.markdown[2].value == "The objects hold **6.5%** of the cross-entropy and **6.5%** of the focal loss."


def test_draws_the_curves_of_the_address() -> None:
    page = opened(view="The curves", gamma="2.0", p="0.5")
    assert page.markdown[2].value == "At p = 0.5 the loss is **4 times** lower than the cross-entropy."
    assert "factor 0.25" in alts(page)[0]


def test_trains_both_and_tells_what_came_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LEARNED": 16, "JUDGED": 16, "EVERY": 1}.items():
        monkeypatch.setattr(focal_contest, name, value)
    monkeypatch.setattr(focal_contest.contest, "__kwdefaults__", {"steps": 1})
    page = opened(view="Train it", start="undecided (p = 0.5)")
    assert page.info
    page.button(key="train").click().run()
    page.session_state["_job-losses"].wait(60)
    page.run()
    assert not page.exception
    assert [look.step for _, look in page.session_state["_job-losses"].found] == [0, 1, 0, 1]
    assert any("**focal loss** ended at AP50" in text.value for text in page.markdown)


def test_shows_what_was_measured() -> None:
    page = opened(view="Measured")
    assert all(name in alts(page)[0] for name in WAYS)
    assert any("Starting undecided: cross-entropy" in text.value for text in page.markdown)
