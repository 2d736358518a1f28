"""1x1 and separable convolutions: against torch, and the share of the work against counted layer tables."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from core.blocks.miniatures import separable
from core.blocks.pointwise import merged, mix, ratio, two_ways
from core.errors import ShapeError
from core.nets.build import build
from core.nets.layers import Network
from core.nets.trace import trace

SIDES = st.integers(1, 6)


@given(SIDES, SIDES, SIDES, SIDES, st.integers(0, 10**6))
def test_mix_is_torchs_1x1_convolution(maps: int, filters: int, height: int, width: int, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    volume, weights = drawn.normal(size=(maps, height, width)), drawn.normal(size=(filters, maps))
    theirs = functional.conv2d(torch.tensor(volume)[None], torch.tensor(weights)[:, :, None, None])[0]
    np.testing.assert_allclose(mix(volume, weights), theirs.numpy(), atol=1e-12)


@given(SIDES, SIDES, st.integers(0, 10**6))
def test_mixes_each_pixel_by_itself(maps: int, filters: int, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    volume, weights = drawn.normal(size=(maps, 4, 4)), drawn.normal(size=(filters, maps))
    alone = np.zeros_like(volume)
    alone[:, 1, 2] = volume[:, 1, 2]
    np.testing.assert_allclose(mix(alone, weights)[:, 1, 2], weights @ volume[:, 1, 2])
    np.testing.assert_allclose(mix(alone, weights)[:, 1, 2], mix(volume, weights)[:, 1, 2])


@given(SIDES, SIDES, st.sampled_from([1, 3, 5]), st.integers(0, 10**6))
def test_merged_is_the_two_steps_in_one(maps: int, filters: int, kernel: int, seed: int) -> None:
    """The built separable table against one torch convolution with the merged kernels."""
    module = build(trace(Network("two steps", (maps, 7, 7), separable(maps, filters, kernel)))).double()
    torch.manual_seed(seed)
    depth, point = (weights.data.normal_() for weights in module.parameters())
    kernels = merged(depth[:, 0].numpy(), point[:, :, 0, 0].numpy())
    images = torch.randn(1, maps, 7, 7, dtype=torch.float64)
    theirs = functional.conv2d(images, torch.tensor(kernels), padding=kernel // 2)
    torch.testing.assert_close(module(images), theirs)


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([1, 3, 5, 7, 9]), st.integers(1, 50))
def test_ratio_is_the_counted_share_whatever_map_and_depth(maps: int, filters: int, kernel: int, side: int) -> None:
    standard, split = (trace(network) for network in two_ways(maps, filters, kernel, side))
    assert standard.rows[-1].shape == split.rows[-1].shape == (filters, side, side)
    assert split.macs / standard.macs == pytest.approx(ratio(filters, kernel))
    assert split.parameters / standard.parameters == pytest.approx(ratio(filters, kernel))
    assert ratio(filters, kernel) > 1 / kernel**2


@pytest.mark.parametrize(
    ("maps", "weights"), [((3, 4, 4), (2, 2)), ((3, 4), (2, 3)), ((3, 4, 4), (3,))], ids=["maps", "flat", "vector"]
)
def test_says_how_many_weights_a_mix_needs(maps: tuple[int, ...], weights: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="rows of 3 numbers would do"):
        mix(np.zeros(maps), np.zeros(weights))


def test_refuses_kernels_that_do_not_fit_and_layers_of_nothing() -> None:
    with pytest.raises(ShapeError, match="windows"):
        merged(np.zeros((2, 3, 3)), np.zeros((4, 3)))
    with pytest.raises(ShapeError, match="at least one filter"):
        ratio(0, 3)
