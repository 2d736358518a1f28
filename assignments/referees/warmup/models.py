"""count_parameters: how many parameters has a model?"""

import numpy as np

from core.nets.costs import parameters
from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Pool, numbered
from core.nets.trace import trace
from core.nets.zoo.lenet5 import LENET5
from core.nets.zoo.mlp import MLP
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def counted(network: Network, frozen: int) -> int:
    """The reference: from the table of the network, by arithmetic."""
    return trace(network).parameters


def model(network: Network, frozen: int) -> tuple[object]:
    """What the student gets: the network in PyTorch, its first layers with parameters frozen."""
    from core.nets.build import build

    built = build(trace(network))
    for layer in [layer for layer in built.modules() if any(True for _ in layer.parameters(recurse=False))][:frozen]:
        layer.requires_grad_(False)
    return (built,)


def small(*, bias: bool = True, frozen: int = 0) -> Drawn:
    """One or two convolutions and a dense layer."""

    def draw(random: np.random.Generator) -> Case:
        maps, filters, more, units = (int(number) for number in random.integers(2, 13, size=4))
        layers = (Conv(filters, (3, 3), bias=bias), Activation("relu"), Pool("max", (2, 2), (2, 2)))
        second = (Conv(more, (3, 2), bias=bias), Activation("relu")) if random.integers(2) else ()
        table = numbered(*layers, *second, Flatten(), Dense(units, bias=bias))
        return case(Network("a small network", (maps, 10, 12), table), frozen)

    return draw


def weights_only(network: Network, frozen: int) -> int:
    """Without the biases."""
    return sum(
        parameters(row.operation, row.taken)[0] - row.operation.bias * row.shape[0]
        for row in trace(network).rows
        if isinstance(row.operation, Conv | Dense)
    )


def not_frozen(network: Network, frozen: int) -> int:
    """Only what training would change."""
    return sum([row.parameters for row in trace(network).rows if row.parameters][frozen:])


def tensors(network: Network, frozen: int) -> int:
    """Weight and bias of a layer counted as two."""
    rows = trace(network).rows
    return sum(1 + row.operation.bias for row in rows if isinstance(row.operation, Conv | Dense))


count_parameters = Referee(
    name="count_parameters",
    points=1,
    reference=counted,
    given=model,
    groups=(
        Group(
            "networks of the lectures",
            weight=1,
            visible=True,
            cases=(case(LENET5, 0, title="LeNet-5"), case(MLP, 0, title="Perceptron")),
        ),
        Group("small networks", weight=1, drawn=small(), count=5),
        Group("layers without biases", weight=1, drawn=small(bias=False), count=5),
        Group("frozen layers", weight=1, drawn=small(frozen=1), count=5),
    ),
    mistakes=(
        Mistake("weights only", weights_only, hint="The biases are parameters, too."),
        Mistake(
            "leaves frozen layers out",
            not_frozen,
            hint="A frozen layer keeps its parameters: count those that are not trained as well.",
        ),
        Mistake(
            "counts tensors",
            tensors,
            hint="You count the tensors. Each of them holds many parameters: tensor.numel() of them.",
        ),
        Mistake(
            "dense layers only",
            lambda network, frozen: trace(network).parameters_of(Dense),
            hint="The convolutions have parameters as well; model.parameters() walks through all layers.",
        ),
        Mistake(
            "convolutions only",
            lambda network, frozen: trace(network).parameters_of(Conv),
            hint="The dense layers have parameters as well; model.parameters() walks through all layers.",
        ),
    ),
)
