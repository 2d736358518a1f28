"""The lab on regions as a visitor uses it, without a browser."""

import numpy as np
import pytest

from core.detect.regions.roi import line_weights, sample_places
from pages._kit.plot import unknown
from tests.pages import boards
from tests.pages.figures import Visit


def test_jumps_where_align_glides(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("roi", monkeypatch, {})
    assert "**columns 1.312 to 4.812**" in visit.text
    assert "Pooling reads **columns 1 to 6**" in visit.text
    pooled, aligned = visit.alts["pool"], visit.alts["align"]
    visit.page.slider(key="x").set_value(23)
    visit.run()
    assert visit.alts["pool"].partition(" gives ")[2] == pooled.partition(" gives ")[2]
    assert visit.alts["align"].partition(" gives ")[2] != aligned.partition(" gives ")[2]
    visit.page.toggle(key="torch").set_value(True)
    visit.run()
    assert "torchvision **agrees**" in visit.text


def test_agrees_with_torchvision_beyond_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"x": "-32", "width": "0", "torch": "true", "sampling": "0", "cells": "3", "aligned": "false"}
    assert "torchvision **agrees**" in Visit("roi", monkeypatch, address).text


def test_a_slope_says_where_align_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("roi", monkeypatch, {"map": "A slope", "x": "16", "width": "64", "y": "32", "height": "64"})
    assert visit.alts["align"].endswith("gives 2, 4; 2, 4.")
    assert visit.alts["pool"].endswith("gives 3.5, 5.5; 3.5, 5.5.")
    visit.page.toggle(key="aligned").set_value(False)
    visit.run()
    assert visit.alts["align"].endswith("gives 2.5, 4.5; 2.5, 4.5.")
    assert "The half is forgotten" in visit.text


def test_says_where_the_map_ends_and_whether_cells_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("roi", monkeypatch, {"x": "100", "width": "100"})
    assert "The map ends at column and row 8" in visit.text
    shapes = visit.drawn["glide"]["layout"]["shapes"]
    assert [each["type"] for each in shapes] == ["rect", "rect"]  # a left edge of 100 is farther right than it shows
    assert "may overlap: here they do." in visit.text  # rows 2 to 7, five values for two cells
    visit = Visit("roi", monkeypatch, {"x": "16", "width": "48", "y": "16", "height": "48"})
    assert "may overlap: here they do not." in visit.text  # four values for two cells
    assert "The map ends" not in visit.text


@pytest.mark.parametrize(
    ("width", "first", "last"),
    [("56", 0, 72), ("64", 0, 64), ("100", -18, 46), ("127", -32, 33), ("128", -32, 32)],
)
def test_moves_a_region_of_any_width_far_enough_to_see(
    width: str, first: int, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visit("roi", monkeypatch, {"width": width})
    drawn = visit.drawn["glide"]
    for trace in drawn["data"]:
        assert list(trace["x"]) == list(range(first, last + 1))
        assert len(set(trace["y"])) > 2
    grey = [(shape["x0"], shape["x1"]) for shape in drawn["layout"]["shapes"] if shape["type"] == "rect"]
    assert grey == ([(first, 0), (128 - int(width), last)] if first else [])
    assert any("reaches beyond the map" in text.value for text in visit.page.caption) == bool(first)
    assert f"While the left edge moves from {first} to {last} pixels" in visit.text
    assert not unknown(drawn)


@pytest.mark.parametrize(
    ("aligned", "x", "whole"),
    [("true", -0.5, True), ("true", -0.51, False), ("false", -1, True), ("false", 8.01, False)],
)
def test_weights_sum_to_one_as_far_beyond_the_map_as_it_says(aligned: str, x: float, whole: bool) -> None:
    places = sample_places(x, x, 1, sampling=1) if aligned == "true" else np.array([[x]])
    assert line_weights(places.ravel(), 8).sum() == pytest.approx(float(whole))
    notice = (
        "at most half a value beside it" if aligned == "true" else "at most one value before the map and none behind"
    )
    page = boards.opened("roi", view="Cell by cell", aligned=aligned)
    assert any(notice in text.value for text in page.markdown)


def test_shows_what_every_cell_is_made_of() -> None:
    page = boards.opened("roi", view="Cell by cell", cells="3")
    assert not page.exception
    assert any("weighted sum of up to" in text.value for text in page.markdown)


def test_measures_what_rounding_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("roi", monkeypatch, {"view": "What rounding costs"})
    assert "is **16 pixels** wider" in visit.text
    line = visit.drawn["overlap"]["data"][1]
    assert line["name"] == "pooling, stride 16"
    assert list(line["y"]) == sorted(line["y"])
    assert "its 7x7 grid is 9.1 pixels wide" in visit.text
    visit.page.slider(key="grid").set_value(14)
    visit.run()
    assert "its 14x14 grid is 4.6 pixels wide" in visit.text


def test_a_pyramid_has_one_length(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("roi", monkeypatch, {"view": "Grids over all of it", "rows": "1", "columns": "16"})
    assert "**21 numbers** of each, **5,376** of 256" in visit.text
    visit.page.button_group(key="levels").set_value([])
    visit.run()
    assert "without a level there is no cell" in visit.warnings[0]
