"""Parcels: the same for the same address, with the truth beside what was measured."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.parcels import HEIGHT, KINDS, LEAST, WIDTH, parcel, parcels
from core.errors import CoreError
from core.features.handcrafted import parcel_features


@given(st.sampled_from(["train", "validation", "test"]), st.integers(0, 500))
@settings(max_examples=60)
def test_is_whole_under_noise_and_gaps(part: str, number: int) -> None:
    found = parcel(part, number)
    assert found.heights.shape == found.whole.shape == (HEIGHT, WIDTH)
    assert found.kind in KINDS
    assert np.count_nonzero(found.whole) >= 60
    assert (found.whole >= 0).all()
    assert ((found.heights == 0) == ((found.whole == 0) | found.missing)).all()
    assert (found.missing <= (found.whole > 0)).all()
    assert found.heights[found.heights > 0].min() >= LEAST
    edge = np.concatenate([found.whole[[0, -1]].ravel(), found.whole[:, [0, -1]].ravel()])
    assert np.count_nonzero(edge) <= 8  # it lies on the belt


def test_is_the_same_for_the_same_address_and_shared_by_no_two_parts() -> None:
    assert np.array_equal(parcel("test", 3).heights, parcel("test", 3).heights)
    seen = {each.heights.tobytes() for part in ("train", "validation", "test") for each in parcels(part, 40)}
    assert len(seen) == 120


def test_measures_the_truth_with_a_perfect_sensor() -> None:
    for number in range(10):
        found = parcel("train", number, noise=0, gaps=0)
        assert not found.missing.any()
        np.testing.assert_allclose(found.heights, np.where(found.whole > 0, np.maximum(found.whole, LEAST), 0))
        assert np.array_equal(found.whole, parcel("train", number, noise=2, gaps=0.3).whole)


def test_draws_every_kind_about_equally_often_and_envelopes_flat() -> None:
    drawn = parcels("train", 300)
    counts = [sum(each.kind == kind for each in drawn) for kind in KINDS]
    assert min(counts) > 40
    for each in drawn:
        assert (parcel_features(each.whole)["mean height"] < 5.5) >= (each.kind == "envelope")


@pytest.mark.parametrize("setting", [{"noise": -1}, {"noise": 6}, {"gaps": 0.6}, {"gaps": -0.1}])
def test_refuses_sensors_nobody_would_buy(setting: dict[str, float]) -> None:
    with pytest.raises(CoreError, match="noise goes from 0 to 5"):
        parcel("train", 0, **setting)


@pytest.mark.parametrize("count", [0, 20_001])
def test_refuses_too_many_at_once(count: int) -> None:
    with pytest.raises(CoreError, match="from 1 to 20,000"):
        parcels("train", count)
