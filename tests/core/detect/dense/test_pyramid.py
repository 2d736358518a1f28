"""The feature pyramid: the way up, the way down, and torchvision's twin of it."""

from collections import OrderedDict

import pytest
import torch
from torchvision.ops import FeaturePyramidNetwork

from core.detect.dense.pyramid import STRIDES, WIDTHS, Pyramid, TopDown
from core.errors import ShapeError


def test_the_maps_have_the_sizes_of_their_strides() -> None:
    maps = Pyramid(16).eval()(torch.rand(2, 3, 96, 64))
    assert [tuple(each.shape) for each in maps] == [(2, 16, 96 // stride, 64 // stride) for stride in STRIDES]


def test_a_picture_of_any_size_fits() -> None:
    maps = Pyramid(8).eval()(torch.rand(1, 3, 50, 35))
    assert [tuple(each.shape[2:]) for each in maps] == [(13, 9), (7, 5), (4, 3)]


@pytest.mark.parametrize("sides", [(12, 16), (13, 9)], ids=["even", "odd"])
def test_the_way_down_is_that_of_torchvision_with_the_same_weights(sides: tuple[int, int]) -> None:
    torch.manual_seed(0)
    down, twin = TopDown((3, 5, 7), 4), FeaturePyramidNetwork([3, 5, 7], 4)
    for level in range(3):
        twin.inner_blocks[level][0].load_state_dict(down.lateral[level].state_dict())
        twin.layer_blocks[level][0].load_state_dict(down.smooth[level].state_dict())
    maps = [torch.rand(2, width, -(-sides[0] // 2**k), -(-sides[1] // 2**k)) for k, width in enumerate((3, 5, 7))]
    expected = twin(OrderedDict((str(level), each) for level, each in enumerate(maps)))
    for found, wanted in zip(down(maps), expected.values(), strict=True):
        torch.testing.assert_close(found, wanted)


def test_every_sum_is_the_lateral_and_every_value_above_it_four_times() -> None:
    down = TopDown(WIDTHS, 6)
    steps = down.steps([torch.rand(1, width, 24 >> level, 24 >> level) for level, width in enumerate(WIDTHS)])
    torch.testing.assert_close(steps.sums[2], steps.laterals[2])
    for level in (0, 1):
        above = steps.sums[level + 1]
        for row, column in ((0, 0), (0, 1), (3, 2), (5, 5)):
            by_hand = steps.laterals[level][0, :, row, column] + above[0, :, row // 2, column // 2]
            torch.testing.assert_close(steps.sums[level][0, :, row, column], by_hand)


def test_what_is_only_on_the_coarse_map_reaches_the_finest() -> None:
    down = TopDown((1, 1, 1), 2)
    maps = [torch.zeros(1, 1, 8 >> level, 8 >> level) for level in range(3)]
    before = down(maps)[0]
    maps[2][0, 0, 1, 1] = 1.0
    changed = (down(maps)[0] - before).abs().sum(dim=(0, 1)) > 1e-7
    assert changed[4:, 4:].all()
    assert not changed[:3, :3].any()


def test_wrong_inputs_are_explained() -> None:
    with pytest.raises(ShapeError, match="pictures"):
        Pyramid(8)(torch.rand(1, 1, 96, 96))
    with pytest.raises(ShapeError, match="2 maps"):
        TopDown((1, 1, 1), 2)([torch.zeros(1, 1, 4, 4)] * 2)
