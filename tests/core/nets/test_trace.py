"""Tracing: shapes, parameters and operations equal PyTorch's own, and every number of the lectures comes out."""

from math import prod

import pytest
from hypothesis import given, settings

from core.errors import LimitError, ShapeError
from core.nets import zoo
from core.nets.build import build, modules
from core.nets.layers import Activation, Conv, Dense, Flatten, GlobalPool, Network, Pool, numbered
from core.nets.trace import parse_input, trace
from tests.core.nets.networks import networks


def run(traced, module) -> tuple[list[tuple[int, ...]], int]:
    """What PyTorch sees: the shape after every row, without the batch, and the multiply-accumulates of all.

    Its own counter counts a multiplication and an addition as two.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    shapes, values = [], torch.zeros(1, *traced.input, device="meta")
    counter = FlopCounterMode(display=False)
    with counter:
        if hasattr(module, "steps"):
            shapes = [tuple(volume.shape[1:]) for _, volume in module.steps(values)]
        else:
            pieces = iter(module)
            for row in traced.rows:
                for _ in modules(row):
                    values = next(pieces)(values)
                shapes.append(tuple(values.shape[1:]))
    return shapes, counter.get_total_flops() // 2


@given(networks())
@settings(deadline=None, max_examples=60)
def test_equals_torch_on_networks_nobody_drew_before(network: Network) -> None:
    traced = trace(network)
    module = build(traced, device="meta").eval()
    shapes, macs = run(traced, module)
    assert shapes[-1] == traced.rows[-1].shape
    assert sum(weights.numel() for weights in module.parameters()) == traced.parameters
    assert macs == traced.macs


@pytest.mark.parametrize("name", zoo.names())
def test_equals_torch_on_the_zoo(name: str) -> None:
    traced = trace(zoo.network(name))
    module = build(traced, device="meta").eval()
    shapes, macs = run(traced, module)
    assert shapes == [row.shape for row in traced.rows]
    assert sum(weights.numel() for weights in module.parameters()) == traced.parameters
    assert sum(kept.numel() for key, kept in module.named_buffers() if "running" in key) == traced.statistics
    assert macs == traced.macs


@pytest.mark.parametrize(
    ("ours", "theirs"), [("alexnet-2014", "alexnet"), ("vgg13", "vgg13"), ("vgg16", "vgg16"), ("vgg19", "vgg19")]
)
def test_equals_the_builders_of_torchvision(ours: str, theirs: str) -> None:
    import torch
    import torchvision
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"):
        module = getattr(torchvision.models, theirs)().eval()
        counter = FlopCounterMode(display=False)
        with counter:
            module(torch.zeros(1, 3, 224, 224))
    traced = trace(zoo.network(ours))
    assert traced.parameters == sum(weights.numel() for weights in module.parameters())
    assert traced.macs == counter.get_total_flops() // 2


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        pytest.param("lenet5", 61_706, id="N18-lenet5"),
        pytest.param("mlp", 86_950, id="N23-perceptron"),
        pytest.param("minimal-cnn", 433_290, id="N29-minimal-cnn"),
        pytest.param("minimal-cnn-pooled", 108_810, id="N30-minimal-cnn-as-coded"),
        pytest.param("alexnet", 62_378_344, id="N74-alexnet-one-stream"),
        pytest.param("alexnet-two-streams", 60_965_224, id="N74-alexnet-two-streams"),
        pytest.param("vgg16", 138_357_544, id="N87-vgg16"),
        pytest.param("vgg19", 143_667_240, id="N91-vgg19"),
        pytest.param("vgg13", 133_047_848, id="N93-vgg13"),
    ],
)
def test_counts_the_parameters_of_the_lectures(name: str, parameters: int) -> None:
    assert trace(zoo.network(name)).parameters == parameters


def test_counts_lenet5_row_by_row() -> None:  # N08 to N17
    rows = trace(zoo.network("lenet5")).rows
    assert [row.parameters for row in rows if row.parameters] == [156, 2416, 48_120, 10_164, 850]
    assert rows[3].formula == "16·(5·5·6) + 16 = 2,416"
    assert rows[7].formula == "120·400 + 120 = 48,120"


def test_follows_alexnet_through_its_shapes() -> None:  # N71
    rows = [row for row in trace(zoo.network("alexnet")).rows if isinstance(row.operation, Conv | Pool | Dense)]
    drawn = [
        (96, 55, 55),
        (96, 27, 27),
        (256, 27, 27),
        (256, 13, 13),
        (384, 13, 13),
        (384, 13, 13),
        (256, 13, 13),
        (256, 6, 6),
    ]
    assert [row.shape for row in rows] == [*drawn, (4096,), (4096,), (1000,)]


def test_keeps_61_megabytes_of_vgg16() -> None:  # N90
    assert trace(zoo.network("vgg16")).activations == 15_237_608


@pytest.mark.parametrize(
    ("name", "layer", "sees"),
    [
        pytest.param("lenet5", "pool2", 16, id="N68-pool2"),
        pytest.param("lenet5", "dense1", 32, id="N68-dense1"),
        pytest.param("vgg16", "block5_pool", 212, id="N69-block5"),
        pytest.param("vgg16", "fc1", 404, id="N69-fc1"),
    ],
)
def test_says_what_a_layer_sees(name: str, layer: str, sees: int) -> None:
    (row,) = (row for row in trace(zoo.network(name)).rows if row.name == layer)
    assert row.receptive_field == (sees, sees)


@given(networks())
@settings(deadline=None, max_examples=60)
def test_adds_up(network: Network) -> None:
    traced = trace(network)
    assert traced.parameters == traced.parameters_of(Conv) + traced.parameters_of(Dense)
    for before, row in zip([None, *traced.rows], traced.rows, strict=False):
        assert row.taken == (before.shape if before else traced.input)
        assert row.values in (0, prod(row.shape))
        if row.formula:
            assert int(row.formula.rpartition(" = ")[2].replace(",", "")) == row.parameters


@pytest.mark.parametrize(
    ("operations", "says"),
    [
        pytest.param((Conv(1, (9, 9)),), r"conv1: .*9.*does not fit", id="kernel larger than the image"),
        pytest.param((Flatten(), Conv(1, (1, 1))), "conv1: conv slides over a volume", id="convolution after flatten"),
        pytest.param((Dense(3),), "dense1: dense takes a vector", id="dense on a volume"),
        pytest.param((Conv(4, (1, 1), groups=3),), "conv1: 3 groups", id="groups that do not divide"),
        pytest.param((GlobalPool("max"), Pool("max", (1, 1), (1, 1))), "pool1: maxpool slides", id="pooling a vector"),
        pytest.param((Pool("max", (2, 2), (2, 2)),) * 4, "pool4", id="pooled away"),
    ],
)
def test_names_the_layer_and_the_reason(operations, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        trace(Network("wrong", (3, 8, 8), numbered(*operations)))


@pytest.mark.parametrize(
    "network",
    [
        pytest.param(Network("wide", (3, 10**8, 10**8), numbered(Flatten())), id="image"),
        pytest.param(Network("deep", (10**9, 8, 8), numbered(Flatten())), id="maps"),
        pytest.param(Network("long", (3, 8, 8), numbered(*[Activation("relu")] * 10_000)), id="layers"),
        pytest.param(Network("full", (3, 8192, 8192), numbered(Conv(60_000, (1, 1)))), id="volume"),
    ],
)
def test_refuses_the_absurd_before_it_allocates(network: Network) -> None:
    with pytest.raises(LimitError):
        trace(network)


@pytest.mark.parametrize("text", ["", "3x224", "3x224x224x2", "3xaxb", "-1x2x3", "3x٣x3", "1e9x1x1", "9" * 99])
def test_reads_no_size_into_nonsense(text: str) -> None:
    with pytest.raises(ShapeError, match="maps x height x width"):
        parse_input(text)


def test_refuses_an_empty_image() -> None:
    with pytest.raises(ShapeError, match="1 or more"):
        trace(Network("none", (3, 0, 5), numbered(Flatten())))
