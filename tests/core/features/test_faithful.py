"""What a layout tells: the same numbers as scikit-learn's, 1 where nothing is lost, chance from chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform
from sklearn import manifold

from core.errors import CoreError, ShapeError
from core.features.faithful import (
    continuity,
    kl_divergence,
    neighbours_kept,
    purity,
    purity_of,
    trustworthiness,
)
from core.features.tsne.affinities import affinities


def drawn(count: int, dimensions: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, dimensions))


@pytest.mark.parametrize("k", [1, 5, 12])
def test_trusts_as_scikit_learn_does(k: int) -> None:
    points, layout = drawn(60, 6), drawn(60, 2, 1)
    assert trustworthiness(points, layout, k=k) == pytest.approx(
        manifold.trustworthiness(points, layout, n_neighbors=k)
    )
    assert continuity(points, layout, k=k) == pytest.approx(manifold.trustworthiness(layout, points, n_neighbors=k))


def test_finds_everything_kept_in_a_turned_copy() -> None:
    flat = drawn(50, 2)
    turned = 3 * flat @ np.array([[0.6, -0.8], [0.8, 0.6]])
    assert (
        trustworthiness(flat, turned, k=7) == continuity(flat, turned, k=7) == neighbours_kept(flat, turned, k=7) == 1
    )


def test_keeps_by_chance_what_chance_gives() -> None:
    assert neighbours_kept(drawn(400, 5), drawn(400, 2, 1), k=15) == pytest.approx(15 / 399, abs=0.02)


def test_computes_the_divergence_of_all_pairs_one_by_one() -> None:
    points, layout = drawn(40, 5), drawn(40, 2, 2)
    found = affinities(points, 5)
    close = 1 / (1 + squareform(pdist(layout, "sqeuclidean")))
    np.fill_diagonal(close, 0)
    shown, true = close / close.sum(), found.toarray()
    there = true > 0
    assert kl_divergence(found, layout) == pytest.approx((true[there] * np.log(true[there] / shown[there])).sum())


@given(st.integers(0, 30), st.floats(0.01, 50))
@settings(max_examples=20)
def test_is_never_negative_and_knows_no_direction(seed: int, scale: float) -> None:
    layout = drawn(30, 2, seed) * scale
    found = affinities(drawn(30, 3), 4)
    assert kl_divergence(found, layout) >= 0
    assert kl_divergence(found, -layout + 7) == pytest.approx(kl_divergence(found, layout), rel=1e-6)


def test_excludes_the_point_itself_and_is_pure_in_pure_clusters() -> None:
    points = np.repeat(np.eye(3) * 50, 10, axis=0) + drawn(30, 3)
    labels = np.repeat([0, 1, 2], 10)
    assert purity(points, labels, 9) == 1.0
    assert purity(points, labels, 10) == pytest.approx(0.9)  # the tenth must be from elsewhere


def test_is_as_pure_as_chance_where_labels_are_chance() -> None:
    labels = np.random.default_rng(3).integers(0, 4, 800)
    assert purity(drawn(800, 4), labels, 10) == pytest.approx(0.25, abs=0.03)
    assert purity_of(np.array([[1], [0]]), np.array([0, 1])) == 0


def test_refuses_what_does_not_match() -> None:
    with pytest.raises(ShapeError, match="every vector needs a label"):
        purity(drawn(4, 2), np.zeros(3, dtype=int), 1)
    with pytest.raises(ShapeError, match="a layout"):
        neighbours_kept(drawn(4, 2), drawn(5, 2))
    with pytest.raises(CoreError, match="from 1 to 4 neighbours"):
        trustworthiness(drawn(10, 2), drawn(10, 2), k=5)
    with pytest.raises(ShapeError, match="affinities"):
        kl_divergence(affinities(drawn(9, 2), 2), drawn(8, 2))
