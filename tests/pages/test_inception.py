"""The Inception editor as a visitor uses it, without a browser."""

import re

import pytest

from core.nets.layers import Concat
from core.nets.trace import trace
from core.nets.zoo.googlenet import GOOGLENET
from tests.pages.figures import PAGES, Visit


def test_opens_with_the_lectures_module_and_its_true_total(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("inception", monkeypatch, {})
    assert visit.metrics == {"Operations": "271.35 M", "Output": "28x28x480", "Parameters": "346.7 k"}
    assert "Together 271,351,808; without reducers 854,196,224" in visit.alts["bars"]
    assert "of 86,704,128 a second time, and 358,055,936 comes out" in visit.text
    assert visit.exported("module.py")


def test_grows_without_reducers(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("inception", monkeypatch, {"reduced": "false", "times": "3"})
    assert (visit.metrics["Operations"], visit.metrics["Output"]) == ("854.20 M", "28x28x672")
    assert "256, 672, 1088, 1504" in visit.alts["growth"]
    assert "358" not in visit.text.partition("What to notice")[2]


def test_counts_what_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("inception", monkeypatch, {})
    visit.page.slider(key="one").set_value(64)
    visit.run()
    assert visit.metrics["Output"] == "28x28x416"
    assert f"{271_351_808 - 64 * 256 * 784:,}" in visit.text
    assert "The lecture prints" not in visit.text  # it speaks of another module
    visit.page.slider(key="reduce_three").set_value(512)
    visit.run()
    assert "it costs a factor" in visit.text or "it saves a factor" in visit.text


def test_loads_a_published_module_with_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("inception", monkeypatch, {})
    visit.page.selectbox(key="start").set_value("GoogLeNet, module 3a")
    visit.run()
    assert visit.metrics["Output"] == "28x28x256"
    assert "28x28x192" in visit.page.metric[1].delta


def test_knows_what_goes_into_the_published_modules() -> None:
    source = (PAGES / "inception.py").read_text(encoding="utf-8")
    given = re.findall(r'"(\d[a-e])": \((\d+), (\d+)\)', source)
    rows = {row.name: row for row in trace(GOOGLENET).rows}
    assert len(given) >= 5
    for name, maps, side in given:
        (source_row,) = rows[f"inception{name}_1x1"].of
        assert rows[source_row].shape == (int(maps), int(side), int(side))
        assert isinstance(rows[f"inception{name}_out"].operation, Concat)
