"""Truths moved on purpose, against the morphology of scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage

from core.data.scenes import draw, instance_map, label_map, sketch
from core.errors import ShapeError
from core.measure.moved import areas, grown, reach, shifted
from core.measure.segmentation import LabelMap, counted, mean_iou

MAPS = arrays.arrays(np.int64, (7, 8), elements=st.sampled_from([0, 0, 1, 2]))


def disc(radius: float) -> LabelMap:
    reach = int(radius)
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return rows**2 + columns**2 <= radius**2


@given(labels=MAPS, by=st.sampled_from([1.0, 1.5, 2.0, 3.0]))
def test_one_class_grows_and_shrinks_as_in_scipy(labels: LabelMap, by: float) -> None:
    only = (labels == 1).astype(np.int64)
    found = reach(only)
    assert np.array_equal(grown(found, by) == 1, ndimage.binary_dilation(only, disc(by)))
    assert np.array_equal(grown(found, -by) == 1, ndimage.binary_erosion(only, disc(by), border_value=1))


@given(labels=MAPS, by=st.sampled_from([1.0, 2.0]))
def test_classes_never_take_from_each_other(labels: LabelMap, by: float) -> None:
    larger, smaller = grown(reach(labels), by), grown(reach(labels), -by)
    assert np.array_equal(larger[labels > 0], labels[labels > 0])
    assert set(np.unique(smaller[smaller != labels])) <= {0}


@given(labels=MAPS)
def test_by_nothing_is_no_move(labels: LabelMap) -> None:
    assert np.array_equal(grown(reach(labels), 0), labels)
    assert np.array_equal(shifted(labels), labels)


@given(labels=MAPS, down=st.integers(-9, 9), right=st.integers(-9, 9))
def test_pushes_as_scipy_does(labels: LabelMap, down: int, right: int) -> None:
    assert np.array_equal(shifted(labels, down=down, right=right), ndimage.shift(labels, (down, right), order=0))


def test_the_further_the_worse() -> None:
    truth = label_map(draw(sketch("test", 1), side=64))
    found = reach(truth)
    for moves in ([grown(found, by) for by in range(6)], [grown(found, -by) for by in range(6)]):
        scores = [mean_iou(counted(truth, answer, 6)) for answer in moves]
        assert scores[0] == 1
        assert scores == sorted(scores, reverse=True)


def test_touching_things_of_one_class_are_one_area() -> None:
    labels, things = np.array([[1, 1, 1, 0, 2]]), np.array([[1, 1, 2, 0, 3]])
    assert areas(labels).max() == 2 < things.max()
    scene = draw(sketch("test", 1), side=64)
    assert np.array_equal(areas(label_map(scene)) > 0, instance_map(scene) > 0)


def test_asks_for_one_map() -> None:
    with pytest.raises(ShapeError, match="one label map"):
        reach(np.zeros((1, 2, 2), dtype=np.int64))
