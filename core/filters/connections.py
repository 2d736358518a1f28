"""Who is connected to whom: dense, local and shared layers between two rows of neurons (lecture A).

The three differ in two questions only: which inputs an output reads, and whether outputs use the same weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.errors import LimitError, ShapeError
from core.filters.arithmetic import output_side
from core.types import Floats

Kind: TypeAlias = Literal["dense", "local", "shared"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_NEURONS = 64


@dataclass(frozen=True)
class Edge:
    """One connection. Edges with the same weight number are one weight, used again."""

    source: int
    target: int
    weight: int


@dataclass(frozen=True)
class Connections:
    """A layer between two rows of neurons, as a graph."""

    kind: Kind
    inputs: int
    outputs: int
    edges: tuple[Edge, ...]

    @property
    def weights(self) -> int:
        """Distinct weights: what has to be learned and stored."""
        return len({edge.weight for edge in self.edges})

    @property
    def biases(self) -> int:
        """One for each output; with sharing a single one for all."""
        return 1 if self.kind == "shared" else self.outputs

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases

    def matrix(self, weights: Sequence[float] | Floats) -> Floats:
        """The layer as a matrix, given its distinct weights in the order of their numbers: -> (outputs, inputs).

        >>> connect(4, kind="shared", kernel=2).matrix([1.0, 2.0])
        array([[1., 2., 0., 0.],
               [0., 1., 2., 0.],
               [0., 0., 1., 2.]])
        """
        if len(weights) != self.weights:
            raise ShapeError(f"this layer has {self.weights} weights of its own, got {len(weights)}")
        matrix = np.zeros((self.outputs, self.inputs))
        for edge in self.edges:
            matrix[edge.target, edge.source] = weights[edge.weight]
        return matrix


def connect(inputs: int, *, kind: Kind, kernel: int = 3, padding: int = 0) -> Connections:
    """Every edge between a row of neurons and the next; the outputs are those of a window over the inputs.

    Where a window hangs over the edge there is no neuron and so no connection. A dense layer reads everything, and has
    as many outputs as the others so that the three can be compared.

    >>> [connect(5, kind=kind, padding=1).parameters for kind in ("dense", "local", "shared")]
    [30, 18, 4]
    """
    if not 1 <= inputs <= MOST_NEURONS:
        raise LimitError(f"1 to {MOST_NEURONS} neurons can be drawn, got {inputs}")
    outputs = output_side(inputs, kernel, padding=padding)
    edges = list[Edge]()
    for target in range(outputs):
        for source in range(inputs):
            tap = source - target + padding
            if kind == "dense" or 0 <= tap < kernel:
                edges.append(Edge(source, target, tap if kind == "shared" else len(edges)))
    if kind == "shared":  # a kernel wider than its input has weights that no neuron ever meets
        numbers = {tap: number for number, tap in enumerate(sorted({edge.weight for edge in edges}))}
        edges = [Edge(edge.source, edge.target, numbers[edge.weight]) for edge in edges]
    return Connections(kind, inputs, outputs, tuple(edges))
