"""The lab on masks and joints as a visitor uses it."""

import re

import pytest

from core.data.scenes import JOINTS
from core.detect.regions.pasting import values_of
from pages._parts.mask_rcnn.scenes import known, people, things
from tests.pages.figures import Visit


def test_counts_the_masks_of_own_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("mask_rcnn", monkeypatch, {"scene": "1", "classes": "80"})
    assert "80 x 14 x 14 = 15,680 values for one region" in lab.text
    lab.page.number_input(key="classes").set_value(7)
    lab.run()
    assert f"= {values_of(7):,} values for one region" in lab.text
    assert lab.exported("masks.csv")


def test_a_thing_that_is_not_there_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    few = next(number for number in range(40) if len(known(number).looked.found.above(0.5)) < 4)
    lab = Visit("mask_rcnn", monkeypatch, {"scene": str(few), "thing": "4"})
    assert f"Only {len(known(few).looked.found.above(0.5))} found; this is the last of them." in lab.text


def test_a_region_that_misses_its_thing_keeps_little(monkeypatch: pytest.MonkeyPatch) -> None:
    address: dict[str, str | list[str]] = {"view": "A mask made 14x14", "example": "3"}
    lab = Visit("mask_rcnn", monkeypatch, {**address})
    good = float(lab.metrics["Kept of the mask (IoU)"].rstrip("%"))
    assert good > 75
    lab.page.slider(key="right").set_value(40)
    lab.run()
    assert float(lab.metrics["Kept of the mask (IoU)"].rstrip("%")) < good - 10
    mean = lab.drawn["kept"]["data"][1]["y"]
    assert mean == sorted(mean)
    lab.page.toggle(key="shades").set_value(True)
    lab.run()
    shaded = lab.drawn["kept"]["data"][1]["y"]
    assert shaded[2] > mean[2] + 5  # what a head may answer keeps more than what it learns from
    assert f"then 14 of them keep {shaded[2]:.0f}%" in lab.text
    assert len(things()) > 60


def test_says_how_far_a_joint_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    number, place = people()[0]
    scene = known(number)
    target = scene.truth_of(place)
    assert target is not None
    assert target.joints is not None
    joint = int(target.joints[:, 2].argmax())
    lab = Visit("mask_rcnn", monkeypatch, {"view": "Joints", "person": "1", "joint": JOINTS[joint]})
    off = float(re.findall(r"\*\*([\d.]+)\*\* pixels from the truth", lab.text)[0])
    said = scene.looked.found.joints[place, joint]
    assert off == pytest.approx(float(((said[:2] - target.joints[joint, :2]) ** 2).sum() ** 0.5), abs=0.06)
    assert lab.exported("joints.csv")
