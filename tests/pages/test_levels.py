"""The levels lab: channels and their patches at every depth, and a map beside a photo, also a visitor's own."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data.photos import photo
from pages._kit.pictures import png
from pages._parts.levels import figures
from tests.pages.figures import Visit


def html(page: AppTest) -> str:
    """Everything drawn as HTML."""
    return "".join(part.proto.body for part in page.get("html"))


def test_shows_channels_from_the_stem_to_the_last_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("levels", monkeypatch, {"depth": "1"})
    assert "**stem**: 32 maps of 112x112. One value sees 3x3 pixels." in lab.text
    lab.page.slider(key="depth").set_value(9)
    lab.run()
    assert "**last convolution**: 1,280 maps of 7x7. One value sees the whole image" in lab.text
    assert "Channel 0 of last convolution over the photo cat: 7x7 values" in html(lab.page)
    assert lab.exported("patches.csv")


def test_every_depth_has_its_own_channels_up_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("levels", monkeypatch, {"depth": "1", "channel-1": "30", "photo": "coffee"})
    assert "Channel 30 of stem over the photo coffee" in html(lab.page)
    assert html(lab.page).count("<li>") == 2  # 30 and 31 are the last of 32
    lab.page.slider(key="depth").set_value(2)
    lab.run()
    assert lab.page.slider(key="channel-2").max == 12
    assert html(lab.page).count("<li>") == 6


def test_draws_the_maps_of_a_photo_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("levels", monkeypatch, {"own": "true"})
    assert "Choose a photo" in lab.page.info[0].value
    lab.page.file_uploader(key="picture").upload("mine.png", png(photo("rocket")), "image/png")
    lab.run()
    assert "over the photo your photo: 28x28 values" in html(lab.page)


def test_paints_a_flat_map_in_one_colour() -> None:
    assert (figures.painted(np.full((2, 3), 4.0)) == (0, 34, 78)).all()
