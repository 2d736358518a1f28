"""Reading a layer of a library: the names its arguments have, and the rows it stands for."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from core.nets.layers import Operation
from core.nets.pasted.literals import Arguments, bound
from core.types import Shape

Rows: TypeAlias = Callable[[Arguments, Shape], Iterator[Operation]]
INPUTS = ("input_shape", "input_dim")  # what Keras' layers may be told about the image
IGNORED = (  # what changes how a layer learns or is called, and none of its counts
    *("name", "device", "dtype", "momentum", "trainable", "seed", "kernel_initializer", "bias_initializer"),
    *("kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint"),
    *("beta_initializer", "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer"),
    *("depthwise_initializer", "pointwise_initializer", "inplace", "dim", "axis", "alpha", "beta", "k"),
)


@dataclass(frozen=True)
class Reader:
    """A layer of one of the libraries: its rows, and the names of its arguments."""

    rows: Rows
    names: tuple[str, ...] = ()

    def bind(self, kind: str, call: ast.Call) -> Arguments:
        """The arguments of a call by name."""
        return bound(kind, call, self.names, IGNORED)


def readers(rows: Rows, names: str, *kinds: str, keras: bool = False) -> dict[str, Reader]:
    """One reader under several names.

    >>> list(readers(lambda given, shape: iter(()), "shape", "Input", "InputLayer"))
    ['Input', 'InputLayer']
    """
    return {kind: Reader(rows, (*names.split(), *(INPUTS if keras else ()))) for kind in kinds}
