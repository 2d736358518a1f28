"""Counting peaks: against scikit-image's peaks and SciPy's matching."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from skimage.feature import peak_local_max

from core.detect.single.counting import Peaks, confusion, matched, peaks
from core.errors import CoreError, ShapeError


def heat(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    scores = random.random((3, 20, 24))
    return scores / scores.sum(axis=0)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_peak_is_no_lower_than_what_it_took_away(seed) -> None:
    maps = heat(seed)
    found = peaks(maps, threshold=0.7, apart=6.0, step=2.0)
    sure = 1 - maps[0]
    for first in range(len(found.places)):
        far = np.hypot(*(found.places - found.places[first]).T)
        assert (np.delete(far, first) >= 6.0).all()
    rows, columns = np.nonzero(sure >= 0.7)
    for row, column in zip(rows, columns, strict=True):
        near = np.hypot(*(found.places - [2.0 * column, 2.0 * row]).T) < 6.0
        assert near.any()
        assert found.confidences[near].max() >= sure[row, column]
    assert (np.diff(found.confidences) <= 0).all()


def test_finds_the_peaks_that_scikit_image_finds() -> None:
    maps = np.zeros((2, 40, 40))
    rows, columns = np.mgrid[:40, :40]
    for row, column, high in ((8, 8, 0.9), (8, 24, 0.8), (30, 15, 0.7), (33, 33, 0.4)):
        maps[1] += high * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 8)
    maps[0] = 1 - maps[1]
    twin = peak_local_max(maps[1], min_distance=3, threshold_abs=0.5)
    found = peaks(maps, threshold=0.5, apart=4.0, step=1.0)
    assert {tuple(place) for place in found.places[:, ::-1].astype(int)} == {tuple(place) for place in twin}


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), many=st.integers(0, 8), true=st.integers(0, 8))
def test_nobody_is_matched_twice(seed, many, true) -> None:
    random = np.random.default_rng(seed)
    one, two = random.uniform(0, 30, (many, 2)), random.uniform(0, 30, (true, 2))
    who = matched(one, two, within=6.0)
    assert sorted([*who.pairs[:, 0], *who.invented]) == list(range(many))
    assert sorted([*who.pairs[:, 1], *who.missed]) == list(range(true))
    assert all(np.hypot(*(one[first] - two[second])) <= 6 for first, second in who.pairs)


def test_matches_things_far_apart_as_scipy_does() -> None:
    random = np.random.default_rng(3)
    true = np.stack(np.mgrid[:5, :5], axis=-1).reshape(-1, 2) * 20.0
    found = random.permutation(true + random.uniform(-4, 4, true.shape))
    rows, columns = linear_sum_assignment(np.hypot(*(found[:, None] - true[None]).transpose(2, 0, 1)))
    assert {tuple(pair) for pair in matched(found, true, within=8.0).pairs} == set(zip(rows, columns, strict=True))


def test_counts_a_double_find_as_invented_and_a_mixed_up_type_beside_the_diagonal() -> None:
    seen = Peaks(np.array([[0.0, 0], [1, 0], [30, 0], [90, 0]]), np.array([1, 1, 2, 2]), np.ones(4))
    table = confusion(seen, np.array([[0.0, 0], [30, 0], [60, 0]]), [1, 1, 2], 3, within=4.0)
    assert table.tolist() == [[0, 1, 1], [0, 1, 1], [1, 0, 0]]
    nothing = Peaks(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), np.zeros(0))
    assert confusion(nothing, np.zeros((0, 2)), [], 2, within=4.0).sum() == 0


def test_says_what_cannot_be_counted() -> None:
    with pytest.raises(ShapeError, match=r"\(C, H, W\)"):
        peaks(np.zeros((5, 5)))
    with pytest.raises(CoreError, match="threshold"):
        peaks(heat(0), threshold=0.0)
    with pytest.raises(ShapeError, match=r"\(P, 2\)"):
        matched(np.zeros((3, 3)), np.zeros((0, 2)), within=1)
