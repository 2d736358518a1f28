"""Sliding windows: how many, where, at what price, and a classifier that slides as it classifies crops."""

from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.detect.pictures import picture
from core.detect.windows.sliding import Part, costs, parts
from core.detect.windows.window_classifier import (
    GROUND,
    NAMES,
    STRIDE,
    WINDOW,
    by_crops,
    crops,
    detections,
    found_things,
    in_one_pass,
    labelled,
    thing_map,
    without_background,
)
from core.errors import CoreError, LimitError, ShapeError
from core.models import registry
from core.nets.zoo import network

SIDES = (96, 96)


@pytest.mark.parametrize(
    ("stride", "count"), [(1, 1_380_729), (32, 1400)], ids=["N129-every-pixel", "N129-every-32-pixels"]
)
def test_counts_the_windows_of_the_lecture(stride: int, count: int) -> None:
    assert [part.count for part in parts((1000, 2000), (224, 224), stride=stride)] == [count]


@settings(max_examples=60)
@given(
    sides=st.tuples(st.integers(20, 90), st.integers(20, 90)),
    window=st.tuples(st.integers(5, 40), st.integers(5, 40)),
    stride=st.integers(1, 20),
    scale=st.sampled_from([0.5, 1.0, 2.0]),
)
def test_windows_fill_the_picture_and_none_leaves_it(sides, window, stride, scale) -> None:
    (part,) = parts(sides, window, stride=stride, scales=(scale,))
    if part.count == 0:
        assert scale * window[0] > sides[0] or scale * window[1] > sides[1]
        return
    boxes = part.boxes()
    assert len(boxes) == part.count == len(np.unique(boxes, axis=0))
    assert boxes.min() >= 0
    room = np.array(sides[::-1]) - boxes[-1, 2:]
    assert (room >= -1e-9).all()
    assert (room < scale * stride + 1e-9).all()
    np.testing.assert_allclose(boxes[:, 2:] - boxes[:, :2], [(scale * window[1], scale * window[0])] * len(boxes))


def test_shapes_have_the_same_area() -> None:
    found = parts((400, 400), (40, 40), stride=10, scales=(1, 2), aspects=(1, 2, 0.5))
    assert [round(prod(part.sides)) for part in found] == [1600] * 3 + [6400] * 3
    assert found[1].sides[0] / found[1].sides[1] == pytest.approx(2)


def test_a_pass_is_cheaper_the_more_windows_overlap() -> None:
    vgg16 = network("vgg16")
    ratios = []
    for stride in (64, 32, 16):
        found = parts((500, 700), (224, 224), stride=stride)
        ratios.append(next(costs(vgg16, (500, 700), found, stride=stride)).ratio)
    assert ratios[0] > 1
    assert ratios[0] < ratios[1]
    assert list(costs(vgg16, (100, 100), parts((100, 100), (224, 224), stride=32), stride=32)) == []


@pytest.mark.parametrize("aspect", [1.0, 1.6])
@pytest.mark.parametrize("scale", [0.5, 0.9, 1.6])
def test_slides_as_it_classifies_crops(scale: float, aspect: float) -> None:
    (part,) = parts(SIDES, WINDOW, stride=STRIDE, scales=(scale,), aspects=(aspect,))
    image, some = picture("test", 1).image, slice(None, None, 7)
    shares = in_one_pass(image, part)
    assert shares.shape == (part.count, len(NAMES))
    np.testing.assert_allclose(shares[some], by_crops(image, part.boxes()[some]), atol=2e-4)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)


def test_cuts_a_window_with_its_border() -> None:
    image = picture("test", 1).image
    (whole,) = crops(image, np.array([[28.0, 28.0, 68.0, 68.0]])).numpy()  # 40 pixels, 64 with the border: no resizing
    np.testing.assert_allclose(whole.transpose(1, 2, 0) / 2 + 0.5, image[16:80, 16:80], atol=0.13)
    assert np.abs(whole.transpose(1, 2, 0) / 2 + 0.5 - image[16:80, 16:80]).mean() < 0.02


def test_names_most_windows_of_other_scenes() -> None:
    card = registry.card("scene_windows")
    assert card.classes == NAMES
    right = []
    for number in range(200, 206):
        scene = picture("validation", number)
        boxes, labels = labelled(scene.targets, np.random.default_rng(number))
        right += (by_crops(scene.image, boxes).argmax(axis=1) == labels).tolist()
    assert np.mean(right) > 0.8


def test_finds_things_and_forgets_doubles() -> None:
    boxes = np.array([[0.0, 0, 10, 10], [1, 0, 11, 10], [40, 40, 60, 60], [0, 0, 10, 10]])
    shares = np.full((4, 6), 0.02)
    shares[[0, 1, 2, 3], [1, 1, 3, 2]] = 0.9, 0.8, 0.7, 0.6
    found = detections(boxes, shares, threshold=0.5)
    assert found.labels.tolist() == [1, 3, 2]  # the same place may hold two classes
    assert detections(boxes, shares, threshold=0.95).boxes.shape == (0, 4)
    assert not found_things(found, picture("train", 0).targets).any()


def test_without_the_background_something_is_everywhere() -> None:
    shares = np.array([[0.01, 0.0, 0.03, 0.0, 0.0, 0.96]])
    assert without_background(shares).tolist() == [[0.25, 0.0, 0.75, 0.0, 0.0]]


def test_heat_lies_in_the_middle_of_the_surest_window() -> None:
    shares = np.zeros((2, 6))
    shares[0, 1], shares[1, 2] = 0.4, 0.9
    heat = thing_map(np.array([[0.0, 0, 16, 16], [0, 0, 16, 16]]), shares, side=20)
    assert heat[8, 8] == 0.9
    assert heat[2, 2] == heat[15, 15] == 0


def test_learns_from_windows_that_hold_a_thing_and_some_that_do_not() -> None:
    for number in range(8):
        boxes, labels = labelled(picture("train", number).targets, np.random.default_rng(number))
        assert len(boxes) == len(labels)
        assert (labels == GROUND).sum() == 16
        assert (boxes[:, 2:] > boxes[:, :2]).all()


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (CoreError, lambda: parts((0, 10), (5, 5), stride=1)),
        (CoreError, lambda: parts((10, 10), (5, 5), stride=0)),
        (CoreError, lambda: parts((10, 10), (5, 5), stride=1, scales=())),
        (CoreError, lambda: parts((10, 10), (5, 5), stride=1, aspects=(-1,))),
        (LimitError, lambda: Part((1, 1), (1, 1), 10_000, 10_000).boxes()),
        (ShapeError, lambda: in_one_pass(picture("test", 1).image, parts(SIDES, WINDOW, stride=5)[0])),
    ],
)
def test_says_what_would_fit(error, call) -> None:
    with pytest.raises(error):
        call()
