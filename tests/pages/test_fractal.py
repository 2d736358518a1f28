"""The fractal lab as a visitor uses it, without a browser."""

import pytest

from tests.pages.figures import Visit


def test_counts_the_predicted_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("fractal", monkeypatch, {})
    assert visit.metrics == {"Live paths": "26", "Shortest": "1", "Longest": "8", "Live layers": "15"}
    assert visit.exported("live.py")


def test_lights_one_column(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("fractal", monkeypatch, {"drop": "columns I choose", "column": "3"})
    assert visit.metrics == {"Live paths": "1", "Shortest": "4", "Longest": "4", "Live layers": "4"}
    assert "1 of 26 paths are live, 4 to 4 layers deep" in visit.alts["fractal"]
    squares = {trace["name"]: trace["x"] for trace in visit.drawn["fractal"]["data"] if "name" in trace}
    assert squares["live layer"] == [3, 3, 3, 3]


def test_draws_the_same_for_the_same_number_only(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"drop": "at meetings", "order": "5", "rate": "0.3"}
    alts = [Visit("fractal", monkeypatch, {**address, "draw": draw}).alts["fractal"] for draw in ("3", "3", "4", "5")]
    assert alts[0] == alts[1]
    assert len(set(alts)) > 1


@pytest.mark.parametrize("drop", ["nothing", "at meetings", "all columns but one", "columns I choose"])
@pytest.mark.parametrize("order", ["1", "5"])
def test_draws_the_smallest_and_the_largest(order: str, drop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("fractal", monkeypatch, {"order": order, "drop": drop})
    assert int(visit.metrics["Live paths"].replace(",", "")) >= 1
