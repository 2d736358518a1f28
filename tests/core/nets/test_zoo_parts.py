"""The parts of the zoo: modules, blocks, fractals, and the way up of FCN and U-Net, each beside PyTorch by hand."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.blocks.fractal import path_depths
from core.errors import ShapeError
from core.nets import zoo
from core.nets.build import build
from core.nets.layers import Add, Concat, Conv, Crop, Dense, Network, Pool
from core.nets.trace import trace
from core.nets.zoo.densenet import dense_block
from core.nets.zoo.fcn import fcn
from core.nets.zoo.fractalnet import fractal, fractalnet
from core.nets.zoo.googlenet import GOOGLENET, GOOGLENET_HEADS, MODULES, NAIVE, REDUCED, googlenet, module
from core.nets.zoo.mobilenet import inverted, separable
from core.nets.zoo.nin import NIN, mlpconv
from core.nets.zoo.resnet import basic, bottleneck, cifar, resnet
from core.nets.zoo.resnet_v2 import resnet_v2
from core.nets.zoo.unet import unet
from tests.core.nets.test_zoo_twins import copy, drawn, logits

SLOW = pytest.mark.slow


def ready(network: Network) -> nn.Module:
    """The network with random weights and statistics."""
    return drawn(build(trace(network), device="meta"))


def weights(module: nn.Module) -> Iterator[tuple[Tensor, Tensor | None]]:
    """Weight and bias of every convolution, in the order of the table."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            yield part.weight, part.bias


# GoogLeNet


def test_counts_the_modules_of_the_lecture() -> None:  # N97 to N100
    naive, reduced = trace(module("naive", NAIVE)), trace(module("reduced", REDUCED))
    assert naive.rows[-1].shape == (672, 28, 28)
    assert (naive.macs, reduced.macs) == (854_196_224, 271_351_808)


def test_grows_without_end_where_nothing_reduces() -> None:  # the pooling keeps all its maps
    depths = [trace(module("naive", NAIVE, times=times)).rows[-1].shape[0] for times in (1, 2, 3)]
    assert depths == [672, 672 + 416, 672 + 2 * 416]


@pytest.mark.parametrize("place", MODULES)
def test_makes_the_depths_of_the_papers_table(place: str) -> None:
    depths = {"3a": 256, "3b": 480, "4a": 512, "4b": 512, "4c": 512, "4d": 528, "4e": 832, "5a": 832, "5b": 1024}
    (row,) = (row for row in trace(zoo.network("googlenet")).rows if row.name == f"inception{place}_out")
    assert row.shape[0] == depths[place]
    assert row.shape[1] == {"3": 28, "4": 14, "5": 7}[place[0]]


def test_leaves_the_answer_alone_where_it_has_auxiliary_outputs() -> None:
    one, other = ready(GOOGLENET), ready(GOOGLENET_HEADS)
    plain, headed = trace(GOOGLENET), trace(GOOGLENET_HEADS)
    for name, place in one.places.items():
        other.layers[other.places[name]].load_state_dict(one.layers[place].state_dict())
    images = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(logits(headed, other, images), logits(plain, one, images))
    heads = [row for row in headed.rows if row.name.startswith("head")]
    assert sum(row.parameters for row in heads) == headed.parameters - plain.parameters == 6_379_728
    assert [row.shape for row in heads if row.name.endswith("pool")] == [(512, 4, 4), (528, 4, 4)]


def test_counts_22_layers_on_the_longest_way() -> None:  # N103
    assert path_depths(googlenet("G").layers)  # every path ends
    assert max(path_depths(googlenet("G").layers)) + 1 == 22


# ResNet


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_has_as_many_layers_as_its_name_says(depth: int) -> None:  # N107
    for network in (resnet(depth), resnet(depth, residual=False)):
        assert sum(isinstance(r.operation, Conv | Dense) and "shortcut" not in r.name for r in network.layers) == depth
    assert max(path_depths(resnet_v2(50).layers)) + 1 == 50


@pytest.mark.parametrize("block", [basic, bottleneck])
def test_passes_its_input_on_where_its_weights_are_zero(block) -> None:
    maps = 8 if block is basic else 32
    network = Network("block", (maps, 9, 9), block("b", "input", 8, stride=1, widened=False))
    built = ready(network)
    for weight, _ in weights(built):
        weight.data.zero_()
    for part in built.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.reset_parameters()
    images = torch.randn(2, maps, 9, 9)
    torch.testing.assert_close(built(images), images.relu())
    plain = replace(network, layers=block("b", "input", 8, stride=1, widened=False, residual=False))
    assert not any(isinstance(layer.operation, Add) for layer in plain.layers)


@pytest.mark.parametrize("n", [1, 3])
def test_adds_empty_maps_where_the_cifar_network_doubles_them(n: int) -> None:
    network = cifar(n)
    built, images = ready(network), torch.randn(2, 3, 32, 32)
    steps = dict(built.steps(images))
    before, padded = steps[f"block1-{n}_relu2"], steps["block2-1_pad"]
    right = functional.pad(before[:, :, ::2, ::2], (0, 0, 0, 0, 8, 8))
    torch.testing.assert_close(padded, right)
    assert trace(network).parameters == trace(cifar(n, residual=False)).parameters


def test_counts_3x3_convolutions_in_a_block() -> None:  # N111
    for depth, count in ((18, 2), (34, 2), (50, 1), (101, 1), (152, 1)):
        block = [layer for layer in resnet(depth).layers if layer.name.startswith("block2-2_")]
        assert sum(isinstance(layer.operation, Conv) and layer.operation.kernel == (3, 3) for layer in block) == count


# FractalNet


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_grows_by_the_rule_of_the_fractal(columns: int) -> None:
    block = fractal("b", "input", 4, columns)
    assert sum(isinstance(layer.operation, Conv) for layer in block) == 2**columns - 1
    depths = path_depths(block)
    assert (min(depths), max(depths)) == (1, 2 ** (columns - 1))
    ways = 1
    for _ in range(columns - 1):
        ways = ways**2 + 1
    assert sum(depths.values()) == ways


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_computes_the_fractal_as_its_rule_says(columns: int) -> None:
    built = ready(Network("block", (3, 8, 8), fractal("b", "input", 4, columns)))
    parts = [part for part in built.modules() if isinstance(part, nn.Conv2d | nn.BatchNorm2d | nn.ReLU)]
    units = iter(nn.Sequential(*parts[place : place + 3]) for place in range(0, len(parts), 3))

    def grown(images: Tensor, order: int) -> list[Tensor]:
        single = next(units)(images)
        if order == 1:
            return [single]
        below = torch.stack(grown(images, order - 1)).mean(dim=0)
        return [single, *grown(below, order - 1)]

    images = torch.randn(2, 3, 8, 8)
    with torch.no_grad():
        torch.testing.assert_close(built(images), torch.stack(grown(images, columns)).mean(dim=0))


def test_is_twenty_convolutions_deep_and_one_dense_layer() -> None:
    assert max(path_depths(fractalnet().layers)) == 20


# DenseNet, MobileNet, Network in Network


@pytest.mark.parametrize("layers", [1, 4, 6])
def test_reads_all_earlier_layers(layers: int) -> None:
    built = ready(Network("block", (5, 8, 8), dense_block("d", "input", layers, 3, narrow=2)))
    images = torch.randn(2, 5, 8, 8)
    steps = dict(built.steps(images))
    made = [steps[f"d_layer{place}_conv2"] for place in range(1, layers + 1)]
    torch.testing.assert_close(steps[f"d_layer{layers}_pile"], torch.cat([images, *made], dim=1))
    assert trace(Network("block", (5, 8, 8), dense_block("d", "input", layers, 3))).rows[-1].shape[0] == 5 + 3 * layers


def test_separates_windows_and_maps() -> None:
    traced = trace(Network("s", (32, 14, 14), separable("b", 32, 64)))
    whole = trace(Network("w", (32, 14, 14), mlpconv("b", 3, 64)))
    assert traced.macs / whole.macs == pytest.approx(1 / 64 + 1 / 9)


@pytest.mark.parametrize(("maps", "filters", "stride", "adds"), [(8, 8, 1, True), (8, 16, 1, False), (8, 8, 2, False)])
def test_adds_the_input_where_the_shape_stays(maps: int, filters: int, stride: int, adds: bool) -> None:
    block = inverted("b", "input", maps, filters, stride=stride, wider=6)
    assert any(isinstance(layer.operation, Add) for layer in block) == adds


def test_is_a_perceptron_at_every_pixel() -> None:
    built, images = ready(Network("m", (3, 6, 6), mlpconv("b", 5, 7, 4))), torch.randn(1, 3, 6, 6)
    first, second = built[0], built[2]
    patches = functional.unfold(images, 5, padding=2)[0].T  # (36, 75)
    hidden = functional.linear(patches, first.weight.flatten(1), first.bias).relu()
    right = functional.linear(hidden, second.weight.flatten(1), second.bias).relu()
    torch.testing.assert_close(built(images)[0].flatten(1).T, right)
    assert not any(isinstance(layer.operation, Dense) for layer in NIN.layers)


# FCN and U-Net


@pytest.mark.parametrize("stride", [32, 16, 8])
@pytest.mark.parametrize("sides", [(500, 500), (33, 64), (224, 225), (500, 375), (1, 1)])
def test_labels_every_pixel_of_any_image(stride: int, sides: tuple[int, int]) -> None:
    assert trace(fcn(stride), (3, *sides)).rows[-1].shape == (21, *sides)


def test_cannot_do_without_its_padding_on_a_small_image() -> None:
    with pytest.raises(ShapeError, match="fc6"):
        trace(fcn(32, padding=1), (3, 64, 64))


@SLOW
def test_scores_as_vgg16_does_where_one_window_fits() -> None:
    network = fcn(32, classes=1000, padding=1)
    scores = tuple(layer for layer in network.layers if not layer.name.startswith("upscore"))
    ours = trace(Network("scores", (3, 224, 224), scores))
    vgg = trace(zoo.network("vgg16"))
    theirs, module = drawn(build(vgg, device="meta")), build(ours, device="meta").to_empty(device="cpu").eval()
    copy(theirs, module)
    images = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(module(images).flatten(1), theirs[:-1](images), rtol=1e-3, atol=1e-2)


@SLOW
def test_climbs_as_the_paper_crops_and_adds() -> None:
    network = fcn(8, classes=3)
    built, images = ready(network), torch.randn(1, 3, 40, 52)
    with torch.no_grad():
        steps = dict(built.steps(images))
        found = {"score_fr": steps["score_fr"], "pool4": steps["block4_pool"], "pool3": steps["block3_pool"]}
        *_, up2, score4, up4, score3, up = weights(built)
        first = functional.conv_transpose2d(found["score_fr"], up2[0], stride=2)
        fine = functional.conv2d(found["pool4"], *score4)[:, :, 5 : 5 + first.shape[2], 5 : 5 + first.shape[3]]
        second = functional.conv_transpose2d(first + fine, up4[0], stride=2)
        finer = functional.conv2d(found["pool3"], *score3)[:, :, 9 : 9 + second.shape[2], 9 : 9 + second.shape[3]]
        whole = functional.conv_transpose2d(second + finer, up[0], stride=8)
    torch.testing.assert_close(steps["upscore_crop"], whole[:, :, 31 : 31 + 40, 31 : 31 + 52])


def test_draws_the_u_of_the_paper() -> None:
    rows = {row.name: row.shape for row in trace(zoo.network("unet")).rows}
    assert rows["down1_relu2"] == (64, 568, 568)
    assert rows["bottom_relu2"] == (1024, 28, 28)
    assert rows["up4_crop"] == (512, 56, 56)
    assert rows["up1_pile"] == (128, 392, 392)
    assert rows["softmax"] == (2, 388, 388)


def test_computes_the_u_as_written_by_hand() -> None:
    built, images = ready(unet((4, 8, 16), side=60)), torch.randn(2, 1, 60, 60)
    layers = weights(built)

    def twice(volume: Tensor) -> Tensor:
        for _ in (1, 2):
            volume = functional.conv2d(volume, *next(layers)).relu()
        return volume

    across, volume = [], images
    for _ in (1, 2):
        across.append(twice(volume))
        volume = functional.max_pool2d(across[-1], 2)
    volume = twice(volume)
    for seen in reversed(across):
        volume = functional.conv_transpose2d(volume, *next(layers), stride=2)
        edge = (seen.shape[2] - volume.shape[2]) // 2
        inner = seen[:, :, edge : edge + volume.shape[2], edge : edge + volume.shape[3]]
        volume = twice(torch.cat([inner, volume], dim=1))
    right = functional.conv2d(volume, *next(layers)).softmax(dim=1)
    with torch.no_grad():
        torch.testing.assert_close(built(images), right)


def test_uses_the_vocabulary_where_rows_meet() -> None:
    kinds = {name: {type(layer.operation) for layer in zoo.network(name).layers} for name in zoo.names()}
    assert Concat in kinds["googlenet"] & kinds["densenet121"] & kinds["unet"]
    assert Crop in kinds["unet"] & kinds["fcn-8s"]
    assert Add in kinds["resnet50"] - kinds["plain34"]
    assert Pool in kinds["nin"]
