"""Dense blocks: maps, links and parameters by hand, and that every layer truly reads everything before it."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blocks.dense import block, connections, plain_twin
from core.errors import ShapeError
from core.nets.build import build
from core.nets.layers import INPUT, Conv, Network
from core.nets.trace import trace

FEW = settings(max_examples=40)


@given(st.integers(1, 12), st.integers(1, 40), st.integers(1, 80), st.booleans())
@FEW
def test_grows_by_addition(layers: int, growth: int, maps: int, narrow: bool) -> None:
    traced = trace(block(layers, growth, maps, 6, narrow=narrow))
    reads = [row.taken[0] for row in traced.rows if row.name.endswith("_bn1")]
    assert reads == [maps + growth * before for before in range(layers)]
    assert traced.rows[-1].shape == (maps + growth * layers, 6, 6)
    windows = sum(9 * growth * (4 * growth if narrow else taken) for taken in reads)
    narrowing = sum(4 * growth * taken for taken in reads) if narrow else 0
    assert traced.parameters_of(Conv) == windows + narrowing


def read_by(network: Network) -> tuple[tuple[str, ...], ...]:
    """For every layer of a block what it reads, piles taken apart: the input and the convolutions before it."""
    made: dict[str, tuple[str, ...]] = {INPUT: (INPUT,)}  # what the maps of a row come from
    found, above = list[tuple[str, ...]](), INPUT
    for layer in network.layers:
        of = tuple(name for each in layer.of or (above,) for name in made[each])
        if layer.name.endswith("_bn1"):
            found.append(of)
        made[layer.name] = (layer.name,) if isinstance(layer.operation, Conv) else of
        above = layer.name
    return tuple(found)


@given(st.integers(1, 12), st.booleans())
@FEW
def test_counts_its_links_as_the_table_has_them(layers: int, narrow: bool) -> None:
    found = read_by(block(layers, 3, 5, 4, narrow=narrow))
    assert [len(of) for of in found] == list(range(1, layers + 1))
    assert len(set(found[-1])) == layers  # no link twice
    assert sum(len(of) for of in found) == connections(layers) == layers * (layers + 1) / 2


def test_hands_every_layer_the_maps_of_all_before_it() -> None:
    """Differentiate the last layer's input by each earlier map: the identity, so nothing was left out or changed."""
    traced = trace(block(3, 2, 3, 4))
    module = build(traced).eval()
    volumes = dict(module.steps(torch.randn(1, 3, 4, 4, generator=torch.Generator().manual_seed(0))))
    piled = torch.cat([volumes["dense_layer2_pile"], volumes["dense_layer3_conv2"]], dim=1)
    assert torch.equal(piled, volumes["dense_layer3_pile"])
    assert torch.equal(volumes["dense_layer3_pile"][:, 3:5], volumes["dense_layer1_conv2"])
    assert torch.equal(volumes["dense_layer3_pile"][:, 5:7], volumes["dense_layer2_conv2"])


@given(st.integers(1, 8), st.integers(1, 12), st.integers(1, 20), st.booleans())
@FEW
def test_is_compared_with_a_chain_of_its_depth_and_width(layers: int, growth: int, maps: int, narrow: bool) -> None:
    dense = trace(block(layers, growth, maps, 5, narrow=narrow))
    chain = trace(plain_twin(dense.network))
    kernels = [
        [row.operation.kernel for row in each.rows if isinstance(row.operation, Conv)] for each in (dense, chain)
    ]
    assert kernels[0] == kernels[1]
    assert chain.rows[-1].shape == dense.rows[-1].shape
    assert {row.operation.filters for row in chain.rows if isinstance(row.operation, Conv)} == {maps + layers * growth}


def test_refuses_blocks_of_nothing() -> None:
    for wrong in ((0, 12, 16), (3, 0, 16), (3, 12, 0)):
        with pytest.raises(ShapeError, match="one layer, one new map and one input map"):
            block(*wrong, 8)
