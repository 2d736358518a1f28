"""What excites a channel: the peak is where it says, and sees the window it says."""

import numpy as np
import pytest
import torch

from core.data.gallery import gallery
from core.errors import CoreError
from core.models.levels import PARTS, fields, maps_of, middle, responses
from core.models.pretrained import lite0


@pytest.fixture(scope="module")
def levels():
    return responses(np.stack([gallery()[place].pixels for place in (0, 1, 5)]))


def test_looks_at_every_part(levels) -> None:
    assert [level.part for level in levels] == list(PARTS)
    assert [level.side for level in levels] == [112, 112, 56, 28, 14, 14, 7, 7, 7]
    assert [level.maps for level in levels] == [32, 16, 24, 40, 80, 112, 192, 320, 1280]


def test_a_peak_is_the_largest_value_of_its_map(levels) -> None:
    for level, maps in zip(levels, maps_of(gallery()[1].pixels), strict=True):
        np.testing.assert_allclose(level.peaks[1], maps.max(axis=(1, 2)))
        row, column = level.places[1, 3]
        assert maps[3, row, column] == maps[3].max()


def test_a_value_sees_what_its_gradient_reaches() -> None:
    """Twin: torch's own gradient of one value of stage 3, by the pixels of the image."""
    whole, side = lite0(), 28
    image = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(0)).mul(2).sub(1).requires_grad_(True)
    maps = whole.bn1(whole.conv_stem(image))
    for stage in whole.blocks[:3]:
        maps = stage(maps)
    maps[0, :, 14, 15].sum().backward()
    reached = image.grad.abs().sum(dim=(0, 1))
    for index, pixels in ((14, reached.sum(dim=1)), (15, reached.sum(dim=0))):
        places = pixels.nonzero().flatten()
        assert int(places[-1] - places[0] + 1) == fields()[3]
        assert float(places[0] + places[-1] + 1) / 2 == middle(index, side)


def test_a_window_stays_in_the_picture(levels) -> None:
    for level in levels:
        for channel in (0, level.maps - 1):
            top, bottom, left, right = level.window(0, channel, most=112)
            assert 0 <= top < bottom <= 224
            assert bottom - top == right - left == min(level.field, 112)
            assert 0 <= left < right <= 224


def test_the_strongest_come_first(levels) -> None:
    order = levels[4].strongest(7, 3)
    peaks = levels[4].peaks[order, 7]
    assert (np.diff(peaks) <= 0).all()
    with pytest.raises(CoreError, match="channels 0 to 79"):
        levels[4].strongest(80, 1)
