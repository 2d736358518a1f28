"""The lab on a score for every pixel, as a visitor uses it."""

import re

import pytest

from core.detect.single.pixelwise import judged, peaks
from core.models.pixel_net import NEAR, SIDE, STEP
from pages._parts.pixel_detection.answers import answer, on_many, side_by_side
from tests.pages.figures import Visit


def test_counts_what_is_found_missed_and_false(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("pixel_detection", monkeypatch, {"picture": "7", "threshold": "40"})
    known = answer(7, SIDE)
    result = judged(peaks(known.scores, threshold=0.4, step=STEP), known.places, known.labels, within=NEAR)
    numbers = {name: int(value) for name, value in lab.metrics.items()}
    assert numbers == {"Found": len(result.pairs), "Missed": len(result.missed), "False": len(result.false)}
    assert numbers["Found"] > 0
    precision = {curve["name"]: curve["y"] for curve in lab.drawn["curves"]["data"]}["precision"]
    assert precision[6] == pytest.approx(100 * on_many()[40].precision, abs=0.01)
    lab.page.slider(key="threshold").set_value(95)
    lab.run()
    assert int(lab.metrics["Found"]) <= numbers["Found"]
    assert lab.drawn["curves"]["layout"]["shapes"][0]["x0"] == 95
    assert lab.exported("peaks.csv")


def test_takes_a_larger_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("pixel_detection", monkeypatch, {"side": "160"})
    assert "160x160 pixels give 20x20 cells" in lab.text
    assert int(lab.metrics["Found"]) + int(lab.metrics["Missed"]) == len(answer(3, 160).labels)


def test_shows_the_four_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("pixel_detection", monkeypatch, {"view": "Level by level"})
    said = re.findall(r"Level (\d): (\d+) filters, maps of (\d+)x\d+", lab.text)
    assert said == [("1", "32", "96"), ("2", "64", "48"), ("3", "128", "24"), ("4", "256", "12")]
    assert "sees 38x38 pixels" in lab.text
    assert lab.exported("levels.csv")


def test_two_of_a_class_that_touch_are_one_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    address: dict[str, str | list[str]] = {"view": "Two that touch", "left": "circle", "right": "circle", "gap": "0"}
    lab = Visit("pixel_detection", monkeypatch, address)
    assert "**1 peak**, **0 found**" in lab.text
    lab.page.slider(key="gap").set_value(20)
    lab.run()
    assert "**2 peaks**, **2 found**" in lab.text
    assert lab.exported("gaps.csv")


def test_says_which_shapes_stay_two_when_they_touch(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("pixel_detection", monkeypatch, {"view": "Two that touch"})
    told = re.search(r"at a threshold of 60%: two circles give (\d), two squares give (\d)", lab.text)
    assert told is not None
    for shape, count in zip(("circle", "square"), told.groups(), strict=True):
        scores = side_by_side(shape, shape, 0).scores
        assert len(peaks(scores, threshold=0.6, step=STEP).places) == int(count)
    assert told.group(1) == "1"


def test_a_setting_from_elsewhere_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("pixel_detection", monkeypatch, {"picture": "999", "side": "97", "class": "horse", "threshold": "0"})
    assert int(lab.metrics["Found"]) > 0
