"""Torch as the witness of the counted mask."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from core.errors import LimitError, ShapeError
from core.nets.evidence import autograd_mask
from core.nets.layers import Activation, Dense, Flatten, GlobalPool, Layer
from core.nets.receptive import sampled, views
from core.nets.stack import parse_stack
from tests.core.nets.stacks import Drawn, drawn_stacks

torch.set_num_threads(1)


@given(drawn_stacks())
@settings(deadline=None)
def test_agrees_with_counting(drawn: Drawn) -> None:
    layers, image, neuron = drawn
    assert np.array_equal(autograd_mask(layers, image, neuron), sampled(layers, image, neuron))


@given(drawn_stacks())
@settings(deadline=None)
def test_spans_the_arithmetic_patch_of_a_neuron_that_sees_no_padding(drawn: Drawn) -> None:
    layers, image, neuron = drawn
    patch, mask = views(layers, image)[-1].patch(neuron), autograd_mask(layers, image, neuron)
    seen = patch.within(image)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if patch == seen:
        assert ((rows[0], rows[-1]), (columns[0], columns[-1])) == (patch.rows, patch.columns)
    elif mask.any():
        assert seen.rows[0] <= rows[0] <= rows[-1] <= seen.rows[1]
        assert seen.columns[0] <= columns[0] <= columns[-1] <= seen.columns[1]


@pytest.mark.parametrize(
    ("text", "image", "pixels"),
    [
        pytest.param("conv 3 times 3", 16, 49, id="N64-three-small-windows"),
        pytest.param("conv 7", 16, 49, id="N64-one-large-window"),
        pytest.param("conv 3 same times 6", 32, 169, id="N62-six-convs"),
        pytest.param("conv 3, pool 2, conv 3, pool 2, conv 3, pool 2", 64, 22 * 22, id="N63-conv-pool"),
        pytest.param("conv 3, conv 3 dilation 2, conv 3 dilation 4, conv 3 dilation 8", 64, 31 * 31, id="N67-dilation"),
        pytest.param("conv 3 dilation 2 times 3", 32, 49, id="gridding-13x13-but-49-pixels"),
        pytest.param("conv 5, pool 2, conv 5, pool 2, conv 5", 32, 32 * 32, id="N68-lenet5"),
    ],
)
def test_finds_as_many_pixels_as_the_lecture(text: str, image: int, pixels: int) -> None:
    layers = parse_stack(text)
    rows, columns = views(layers, image)[-1].sides
    assert autograd_mask(layers, image, (rows // 2, columns // 2)).sum() == pixels


def test_finds_212_pixels_in_vgg16() -> None:  # N69: block5_pool, one neuron in the middle of a larger image
    layers = parse_stack(", ".join(f"conv 3 same times {times}, pool 2" for times in (2, 2, 3, 3, 3)))
    mask = autograd_mask(layers, 288, (4, 4))
    assert (mask.any(axis=1).sum(), mask.any(axis=0).sum(), mask.sum()) == (212, 212, 212 * 212)


@pytest.mark.parametrize("last", [Dense(10), GlobalPool("average"), GlobalPool("max")])
def test_sees_the_whole_image_from_a_layer_that_sees_its_whole_map(last: Dense | GlobalPool) -> None:
    layers = (
        *parse_stack("conv 3 same, pool 2"),
        Layer("relu", Activation("relu")),
        Layer("flatten", Flatten()),
        Layer("last", last),
    )
    assert autograd_mask(layers, (8, 6), (0, 0)).all()
    assert sampled(layers, (8, 6), (0, 0)).all()


def test_refuses_a_neuron_off_the_map() -> None:
    with pytest.raises(ShapeError, match="conv1 has columns 0 to 5, got column 6"):
        autograd_mask(parse_stack("conv 3"), 8, (0, 6))


def test_refuses_an_absurd_image_before_making_it() -> None:
    with pytest.raises(LimitError, match="smaller image"):
        autograd_mask(parse_stack("conv 3"), 10**6, (0, 0))


def test_leaves_the_global_seed_alone() -> None:
    before = torch.get_rng_state()
    autograd_mask(parse_stack("conv 3"), 8, (0, 0))
    assert torch.equal(torch.get_rng_state(), before)
