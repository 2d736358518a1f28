"""Nearest neighbours: as scikit-learn finds them, in order, and as the lecture writes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from core.errors import CoreError, ShapeError
from core.features import neighbours
from core.features.neighbours import (
    METRICS,
    accuracy_by_size,
    distances,
    nearest,
    nearest_others,
    right_by_rank,
    squared,
    voted,
)
from core.learning.train import Stopped

THEIRS = {"l1": ("manhattan", 1 / 7), "l2": ("euclidean", 1.0), "cosine": ("cosine", 1.0)}  # ours divides l1 by D = 7


def drawn(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 7))


@pytest.mark.parametrize("metric", METRICS)
def test_finds_what_scikit_learn_finds(metric: str) -> None:
    train, query = drawn(60), drawn(25, 1)
    name, scale = THEIRS[metric]
    far, places = NearestNeighbors(n_neighbors=9, metric=name, algorithm="brute").fit(train).kneighbors(query)
    assert nearest(train, query, 9, metric).tolist() == places.tolist()
    ours = np.take_along_axis(distances(train, query, metric), places, axis=1)
    np.testing.assert_allclose(ours, far * scale, atol=1e-9)


def test_computes_what_the_lecture_writes() -> None:
    features, image_features = drawn(80), drawn(1, 2)
    far = np.mean(np.abs(features - image_features), axis=-1)
    assert nearest(features, image_features, 80)[0].tolist() == far.argsort().tolist()
    np.testing.assert_allclose(distances(features, image_features)[0], far)


def test_N39_shows_three_neighbours_in_order_of_distance() -> None:
    places = nearest(drawn(30), drawn(4, 3), 3)
    assert places.shape == (4, 3)
    far = np.take_along_axis(distances(drawn(30), drawn(4, 3)), places, axis=1)
    assert (np.diff(far, axis=1) >= 0).all()


def test_takes_the_earlier_of_two_that_are_equally_near() -> None:
    assert nearest(np.array([[2.0], [0.0], [2.0]]), np.array([[1.0]]), 3).tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("k", [0, 4, -1])
def test_refuses_more_neighbours_than_there_are(k: int) -> None:
    with pytest.raises(CoreError, match="there are 3 examples"):
        nearest(drawn(3), drawn(1), k)


def test_refuses_vectors_of_different_length_and_unknown_distances() -> None:
    with pytest.raises(ShapeError, match="of one length"):
        distances(np.zeros((2, 3)), np.zeros((1, 4)))
    with pytest.raises(CoreError, match="l1, l2, cosine"):
        distances(np.zeros((2, 3)), np.zeros((1, 3)), "l3")


def test_measures_angles_to_nothing_as_right_angles() -> None:
    assert distances(np.zeros((1, 3)), np.ones((1, 3)), "cosine").tolist() == [[1.0]]


@given(st.integers(2, 40), st.integers(0, 9))
@settings(max_examples=30)
def test_never_counts_a_point_among_its_own_neighbours(count: int, seed: int) -> None:
    points = np.round(drawn(count, seed))  # many equal ones
    places, far = nearest_others(points, count - 1)
    assert (
        np.sort(places, axis=1) == [[other for other in range(count) if other != own] for own in range(count)]
    ).all()
    np.testing.assert_allclose(far, np.take_along_axis(squared(points, points), places, axis=1), atol=1e-9)


def test_finds_the_same_others_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = nearest_others(drawn(50), 5)
    monkeypatch.setattr(neighbours, "ROWS", 7)
    assert nearest_others(drawn(50), 5)[0].tolist() == whole[0].tolist()


def test_stops_between_blocks() -> None:
    def stop(done: float, what: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        nearest_others(drawn(9), 2, progress=stop)


def test_lets_the_nearest_break_a_tie() -> None:
    assert voted(np.array([1, 2, 1, 2]), np.array([[1, 0, 3, 2]])).tolist() == [2]
    assert voted(np.array([1, 2, 3]), np.array([[2, 0, 1]])).tolist() == [3]


@given(st.integers(0, 20), st.sampled_from([1, 3]))
@settings(max_examples=20)
def test_asks_the_same_as_if_fewer_examples_were_there(seed: int, k: int) -> None:
    train, query = drawn(30, seed), drawn(10, seed + 1)
    labels, truth = (np.random.default_rng(seed).integers(0, 3, count) for count in (30, 10))
    sizes = [5, 12, 30]
    again = [float((voted(labels[:size], nearest(train[:size], query, k)) == truth).mean()) for size in sizes]
    assert accuracy_by_size(nearest(train, query, 30), labels, truth, k, sizes) == again


def test_refuses_more_voters_than_examples() -> None:
    with pytest.raises(CoreError, match="5 neighbours among the first 4"):
        accuracy_by_size(np.zeros((1, 9), dtype=np.int64), np.zeros(9, int), np.zeros(1, int), 5, [4])


def test_counts_right_ones_by_rank() -> None:
    assert right_by_rank(np.array([[0, 1], [0, 1]]), np.array([3, 4]), np.array([3, 4])).tolist() == [0.5, 0.5]
