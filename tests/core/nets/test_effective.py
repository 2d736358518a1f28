"""How much each pixel counts."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import CoreError, LimitError, ShapeError
from core.nets.effective import core_patch, effective_field, shares, spread, uniform_field
from core.nets.layers import Dense, GlobalPool, Layer, Pool
from core.nets.receptive import Patch, sampled, views
from core.nets.stack import parse_stack
from tests.core.nets.stacks import Drawn, drawn_stacks

torch.set_num_threads(1)


def drawn_with(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def middle(text: str, image: int) -> tuple[int, int]:
    rows, columns = views(parse_stack(text), image)[-1].sides
    return rows // 2, columns // 2


@given(drawn_stacks())
@settings(deadline=None)
def test_counts_exactly_the_sampled_pixels(drawn: Drawn) -> None:
    layers, image, neuron = drawn
    assume(sampled(layers, image, neuron).any())
    heat = uniform_field(layers, image, neuron)
    assert heat.sum() == pytest.approx(1)
    assert np.array_equal(heat > 0, sampled(layers, image, neuron))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), min_size=1, max_size=4))
@settings(deadline=None)
def test_is_the_convolution_of_the_windows(stack: list[tuple[int, int]]) -> None:
    text = ", ".join(f"conv {kernel} dilation {dilation}" for kernel, dilation in stack)
    expected = np.ones(1)
    for kernel, dilation in stack:
        window = np.zeros(dilation * (kernel - 1) + 1)
        window[::dilation] = 1 / kernel
        expected = np.convolve(expected, window)
    _, columns = shares(parse_stack(text), 60, (0, 7))[0]
    assert columns[7 : 7 + len(expected)] == pytest.approx(expected)
    assert columns.sum() == pytest.approx(1)


@given(drawn_stacks())
@settings(deadline=None)
def test_adds_up_the_variances_of_its_layers(drawn: Drawn) -> None:
    layers, image, neuron = drawn
    patch = views(layers, image)[-1].patch(neuron)
    assume(patch == patch.within(image))  # nothing is lost in the padding
    for share, (first, last), deviation in zip(
        shares(layers, image, neuron)[0], (patch.rows, patch.columns), spread(layers, image), strict=True
    ):
        pixels = np.arange(len(share))
        mean = float(share @ pixels)
        assert mean == pytest.approx((first + last) / 2)
        assert float(share @ (pixels - mean) ** 2) == pytest.approx(deviation**2)


def test_is_the_gradient_of_torch_with_equal_weights() -> None:
    weight = torch.full((1, 1, 3, 3), 1 / 9, dtype=torch.float64)
    pixels = torch.ones(1, 1, 20, 20, dtype=torch.float64, requires_grad=True)
    volume = torch.nn.functional.conv2d(pixels, weight, stride=2, padding=1)
    volume = torch.nn.functional.conv2d(volume, weight, padding=2, dilation=2)
    (gradient,) = torch.autograd.grad(volume[0, 0, 1, 8], pixels)
    expected = gradient[0, 0].numpy()
    heat = uniform_field(parse_stack("conv 3 stride 2 padding 1, conv 3 same dilation 2"), 20, (1, 8))
    assert heat == pytest.approx(expected / expected.sum())


def test_of_many_layers_grows_like_the_square_root_of_their_number() -> None:
    ratios = []
    for n in (4, 16, 36):
        text = f"conv 3 times {n}"
        neuron = middle(text, 81)
        patch = views(parse_stack(text), 81)[-1].patch(neuron)
        held = core_patch(uniform_field(parse_stack(text), 81, neuron), patch).sides[0]
        ratios.append(held / n**0.5)
        assert held < 2 * n + 1
        assert spread(parse_stack(text), 81)[0] == pytest.approx((2 * n / 3) ** 0.5)
    assert max(ratios) / min(ratios) < 1.25


def test_of_random_linear_networks_tends_to_the_one_of_equal_weights() -> None:
    layers = parse_stack("conv 3 times 3")
    heat = effective_field(layers, 9, (1, 1), draws=400, generator=drawn_with(0), relu=False)
    assert np.abs(heat - uniform_field(layers, 9, (1, 1))).max() < 0.012  # a flat field is off by 0.05


@pytest.mark.parametrize("relu", [True, False])
def test_of_random_networks_is_a_bump_inside_the_field(relu: bool) -> None:
    layers = parse_stack("conv 3 same times 6")
    heat = effective_field(layers, 21, (10, 10), draws=40, generator=drawn_with(1), relu=relu)
    assert heat.sum() == pytest.approx(1)
    assert not heat[~sampled(layers, 21, (10, 10))].any()
    patch = views(layers, 21)[-1].patch((10, 10))
    assert patch.sides == (13, 13)
    assert 5 <= core_patch(heat, patch).sides[0] <= 11


def test_repeats_itself_with_the_same_generator_and_leaves_the_global_seed_alone() -> None:
    layers, before = parse_stack("conv 3, pool 2"), torch.get_rng_state()
    first, again, other = (
        effective_field(layers, 8, (1, 1), draws=2, generator=drawn_with(seed)) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)


def test_goes_through_every_kind_of_layer() -> None:
    layers = (
        *parse_stack("conv 3 same, pool 2"),
        Layer("mean", Pool("average", (2, 2), (2, 2))),
        Layer("dense", Dense(10)),
        Layer("all", GlobalPool("max")),
    )
    heat = effective_field(layers, 8, (0, 0), draws=5, generator=drawn_with(0))
    assert heat.shape == (8, 8)
    assert heat.sum() == pytest.approx(1)


def test_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[float] = []

    class Stopped(Exception):
        pass

    def progress(done: float, what: str) -> None:
        told.append(done)
        if len(told) == 3:
            raise Stopped(what)

    with pytest.raises(Stopped, match="random network 3 of 4"):
        effective_field(parse_stack("conv 3"), 8, (0, 0), draws=4, generator=drawn_with(0), progress=progress)
    assert told == [0.0, 0.25, 0.5]


def test_refuses_what_would_take_too_much() -> None:
    one = drawn_with(0)
    with pytest.raises(LimitError, match="smaller image"):
        effective_field(parse_stack("conv 3"), 10**5, (0, 0), draws=1, generator=one)
    with pytest.raises(LimitError, match="multiplications"):
        effective_field(parse_stack("conv 21 same times 9"), 256, (0, 0), draws=1000, generator=one)
    with pytest.raises(ShapeError, match="at least one draw"):
        effective_field(parse_stack("conv 3"), 8, (0, 0), draws=0, generator=one)
    with pytest.raises(ShapeError, match="conv1 has rows 0 to 5"):
        effective_field(parse_stack("conv 3"), 8, (6, 0), draws=1, generator=one)


def test_says_so_when_a_neuron_sees_padding_only() -> None:
    with pytest.raises(CoreError, match="padding only"):
        uniform_field(parse_stack("conv 1 padding 2"), 4, (0, 0))


@pytest.mark.parametrize(
    ("share", "side"),
    [pytest.param(0.04, 1, id="centre"), pytest.param(0.36, 3, id="touching"), pytest.param(0.37, 5, id="just-over")],
)
def test_peels_as_long_as_the_share_is_held(share: float, side: int) -> None:
    heat = np.full((5, 5), 1 / 25)
    assert core_patch(heat, Patch((0, 4), (0, 4)), share=share - 1e-9).sides == (side, side)


def test_peels_a_patch_that_hangs_over_the_edge() -> None:
    heat = np.zeros((4, 4))
    heat[0, 0] = 1.0
    assert core_patch(heat, Patch((-3, 3), (-3, 3))) == Patch((0, 0), (0, 0))


def test_peels_at_once_what_lies_far_off_the_image() -> None:
    far = 10**40  # a window of ten to the forty, as forty strides make it
    assert core_patch(np.full((4, 4), 1 / 16), Patch((-far, 3 + far), (-far, 3 + far))).sides == (4, 4)
    assert core_patch(np.full((4, 4), 1 / 16), Patch((0, far), (0, far))).sides == (far + 1, far + 1)


@pytest.mark.parametrize("share", [0.0, 1.0, 1.5])
def test_wants_a_share_between_none_and_all(share: float) -> None:
    with pytest.raises(ShapeError, match="between 0 and 1"):
        core_patch(np.ones((3, 3)), Patch((0, 2), (0, 2)), share=share)
