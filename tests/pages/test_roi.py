"""The lab on regions as a visitor uses it, without a browser."""

import pytest

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


def test_a_pyramid_has_one_length(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("roi", monkeypatch, {"view": "Grids over all of it", "rows": "1", "columns": "16"})
    assert "**21 numbers** of each, **5,376** of 256" in visit.text
    visit.page.button_group(key="levels").set_value([])
    visit.run()
    assert "a level has 1 to 64 cells a side" in visit.warnings[0]
