"""The t-SNE lab as a visitor uses it: maps that begin by themselves, are kept, replayed, and doubted."""

import pytest

from pages._kit import background
from pages._parts.tsne import maps, views, work
from tests.pages.figures import Visit

SMALL = {"points": "100", "perplexity": "15"}


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What the browser component was given."""
    given: list[dict] = []
    monkeypatch.setattr(maps, "component", lambda *_, **__: lambda *, data, key: given.append(data))
    return given


def drawn(lab: Visit, name: str = "maps") -> None:
    assert lab.page.session_state[f"_job-{name}"].wait(55)
    lab.run()


def test_draws_both_maps_by_itself_keeps_and_replays_them(monkeypatch: pytest.MonkeyPatch, mounted: list[dict]) -> None:
    lab = Visit("tsne", monkeypatch, SMALL)
    drawn(lab)
    pixels, features = mounted[-1]["maps"]
    assert "Iteration 700, divergence" in pixels["told"]
    assert features["title"] == "By features (relu3)"
    assert len(pixels["xy"]) == 200
    assert (min(pixels["xy"]), max(pixels["xy"])) == (0, 1000)
    assert "by pixels and" in lab.text
    assert lab.exported("maps.csv")
    lab.page.slider(key="iteration").set_value(0)
    lab.run()
    assert "Iteration 0, the start" in mounted[-1]["maps"][0]["told"]
    lab.page.number_input(key="point").set_value(7)
    lab.run()
    assert mounted[-1]["first"] == 7
    assert "Point 7 is **" in lab.text
    again = Visit("tsne", monkeypatch, SMALL)  # another visitor finds them ready
    assert "_job-maps" not in again.page.session_state
    assert mounted[-1]["maps"][1]["xy"] == features["xy"]


def test_keeps_the_maps_that_another_machine_drew(monkeypatch: pytest.MonkeyPatch, mounted: list[dict]) -> None:
    def away(task, progress):
        yield from task(progress)
        work._SHELF.clear()  # what is kept over there is not kept here

    monkeypatch.setattr(background, "_elsewhere", away)
    lab = Visit("tsne", monkeypatch, {"points": "100", "perplexity": "14"})
    drawn(lab)
    last = int(lab.page.slider(key="iteration").max)
    assert f"Iteration {last}, divergence" in mounted[-1]["maps"][0]["told"]
    assert len(work._SHELF) == 2


def test_explains_a_perplexity_that_asks_for_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("tsne", monkeypatch, {"points": "100", "perplexity": "50"})
    assert "asks for 150 neighbours of each point, and there are 99 others" in lab.warnings[0]
    lab = Visit("tsne", monkeypatch, {"points": "800", "set": "Digits in the middle"})
    assert "there are 360 pictures" in lab.warnings[0]


def test_doubts_a_map_over_perplexities_and_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"view": "How honest is a map?", "points": "100", "kind": "pure noise"}
    lab = Visit("tsne", monkeypatch, address)
    drawn(lab, "grid")
    assert lab.alts["grid"].startswith("Nine maps of the same pictures. perplexity 2, seed 1: trust 0.")
    assert len(lab.drawn["grid"]["data"]) == 90
    assert len({work.kept(each)[-1].kl for each in views.grid.settings("placed", 100, work.NOISE)}) == 9


def test_stops_and_begins_again_when_told_to(monkeypatch: pytest.MonkeyPatch, mounted: list[dict]) -> None:
    lab = Visit("tsne", monkeypatch, {"points": "360", "perplexity": "50", "set": "Drawn things"})
    lab.page.session_state["_job-maps"].stop()
    assert lab.page.session_state["_job-maps"].wait(30)
    lab.run()
    before = lab.page.session_state["_job-maps"]
    lab.page.button(key="again-maps").click()
    lab.run()
    after = lab.page.session_state["_job-maps"]
    assert after is not before
    after.stop()
    assert after.wait(30)
