"""What the bench of the cluster says of what it found."""

import importlib.util

import pytest

from benchmarks import ray_nodes
from benchmarks.results import LeftOut
from tests.grading.cluster.fleet import Survived


def survived(outcomes: int) -> Survived:
    return Survived(outcomes=outcomes, kills=10, in_the_middle=9, again=8, processes=105, seconds=346.7)


@pytest.mark.parametrize(("outcomes", "holds"), [(200, True), (199, False)], ids=["all", "one-lost"])
def test_one_hand_in_without_an_outcome_misses_the_goal(outcomes: int, holds: bool) -> None:
    lost, again, seconds, speed = ray_nodes._rows(survived(outcomes), 200, 30, [20.0, 22.0], [11.0, 12.0])
    assert lost.holds is holds
    assert (again.ours.median, seconds.ours.median) == (8.0, 346.7)
    assert speed.ratio == pytest.approx(11.5 / 21.0)
    assert "one of which dies 10 times" in lost.what


def test_without_ray_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(LeftOut, match="Ray is not installed"):
        ray_nodes.measure(quick=True)
