"""The small classifier of the task map: its fit against scikit-learn, what its measures ignore, and how good it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.shape_classifier import fit, guess, main_class, measures, probabilities
from core.data.task_scene import GROUND, KINDS, Shape, render, task_scene
from core.errors import CoreError, ShapeError


@pytest.mark.parametrize("seed", range(4))
def test_fits_like_scikit_learn(seed):
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(seed)
    features, labels = random.normal(size=(90, 5)), random.integers(0, 3, 90)
    features[:, 0] += labels
    ours = fit(features, labels, 3, decay=0.01)
    scaled = (features - features.mean(axis=0)) / features.std(axis=0)
    theirs = LogisticRegression(C=1 / (0.01 * 90), tol=1e-10, max_iter=10_000).fit(scaled, labels)
    np.testing.assert_allclose([probabilities(ours, row) for row in features], theirs.predict_proba(scaled), atol=1e-4)


@given(st.sampled_from(KINDS), st.floats(45, 105), st.floats(40, 110), st.integers(0, 5))
@settings(max_examples=60)
def test_measures_the_same_wherever_a_shape_lies_and_whatever_its_colour(label, x, y, paint):
    here = measures(render([Shape(label, (75.0, 75.0), 30)]).image)
    there = measures(render([Shape(label, (round(x) + 0.0, round(y) + 0.0), 30, paint=paint)]).image)
    np.testing.assert_allclose(there, here, atol=1e-9)


def test_measures_nearly_the_same_when_a_shape_turns_by_a_right_angle():
    shapes = [Shape("star", (75.0, 75.0), 30, angle) for angle in (0.2, 0.2 + np.pi / 2)]
    one, other = (measures(render([shape], (150, 150)).image) for shape in shapes)
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_is_right_about_most_single_shapes_and_less_about_crowds():
    right = {
        objects: np.mean([guess(scene.image).argmax() == main_class(scene) for scene in scenes])
        for objects in (1, 2, 6)
        for scenes in [[task_scene(objects, seed=seed) for seed in range(50)]]
    }
    assert right[1] > 0.8
    assert right[2] > 0.8
    assert 1.5 / len(KINDS) < right[6] < right[2]


def test_answers_even_to_an_empty_picture():
    found = guess(np.full((150, 200, 3), GROUND, dtype=np.uint8))
    assert found.sum() == pytest.approx(1)
    with pytest.raises(CoreError, match="an empty picture has no class"):
        main_class(task_scene(0, seed=0))


def test_takes_the_class_that_covers_most():
    scene = render([Shape("disc", (30, 30), 20), Shape("star", (90, 90), 30), Shape("disc", (150, 100), 20)])
    assert KINDS[main_class(scene)] == "disc"


def test_refuses_labels_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"labels \(N,\)"):
        fit(np.zeros((3, 2)), np.zeros(4, dtype=np.int64), 2)
