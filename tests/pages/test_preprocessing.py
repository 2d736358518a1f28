"""The preprocessing lab: the right treatment is sure, the wrong one is not, and it says what arrives."""

import pytest

from tests.pages.figures import Visit


def test_watches_the_confidence_collapse(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("preprocessing", monkeypatch, {})
    assert "It says **espresso**, 95% sure." in lab.text
    assert "-1 to 1: 54%" in lab.alts["collapse"]
    lab.page.segmented_control(key="scale").set_value("0 to 255")
    lab.run()
    assert "Treated as it was trained, it says espresso, 95% sure." in lab.text
    assert "It says **loudspeaker**" in lab.text
    assert lab.exported("answers.csv")


def test_a_grey_photo_does_not_mind_the_order_of_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("preprocessing", monkeypatch, {"photo": "camera", "order": "BGR"})
    assert "It says **tripod**, 94% sure." in lab.text
    one, other = lab.drawn["answers"]["data"]
    assert one["x"] == other["x"]
