"""Receptive fields by arithmetic and by counting."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ShapeError
from core.nets.layers import Conv, Dense, Flatten, GlobalPool, Layer
from core.nets.receptive import Field, Patch, chain, sampled, views
from core.nets.stack import STACKS, Window, parse_stack
from tests.core.nets.stacks import Drawn, drawn_stacks

VGG16_POOL5 = ", ".join(f"conv 3 same times {times}, pool 2" for times in (2, 2, 3, 3, 3))
LENET5_POOL2 = "conv 5, pool 2, conv 5, pool 2"


def sizes(text: str, image: int = 64) -> list[int]:
    return [view.rows.size for view in views(parse_stack(text), image)[1:]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("conv 3x1 times 2", [3, 5], id="N61-two-stacked-convs"),
        pytest.param("conv 3 times 6", [3, 5, 7, 9, 11, 13], id="N62-six-convs-Q06"),
        pytest.param("conv 3, pool 2, conv 3, pool 2, conv 3, pool 2", [3, 4, 8, 10, 18, 22], id="N63-conv-pool-Q07"),
        pytest.param("conv 3 times 3", [3, 5, 7], id="N64-three-small-windows"),
        pytest.param("conv 7", [7], id="N64-one-large-window"),
        pytest.param(
            "conv 3, conv 3 dilation 2, conv 3 dilation 4, conv 3 dilation 8", [3, 7, 15, 31], id="N67-dilation"
        ),
        pytest.param(f"{LENET5_POOL2}, conv 5", [5, 6, 14, 16, 32], id="N68-lenet5"),
    ],
)
def test_grows_as_the_lecture_counts(text: str, expected: list[int]) -> None:
    assert sizes(text) == expected


def test_reaches_32_pixels_at_the_first_dense_layer_of_lenet5() -> None:  # N68: a dense layer is a 5x5 window here
    layers = (*parse_stack(LENET5_POOL2), Layer("flatten", Flatten()), Layer("dense_1", Dense(120)))
    last = views(layers, 32)[-1]
    assert (last.rows.size, last.columns.size) == (32, 32)


@pytest.mark.parametrize(
    ("end", "size", "jump"),
    [
        pytest.param((), 212, 32, id="N69-vgg16-block5-pool"),
        pytest.param((Layer("fc1", Dense(4096)),), 404, 32, id="N69-vgg16-fc1"),
        pytest.param((Layer("fc1", Conv(4096, (7, 7))),), 404, 32, id="N69-vgg16-fc1-as-convolution"),
        pytest.param((Layer("gap", GlobalPool("average")),), 404, 32, id="N69-vgg16-global-pooling"),
    ],
)
def test_follows_vgg16(end: tuple[Layer, ...], size: int, jump: int) -> None:
    last = views((*parse_stack(VGG16_POOL5), *end), 224)[-1]
    assert (last.rows.size, last.rows.jump) == (size, jump)


@pytest.mark.parametrize(
    ("name", "size", "jump"),
    [
        pytest.param("Six 3x3 convolutions", 13, 1, id="N62"),
        pytest.param("Convolution and pooling, three times", 22, 8, id="N63"),
        pytest.param("Three 3x3 convolutions", 7, 1, id="N64-three"),
        pytest.param("One 7x7 convolution", 7, 1, id="N64-one"),
        pytest.param("Dilation 1, 2, 4, 8", 31, 1, id="N67"),
        pytest.param("Dilation 2, 2, 2: a grid of gaps", 13, 1, id="gridding"),
        pytest.param("LeNet-5, its dense layer as 5x5", 32, 4, id="N68"),
        pytest.param("AlexNet", 195, 32, id="alexnet-last-pooling"),
        pytest.param("VGG16", 212, 32, id="N69"),
    ],
)
def test_knows_the_stacks_of_the_lab(name: str, size: int, jump: int) -> None:
    text, image = STACKS[name]
    last = views(parse_stack(text), image)[-1]
    assert (last.rows.size, last.columns.size, last.rows.jump) == (size, size, jump)


@given(st.integers(1, 30))
@settings(deadline=None)
def test_of_convolutions_alone_is_two_n_plus_one(n: int) -> None:  # Q10: slow growth, and the map stays as large
    last = views(parse_stack(f"conv 3 same times {n}"), 64)[-1]
    assert (last.rows.size, last.rows.jump, last.sides) == (2 * n + 1, 1, (64, 64))


@given(drawn_stacks())
@settings(deadline=None)
def test_jumps_by_the_product_of_the_strides(drawn: Drawn) -> None:
    layers, image, _ = drawn
    last = views(layers, image)[-1]
    strides = [layer.operation.stride for layer in layers]  # type: ignore[union-attr]
    assert last.rows.jump == math.prod(stride[0] for stride in strides)
    assert last.columns.jump == math.prod(stride[1] for stride in strides)


windows = st.builds(Window, st.integers(1, 7), st.integers(1, 4), st.integers(0, 6), st.integers(1, 4))


def through(stack: list[Window], *, padding: bool = True) -> Field:
    field = Field()
    for w in stack:
        field = field.through(w.kernel, stride=w.stride, padding=w.padding if padding else 0, dilation=w.dilation)
    return field


@given(st.lists(windows, max_size=6))
def test_does_not_grow_by_padding(stack: list[Window]) -> None:
    padded, bare = through(stack), through(stack, padding=False)
    assert (padded.size, padded.jump) == (bare.size, bare.jump)
    assert padded.start <= bare.start == 0


@given(st.lists(windows, min_size=1, max_size=5), st.data())
def test_keeps_jump_but_not_size_when_layers_trade_places(stack: list[Window], data: st.DataObject) -> None:
    other = data.draw(st.permutations(stack))
    assert through(other).jump == through(stack).jump
    alike = [Window(w.kernel, 1, w.padding, w.dilation) for w in stack]
    shuffled = [Window(w.kernel, 1, w.padding, w.dilation) for w in other]
    assert through(alike).size == through(shuffled).size  # without strides the order does not matter


def test_grows_faster_the_earlier_a_stride_comes() -> None:
    assert sizes("pool 2, conv 3, conv 3")[-1] == 10 > sizes("conv 3, conv 3, pool 2")[-1] == 6


@given(drawn_stacks())
@settings(deadline=None)
def test_spans_what_is_counted_and_fits_it_inside_the_image(drawn: Drawn) -> None:
    layers, image, neuron = drawn
    patch = views(layers, image)[-1].patch(neuron)
    seen = patch.within(image)
    rows, columns = chain(layers, image, neuron)[0]
    for positions, (first, last), unclipped in zip(
        (rows, columns), (seen.rows, seen.columns), (patch.rows, patch.columns), strict=True
    ):
        assert all(first <= position <= last for position in positions)
        if unclipped == (first, last):  # a field inside the image touches no padding on the way
            assert (positions[0], positions[-1]) == (first, last)


@given(drawn_stacks())
@settings(deadline=None)
def test_counts_every_volume_on_the_way_down(drawn: Drawn) -> None:
    layers, image, neuron = drawn
    found, volumes = chain(layers, image, neuron), views(layers, image)
    assert len(found) == len(volumes)
    assert found[-1] == ((neuron[0],), (neuron[1],))
    for (rows, columns), view in zip(found, volumes, strict=True):
        assert set(rows) <= set(range(view.sides[0]))
        assert set(columns) <= set(range(view.sides[1]))


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("conv 3 dilation 2 times 3", [0, 2, 4, 6, 8, 10, 12], id="gridding"),
        pytest.param(
            "conv 3, conv 3 dilation 2, conv 3 dilation 4", list(range(15)), id="growing-dilation-has-no-gaps"
        ),
        pytest.param("conv 1 stride 3, conv 3", [0, 3, 6], id="stride-beyond-the-window"),
    ],
)
def test_samples_only_what_windows_read(text: str, columns: list[int]) -> None:
    mask = sampled(parse_stack(text), 20, (0, 0))
    assert np.flatnonzero(mask.any(axis=0)).tolist() == columns
    assert mask.sum() == len(columns) ** 2


def test_sees_a_corner_of_the_image_from_a_corner_neuron() -> None:
    layers = parse_stack("conv 3 same times 6")
    view = views(layers, 32)[-1]
    assert view.patch((0, 31)) == Patch((-6, 6), (25, 37))
    assert view.patch((0, 31)).within(32).sides == (7, 7)
    assert sampled(layers, 32, (0, 31)).sum() == 49
    assert sampled(layers, 32, (16, 16)).sum() == 169


def test_sees_nothing_from_deep_in_the_padding() -> None:
    layers = parse_stack("conv 1 padding 2")
    assert views(layers, 4)[-1].patch((0, 0)).within(4).pixels == 0
    assert not sampled(layers, 4, (0, 0)).any()


def test_keeps_rows_and_columns_apart() -> None:
    layers = (Layer("bar", Conv(1, (1, 5), stride=(2, 1), padding=(0, 2), dilation=(1, 3))),)
    view = views(layers, (6, 20))[-1]
    assert view.patch((2, 4)) == Patch((4, 4), (2, 14))
    assert sampled(layers, (6, 20), (2, 4))[4].nonzero()[0].tolist() == [2, 5, 8, 11, 14]


@pytest.mark.parametrize("neuron", [(6, 0), (-1, 0)])
def test_says_which_neurons_there_are(neuron: tuple[int, int]) -> None:
    layers = parse_stack("conv 3")
    for ask in (lambda: views(layers, 8)[-1].patch(neuron), lambda: sampled(layers, 8, neuron)):
        with pytest.raises(ShapeError, match=f"conv1 has rows 0 to 5, got row {neuron[0]}"):
            ask()


def test_moves_by_one_jump_from_neuron_to_neuron() -> None:
    field = Field(size=22, jump=8, start=-3)
    firsts = [field.patch(position)[0] for position in range(4)]
    assert [b - a for a, b in itertools.pairwise(firsts)] == [8, 8, 8]
