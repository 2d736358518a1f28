"""The pose lab as a visitor uses it."""

import re

import numpy as np
import pytest

from core.data.scenes import JOINTS
from core.detect.single.pose import pose_loss
from pages._parts.pose.people import answers
from tests.pages.figures import Visit


def test_leaves_hidden_joints_out_of_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    address: dict[str, str | list[str]] = {"person": "5", "joint": "head", "right": "10", "down": "0"}
    lab = Visit("pose", monkeypatch, {**address})
    guess, truth = answers().regressed[5].copy(), answers().truths[5]
    guess[JOINTS.index("head"), 0] += 10
    assert f"The loss is **{pose_loss(guess, truth):.1f}**" in lab.text
    lab.page.multiselect(key="hidden").set_value(["head"])
    lab.run()
    assert "It pulls the head by nothing: it is hidden." in lab.text
    less = float(re.findall(r"The loss is \*\*([\d.]+)\*\*", lab.text)[0])
    assert less < pose_loss(guess, truth)
    assert sum(lab.drawn["squared"]["data"][0]["x"]) == pytest.approx(less, abs=0.06)
    assert lab.exported("joints.csv")


@pytest.mark.parametrize(
    ("how", "right"),
    [("joints move along", False), ("left and right change names too", True)],
    ids=["names-kept", "names-swapped"],
)
def test_a_mirror_changes_names(monkeypatch: pytest.MonkeyPatch, how: str, right: bool) -> None:
    lab = Visit("pose", monkeypatch, {"view": "In the mirror", "mirror": how})
    assert ("every label is right" in lab.text) == right
    off = np.array(lab.drawn["mirror-errors"]["data"][0]["x"])
    assert bool(off.any()) != right
    assert off[[JOINTS.index("neck"), JOINTS.index("head")]].max() == 0


def test_maps_find_more_than_numbers_and_openpose_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("pose", monkeypatch, {"view": "Numbers or maps"})
    numbers, maps = (float(lab.metrics[f"Found by {name}"].rstrip("%")) for name in ("28 numbers", "14 maps"))
    assert maps > numbers > 20
    assert "arXiv:1611.08050" in lab.text
    lab.page.slider(key="close").set_value(50)
    lab.run()
    assert float(lab.metrics["Found by 28 numbers"].rstrip("%")) > numbers


def test_shows_the_peak_of_every_map(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("pose", monkeypatch, {"view": "A map for each joint", "map": "head", "person": "1"})
    off = float(re.findall(r"\*\*([\d.]+)\*\* pixels from the truth", lab.text)[0])
    assert off < 4
    assert lab.exported("peaks.csv")
