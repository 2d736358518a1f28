"""The focal loss as a visitor uses it, without a browser."""

import re
from functools import partial

import numpy as np
import pytest

from core.detect.dense import focal_contest
from core.detect.dense.focal_recorded import WAYS
from core.learning.focal import focal_slope
from pages._parts.focal import figures
from tests.pages import boards
from tests.pages.figures import alts, says_earlier

opened = partial(boards.opened, "focal")


def test_says_who_holds_the_loss() -> None:
    page = opened()
    said = "The objects hold **18.6%** of the cross-entropy and **99.9%** of the focal loss."
    assert page.markdown[2].value == said
    page = opened(gamma="0.0", hard="0.5")
    assert page.markdown[2].value == "The objects hold **6.5%** of the cross-entropy and **6.5%** of the focal loss."


def test_no_gamma_changes_a_share_where_nothing_is_easy() -> None:
    for gamma in ("0.5", "2.0", "5.0"):
        first, second = re.findall(r"[\d.]+%", opened(easy="0.5", hard="0.5", gamma=gamma).markdown[2].value)
        assert first == second


def test_the_pull_is_stronger_up_to_029() -> None:
    low, high = ((-focal_slope(np.array(p), 2.0), -focal_slope(np.array(p), 0.0)) for p in (0.29, 0.30))
    assert low[0] > low[1]
    assert high[0] < high[1]


def test_draws_the_curves_of_the_address() -> None:
    page = opened(view="The curves", gamma="2.0", p="0.5")
    assert page.markdown[2].value == "At p = 0.5 the loss is **4 times** lower than the cross-entropy."
    assert "factor 0.25" in alts(page)[0]


def test_no_curve_leaves_its_chart() -> None:
    for what, (function, _, (_, most)) in figures.WHAT.items():
        if what != "Loss":  # which has no largest value
            assert max(function(figures.P, gamma).max() for gamma in (0.0, 2.0, 5.0)) <= most, what


def test_says_large_ratios_in_digits() -> None:
    page = opened(view="The curves", gamma="5.0", p="0.99")
    assert page.markdown[2].value == "At p = 0.99 the loss is **10,000,000,000 times** lower than the cross-entropy."


def test_trains_both_and_tells_what_came_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LEARNED": 16, "JUDGED": 16, "EVERY": 1}.items():
        monkeypatch.setattr(focal_contest, name, value)
    monkeypatch.setattr(focal_contest.contest, "__kwdefaults__", {"steps": 1})
    page = opened(view="Train it", start="undecided (p = 0.5)")
    page.session_state["code"] = True  # the fold is open
    assert page.info
    page.button(key="train").click().run()
    page.session_state["_job-focal"].wait(60)
    page.run()
    assert not page.exception
    assert [look.step for _, look in page.session_state["_job-focal"].found] == [0, 1, 0, 1]
    ended = "**Focal loss** with gamma 2 ended at AP50"
    assert any(ended in text.value for text in page.markdown)
    assert not says_earlier(page)
    page.slider(key="power").set_value(1.5)
    page.slider(key="seed").set_value(3).run()
    assert says_earlier(page)
    assert any(ended in text.value for text in page.markdown)
    plain, focal = page.code[0].value.splitlines()
    assert plain.startswith("contest(Way(gamma=0.0, alpha=None, prior=0.5, rate=")
    assert focal.startswith("contest(Way(gamma=2.0, alpha=None, prior=0.5, rate=")
    assert "seed=0, progress=progress)  # focal loss" in focal
    page.slider(key="power").set_value(2.0)
    page.slider(key="seed").set_value(0).run()
    assert not says_earlier(page)


def test_shows_what_was_measured() -> None:
    page = opened(view="Measured")
    assert all(name in alts(page)[0] for name in WAYS)
    assert any("Starting undecided, with alpha: cross-entropy" in text.value for text in page.markdown)
