"""Paths through a network whose rows branch and meet again: counted, dropped, and what is left of it (lecture B).

A path leads from the input to the last row and takes one input at every meeting. FractalNet is trained by dropping
inputs of its meetings. Source: Larsson, Maire and Shakhnarovich, "FractalNet", ICLR 2017, section 2 and 3.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from core.errors import CoreError
from core.nets.layers import INPUT, Add, Conv, Layer, Mean, relinked, sources

if TYPE_CHECKING:
    from numpy.random import Generator

Kept: TypeAlias = Mapping[str, tuple[str, ...]]  # what every row still takes, by name


def whole(layers: Sequence[Layer]) -> dict[str, tuple[str, ...]]:
    """Nothing dropped: every row with all it takes.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> whole(fractal("f", "input", 8, 2))["f_join"]
    ('f_relu', 'f_relu-b')
    """
    return {layer.name: of for layer, of in zip(layers, sources(layers), strict=True)}


def meetings(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The rows where paths meet: sums and means.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> meetings(fractal("f", "input", 8, 3))
    ('f_join-a', 'f_join')
    """
    return tuple(layer.name for layer in layers if isinstance(layer.operation, Mean | Add))


def path_depths(layers: Sequence[Layer], kept: Kept | None = None) -> dict[int, int]:
    """Number of convolutions -> how many live paths have so many.

    Counted from row to row: the paths into a row are all those into what it takes, one longer behind a convolution.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> path_depths(fractal("f", "input", 8, 3))
    {1: 1, 2: 1, 3: 2, 4: 1}
    """
    taken = whole(layers) if kept is None else kept
    into: dict[str, Counter[int]] = {INPUT: Counter({0: 1})}
    for layer in layers:
        found = Counter[int]()
        for name in taken[layer.name]:
            for depth, count in into[name].items():
                found[depth + isinstance(layer.operation, Conv)] += count
        into[layer.name] = found
    return dict(sorted(into[layers[-1].name].items()))


def drop_local(layers: Sequence[Layer], rate: float, generator: "Generator") -> dict[str, tuple[str, ...]]:
    """Every meeting loses each of its inputs with probability `rate`, but never all of them.

    >>> import numpy as np
    >>> from core.nets.zoo.fractalnet import fractal
    >>> drop_local(fractal("f", "input", 8, 2), 1.0, np.random.default_rng(0))["f_join"]
    ('f_relu',)
    """
    if not 0 <= rate <= 1:
        raise CoreError(f"a rate of dropping lies between 0 and 1, got {rate}")
    kept = whole(layers)
    for name in meetings(layers):
        of = kept[name]
        stays = tuple(each for each in of if generator.random() >= rate)
        kept[name] = stays or (of[int(generator.integers(len(of)))],)
    return kept


def drop_global(layers: Sequence[Layer], generator: "Generator") -> dict[str, tuple[str, ...]]:
    """All columns but one are dropped: the one that is left, drawn at random, is a plain network of its depth."""
    return only_column(layers, 1 + int(generator.integers(width(layers))))


def width(layers: Sequence[Layer]) -> int:
    """How many columns a fractal has: as many as meet at its end.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> width(fractal("f", "input", 8, 1)), width(fractal("f", "input", 8, 4))
    (1, 4)
    """
    kept = whole(layers)
    return max((len(kept[name]) for name in meetings(layers)), default=1)


def only_column(layers: Sequence[Layer], column: int) -> dict[str, tuple[str, ...]]:
    """What is left of a fractal if every meeting takes its input from one column; column 1 is the shortest.

    The deepest columns meet most often, and a meeting names its columns in order: its last input is the deepest one.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> rows = fractal("f", "input", 8, 4)
    >>> [path_depths(rows, only_column(rows, column)) for column in (1, 2, 3, 4)]
    [{1: 1}, {2: 1}, {4: 1}, {8: 1}]
    """
    columns, kept = width(layers), whole(layers)
    if not 1 <= column <= columns:
        raise CoreError(f"this fractal has the columns 1 to {columns}, got {column}")
    for name in meetings(layers):
        place = len(kept[name]) - 1 - (columns - column)
        kept[name] = (kept[name][max(0, place)],)
    return kept


def alive(layers: Sequence[Layer], kept: Kept) -> frozenset[tuple[str, str]]:
    """The links (from, to) of live paths: those the answer can be followed back along.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> rows = fractal("f", "input", 8, 2)
    >>> sorted(start for start, end in alive(rows, only_column(rows, 1)))
    ['f_bn', 'f_conv', 'f_relu', 'input']
    """
    reached, links = {layers[-1].name}, set[tuple[str, str]]()
    for layer in reversed(layers):
        if layer.name in reached:
            links |= {(name, layer.name) for name in kept[layer.name]}
            reached |= set(kept[layer.name])
    return frozenset(links)


def thinned(layers: Sequence[Layer], kept: Kept) -> tuple[Layer, ...]:
    """The live part as a table of its own; a mean of one input is that input.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> rows = fractal("f", "input", 8, 3)
    >>> [row.name for row in thinned(rows, only_column(rows, 1))]
    ['f_conv', 'f_bn', 'f_relu']
    """
    reached = {end for _, end in alive(layers, kept)}
    rows, stands_for = list[tuple[Layer, tuple[str, ...]]](), {INPUT: INPUT}
    for layer in layers:
        if layer.name not in reached:
            continue
        taken = tuple(stands_for[name] for name in kept[layer.name])
        if isinstance(layer.operation, Mean | Add) and len(taken) == 1:
            stands_for[layer.name] = taken[0]
        else:
            stands_for[layer.name] = layer.name
            rows.append((layer, taken))
    return relinked(rows)


def places(layers: Sequence[Layer]) -> dict[str, tuple[int, int, int]]:
    """Where to draw the convolutions of a fractal: column, and the steps of the deepest column it stands beside.

    A convolution begins where the longest way to it ends, and ends where the longest way behind it begins.

    >>> from core.nets.zoo.fractalnet import fractal
    >>> list(places(fractal("f", "input", 8, 2)).values())
    [(1, 0, 2), (2, 0, 1), (2, 1, 2)]
    """
    taken, columns = whole(layers), width(layers)
    above, behind = {INPUT: 0}, {layer.name: 0 for layer in layers}
    length = {layer.name: int(isinstance(layer.operation, Conv)) for layer in layers}
    for layer in layers:
        above[layer.name] = max(above[name] for name in taken[layer.name]) + length[layer.name]
    for layer in reversed(layers):
        for name in taken[layer.name]:
            if name != INPUT:
                behind[name] = max(behind[name], behind[layer.name] + length[layer.name])
    column = {}
    for name in meetings(layers):
        for place, end in enumerate(taken[name]):
            column[_convolution(layers, end)] = columns - len(taken[name]) + place + 1
    deepest = above[layers[-1].name]
    return {
        layer.name: (column.get(layer.name, columns), above[taken[layer.name][0]], deepest - behind[layer.name])
        for layer in layers
        if isinstance(layer.operation, Conv)
    }


def _convolution(layers: Sequence[Layer], name: str) -> str:
    """The convolution that a row comes from, through what works value by value."""
    rows, taken = {layer.name: layer for layer in layers}, whole(layers)
    while name != INPUT and not isinstance(rows[name].operation, Conv):
        name = taken[name][0]
    return name
