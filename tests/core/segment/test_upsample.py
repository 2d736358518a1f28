"""Down and up: three ways to grow a map against their twins in torch, and what is lost by factor."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from core.data.scenes import draw, label_map, sketch
from core.errors import CoreError, ShapeError
from core.filters.transposed import bilinear, bilinear_kernel
from core.measure.segmentation import band, mean_iou
from core.segment.unpooled import deeper, stack
from core.segment.upsample import FACTORS, WAYS, down_and_up, grown, lost, one_hot, restored, shares

TRUTHS = [label_map(draw(sketch("test", number), side=96)) for number in range(4)]


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 8])
def test_grows_as_torch_does(factor):
    maps = np.random.default_rng(factor).normal(size=(3, 4, 5))
    given = torch.tensor(maps)[None]
    sizes = {"scale_factor": factor}
    assert np.allclose(grown(maps, factor, "nearest"), functional.interpolate(given, **sizes, mode="nearest")[0])
    assert np.allclose(
        grown(maps, factor, "bilinear"), functional.interpolate(given, **sizes, mode="bilinear", align_corners=False)[0]
    )
    kernel = torch.tensor(bilinear_kernel(2 * factor - factor % 2)).expand(3, 1, -1, -1)
    stamped = functional.conv_transpose2d(given, kernel, stride=factor, padding=factor // 2, groups=3)[0]
    assert np.allclose(grown(maps, factor, "transposed"), stamped)
    assert np.allclose(grown(maps, factor, "transposed"), [bilinear(each, factor) for each in maps])


@given(st.integers(1, 9), st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_shares_of_a_block_add_up_and_fading_changes_no_label(factor, high, wide, seed):
    labels = np.random.default_rng(seed).integers(0, 4, size=(high, wide))
    coarse = shares(labels, factor, 4)
    assert coarse.shape == (4, -(-high // factor), -(-wide // factor))
    assert np.allclose(coarse.sum(axis=0), 1)
    smooth, faded = (grown(coarse, factor, way) for way in ("bilinear", "transposed"))
    assert np.allclose(faded, smooth * faded.sum(axis=0))  # at the border all classes fade alike


def test_nothing_is_lost_at_factor_1_nor_where_blocks_are_pure():
    labels = np.kron(np.array([[0, 1], [2, 0]]), np.ones((4, 4), dtype=np.int64))
    for kept in ("labels", "shares"):
        for way in WAYS:
            assert (down_and_up(TRUTHS[0], 1, 6, kept=kept, way=way) == TRUTHS[0]).all()
        assert (down_and_up(labels, 4, 3, kept=kept, way="nearest") == labels).all()


def test_cannot_bring_back_what_is_thinner_than_half_a_block():
    labels = np.zeros((16, 16), dtype=np.int64)
    labels[:, 5] = 1
    assert (down_and_up(labels, 8, 2, kept="labels", way="bilinear") == 0).all()
    assert (shares(labels, 8, 2)[1] > 0).any()  # the shares still know that there is something


def test_the_coarser_the_more_is_lost_and_most_of_it_at_borders():
    borders = [band(truth, 3) for truth in TRUTHS]
    before = 1.0
    for factor in FACTORS:
        every, near = lost(TRUTHS, borders, factor, 6, kept="labels", way="nearest")
        assert mean_iou(near) < mean_iou(every) < before
        before = mean_iou(every)
    hard, soft = (lost(TRUTHS, borders, 8, 6, kept=kept, way="bilinear")[0] for kept in ("labels", "shares"))
    assert mean_iou(soft) > mean_iou(hard) + 0.02


def test_sees_two_pixels_more_a_layer_without_pooling():
    found = deeper(6, maps=4, side=64)
    assert [each.field for each in found] == [3, 5, 7, 9, 11, 13]
    assert {each.side for each in found} == {64}
    pooled = deeper(6, maps=4, side=64, pool_every=2)
    assert pooled[-1].field > 2 * found[-1].field
    assert pooled[-1].bytes < found[-1].bytes
    assert stack(6, maps=4, side=64, pool_every=2).rows[-1].shape == (16, 8, 8)


def test_refuses_what_does_not_fit():
    with pytest.raises(ShapeError, match="classes 0 to 1"):
        one_hot(np.array([[2]]), 2)
    with pytest.raises(CoreError, match="factor of 1"):
        shares(np.zeros((2, 2), dtype=np.int64), 0, 2)
    with pytest.raises(CoreError, match="kept are"):
        down_and_up(np.zeros((2, 2), dtype=np.int64), 2, 2, kept="all", way="nearest")
    with pytest.raises(ShapeError, match="one of nearest"):
        grown(np.zeros((1, 2, 2)), 2, "cubic")
    with pytest.raises(ShapeError, match="grow to"):
        restored(np.zeros((1, 2, 2)), 2, "nearest", (5, 4))
