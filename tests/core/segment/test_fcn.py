"""FCN: grids, sums of scores, and nets that begin where the coarser one ended."""

import numpy as np
import pytest

from core.errors import ShapeError
from core.filters.transposed import bilinear
from core.segment.fcn import FINEST, LEVELS, field, grid, skip_sum, steps_of


@pytest.mark.parametrize(("stride", "wanted"), [(32, 7), (16, 14), (8, 28)], ids=lambda each: f"N115-{each}")
def test_has_the_grids_of_the_lecture(stride: int, wanted: int) -> None:
    assert grid(224, stride) == wanted


@pytest.mark.parametrize("side", [0, 31, 100, 225, 9000])
def test_says_which_sides_fit(side: int) -> None:
    with pytest.raises(ShapeError, match="that 32 divides"):
        grid(side, 8)


def nets(classes: int = 3) -> dict:
    import torch

    from core.segment.fcn_net import Fcn

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return {finest: Fcn(finest, classes).eval().requires_grad_(False) for finest in FINEST}


def pictures(side: int = 64):
    import torch

    return torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_adds_as_torch_does() -> None:
    import torch

    random = np.random.default_rng(0)
    scores = {32: random.normal(size=(2, 3, 4)), 16: random.normal(size=(2, 6, 8)), 8: random.normal(size=(2, 12, 16))}
    tent = torch.tensor(np.outer([0.25, 0.75, 0.75, 0.25], [0.25, 0.75, 0.75, 0.25]))
    kernel = tent[None, None].repeat(2, 1, 1, 1)
    total = torch.tensor(scores[32])[None]
    for stride in (16, 8):
        total = torch.nn.functional.conv_transpose2d(total, kernel, stride=2, padding=1, groups=2) + torch.tensor(
            scores[stride]
        )
    np.testing.assert_allclose(skip_sum(scores, 8), total[0].numpy(), atol=1e-12)
    np.testing.assert_array_equal(skip_sum(scores, 32), scores[32])


def test_refuses_grids_that_do_not_lie_over_each_other() -> None:
    coarse = np.zeros((2, 3, 3))
    with pytest.raises(ShapeError, match="only equal grids"):
        skip_sum({32: coarse, 16: np.zeros((2, 7, 7))}, 16)
    with pytest.raises(ShapeError, match="8 is missing"):
        skip_sum({32: coarse, 16: np.zeros((2, 6, 6))}, 8)
    with pytest.raises(ShapeError, match="got 4"):
        steps_of(4)


def test_a_new_net_adds_up_as_the_formula_says() -> None:
    import torch

    net = nets()[8]
    for stride in (16, 8):  # skips that are not silent
        torch.nn.init.normal_(net.scores[str(stride)].weight, generator=torch.Generator().manual_seed(stride))
    maps = net.maps(pictures())
    scores = {stride: net.scores[str(stride)](maps[stride])[0].double().numpy() for stride in LEVELS}
    np.testing.assert_allclose(net.coarse(maps)[0].numpy(), skip_sum(scores, 8), atol=1e-5)
    only = {**scores, 8: np.zeros_like(scores[8])}
    np.testing.assert_allclose(net.coarse(maps, (16,))[0].numpy(), skip_sum(only, 8), atol=1e-5)


def test_begins_where_the_coarser_net_ended() -> None:
    import torch

    from core.segment.fcn_net import inherit

    found = nets()
    for coarser, finer in ((32, 16), (16, 8)):
        inherit(found[finer], found[coarser])
        before, after = (found[each].coarse(found[each].maps(pictures())) for each in (coarser, finer))
        torch.testing.assert_close(after, found[finer].twice[str(coarser)](before))  # the new skip adds nothing yet
    with pytest.raises(ShapeError, match="and FCN-32s has not"):
        inherit(found[32], found[16])


def test_labels_every_pixel() -> None:
    for finest, net in nets().items():
        assert net(pictures(96)).shape == (2, 3, 96, 96)
        assert net.coarse(net.maps(pictures(96))).shape[2:] == (96 // finest, 96 // finest)
    with pytest.raises(ShapeError, match="32 divides"):
        nets()[8](pictures(72))


def test_the_last_step_is_a_transposed_convolution_with_a_tent() -> None:
    import torch

    from core.segment.fcn_net import enlarged

    plane = np.random.default_rng(1).normal(size=(5, 6))
    ours = enlarged(torch.tensor(plane)[None, None], 8)[0, 0].numpy()
    np.testing.assert_allclose(ours[4:-4, 4:-4], bilinear(plane, 8)[4:-4, 4:-4], atol=1e-12)


@pytest.mark.parametrize("stride", LEVELS)
def test_sees_as_far_as_gradients_reach(stride: int) -> None:
    import torch

    net = nets()[8]
    with torch.no_grad():
        for values in net.stages.parameters():
            values.abs_()  # so that no path is cut by a ReLU or cancels another
    image = torch.ones(1, 3, 256, 256, requires_grad=True)
    maps = net.maps(image)[stride]
    (reached,) = torch.autograd.grad(maps[0, :, maps.shape[2] // 2, maps.shape[3] // 2].sum(), image)
    columns = reached[0].abs().sum(dim=(0, 1)).nonzero().flatten()
    assert int(columns[-1] - columns[0]) + 1 == field(stride)


def test_knows_the_strides_it_scores() -> None:
    with pytest.raises(ShapeError, match="strides"):
        field(4)
