"""Residual blocks: against torch, identity at zero, parameters and depths of the published ones."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from core.blocks.residual import alone, block, chain, change, random_kernels, weighted_layers
from core.errors import ShapeError
from core.nets.layers import Conv
from core.nets.trace import trace
from core.nets.zoo.resnet import BASIC, BOTTLENECK, resnet


@given(st.integers(1, 9), st.integers(1, 9), st.booleans(), st.integers(0, 10**6))
def test_block_is_torchs_two_convolutions_and_the_sum(height: int, width: int, shortcut: bool, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    image, ((first, second),) = drawn.normal(size=(height, width)), random_kernels(1, 1.0, drawn)
    volume = torch.tensor(image)[None, None]
    inner = functional.conv2d(volume, torch.tensor(first)[None, None], padding=1).relu()
    theirs = functional.conv2d(inner, torch.tensor(second)[None, None], padding=1)
    np.testing.assert_allclose(change(image, (first, second)), theirs[0, 0].numpy(), atol=1e-10)
    summed = (theirs + volume if shortcut else theirs).relu()[0, 0].numpy()
    np.testing.assert_allclose(block(image, (first, second), shortcut=shortcut), summed, atol=1e-10)


@given(st.integers(1, 30), st.integers(0, 10**6))
def test_hands_on_its_input_where_all_weights_are_zero(blocks: int, seed: int) -> None:
    image = np.abs(np.random.default_rng(seed).normal(size=(6, 6)))
    nothing = random_kernels(blocks, 0.0, np.random.default_rng(seed))
    assert all(np.array_equal(each, image) for each in chain(image, nothing))
    assert all(not each.any() for each in chain(image, nothing, shortcut=False)[1:])


def test_draws_as_he_does_and_by_the_seed_alone() -> None:
    kernels = np.array(random_kernels(2000, 1.0, np.random.default_rng(0)))
    assert kernels.shape == (2000, 2, 3, 3)
    assert kernels.var() == pytest.approx(2 / 9, rel=0.02)
    assert np.array_equal(kernels, random_kernels(2000, 1.0, np.random.default_rng(0)))


@pytest.mark.parametrize("maps", [64, 256, 1024])
def test_narrows_to_a_sixteenth_of_the_weights(maps: int) -> None:
    basic, bottleneck = (trace(alone(kind, maps, 14)) for kind in ("basic", "bottleneck"))
    assert basic.rows[-1].shape == bottleneck.rows[-1].shape == (maps, 14, 14)
    assert basic.parameters_of(Conv) == 18 * maps**2
    assert bottleneck.parameters_of(Conv) == (2 / 4 + 9 / 16) * maps**2  # 16.9 times fewer


@pytest.mark.parametrize("depth", [*BASIC, *BOTTLENECK])
def test_counts_layers_as_the_built_network_has_them(depth: int) -> None:
    """N107 and its siblings: the name of a ResNet is its number of layers with weights, shortcuts aside."""
    found, told = weighted_layers(depth)
    traced = trace(resnet(depth))
    counted = [row for row in traced.rows if row.kind in ("conv", "dense") and "shortcut" not in row.name]
    assert found == depth == len(counted)
    assert told.endswith(f"= {depth}")


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(ShapeError, match="two 3x3 kernels"):
        block(np.ones((3, 3)), (np.ones((5, 5)), np.ones((3, 3))))
    with pytest.raises(ShapeError, match="divide by 4"):
        alone("bottleneck", 6, 8)
    with pytest.raises(ShapeError, match="18, 34, 50, 101, 152"):
        weighted_layers(56)
