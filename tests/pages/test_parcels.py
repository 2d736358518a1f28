"""The parcel lab as a visitor uses it: measuring, drawing lines, and two networks that learn."""

import re

import pytest

from pages._parts.parcels import work
from tests.pages.figures import Visit, says_earlier

LINES = {"view": "Draw the lines"}
NETWORKS = {"view": "Let networks decide", "learned": "30"}


def shares(lab: Visit) -> list[float]:
    return [float(found) for found in re.findall(r"\*\*([\d.]+)%\*\*", lab.text)]


def test_measures_a_parcel_and_what_the_sensor_spoils(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("parcels", monkeypatch, {"parcel": "7", "gaps": "30"})
    assert lab.text.count("Parcel 7 is a **") == 1
    assert "The sensor spoils the perimeter most" in lab.text
    assert "32x48 cells: mean height" in "".join(each.proto.body for each in lab.page.get("html"))
    lab.page.slider(key="gaps").set_value(0)
    lab.page.slider(key="noise").set_value(0.0)
    lab.run()
    assert "; 0 of its cells are missing" in lab.text
    assert "Nothing is spoiled now" in lab.text
    assert lab.exported("parcels.csv")


def test_shows_which_parcels_swap_when_a_line_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("parcels", monkeypatch, LINES)
    assert "The lines are not good yet" in lab.text
    before = shares(lab)[0]
    for key, value in (("flat", 4.0), ("slim", 2.4), ("round", 0.4), ("step", 0.85)):
        lab.page.slider(key=key).set_value(value)
    lab.run()
    assert shares(lab)[0] > before + 10
    assert "Some that swapped" in lab.text
    assert re.search(r"[1-9]\d* have another answer", lab.text)


def test_trains_both_on_the_same_parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "FEATURE_RECIPE", work.FEATURE_RECIPE.__class__(epochs=6, batch=16, rate=0.05))
    monkeypatch.setattr(work, "MAP_RECIPE", work.MAP_RECIPE.__class__(epochs=2, batch=16, rate=0.02))
    lab = Visit("parcels", monkeypatch, NETWORKS)
    assert "3 convolutions" in lab.alts["pipelines"] or "three convolutions" in lab.alts["pipelines"]
    lab.page.button(key="train").click()
    lab.run()
    job = lab.page.session_state["_job-parcels"]
    assert job.wait(55)
    lab.run()
    assert job.wrong is None
    assert [name for name, _ in job.found].count("measured features") == 7
    assert "Measured features:" in lab.text
    assert "CNN on the height map:" in lab.alts["curves"]
    assert not says_earlier(lab.page)
    lab.page.slider(key="seed").set_value(4)
    lab.run()
    assert says_earlier(lab.page)
    lab.page.slider(key="seed").set_value(0)
    lab.run()
    assert not says_earlier(lab.page)


def test_explains_a_network_without_features(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("parcels", monkeypatch, NETWORKS)
    lab.page.button_group(key="features").set_value([])
    lab.run()
    assert "the network takes 1 to 7 features" in lab.warnings[0]
