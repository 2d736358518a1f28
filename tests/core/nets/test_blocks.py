"""Blocks of rows: nothing is lost, nothing counted twice, and names stay apart."""

import pytest
from hypothesis import given, settings

from core.nets.blocks import blocks
from core.nets.layers import Conv, Dense, Network
from core.nets.table import parse
from core.nets.trace import trace
from core.nets.zoo import names, network
from tests.core.nets.networks import graphs


@pytest.mark.parametrize("name", names())
def test_holds_every_row_of_the_zoo_once_and_in_order(name: str) -> None:
    traced = trace(network(name))
    found = blocks(traced)
    assert [row for block in found for row in block.rows] == list(traced.rows)
    assert len({block.name for block in found}) == len(found) <= 60
    assert sum(block.parameters for block in found) == traced.parameters
    assert sum(block.macs for block in found) == traced.macs
    assert sum(block.values for block in found) + traced.input[0] * traced.input[1] * traced.input[2] == (
        traced.activations
    )
    assert found[-1].shape == traced.rows[-1].shape


@given(graphs())
@settings(deadline=None, max_examples=30)
def test_loses_no_row_of_a_graph(network: Network) -> None:
    traced = trace(network)
    assert [row for block in blocks(traced) for row in block.rows] == list(traced.rows)


def test_follows_the_blocks_of_the_paper() -> None:
    found = blocks(trace(network("resnet50")))
    assert [block.name for block in found] == [
        "stem",
        *(
            f"block{stage}-{place}"
            for stage, count in ((2, 3), (3, 4), (4, 6), (5, 3))
            for place in range(1, count + 1)
        ),
        *("gap", "predictions"),
    ]
    assert [block.name for block in blocks(trace(network("vgg16")))][:6] == [
        *(f"block{place}" for place in range(1, 6)),
        "flatten",
    ]


def test_numbers_blocks_that_would_be_called_alike() -> None:
    table = "input 3x8x8\na.x: conv 3 1\nb: conv 3 1\na_y: conv 3 1\nrelu"
    found = blocks(trace(parse(table)))
    assert [(block.name, len(block.rows)) for block in found] == [("a", 1), ("b", 1), ("a (2)", 2)]


def test_does_what_the_row_with_most_parameters_does() -> None:
    kinds = {block.name: type(block.operation) for block in blocks(trace(network("vgg16")))}
    assert (kinds["block1"], kinds["fc1"]) == (Conv, Dense)
