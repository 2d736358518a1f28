"""The lecture's table of networks: against its figures in the syllabus, and against what our own tables count."""

import re

import numpy as np
import pytest

from core.data.keras_zoo import COLUMNS, KERAS_ZOO, within
from core.measure.pareto import pareto_front
from syllabus.tables import table

STATED = re.compile(r"([\d.]+) M, depth (\d+); (\d+) MB, top-1 ([\d.]+) %")


def test_holds_nineteen_networks_once():
    assert len({entry.name for entry in KERAS_ZOO}) == len({entry.lecture for entry in KERAS_ZOO}) == 19


@pytest.mark.parametrize("entry", KERAS_ZOO, ids=lambda entry: f"{entry.lecture}-{entry.name}")
def test_has_what_the_lecture_states(entry):
    row = table("numbers")[entry.lecture]
    found = STATED.match(row["stated"])
    assert found, row["stated"]
    stated = tuple(float(value) for value in found.groups())
    assert (entry.millions, entry.depth, entry.megabytes, entry.top1) == stated
    assert row["quantity"].startswith(entry.name)
    if "ours" in row:
        assert round(row["ours"][0] / 1e6, 1) == entry.millions
        assert row["ours"][1] == entry.depth
    assert entry.top1 < entry.top5 < 100
    assert entry.gpu_ms < entry.cpu_ms


def test_weighs_about_four_bytes_per_parameter_but_for_one():
    odd = [entry.name for entry in KERAS_ZOO if abs(entry.megabytes * 2**20 / entry.millions / 4e6 - 1) > 0.2]
    assert odd == ["EfficientNetB0"]


def test_has_a_front_that_leaves_vgg_behind():
    points = np.array([[COLUMNS["size"].of(entry), COLUMNS["top1"].of(entry)] for entry in KERAS_ZOO])
    front = pareto_front(points, (COLUMNS["size"].better, COLUMNS["top1"].better))
    names = [entry.name for entry, stays in zip(KERAS_ZOO, front, strict=True) if stays]
    assert "MobileNetV2" in names
    assert "NASNetLarge" in names
    assert not {"VGG16", "VGG19", "MobileNet", "ResNet152"} & set(names)


@pytest.mark.parametrize(
    ("budget", "names"),
    [
        pytest.param({"megabytes": 13}, [], id="nothing that small"),
        pytest.param({"megabytes": 14}, ["MobileNetV2"], id="the limit counts"),
        pytest.param({"cpu_ms": 25}, ["MobileNet"], id="time"),
        pytest.param({"millions": 5.3, "megabytes": 25}, ["MobileNet", "MobileNetV2", "NASNetMobile"], id="two limits"),
    ],
)
def test_keeps_to_a_budget(budget, names):
    limits = {"megabytes": 1e9, "cpu_ms": 1e9, "millions": 1e9, **budget}
    assert [entry.name for entry in within(KERAS_ZOO, **limits)] == names
