"""U-Net: its sizes on paper are those of the module, and cells are counted as pieces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.segment.discs import discs
from core.segment.unet import border, fitting, output_side, u_net
from core.segment.unet_cells import Found, found, pieces


@pytest.mark.parametrize(("side", "answer"), [(572, 388), (700, 516)], ids=lambda each: f"N119-{each}")
def test_has_the_sizes_of_the_paper(side: int, answer: int) -> None:
    assert output_side(side) == answer
    assert (side - answer) / 2 == border() == 92


def test_has_the_channels_and_crops_of_the_paper() -> None:
    levels = u_net(572)
    assert [level.channels for level in levels] == [64, 128, 256, 512, 1024]
    assert [level.crop for level in levels[:-1]] == [88, 40, 16, 4]
    assert [level.joined for level in levels[:-1]] == [392, 200, 104, 56]


@given(side=st.integers(1, 700), depth=st.integers(0, 5))
def test_the_border_is_the_same_for_every_side(side: int, depth: int) -> None:
    fits = fitting(side, depth=depth)
    assert fits >= side
    assert fits - output_side(fits, depth=depth) == 2 * border(depth)
    assert all(level.kept - 2 * level.crop == level.joined for level in u_net(fits, depth=depth)[:-1])
    if fits > side:
        with pytest.raises(ShapeError, match=rf"\b{fits} fit"):
            u_net(side, depth=depth)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_the_module_has_those_sizes(depth: int) -> None:
    import torch

    from core.segment.unet_net import UNet

    net = UNet(1, 2, depth=depth, first=2).eval()
    side = fitting(60, depth=depth)
    with torch.no_grad():
        answer = net(torch.zeros(1, 1, side, side))
    assert answer.shape == (1, 2, output_side(side, depth=depth), output_side(side, depth=depth))
    assert [net.down[level][0].out_channels for level in range(depth + 1)] == [2 << level for level in range(depth + 1)]


def test_the_module_copies_the_middle() -> None:
    import torch

    from core.segment.unet_net import UNet, cropped

    volume = torch.arange(36.0).reshape(1, 1, 6, 6)
    assert cropped(volume, 2).flatten().tolist() == [14, 15, 20, 21]
    net = UNet(1, 2, depth=1, first=2)
    for bad in (torch.zeros(1, 1, 21, 21), torch.zeros(1, 1, 20, 24)):
        with pytest.raises(ShapeError):
            net(bad)


def test_a_pixel_of_the_answer_depends_on_its_surroundings_only() -> None:
    import torch

    from core.segment.unet_net import UNet

    net = UNet(1, 2, depth=1, first=2).eval().requires_grad_(False)
    image = torch.rand(1, 1, 40, 40, generator=torch.Generator().manual_seed(0))
    # Moved by what the poolings halve, the answer moves along: nothing is padded, so no place is special.
    torch.testing.assert_close(net(image[:, :, 2:34, 2:34]), net(image)[:, :, 2:18, 2:18])


@pytest.mark.parametrize(
    ("side", "depth", "says"),
    [(573, 4, "odd side"), (3, 0, "nothing is left"), (20, 2, "44 fits"), (0, 4, "side from 1"), (572, 9, "poolings")],
)
def test_explains_what_does_not_fit(side: int, depth: int, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        u_net(side, depth=depth)


def test_counts_pieces_as_scikit_image_does() -> None:
    from skimage.measure import label
    from skimage.morphology import disk

    mask = np.zeros((80, 80), dtype=bool)
    random = np.random.default_rng(2)
    for row, column in random.integers(8, 72, (14, 2)):
        mask[row - 5 : row + 6, column - 5 : column + 6] |= disk(5).astype(bool)
    mask[0, :5] = True  # a speck
    mask[0, :5] &= ~mask[1, :5]
    ours, theirs = pieces(mask), label(mask, connectivity=1)
    large = [number for number in range(1, theirs.max() + 1) if (theirs == number).sum() >= 12]
    assert ours.max() == len(large)
    assert {tuple(np.flatnonzero(ours == each)) for each in range(1, ours.max() + 1)} == {
        tuple(np.flatnonzero(theirs == each)) for each in large
    }


def test_finds_what_is_there_and_nothing_else() -> None:
    cells = discs(6.0, third=True)
    assert found(cells, cells) == Found(3, 3, 3)
    assert found(cells, cells).f1 == 1
    assert found(pieces(cells > 0), cells) == Found(3, 3, 3)
    touching = discs(0.0)
    assert found(pieces(touching > 0), touching) == Found(0, 1, 2)  # a cluster taken for one cell
    empty = np.zeros_like(cells)
    assert found(empty, empty).f1 == 1
    assert found(empty, cells) + found(cells, empty) == Found(0, 3, 3)
    with pytest.raises(ShapeError):
        found(cells, cells[1:])


@pytest.mark.parametrize("gap", [2.0, 4.0, 10.0])
def test_draws_gaps_as_wide_as_asked_for(gap: float) -> None:
    row = discs(gap)[48]
    inside = np.flatnonzero(row)
    assert (row[inside[0] : inside[-1]] == 0).sum() == gap
    with pytest.raises(CoreError):
        discs(-1.0)
