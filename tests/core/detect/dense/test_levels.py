"""Levels for sizes: torchvision's twins of FPN's rule and of SSD's default boxes, and their laws."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.ops.poolers import LevelMapper

from core.detect.dense.levels import (
    MANY,
    SSD300,
    DefaultMap,
    default_boxes,
    level_of,
    scales,
    shapes,
    sizes_of,
    total,
)
from core.errors import CoreError, ShapeError


def test_the_level_of_a_box_is_that_of_torchvision() -> None:
    random = np.random.default_rng(0)
    sides = np.exp(random.uniform(np.log(4), np.log(1000), (500, 2)))
    boxes = torch.tensor(np.concatenate([np.zeros((500, 2)), sides], axis=1))
    twin = LevelMapper(2, 5, canonical_scale=224, canonical_level=4)([boxes]).numpy() + 2
    np.testing.assert_array_equal(level_of(sides[:, 0], sides[:, 1]), twin)


@given(st.floats(1, 2000), st.floats(1, 2000))
def test_a_box_lies_between_the_sizes_of_its_level(width: float, height: float) -> None:
    level = int(level_of(np.array([width]), np.array([height]))[0])
    least, most = sizes_of(level)
    assert least * (1 - 1e-9) <= (width * height) ** 0.5 < most * (1 + 1e-9)


@given(st.floats(120, 440))
def test_half_the_size_is_one_level_finer(size: float) -> None:
    whole, half = level_of(np.array([size, size / 2]), np.array([size, size / 2]), first=0, last=9)
    assert whole == half + 1


def test_ssd300_has_8732_default_boxes() -> None:
    assert total(SSD300) == 8732
    assert [len(default_boxes(SSD300, level)) for level in range(6)] == [each.boxes for each in SSD300]


def test_the_default_boxes_are_those_of_torchvision() -> None:
    sides = (4, 3, 2)
    maps = (DefaultMap(4), DefaultMap(3, MANY), DefaultMap(2))
    sizes = scales(3)
    twin = DefaultBoxGenerator(
        [[2], [2, 3], [2]], scales=[*sizes, 2 * sizes[2] - sizes[1]], steps=[100 / side for side in sides], clip=False
    )
    features = [torch.zeros(1, 1, side, side) for side in sides]
    theirs = twin(ImageList(torch.zeros(1, 3, 100, 100), [(100, 100)]), features)[0].numpy() / 100
    ours = np.concatenate([default_boxes(maps, level) for level in range(3)])
    assert len(ours) == len(theirs)
    for each in theirs:  # the order within a cell is another
        assert np.abs(ours - each).sum(axis=1).min() < 1e-5


def test_scales_and_shapes_are_those_of_the_paper() -> None:
    np.testing.assert_allclose(scales(6), [0.2, 0.34, 0.48, 0.62, 0.76, 0.9])
    drawn = shapes(SSD300, 1)
    np.testing.assert_allclose(drawn[:5].prod(axis=1), 0.34**2)
    np.testing.assert_allclose(drawn[:5, 1] / drawn[:5, 0], MANY)
    np.testing.assert_allclose(drawn[5], (0.34 * 0.48) ** 0.5)


def test_wrong_inputs_are_explained() -> None:
    with pytest.raises(ShapeError, match="above 0"):
        level_of(np.array([0.0]), np.array([5.0]))
    with pytest.raises(CoreError, match="the levels are"):
        sizes_of(7)
    with pytest.raises(CoreError, match="2 maps"):
        scales(1)
    with pytest.raises(CoreError, match="the maps are"):
        shapes(SSD300, 6)
