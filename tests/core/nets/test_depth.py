"""How deep a network is: the counts of the papers, and every way tried one by one."""

import pytest
from hypothesis import given, settings

from core.nets.depth import WEIGHTED, depth
from core.nets.layers import INPUT, Add, Conv, Layer, Network, sources
from core.nets.zoo import names, network
from tests.core.nets.networks import graphs

PUBLISHED = {
    "lenet5": 5,
    "alexnet": 8,
    "alexnet-two-streams": 8,
    "vgg13": 13,
    "vgg16": 16,
    "vgg19": 19,
    "googlenet": 22,
    "resnet18": 18,
    "resnet34": 34,
    "resnet50": 50,
    "resnet101": 101,
    "resnet152": 152,
    "densenet121": 121,
    "densenet169": 169,
    "densenet201": 201,
}


@pytest.mark.parametrize("name", [pytest.param(name, id=f"{name}") for name in PUBLISHED])
def test_counts_what_the_name_or_the_paper_says(name: str) -> None:
    assert depth(network(name)) == PUBLISHED[name]


def every_way(drawn: Network) -> list[int]:
    """The weighted layers on each single way from the image to the answer."""
    taken = dict(zip((layer.name for layer in drawn.layers), sources(drawn.layers), strict=True))
    kinds = {layer.name: layer.operation for layer in drawn.layers}

    def up(name: str) -> list[int]:
        if name == INPUT:
            return [0]
        return [isinstance(kinds[name], WEIGHTED) + above for source in taken[name] for above in up(source)]

    return up(drawn.layers[-1].name)


@given(graphs())
@settings(max_examples=200)
def test_is_the_longest_of_all_ways(drawn: Network) -> None:
    assert depth(drawn) == max(every_way(drawn))


def test_counts_a_shortcut_once() -> None:
    block = (Layer("a", Conv(3, (1, 1))), Layer("b", Conv(3, (1, 1))), Layer("short", Conv(3, (1, 1)), of=("input",)))
    assert depth(Network("block", (3, 8, 8), (*block, Layer("sum", Add(), of=("b", "short"))))) == 2


def test_never_exceeds_the_layers_there_are() -> None:
    for name in names():
        drawn = network(name)
        assert depth(drawn) <= sum(isinstance(layer.operation, WEIGHTED) for layer in drawn.layers)
