"""Masks cut out, made 14x14 and put back: as torchvision and torch read between pixels."""

import numpy as np
import pytest
import torch
from torch.nn.functional import grid_sample
from torchvision.ops import roi_align

from core.data.scenes import draw, sketch
from core.detect.regions.pasting import MOST, between, cut_out, pasted, share_kept, values_of
from core.errors import LimitError, ShapeError

MASKS = [target.mask for number in range(4) for target in draw(sketch("train", number), side=64).targets]
BOXES = {
    "whole-picture": [0.0, 0.0, 64.0, 64.0],
    "between-pixels": [10.3, 7.7, 41.9, 55.2],
    "over-the-rim": [-9.5, 20.0, 30.0, 71.5],
    "thin": [20.0, 5.0, 21.5, 60.0],
    "tiny": [30.0, 30.0, 31.0, 31.0],
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
@pytest.mark.parametrize("side", [1, 14, 28])
def test_cuts_out_as_roi_align_does(box: list[float], side: int) -> None:
    for mask in MASKS:
        region = torch.tensor([[0.0, *box]], dtype=torch.float64)
        theirs = roi_align(torch.tensor(mask[None, None], dtype=torch.float64), region, side, 1.0, 2, True)[0, 0]
        inside = np.array([-1.0 <= value <= 65.0 for value in box]).all()
        ours = cut_out(mask, np.array(box), side=side)
        if inside:  # beyond one pixel off the rim torchvision reads 0, and we the rim
            np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12)
        else:
            assert ours.shape == (side, side)


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_pastes_as_grid_sample_does(box: list[float]) -> None:
    cells = np.random.default_rng(0).random((14, 14))
    ours = pasted(cells, np.array(box), (64, 64))
    x1, y1, x2, y2 = box
    x, y = ((torch.arange(64, dtype=torch.float64) + 0.5 - low) / (high - low) for low, high in ((x1, x2), (y1, y2)))
    down, across = torch.meshgrid(2 * y - 1, 2 * x - 1, indexing="ij")
    grid = torch.stack([across, down], dim=-1)[None]
    whole = torch.tensor(cells)[None, None]
    theirs = grid_sample(whole, grid, mode="bilinear", padding_mode="border", align_corners=False)[0, 0].numpy()
    inside = ((grid[0] >= -1) & (grid[0] <= 1)).all(dim=-1).numpy()
    np.testing.assert_allclose(ours[inside], theirs[inside], atol=1e-12)
    assert not ours[~inside].any()


def test_a_box_beside_the_picture_pastes_nothing() -> None:
    assert not pasted(np.ones((14, 14)), np.array([70.0, 0.0, 90.0, 20.0]), (64, 64)).any()


def test_a_mask_that_fills_its_box_is_kept_whole() -> None:
    for left, top, width, height in np.random.default_rng(0).integers(1, 32, (40, 4)).tolist():
        mask = np.zeros((64, 64), dtype=bool)
        mask[top : top + height, left : left + width] = True
        assert share_kept(mask, np.array([left, top, left + width, top + height], dtype=float)) == 1.0


def test_more_cells_keep_more() -> None:
    def mean(side: int) -> float:
        every = [(mask, np.argwhere(mask)) for mask in MASKS]
        boxes = [np.array([*at.min(0)[::-1], *at.max(0)[::-1] + 1], dtype=float) for _, at in every]
        return float(np.mean([share_kept(mask, box, side=side) for (mask, _), box in zip(every, boxes, strict=True)]))

    kept = [mean(side) for side in (4, 7, 14, 28)]
    assert kept == sorted(kept)
    assert kept[0] < 0.85 < 0.9 < kept[2]


def test_what_lies_outside_the_region_is_lost() -> None:
    mask = np.zeros((32, 32), dtype=bool)
    mask[8:24, 8:24] = True
    assert share_kept(mask, np.array([8.0, 8.0, 16.0, 24.0])) == pytest.approx(0.5)


@pytest.mark.parametrize("classes", [80], ids=["N147-masks-of-a-region"])
def test_the_values_of_a_region(classes: int) -> None:
    assert values_of(classes) == classes * 14 * 14 == 15_680


def test_reads_the_middles_exactly() -> None:
    values = np.random.default_rng(1).random((3, 5))
    np.testing.assert_array_equal(between(values, np.arange(3) + 0.5, np.arange(5) + 0.5), values)


def test_says_what_does_not_fit() -> None:
    with pytest.raises(ShapeError, match="a width and a height"):
        cut_out(MASKS[0], np.array([5.0, 5.0, 5.0, 9.0]))
    with pytest.raises(ShapeError, match="square cells"):
        pasted(np.ones((3, 4)), np.array([0.0, 0.0, 4.0, 4.0]), (8, 8))
    with pytest.raises(LimitError, match=f"1 to {MOST}"):
        cut_out(MASKS[0], np.array([0.0, 0.0, 4.0, 4.0]), side=MOST + 1)
    with pytest.raises(LimitError, match="at least one class"):
        values_of(0)
