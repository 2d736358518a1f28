"""The retrieval lab as a visitor uses it: a query from the set, an own picture, and files that are none."""

import io

import pytest
from PIL import Image, ImageDraw

from tests.pages.figures import Visit

DIGITS = {"set": "Digits anywhere"}


def photo_of_a_one() -> bytes:
    picture = Image.new("RGB", (300, 400), (235, 230, 225))
    ImageDraw.Draw(picture).line([(150, 140), (150, 260)], fill=(30, 30, 60), width=24)
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def galleries(lab: Visit) -> list[str]:
    return [part.value for part in lab.page.markdown if part.value.startswith("**Nearest by")]


def test_finds_more_of_the_class_by_features(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("retrieval", monkeypatch, {**DIGITS, "k": "10", "query": "5", "metric": "cosine"})
    pixels, features = galleries(lab)
    assert "Nearest by pixels, 144 values" in pixels
    assert int(features.rpartition(": ")[2].split()[0]) > int(pixels.rpartition(": ")[2].split()[0])
    assert "Of the 10 that each row shows" in lab.text
    assert "pixels: first" in lab.alts["ranks"]
    assert lab.exported("found.csv")
    lab.page.slider(key="k").set_value(1)
    lab.run()
    assert "of 1 of its class" in galleries(lab)[0]


def test_asks_with_an_own_picture_and_explains_what_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("retrieval", monkeypatch, {**DIGITS, "own": "true"})
    assert lab.page.info
    assert galleries(lab) == []
    lab.page.get("file_uploader")[0].set_value(("one.jpg", photo_of_a_one(), "image/jpeg"))
    lab.run()
    assert galleries(lab)[1] == "**Nearest by relu3, 128 values**"  # nothing is right or wrong without a truth
    assert "that each row shows" not in lab.text
    lab.page.get("file_uploader")[0].set_value(("one.jpg", b"MZ this is a program", "image/jpeg"))
    lab.run()
    assert "no picture that can be read here" in lab.warnings[0]
    assert galleries(lab) == []
