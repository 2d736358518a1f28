"""The lab on sliding windows as a visitor uses it, without a browser."""

import pytest

from tests.pages.figures import Visit


def test_counts_the_windows_of_the_lecture(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("sliding", monkeypatch, {})
    assert visit.metrics["Windows"] == "1,400"
    assert visit.metrics["Crop by crop against whole passes"] == "27.6 times"
    assert "At half the stride there are 5,488, 3.9 times as many" in visit.text  # 49 rows of 112
    assert "Each crop is 15.5 billion multiplications" in visit.text
    assert "1,380,729 at stride 1" in visit.alts["strides"]
    visit.page.slider(key="sizes").set_value(3)
    visit.run()
    assert visit.metrics["Windows"] == "2,037"
    assert "336x336" in visit.alts["work"]


def test_says_that_no_window_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("sliding", monkeypatch, {"height": "100", "width": "100", "net": "AlexNet"})
    assert "No window of 227x227 fits into 100x100" in visit.warnings[0]


def test_slides_over_a_scene_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(
        "sliding", monkeypatch, {"view": "On a scene", "widths": ["36", "48"], "scene": "5", "upright": "true"}
    )
    assert "**213 windows**" in visit.text
    visit.page.button(key="slide").click()
    visit.run()
    visit.page.session_state["_job-slide"].wait(60)
    visit.run()
    assert len(visit.page.session_state["_job-slide"].found) == 4
    assert "Crop by crop it took" in visit.text


def test_without_a_background_every_window_is_something(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for background in ("true", "false"):
        visit = Visit("sliding", monkeypatch, {"view": "On a scene", "widths": ["36"], "background": background})
        told.append(next(text for text in visit.text.splitlines() if "windows**" in text))
    assert "0 say background" in told[1]
    assert "0 say background" not in told[0]
