"""Drawn scenes: areas by hand, boxes and masks that fit, and the promises of `task_scene` on many seeds."""

from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.task_scene import (
    GROUND,
    KINDS,
    MOST,
    OUTLINES,
    PAINTS,
    STILL_SEEN,
    Shape,
    box_of,
    corners,
    covers,
    inside_polygon,
    render,
    task_scene,
)
from core.errors import CoreError

SCENES = st.builds(lambda objects, seed: task_scene(objects, seed=seed), st.integers(0, MOST), st.integers(0, 500))


def area(outline):
    """Gauss's area formula."""
    x, y = outline.T
    return abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2


@pytest.mark.parametrize("label", KINDS)
@pytest.mark.parametrize("angle", [0.0, 0.4])
def test_covers_the_area_of_the_shape(label, angle):
    radius = 60
    unit = {"disc": pi, "ring": pi * (1 - 0.55**2)}.get(label) or area(OUTLINES[label])
    covered = covers(Shape(label, (75.3, 74.6), radius, angle), (150, 150)).sum()
    assert covered == pytest.approx(unit * radius**2, rel=0.02)


@given(st.lists(st.tuples(st.floats(0.3, 1), st.floats(0.3, 1)), min_size=3, max_size=8), st.integers(0, 10**6))
@settings(max_examples=100)
def test_agrees_with_winding_round_every_point(radii, seed):
    """Points are inside a star-shaped outline exactly when the outline winds once around them."""
    lengths = np.array([radius for radius, _ in radii])
    angles = 2 * pi * np.arange(len(lengths)) / len(lengths)
    outline = lengths[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = np.random.default_rng(seed).uniform(-1, 1, (50, 2))
    sight = np.arctan2(*(outline[None] - points[:, None]).transpose(2, 0, 1)[::-1])  # (50, M)
    turns = (np.diff(np.concatenate([sight, sight[:, :1]], axis=1), axis=1) + pi) % (2 * pi) - pi
    winds = np.round(np.abs(turns.sum(axis=1)) / (2 * pi)) == 1
    assert inside_polygon(points[:, 0], points[:, 1], outline).tolist() == winds.tolist()


@given(SCENES)
@settings(max_examples=60)
def test_knows_every_pixel_of_its_picture(scene):
    taken = np.zeros(scene.image.shape[:2], dtype=int)
    for target in scene.targets:
        taken += target.mask
        assert target.box == box_of(target.mask)
        x1, y1, x2, y2 = target.box
        rows, columns = np.nonzero(target.mask)
        assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x1, y1, x2, y2)
        paint = PAINTS[target.shape.paint]
        light = tuple((255 + value) // 2 for value in paint)
        assert {tuple(pixel) for pixel in scene.image[target.mask].tolist()} <= {paint, light}
    assert taken.max(initial=0) <= 1  # nobody shares a pixel
    assert (scene.image[taken == 0] == GROUND).all()


@given(st.integers(0, MOST), st.integers(0, 200))
@settings(max_examples=60)
def test_keeps_its_promises(objects, seed):
    scene = task_scene(objects, seed=seed)
    assert len(scene.targets) == objects
    again = task_scene(objects, seed=seed)
    np.testing.assert_array_equal(scene.image, again.image)
    for target in scene.targets:
        assert target.mask.sum() >= STILL_SEEN * covers(target.shape, (150, 200)).sum()
    depths = [target.shape.depth for target in scene.targets]
    assert depths == sorted(depths, reverse=True)
    if objects > 1:
        whole = [(each.label, np.pad(covers(each.shape, (150, 200)), 1)) for each in scene.targets]
        steps = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
        assert any(
            one[0] == other[0] and any((np.roll(one[1], step, axis=(0, 1)) & other[1]).any() for step in steps)
            for place, one in enumerate(whole)
            for other in whole[place + 1 :]
        )


@pytest.mark.parametrize("label", ["triangle", "square", "star", "cross"])
def test_has_its_corners_on_its_edge(label):
    shape = Shape(label, (60.0, 50.0), 40.0, 0.3)
    mask = np.pad(covers(shape, (100, 120)), 2)
    for x, y in corners(shape):
        around = mask[int(y) : int(y) + 4, int(x) : int(x) + 4]
        assert around.any()
        assert not around.all()


def test_hides_what_is_farther_away():
    near, far = Shape("disc", (30, 30), 12), Shape("square", (36, 30), 12, depth=2.0)
    scene = render([near, far])
    assert [target.label for target in scene.targets] == ["square", "disc"]
    assert scene.targets[1].mask.sum() == covers(near, (150, 200)).sum()
    assert scene.targets[0].mask.sum() < covers(far, (150, 200)).sum()


def test_leaves_out_what_nobody_sees():
    assert render([Shape("disc", (30, 30), 20), Shape("disc", (30, 30), 5, depth=2.0)]).targets[0].shape.radius == 20
    assert render([Shape("disc", (-90, 30), 20)]).targets == ()
    assert box_of(np.zeros((4, 4), dtype=bool)) == (0, 0, 0, 0)


@pytest.mark.parametrize("objects", [-1, MOST + 1])
def test_refuses_more_objects_than_find_room(objects):
    with pytest.raises(CoreError, match=f"0 to {MOST} objects"):
        task_scene(objects, seed=0)
