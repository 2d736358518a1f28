"""A long table in blocks: the rows of a network taken together by their names, so that hundreds can be read at once.

Rows belong together whose names begin alike before the first "." or "_": block4-2_conv1, block4-2_bn1. A row without a
window and without weights, such as relu1, belongs to the row before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from core.nets.layers import Activation, BatchNorm, Dropout, Operation
from core.nets.receptive import Field
from core.nets.trace import Row, Trace
from core.types import Shape


@dataclass(frozen=True)
class Block:
    """Rows that follow each other, and what they cost together."""

    name: str
    rows: tuple[Row, ...]

    @property
    def shape(self) -> Shape:
        """What its last row makes."""
        return self.rows[-1].shape

    @property
    def fields(self) -> tuple[Field, Field] | None:
        """What its last row sees."""
        return self.rows[-1].fields

    @property
    def parameters(self) -> int:
        """What its rows learn."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        """What its rows multiply."""
        return sum(row.macs for row in self.rows)

    @property
    def values(self) -> int:
        """What its rows keep."""
        return sum(row.values for row in self.rows)

    @property
    def operation(self) -> Operation:
        """What the row does that decides: the one with most parameters, or else the one that keeps most."""
        return max(self.rows, key=lambda row: (row.parameters, row.macs, prod(row.shape))).operation


def blocks(traced: Trace) -> tuple[Block, ...]:
    """The rows of a network in blocks, in their order; no two blocks have the same name.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> [(block.name, len(block.rows)) for block in blocks(trace(network("lenet5")))][:4]
    [('conv1', 2), ('pool1', 1), ('conv2', 2), ('pool2', 1)]
    >>> [block.name for block in blocks(trace(network("resnet18")))][:4]
    ['stem', 'block2-1', 'block2-2', 'block3-1']
    """
    found = list[tuple[str, list[Row]]]()
    for row in traced.rows:
        stem = row.name.replace(".", "_").partition("_")[0]
        small = stem == row.name and isinstance(row.operation, Activation | BatchNorm | Dropout)
        if found and (found[-1][0] == stem or small):
            found[-1][1].append(row)
        else:
            found.append((stem, [row]))
    names = _unlike([stem for stem, _ in found])
    return tuple(Block(name, tuple(rows)) for name, (_, rows) in zip(names, found, strict=True))


def _unlike(names: Sequence[str]) -> list[str]:
    """The names, and a number behind the second and every further one of a kind."""
    counts, told = dict[str, int](), list[str]()
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        told.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return told
