"""The pixel net: its widths, pictures of any size, what it learns from, and that the shipped one does what it says."""

import numpy as np
import pytest
import torch
from torch import nn

from core.data.scenes import CLASSES, SHAPES, Label
from core.detect.single.pixelwise import judged, peaks
from core.errors import CoreError, LimitError, ShapeError
from core.learning.start import started
from core.models import pixel_net
from core.models.pixel_net import NAMES, NEAR, PIXEL_NET, SIDE, STEP, WIDTHS, crowd, levels, many, pair_of, score_maps
from core.models.recipes import pixel_detector
from core.models.registry import card, load
from core.nets.trace import trace


@pytest.mark.parametrize("level", range(4), ids=lambda level: f"N178-level-{level + 1}")
def test_widths_double_where_sides_halve(level: int) -> None:
    maps, scores = levels(started(PIXEL_NET, seed=1).eval(), crowd("validation", 0).scene.image)
    assert maps[level].shape == (32 * 2**level, SIDE // 2**level, SIDE // 2**level)
    assert WIDTHS[level] == (32, 64, 128, 256)[level]
    np.testing.assert_allclose(scores.sum(axis=0), 1, atol=1e-5)


def test_has_no_dense_layer_and_takes_any_size() -> None:
    module = started(PIXEL_NET, seed=1).eval()
    assert not any(isinstance(layer, nn.Linear | nn.Flatten) for layer in module.modules())
    image = np.random.default_rng(0).random((60, 83, 3))
    assert score_maps(module, image).shape == (6, 7, 10)


def test_both_ways_to_the_scores_agree() -> None:
    image = crowd("validation", 1, side=64).scene.image
    module = load("pixel_detector")
    np.testing.assert_allclose(levels(module, image)[1], score_maps(module, image), atol=1e-6)


def test_a_cell_sees_as_far_as_is_said() -> None:
    fields = trace(PIXEL_NET).rows[-1].receptive_field
    assert fields == (38, 38)
    module, image = (
        started(PIXEL_NET, seed=1).eval(),
        torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(2)),
    )
    image.requires_grad_()
    module(image)[0, :, 6, 6].sum().backward()
    assert image.grad is not None
    touched = torch.nonzero(image.grad[0].abs().sum(dim=0))
    assert (touched.amax(dim=0) - touched.amin(dim=0) + 1).max() <= 38


def test_draws_several_things_and_hides_none() -> None:
    pictures = [crowd("validation", number) for number in range(12)]
    assert all(target.seen == 1 for picture in pictures for target in picture.scene.targets)
    assert {NAMES[label] for picture in pictures for label in picture.labels} == set(CLASSES)
    assert len(crowd("validation", 0, side=192).labels) > max(len(picture.labels) for picture in pictures)


def test_cells_to_learn_lie_on_their_things() -> None:
    images, wanted = many("validation", 4)
    for number in range(4):
        picture = crowd("validation", number)
        np.testing.assert_allclose(images[number], 255 * picture.scene.image, atol=0.51)
        truth = np.stack([wanted[number] == label for label in range(len(NAMES))]).astype(float)
        found = peaks(truth, threshold=0.5, step=STEP)
        result = judged(found, picture.places, picture.labels, within=NEAR)
        assert len(result.pairs) >= len(picture.labels) - 2  # all but those that touch one of their class


def test_the_shipped_net_finds_most_things() -> None:
    counts = pixel_detector.counted(load("pixel_detector"), "test", 40)
    assert counts.f1 > pixel_detector.RECIPE.promise - 0.05
    assert card("pixel_detector").size < 1_000_000
    blind = pixel_detector.counted(started(PIXEL_NET, seed=0).eval(), "test", 10)
    assert blind.f1 < 0.3


def test_two_of_one_class_that_touch_become_one_peak() -> None:
    module = load("pixel_detector")

    def found(gap: float) -> int:
        picture = pair_of("circle", "circle", gap)
        return int((peaks(score_maps(module, picture.scene.image), threshold=0.6, step=STEP).labels == 1).sum())

    assert (found(0), found(20)) == (1, 2)


@pytest.mark.parametrize("first", SHAPES)
@pytest.mark.parametrize("gap", [0, 7, 32])
def test_a_gap_is_as_wide_as_it_says(first: Label, gap: float) -> None:
    left, right = pair_of(first, "triangle", gap).scene.targets
    assert right.box[0] - left.box[2] == pytest.approx(gap, abs=1)


def test_says_what_it_cannot_take() -> None:
    with pytest.raises(ShapeError, match="8x8"):
        levels(nn.Sequential(), np.zeros((4, 40, 3)))
    with pytest.raises(LimitError, match="sides"):
        crowd("test", 0, side=1000)
    with pytest.raises(LimitError, match="gap"):
        pair_of("star", "star", 50)
    with pytest.raises(CoreError, match="some of"):
        pair_of("star", "person", 5)
    with pytest.raises(LimitError, match="pictures"):
        many("test", 10**6)
    assert pixel_net.MOST < 10**6
