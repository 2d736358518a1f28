"""The levels lab: channels and their patches at every depth, and a map over a photo."""

import pytest

from tests.pages.figures import Visit


def test_shows_channels_from_the_stem_to_the_last_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("levels", monkeypatch, {"depth": "1"})
    assert "**stem**: 32 maps of 112x112. One value sees 3x3 pixels." in lab.text
    lab.page.slider(key="depth").set_value(9)
    lab.run()
    assert "**last convolution**: 1280 maps of 7x7. One value sees the whole image" in lab.text
    assert lab.alts["map"].startswith("Channel 0 of last convolution over the photo cat: 7x7 values")
    assert lab.exported("patches.csv")


def test_a_channel_that_is_not_there_starts_again_from_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("levels", monkeypatch, {"depth": "2", "channel": "1200", "photo": "coffee"})
    assert "of stage 1 over the photo coffee" in lab.alts["map"]
