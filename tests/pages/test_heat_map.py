"""From classifier to heat map as a visitor uses it, without a browser."""

import re
from functools import partial

import pytest

from core.models.patch_net import PATCH_NET
from core.segment.windows import cost
from pages._parts.heat_map import work
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "heat_map")


def test_says_where_a_larger_image_stops() -> None:
    page = opened()
    assert "1x800 and 128x64" in page.warning[0].value
    assert "A map of 4x4 answers" in alts(page)[0]
    page.slider(key="side").set_value(16).run()
    assert not page.warning
    assert "both nets answer" in page.success[0].value
    page.slider(key="side").set_value(12).run()
    assert "less than one window" in page.warning[0].value
    assert not alts(page)


def test_the_map_says_what_the_window_says() -> None:
    page = opened(view="The heat map", canvas="3", row="2", column="7")
    notice = next(text.value for text in page.markdown if "digits are on this canvas" in text.value)
    count, under = (int(number) for number in re.search(r"(\d+) digits .* of (\d+) of them", notice).groups())
    assert count / 2 < under <= count
    told = page.markdown[2].value
    assert "**13x13 answers**" in told
    assert float(told.rpartition("**.")[0].rpartition("**")[2]) <= 1e-5
    assert alts(page)[0].count("%") == 2
    page.select_slider(key="extent").set_value(32).run()  # the map is smaller now: its row and column move inside
    assert not page.exception
    assert "**5x5 answers**" in page.markdown[2].value


def test_measures_how_far_a_padded_net_is_off() -> None:
    page = opened(view="What padding changes")
    assert "of the windows get another answer" in page.markdown[2].value
    assert "Conv2d 0%" not in alts(page)[-1]
    page.radio(key="reader").set_value("no padding, 16x16").run()
    assert "**0%** of the windows" in page.markdown[2].value
    assert "Conv2d 0%" in alts(page)[-1]


def test_counts_and_times_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "ROUNDS", 2)
    page = opened(view="What it costs", net="sea lions, 24x24", image="64", every="2")
    ratio = cost(PATCH_NET, (64, 64), stride=2).ratio
    assert f"**{ratio:.3g} times the work**" in page.markdown[2].value
    page.button(key="time").click().run()
    assert page.session_state["_job-sliding"].wait(60)
    page.run()
    assert any("times as long** as one pass (median of 2 rounds" in text.value for text in page.markdown)
    page = opened(view="What it costs")
    assert "The work falls by less, 4.03 times" in next(text.value for text in page.markdown if "Dilated" in text.value)
    page = opened(view="What it costs", net="VGG16, 224x224", image="64")
    assert "does not fit" in page.warning[0].value


def test_finds_the_lecture_s_two_mistakes() -> None:
    page = opened(view="Find the mistakes")
    assert "2 positional arguments but 3" in page.error[0].value
    page.radio(key="third").set_value("model2.layers[7].set_weights([w7, b7])").run()
    assert "(4000, 256)" in page.error[0].value
    page.radio(key="second").set_value("w7 = w7.T.reshape(20, 20, 10, 256)").run()
    assert "wrong places" in page.error[0].value
    page.radio(key="second").set_value("w7 = w7.reshape(20, 20, 10, 256)").run()
    assert not page.error
    assert "same 256 values" in page.success[0].value
