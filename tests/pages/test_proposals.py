"""The lab on proposals as a visitor uses it, without a browser."""

import pytest

from pages._parts.proposals.measuring import COUNTS, on_scene, pooled
from tests.pages.figures import Visit, says_earlier

MANY: dict[str, str | list[str]] = {"view": "Recall and precision", "on": "many scenes"}


def test_merges_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("proposals", monkeypatch, {"done": "0"})
    segments = int(visit.text.split(" segments**")[0].rpartition("**")[2])
    assert f"**{segments} boxes** were proposed" in visit.text
    visit.page.slider(key="done").set_value(100)
    visit.run()
    assert "**1 region** left" in visit.text
    assert f"**{2 * segments - 1} boxes** were proposed" in visit.text


def test_searches_a_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("proposals", monkeypatch, {"picture": "coffee", "scale": "400", "space": "Lab"})
    assert "boxes** were proposed" in visit.text
    assert "can be found" not in visit.text
    assert not [slider for slider in visit.page.slider if slider.key == "scene"]


def test_explains_that_something_must_be_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("proposals", monkeypatch, {})
    visit.page.button_group(key="terms").set_value([])
    visit.run()
    assert "two regions are similar by some of" in visit.warnings[0]


def test_measures_on_many_scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("proposals", monkeypatch, {**MANY, "pictures": "5", "count": "200"})
    assert "scene 4 alone" in visit.text
    monkeypatch.setattr("pages._parts.proposals.measuring.FAST", ())
    from core.detect.windows.proposals import Strategy

    monkeypatch.setattr("pages._parts.proposals.measuring.FAST", (Strategy("HSV", 50.0), Strategy("Lab", 50.0)))
    visit.page.button(key="measure").click()
    visit.run()
    visit.page.session_state["_job-proposals"].wait(60)
    visit.run()
    assert "Measured on 5 scenes" in visit.text
    assert not says_earlier(visit.page)
    visit.page.select_slider(key="pictures").set_value(10)
    visit.run()
    assert says_earlier(visit.page)
    visit.page.select_slider(key="pictures").set_value(5)
    visit.run()
    assert not says_earlier(visit.page)
    searched, grid, _ = (line["y"] for line in visit.drawn["recall-chart"]["data"] if line["line"]["dash"] == "dot")
    assert searched[7] > grid[7] + 20


def test_says_of_one_scene_what_its_curves_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five boxes hold both things of this scene: by luck, and the page says so."""
    visit = Visit("proposals", monkeypatch, {"view": "Recall and precision", "scene": "4", "count": "1"})
    assert visit.drawn["recall-chart"]["data"][0]["y"][2] == 100
    assert "the first 5 hold 100% of the things" in visit.text
    assert "With 1 box selective search holds 0% of the things" in visit.text
    assert "boxes by lot merely lie near" not in visit.text


def test_the_answer_is_what_scenes_say() -> None:
    ways = pooled([each for number in range(8) for each in on_scene(number)])
    half, close = ways["selective search"].precision[COUNTS.index(100)]
    assert half == pytest.approx(1 / 4, abs=0.06)
    assert close == pytest.approx(1 / 6, abs=0.05)


def test_says_that_the_others_are_read_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("proposals", monkeypatch, {"view": "Other ways"})
    assert "None but selective search runs here" in visit.text
    assert "300fps" in visit.text
