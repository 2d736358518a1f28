"""The ensemble lab as a visitor uses it: networks that come one by one, are kept, and disagree."""

import re
from collections.abc import Iterator

import pytest

from pages._parts.ensemble.training import KEY, shelf
from tests.pages.figures import Visit

SMALL = {"count": "3", "amount": "300"}


@pytest.fixture(autouse=True)
def empty_shelf() -> Iterator[None]:
    shelf().clear()
    yield
    shelf().clear()


def trained(lab: Visit) -> None:
    lab.page.button(key="train").click()
    lab.run()
    assert lab.page.session_state[KEY].wait(55)
    lab.run()


def test_trains_averages_and_keeps_what_it_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("ensemble", monkeypatch, SMALL)
    assert "nothing is trained yet" in lab.alts["errors"]
    assert "3 still to train" in lab.text
    trained(lab)
    assert lab.page.session_state[KEY].found == [0, 1, 2]
    assert "All of them are trained." in lab.text
    assert "3 together" in lab.text
    assert "of its" in lab.text
    assert "mistakes are put right" in lab.text
    assert lab.alts["digit"].startswith("A written ")
    assert lab.exported("errors.csv")
    means = [float(found) for found in re.findall(r"([\d.]+)%", lab.alts["errors"])]
    assert len(means) == 3
    assert means[0] > means[2]
    again = Visit("ensemble", monkeypatch, {**SMALL, "count": "2"})
    assert "All of them are trained." in again.text  # a second look costs nothing
    again.page.segmented_control(key="how").set_value("votes")
    again.run()
    assert "2 together" in again.text


def test_gains_nothing_where_nothing_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("ensemble", monkeypatch, {**SMALL, "differ": "nothing"})
    assert "1 still to train" in lab.text
    trained(lab)
    assert "3 together" in lab.text
    assert "0% of the errors are gone" in lab.text
    assert "There is no such digit" in lab.text


def test_stops_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("ensemble", monkeypatch, {"count": "9", "amount": "900"})
    lab.page.button(key="train").click()
    lab.run()
    lab.page.button(key="stop").click()
    lab.run()
    assert lab.page.session_state[KEY].wait(20)
    lab.run()
    assert "9 still to train" in lab.text
