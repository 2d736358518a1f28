"""Features of parcels: counted by hand, scaled as geometry says, and nothing of an empty belt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import StandardScaler

from core.data.parcels import parcel
from core.errors import ShapeError
from core.features.handcrafted import FEATURES, feature_table, parcel_features, standardise

MAPS = arrays(
    np.float64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.sampled_from([0.0, 0.0, 1.0, 5.5])
)
LENGTHS, HEIGHTS = ("perimeter", "diagonal"), ("mean height", "low height", "middle height", "high height")


def sides(heights: np.ndarray) -> int:
    """The perimeter, cell by cell and side by side."""
    around = np.pad(heights, 1)
    return sum(
        around[row, column] != 0 and around[row + down, column + right] == 0
        for row, column in np.ndindex(around.shape)
        for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1))
        if 0 <= row + down < around.shape[0] and 0 <= column + right < around.shape[1]
    )


@given(MAPS)
def test_counts_the_sides_of_cells(heights: np.ndarray) -> None:
    found = parcel_features(heights)
    assert found["perimeter"] == sides(heights)
    assert found["area"] == np.count_nonzero(heights)


@given(MAPS, st.integers(2, 4))
@settings(max_examples=40)
def test_scales_lengths_once_areas_twice_and_heights_not_at_all(heights: np.ndarray, factor: int) -> None:
    small, large = parcel_features(heights), parcel_features(np.kron(heights, np.ones((factor, factor))))
    assert large["area"] == factor**2 * small["area"]
    for name in LENGTHS:
        assert large[name] == pytest.approx(factor * small[name])
    assert large["mean height"] == pytest.approx(small["mean height"])


@given(MAPS, st.floats(0.5, 20))
@settings(max_examples=40)
def test_scales_with_heights_in_heights_only(heights: np.ndarray, factor: float) -> None:
    low, tall = parcel_features(heights), parcel_features(heights * factor)
    for name in HEIGHTS:
        assert tall[name] == pytest.approx(factor * low[name])
    assert [low[name] for name in ("area", *LENGTHS)] == [tall[name] for name in ("area", *LENGTHS)]


@given(MAPS)
@settings(max_examples=40)
def test_does_not_mind_where_the_parcel_lies(heights: np.ndarray) -> None:
    assert parcel_features(np.pad(heights, ((3, 1), (0, 2)))) == parcel_features(heights)


def test_gives_zeros_for_an_empty_belt() -> None:
    assert parcel_features(np.zeros((4, 5))) == dict.fromkeys(FEATURES, 0.0)


def test_adds_four_sides_for_a_hole() -> None:
    whole, holed = np.ones((5, 5)), np.ones((5, 5))
    holed[2, 2] = 0
    assert parcel_features(holed)["perimeter"] == parcel_features(whole)["perimeter"] + 4
    assert parcel_features(holed)["diagonal"] == parcel_features(whole)["diagonal"] == np.hypot(5, 5)


def test_standardises_like_scikit_learn_by_the_training_part_alone() -> None:
    tables = [feature_table([parcel(part, number).heights for number in range(30)]) for part in ("train", "test")]
    ours, theirs = standardise(*tables), StandardScaler().fit(tables[0])
    for found, table in zip(ours, tables, strict=True):
        np.testing.assert_allclose(found, theirs.transform(table))


def test_makes_a_column_that_never_changes_zero() -> None:
    first, second = standardise(np.full((3, 1), 0.1), np.array([[9.0]]))
    assert not first.any()
    assert not second.any()


@pytest.mark.parametrize("names", [[], ["weight"]])
def test_refuses_features_nobody_measures(names: list[str]) -> None:
    with pytest.raises(ShapeError, match="choose one or more of mean height"):
        feature_table([np.ones((2, 2))], names)
