"""Two endings of one net: the numbers that were written down, and how they come about."""

from dataclasses import asdict

import numpy as np
import pytest

from core.explain import ending
from core.explain.ending import ending_in, judged, recorded, rerun, scenes
from core.models.recipes import scenes as recipe
from core.models.registry import load
from core.models.scene_net import SCENE_NET
from core.nets.layers import GlobalPool


def test_changes_the_ending_and_nothing_else() -> None:
    assert ending_in("average").layers == SCENE_NET.layers
    changed = [(old, new) for old, new in zip(SCENE_NET.layers, ending_in("maximum").layers, strict=True) if old != new]
    assert [(old.operation, new.operation) for old, new in changed] == [(GlobalPool("average"), GlobalPool("max"))]


def test_reads_the_map_of_a_mean_one_way_only() -> None:
    """A mean hears every place, so what it hears is its whole map."""
    maps, right = judged(load("scenes"), "average", scenes("test", 6))
    assert maps["map"].shape == (6, 64, 64)
    np.testing.assert_allclose(maps["heard"], maps["map"], atol=1e-9)
    assert right == 1.0


def test_trains_and_measures_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """On so few pictures that it takes a second: the same call gives the same rows."""
    monkeypatch.setattr(recipe, "LEARNED", 128)
    for name, few in (("EPOCHS", 1), ("CHOSEN_ON", 6), ("JUDGED_ON", 6)):
        monkeypatch.setattr(ending, name, few)
    first = list(rerun((0,)))
    assert [(row.pooling, row.seen) for row in first] == [
        ("average", "map"),
        ("maximum", "map"),
        ("maximum", "heard"),
    ]
    assert first == list(rerun((0,)))
    assert all(0 <= row.overlap <= 1 and 0 <= row.covered <= 1 and 0 <= row.inside <= 1 for row in first)


def test_a_maximum_marks_less_of_a_thing_and_more_often_the_thing() -> None:
    """What the lecture says of global average and maximum pooling, in the numbers of every seed."""
    of = {(row.pooling, row.seed): row for row in recorded() if row.seen == "map"}
    for seed in {row.seed for row in recorded()}:
        mean, most = of["average", seed], of["maximum", seed]
        assert mean.covered > 1.2 * most.covered, "the mean is rewarded for all of the thing"
        assert mean.inside < most.inside, "what the maximum marks lies on the thing more often"
        assert min(mean.right, most.right) > 0.85


def test_writes_what_it_reads(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    rows = recorded()
    monkeypatch.setattr(ending, "FILE", tmp_path / "again.csv")
    ending.write(rows)
    recorded.cache_clear()
    again = recorded()
    recorded.cache_clear()
    assert [asdict(row) for row in again] == [asdict(row) for row in rows]
