"""The lab on dense connections as a visitor uses it, without a browser."""

import pytest

from tests.pages.figures import Visit


def test_counts_the_predicted_maps_and_links(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("densenet", monkeypatch, {})
    assert (visit.metrics["Maps that leave"], visit.metrics["Direct links"]) == ("256", "21")
    assert "read 64, 96, 128, 160, 192, 224 maps" in visit.alts["arcs"]
    assert visit.exported("block.py")


def test_draws_an_arc_for_every_link(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("densenet", monkeypatch, {"layers": "16", "lit": "16"})
    quiet, strong = visit.drawn["arcs"]["data"][:2]
    assert strong["x"].count(None) == 16
    assert quiet["x"].count(None) + strong["x"].count(None) == 136 == int(visit.metrics["Direct links"])


@pytest.mark.parametrize("narrow", ["true", "false"])
def test_draws_a_single_layer(narrow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("densenet", monkeypatch, {"layers": "1", "growth": "1", "maps": "1", "side": "1", "narrow": narrow})
    assert (visit.metrics["Maps that leave"], visit.metrics["Direct links"]) == ("2", "1")


def test_lights_the_last_layer_of_a_block_that_became_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("densenet", monkeypatch, {"layers": "3", "lit": "9"})
    assert visit.drawn["arcs"]["data"][1]["x"].count(None) == 3
