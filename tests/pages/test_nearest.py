"""The nearest-neighbour lab as a visitor uses it: curves for both spaces, and a picture they disagree about."""

import re

import pytest

from pages._parts.nearest import views
from tests.pages.figures import Visit


def test_names_more_in_the_layer_than_by_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("nearest", monkeypatch, {"k": "3"})
    assert "Share of test pictures named right by their nearest neighbours. With 600 examples" in lab.alts["accuracy"]
    pixels, layer = (float(found) for found in re.findall(r"\*\*([\d.]+)%\*\*", lab.text)[:2])
    assert layer > pixels + 15
    assert "are named right by relu3 and wrong by pixels" in lab.text
    assert lab.exported("accuracy.csv")
    few = Visit("nearest", monkeypatch, {"k": "3", "size-placed": "60"})
    assert "With 60 examples" in few.text
    assert float(re.findall(r"\*\*([\d.]+)%\*\*", few.text)[0]) < pixels


def test_says_where_there_is_nothing_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_among", lambda setting, space: views.order(setting.name, "pixels", "l1")[:, :1])
    lab = Visit("nearest", monkeypatch, {"set": "Digits in the middle"})
    assert "There is no such picture among these." in lab.text
