"""What every task answers about a drawn scene."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.task_scene import KINDS, MOST, Shape, render, task_scene
from core.data.tasks import (
    TASKS,
    depth_map,
    detections,
    flow,
    instance_map,
    label_map,
    main_object,
    next_picture,
    other_view,
    seen_corners,
    separate_parts,
    task,
)
from core.errors import CoreError
from syllabus.tables import table

SCENES = st.builds(lambda objects, seed: task_scene(objects, seed=seed), st.integers(0, MOST), st.integers(0, 300))
SOME = settings(max_examples=40)


def test_names_every_task_of_the_lectures_once():
    names = [each.name for each in TASKS]
    assert len(set(names)) == len(names) == 11
    for each in TASKS:
        assert task(each.name) is each
        assert set(each.taught) <= set(table("systems"))
        assert each.asks.endswith("?")
    with pytest.raises(CoreError, match="there is no task 'Painting'; there are Classification, Loc"):
        task("Painting")


@given(SCENES)
@SOME
def test_answers_with_one_row_per_object(scene):
    found = detections(scene)
    assert found.shape == (len(scene.targets), 5)
    for (x, y, h, w, label), target in zip(found, scene.targets, strict=True):
        assert (x, y, x + w, y + h) == target.box
        assert KINDS[int(label)] == target.label
    if scene.targets:
        assert main_object(scene).tolist() in found.tolist()
    else:
        with pytest.raises(CoreError, match="there is none"):
            main_object(scene)


@given(SCENES)
@SOME
def test_loses_only_the_instances_in_a_label_map(scene):
    labels, objects = label_map(scene), instance_map(scene)
    assert ((labels > 0) == (objects > 0)).all()
    for number, target in enumerate(scene.targets, 1):
        assert (objects == number).sum() == target.mask.sum()
        assert (labels[objects == number] == 1 + KINDS.index(target.label)).all()


@given(SCENES)
@SOME
def test_has_a_value_for_every_pixel(scene):
    depths, moves = depth_map(scene), flow(scene)
    for target in scene.targets:
        assert (depths[target.mask] == target.shape.depth).all()
        assert (moves[target.mask] == target.shape.motion).all()
    ground = instance_map(scene) == 0
    assert (depths[ground] == 6).all()
    assert (moves[ground] == 0).all()


@given(st.integers(0, 10**6))
def test_counts_parts_like_painting_them_one_by_one(seed):
    mask = np.random.default_rng(seed).random((9, 11)) < 0.45
    parts, left = 0, {tuple(place) for place in np.argwhere(mask)}
    while left:
        parts, front = parts + 1, [left.pop()]
        while front:
            row, column = front.pop()
            near = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & left
            left -= near
            front += near
    assert separate_parts(mask) == parts


def test_merges_two_that_touch():
    pair = render([Shape("disc", (40, 40), 12), Shape("disc", (58, 40), 12, depth=2.0)])
    assert separate_parts(label_map(pair) == 1) == 1
    assert [separate_parts(instance_map(pair) == number) for number in (1, 2)] == [1, 1]


@given(st.integers(1, 4), st.integers(0, 50))
@SOME
def test_moves_what_is_near_more_than_what_is_far(objects, seed):
    scene = task_scene(objects, seed=seed)
    moved = {target.shape.paint: target.shape for target in other_view(scene, 12.0).targets}
    for one, other in combinations([target.shape for target in scene.targets], 2):
        if one.paint in moved and other.paint in moved and one.depth < other.depth:
            shifts = [shape.middle[0] - moved[shape.paint].middle[0] for shape in (one, other)]
            assert shifts[0] > shifts[1] > 0


def test_arrives_where_the_arrows_point():
    scene = render([Shape("square", (60, 60), 20, motion=(11.0, -7.0))])
    before, after = scene.targets[0].mask, next_picture(scene).targets[0].mask
    np.testing.assert_array_equal(np.roll(before, (-7, 11), axis=(0, 1)), after)


def test_finds_the_corners_that_can_be_seen():
    square = Shape("square", (60, 60), 20, depth=2.0)
    assert len(seen_corners(render([square]))) == 4
    assert len(seen_corners(render([square, Shape("disc", (74, 74), 8)]))) == 3
    assert seen_corners(render([Shape("ring", (60, 60), 20)])).shape == (0, 2)
