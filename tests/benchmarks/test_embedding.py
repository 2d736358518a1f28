"""The bench of t-SNE: one judge for all, goals that can fail."""

import numpy as np
import pytest

from benchmarks import embedding
from benchmarks.embedding import Run, cloud, compared, named, ours
from core.features.tsne.ondevice import affinities_on


def test_draws_the_same_cloud_every_time_with_neighbours_that_mean_something() -> None:
    one = cloud(300, 40)
    assert np.array_equal(one, cloud(300, 40))
    assert one.shape == (300, 40)


def test_judges_every_layout_alike_and_fails_a_bad_one() -> None:
    points = cloud(200, 10)
    found = affinities_on(points, 30, "cpu")
    good = ours(points, "exact", frames_every=700)
    bad = Run(9 * good.cpu, 1.0, np.random.default_rng(0).normal(size=(200, 2)) * 20)
    rows = compared("small", points, found, good, {"scikit-learn": bad, "openTSNE": bad})
    assert [row.holds for row in rows] == [True, True, True, None]
    rows = compared("small", points, found, bad, {"scikit-learn": good, "openTSNE": good})
    assert [row.holds for row in rows] == [False, False, False, None]
    assert 0 <= good.first <= good.moved <= good.wall


def test_names_its_peers_with_their_versions() -> None:
    assert named("openTSNE").startswith("openTSNE 1.")
    assert named("scikit-learn").startswith("scikit-learn 1.")


def test_measures_rows_for_every_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "digits", lambda: cloud(150, 8))
    monkeypatch.setattr(embedding, "cloud", lambda count, dimensions: cloud(160, 12))
    run = Run(1.0, 1.0, np.random.default_rng(0).normal(size=(160, 2)))
    layouts = iter([np.random.default_rng(0).normal(size=(150, 2)), run.layout])
    monkeypatch.setattr(embedding, "sklearns", lambda points: Run(1.0, 1.0, next(layouts)))
    monkeypatch.setattr(embedding, "opentsnes", lambda points: Run(1.0, 1.0, np.zeros((len(points), 2))))
    monkeypatch.setattr(embedding, "_warm", lambda: None)
    monkeypatch.setattr(embedding, "overhead", lambda points, times: None)
    section = embedding.measure(quick=True)
    assert [row.what for row in section.rows if row][:2] == [
        "t-SNE, digits: divergence",
        "t-SNE, digits: of 15 neighbours lost",
    ]
    assert len(section.notes) == 2
