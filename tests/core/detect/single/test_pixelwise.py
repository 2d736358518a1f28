"""Detection by a score for every cell: which cell is what, islands and their peaks, and what counts as found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import mode
from skimage.measure import label as islands_of
from skimage.measure import regionprops
from sklearn.metrics import precision_recall_fscore_support

from core.detect.single.counting import Peaks
from core.detect.single.pixelwise import Tally, cells, judged, peaks, tally
from core.errors import CoreError, ShapeError
from core.types import Floats

MAPS = arrays(np.float64, (3, 5, 6), elements=st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]))


def flat(*places: tuple[int, int], side: int = 6) -> Floats:
    scores = np.zeros((2, side, side))
    for row, column in places:
        scores[1, row, column] = 0.9
    scores[0] = 1 - scores[1]
    return scores


def test_a_cell_is_what_most_of_its_pixels_are() -> None:
    labels = np.random.default_rng(0).integers(0, 4, size=(23, 17))
    found = cells(labels, step=5)
    assert found.shape == (4, 3)
    twin = [[mode(labels[y : y + 5, x : x + 5].ravel()).mode for x in range(0, 15, 5)] for y in range(0, 20, 5)]
    np.testing.assert_array_equal(found, twin)


@pytest.mark.parametrize("seed", range(3))
def test_peaks_are_the_weighted_middles_of_islands(seed: int) -> None:
    scores = np.random.default_rng(seed).dirichlet(np.ones(3) / 2, size=(14, 11)).transpose(2, 0, 1)
    found = peaks(scores, threshold=0.6, step=8)
    wanted = []
    for number in (1, 2):
        marks = islands_of(scores[number] >= 0.6, connectivity=2)
        for region in regionprops(marks, intensity_image=scores[number]):
            row, column = region.centroid_weighted
            wanted.append((region.intensity_max, number, 8 * (column + 0.5), 8 * (row + 0.5)))
    wanted.sort(reverse=True)
    assert len(wanted) > 5
    np.testing.assert_allclose(np.column_stack([found.confidences, found.labels, found.places]), wanted)


@given(MAPS, st.sampled_from([0.1, 0.5, 0.6, 1.0]))
def test_a_peak_is_as_high_as_it_says_and_inside_the_picture(scores: Floats, threshold: float) -> None:
    found = peaks(scores, threshold=threshold, step=4)
    assert (found.confidences >= threshold).all()
    assert (np.diff(found.confidences) <= 0).all()
    assert ((found.places > 0) & (found.places < (24, 20))).all()
    assert set(found.labels.tolist()) == {n for n in (1, 2) if (scores[n] >= threshold).any()}


def test_things_that_touch_are_one_peak_between_them() -> None:
    apart = peaks(flat((2, 0), (2, 1), (2, 4), (2, 5)), threshold=0.5, step=8)
    touching = peaks(flat((2, 1), (2, 2), (2, 3), (2, 4)), threshold=0.5, step=8)
    corners = peaks(flat((1, 1), (2, 2)), threshold=0.5, step=8)
    assert len(apart.places) == 2
    assert touching.places.tolist() == [[24.0, 20.0]]  # the border of the two: on neither
    assert corners.places.tolist() == [[16.0, 16.0]]


def test_things_of_two_classes_never_share_an_island() -> None:
    scores = np.zeros((3, 1, 4))
    scores[1, 0, :2] = scores[2, 0, 2:] = 0.9
    assert sorted(peaks(scores, threshold=0.5, step=8).labels.tolist()) == [1, 2]


def test_a_higher_threshold_parts_islands() -> None:
    scores = flat((0, 0), (0, 2))
    scores[1, 0, 1] = 0.6
    assert [len(peaks(scores, threshold=each, step=8).places) for each in (0.5, 0.7, 0.95)] == [1, 2, 0]


def test_counts_like_sklearn_when_places_are_sure() -> None:
    dice = np.random.default_rng(3)
    places = np.stack([np.arange(40) * 50.0, np.zeros(40)], axis=1)  # too far from each other to be mixed up
    truth, said = dice.integers(0, 3, 40), dice.integers(0, 3, 40)
    found = Peaks(places[said > 0] + 2.0, said[said > 0], np.ones(int((said > 0).sum())))
    counts = tally(judged(found, places[truth > 0], truth[truth > 0], within=8))
    micro = precision_recall_fscore_support(truth, said, labels=[1, 2], average="micro")[:3]
    np.testing.assert_allclose((counts.precision, counts.recall, counts.f1), micro)


def test_a_thing_named_twice_is_found_once() -> None:
    said = Peaks(np.array([[3.0, 0.0], [1.0, 0.0], [30.0, 0.0]]), np.array([1, 1, 2]), np.ones(3))
    result = judged(said, np.array([[0.0, 0.0], [30.0, 9.0]]), np.array([1, 2]), within=8)
    assert result.pairs.tolist() == [[1, 0]]  # the nearer one
    assert (result.false.tolist(), result.missed.tolist()) == ([0, 2], [1])  # nine pixels off is too far
    assert tally(result) == Tally(found=1, false=2, missed=1)


def test_nothing_said_of_nothing_is_right() -> None:
    none = judged(peaks(flat(), threshold=0.5, step=8), np.zeros((0, 2)), np.zeros(0, dtype=np.int64), within=8)
    assert (tally(none).precision, tally(none).recall, tally(none).f1) == (1, 1, 1)
    silent = Tally(missed=4)
    assert (silent.precision, silent.recall, silent.f1) == (1, 0, 0)


def test_says_what_it_cannot_take() -> None:
    with pytest.raises(ShapeError, match="ground and at least one class"):
        peaks(np.zeros((1, 4, 4)), threshold=0.5, step=8)
    with pytest.raises(CoreError, match="threshold above 0"):
        peaks(flat(), threshold=0.0, step=8)
    with pytest.raises(ShapeError, match="8x8"):
        cells(np.zeros((4, 20), dtype=np.int64), step=8)
    with pytest.raises(ShapeError, match="as many classes"):
        judged(peaks(flat(), threshold=0.5, step=8), np.zeros((2, 2)), np.array([1]), within=8)
