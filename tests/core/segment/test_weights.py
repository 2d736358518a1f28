"""U-Net's weights: the formula pixel by pixel, and lines between touching cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.data.cells import cells
from core.errors import CoreError, ShapeError
from core.segment.discs import discs
from core.segment.weights import FAR, border_term, border_weights, class_weights, separated, two_nearest

MAPS = arrays(np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(0, 3))


@pytest.mark.parametrize(("apart", "wanted"), [(2.0, 9.23), (40.0, 1.3e-13)], ids=lambda each: f"N121-{each}")
def test_has_the_values_of_the_lecture(apart: float, wanted: float) -> None:
    assert border_term(np.array([apart]), w_0=10.0, sigma=5.0)[0] == pytest.approx(wanted, rel=0.03)


def slowly(things: np.ndarray, row: int, column: int) -> list[float]:
    """The distances of one pixel to all cells, the two smallest first."""
    far = []
    for number in set(things.ravel().tolist()) - {0}:
        rows, columns = np.nonzero(things == number)
        far.append(float(np.hypot(rows - row, columns - column).min()))
    return sorted([*far, FAR, FAR])[:2]


@given(things=MAPS)
def test_measures_to_the_two_nearest_cells(things: np.ndarray) -> None:
    first, second = two_nearest(things)
    for row, column in np.ndindex(*things.shape):
        assert [first[row, column], second[row, column]] == pytest.approx(slowly(things, row, column))


@given(things=MAPS, w_0=st.floats(0, 20), sigma=st.floats(0.5, 10))
def test_is_the_formula_on_the_ground_and_w_c_in_cells(things: np.ndarray, w_0: float, sigma: float) -> None:
    found = border_weights(things, w_0=w_0, sigma=sigma)
    plain = class_weights(things > 0)
    for row, column in np.ndindex(*things.shape):
        added = 0.0
        if things[row, column] == 0:
            added = w_0 * np.exp(-(sum(slowly(things, row, column)) ** 2) / (2 * sigma**2))
        assert found[row, column] == pytest.approx(plain[row, column] + added)


@given(things=MAPS)
def test_cell_and_ground_weigh_the_same_together(things: np.ndarray) -> None:
    cell, weights = things > 0, class_weights(things > 0)
    assert weights.mean() == pytest.approx(1)
    if cell.any() and not cell.all():
        assert weights[cell].sum() == pytest.approx(weights[~cell].sum())


def test_a_lone_cell_gets_no_border() -> None:
    one = np.where(discs(4.0) == 1, 1, 0)
    np.testing.assert_array_equal(border_weights(one), class_weights(one > 0))


def test_a_narrow_gap_weighs_more_than_a_wide_one() -> None:
    heaviest = [float(border_weights(discs(gap), balanced=False)[48, 47:49].max()) for gap in (2.0, 6.0, 12.0, 20.0)]
    assert heaviest == sorted(heaviest, reverse=True)


@given(things=MAPS)
def test_separated_cells_touch_nowhere(things: np.ndarray) -> None:
    apart = separated(things)
    assert ((apart == things) | (apart == 0)).all()
    for row, column in np.argwhere(apart):
        around = apart[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        assert set(around.ravel().tolist()) <= {0, int(apart[row, column])}


def test_separates_drawn_cells_and_loses_no_other_pixel() -> None:
    things = cells("test", 0).labels
    apart = separated(things)
    assert len(np.unique(apart)) == len(np.unique(things))
    lost = np.argwhere((apart == 0) & (things > 0))
    assert len(lost)
    for row, column in lost:
        around = things[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        assert len(set(around.ravel().tolist()) - {0}) > 1


def test_says_what_it_cannot_weigh() -> None:
    for bad in (np.zeros((0, 3), dtype=np.int64), np.zeros(3, dtype=np.int64), np.array([[-1]])):
        with pytest.raises(ShapeError):
            border_weights(bad)
    for w_0, sigma in ((-1.0, 5.0), (10.0, 0.0), (float("nan"), 5.0)):
        with pytest.raises(CoreError):
            border_weights(discs(4.0), w_0=w_0, sigma=sigma)
