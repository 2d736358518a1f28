"""The lab on localization as a visitor uses it."""

import numpy as np
import pytest

from core.data.scenes import CLASSES
from core.detect.boxes import intersection_over_union
from core.detect.single.joint import boxes_at, places_of
from core.models.localizers import SIDE, one_thing
from tests.pages.figures import Visit


def test_measures_the_visitors_box_against_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    target = one_thing("test", 6).targets[0]
    truth = np.array([target.box])
    x, y, w, h = places_of(truth, SIDE)[0].round(2)
    near = boxes_at(np.array([[x, y, w, h]]), 1.0)
    wanted = intersection_over_union(near, truth / SIDE)[0, 0]
    lab = Visit(
        "localize", monkeypatch, {"x": str(x), "y": str(y), "w": str(w), "h": str(h), "label": target.label, "show": []}
    )
    assert lab.metrics["Your box, IoU"] == f"{wanted:.2f}"
    assert wanted > 0.9
    assert "Your class is **right**: the object is **found**." in lab.text
    wrong = next(each for each in CLASSES if each != target.label)
    lab.page.selectbox(key="label").set_value(wrong)
    lab.run()
    assert "Your class is **wrong**: the object is **not found**." in lab.text


def test_shows_truth_and_model_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("localize", monkeypatch, {"show": ["truth"], "picture": "3"})
    assert "The model's box, IoU" not in lab.metrics
    lab.page.button_group(key="show").set_value(["truth", "model"])
    lab.run()
    assert 0 <= float(lab.metrics["The model's box, IoU"]) <= 1
    assert "on picture 3 it is" in lab.alts["many"]
    assert sum(len(trace["x"]) for trace in lab.drawn["many"]["data"]) == 60
    assert lab.exported("model.csv")


def test_a_box_may_leave_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("localize", monkeypatch, {"x": "0.0", "y": "0.0", "w": "0.02", "h": "0.02"})
    assert lab.metrics["Your box, IoU"] == "0.00"
