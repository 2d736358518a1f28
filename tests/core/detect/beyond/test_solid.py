"""Boxes in space: their numbers, their corners, and where they appear."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from core.detect.beyond.solid import EDGES, Solid, around, corners, hidden, projected, turned
from core.errors import CoreError, ShapeError

ANGLES = st.floats(-np.pi, np.pi)
CAR = Solid(1.0, 0.5, 12.0, 1.8, 1.5, 4.0, 0.1, -0.2, 0.7)


def test_N156_takes_nine_numbers_or_seven_that_stand_level() -> None:
    assert len(CAR.numbers()) == 9
    assert len(Solid(1.0, 0.5, 12.0, 1.8, 1.5, 4.0, yaw=0.7).numbers(level=True)) == 7
    with pytest.raises(CoreError, match="no roll and no pitch"):
        CAR.numbers(level=True)


@given(ANGLES, ANGLES, ANGLES)
def test_turns_as_scipy_does(roll: float, pitch: float, yaw: float) -> None:
    theirs = Rotation.from_euler("zxy", (roll, pitch, yaw)).as_matrix()
    assert np.allclose(turned(roll, pitch, yaw), theirs, atol=1e-12)


@given(ANGLES, ANGLES, ANGLES)
def test_keeps_middle_and_sides_however_it_is_turned(roll: float, pitch: float, yaw: float) -> None:
    found = corners(Solid(1.0, 0.5, 12.0, 1.8, 1.5, 4.0, roll, pitch, yaw))
    assert np.allclose(found.mean(axis=0), (1.0, 0.5, 12.0))
    lengths = sorted(np.linalg.norm(found[one] - found[two]) for one, two in EDGES)
    assert np.allclose(lengths, [1.5] * 4 + [1.8] * 4 + [4.0] * 4)


@given(st.floats(0.2, 5))
def test_cannot_tell_a_small_near_box_from_a_large_far_one(times: float) -> None:
    larger = Solid(*(times * each for each in (1.0, 0.5, 12.0, 1.8, 1.5, 4.0)), 0.1, -0.2, 0.7)
    one, other = (projected(corners(box), focal=300.0, middle=(160.0, 100.0)) for box in (CAR, larger))
    assert np.allclose(one, other)


def test_lies_in_the_upright_box_around_it() -> None:
    flat = projected(corners(CAR), focal=300.0, middle=(160.0, 100.0))
    left, top, right, bottom = around(flat)
    assert (flat >= (left, top)).all()
    assert (flat <= (right, bottom)).all()


def test_says_what_has_no_picture() -> None:
    with pytest.raises(CoreError, match="before the camera"):
        projected(np.array([[0.0, 0.0, -1.0]]), focal=300.0, middle=(0.0, 0.0))
    with pytest.raises(CoreError, match="sides above 0"):
        Solid(0, 0, 9, 0, 1, 1)
    with pytest.raises(ShapeError, match=r"points \(N, 3\)"):
        projected(np.zeros((4, 2)), focal=1.0, middle=(0.0, 0.0))
    with pytest.raises(ShapeError, match="eight corners"):
        hidden(np.zeros((4, 3)))


@given(ANGLES, ANGLES, ANGLES, st.floats(-6, 6), st.floats(-2, 2), st.floats(6, 30))
def test_hides_the_edges_that_a_ray_reaches_through_the_box(
    roll: float, pitch: float, yaw: float, x: float, y: float, z: float
) -> None:
    box = Solid(x, y, z, 1.8, 1.5, 4.0, roll, pitch, yaw)
    points, half = corners(box), np.array([4.0, 1.5, 1.8]) / 2
    for edge in EDGES:
        before = 0.999 * points[list(edge)].mean(axis=0) - (x, y, z)  # a little nearer to the camera than the edge
        inside = half - np.abs(turned(roll, pitch, yaw).T @ before)
        if np.abs(inside).min() > 1e-6:  # no face is seen exactly from its side
            assert (edge in hidden(points)) == bool((inside > 0).all())


def test_hides_far_edges_at_the_bottom_and_shows_those_at_the_top() -> None:
    below_the_eyes = corners(Solid(0, 0.85, 7, 1.8, 1.5, 4.0))
    assert set(hidden(below_the_eyes)) == {(2, 3), (6, 7), (3, 7)} | {(1, 3), (5, 7)}
