"""Wafer maps: on the disc, the same for the same number, and of the same class however they are held."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.wafers import DEFECTS, collection, counted, turned, wafer
from core.errors import CoreError, ShapeError


@pytest.mark.parametrize("label", DEFECTS)
def test_every_failure_lies_on_the_disc(label) -> None:
    for number in range(20):
        points = wafer(label, "train", number).points
        assert len(points) > 20
        assert np.hypot(*points.T).max() <= 1


def test_parts_share_no_map() -> None:
    kept = {
        wafer("ring", part, number).points.tobytes() for part in ("train", "validation", "test") for number in range(30)
    }
    assert len(kept) == 90


def test_patterns_lie_where_their_names_say() -> None:
    radii = {label: [np.hypot(*each.points.T) for each in collection({label: 40}, "test")] for label in DEFECTS}
    inner = {label: np.mean([(each < 0.3).mean() for each in found]) for label, found in radii.items()}
    outer = {label: np.mean([(each > 0.87).mean() for each in found]) for label, found in radii.items()}
    assert max(inner, key=inner.__getitem__) == "centre"
    assert max(outer, key=outer.__getitem__) == "edge"
    assert abs(inner["no pattern"] - 0.3**2) < 0.02  # evenly on the area


@given(angle=st.floats(-10, 10), mirrored=st.booleans())
def test_turning_keeps_every_distance(angle: float, mirrored: bool) -> None:
    points = wafer("scratch", "train", 0).points
    held = turned(points, angle, mirrored=mirrored)
    assert np.allclose(np.hypot(*held.T), np.hypot(*points.T))
    assert np.allclose(np.hypot(*(held[1:] - held[:-1]).T), np.hypot(*(points[1:] - points[:-1]).T))


def test_a_quarter_turn_of_the_points_is_one_of_the_picture() -> None:
    points = wafer("edge", "train", 3).points
    assert np.array_equal(counted(turned(points, pi / 2), 16), np.rot90(counted(points, 16)))
    assert np.array_equal(counted(turned(points, 0, mirrored=True), 16), np.fliplr(counted(points, 16)))


@given(side=st.integers(1, 40))
def test_no_failure_is_lost_in_the_picture(side: int) -> None:
    points = wafer("ring", "test", 1).points
    assert counted(points, side).sum() == len(points)
    histogram = np.histogram2d(-points[:, 1], points[:, 0], bins=side, range=((-1, 1), (-1, 1)))[0]
    assert np.abs(counted(points, side) - histogram).sum() <= 4  # points on the very border of two pixels


def test_impossible_maps_are_refused() -> None:
    with pytest.raises(CoreError, match="no pattern, centre"):
        wafer("heart", "train", 0)  # type: ignore[arg-type]
    with pytest.raises(CoreError, match="0 maps or more"):
        collection({"ring": -1}, "train")
    with pytest.raises(ShapeError, match="side of at least 1"):
        counted(np.zeros((3, 2)), 0)
