"""module_macs: the multiplications of a module with branches, and how many maps leave it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod
from typing import TypeAlias

import numpy as np

from core.nets.layers import INPUT, Concat, Conv, Layer, Network, Pool
from core.nets.trace import Row, Trace, trace
from core.nets.zoo.googlenet import NAIVE, REDUCED, Widths
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

Step: TypeAlias = tuple[str | int, ...]  # ("conv", filters, height, width) or ("pool", side)
Branch: TypeAlias = list[Step]
Answer: TypeAlias = dict[str, int]


def followed(h: int, w: int, c_in: int, branches: Sequence[Branch]) -> Trace:
    """The module at work; a branch without steps hands its input on."""
    layers, ends = list[Layer](), list[str]()
    for number, branch in enumerate(branches):
        below = INPUT
        for place, step in enumerate(branch):
            layers.append(Layer(f"{number}.{place}", operation(step), of=(below,)))
            below = layers[-1].name
        ends.append(below)
    pile = Layer("pile", Concat(), of=tuple(ends) if len(ends) > 1 else (*ends, *ends))
    traced = trace(Network("a module", (c_in, h, w), (*layers, pile)))
    return traced if len(ends) > 1 else replace(traced, rows=(*traced.rows[:-1], _half(traced.rows[-1])))


def _half(pile: Row) -> Row:
    """A pile of one volume: `core` piles up two or more, so it was laid twice."""
    return replace(pile, shape=(pile.shape[0] // 2, *pile.shape[1:]))


def operation(step: Step) -> Conv | Pool:
    """The row of `core` for a step, padded so that the sides stay."""
    kind, *numbers = step
    if kind == "pool":
        (side,) = map(int, numbers)
        return Pool("max", (side, side), (1, 1), (side // 2, side // 2))
    filters, high, wide = map(int, numbers)
    return Conv(filters, (high, wide), padding=(high // 2, wide // 2))


def counted(h: int, w: int, c_in: int, branches: Sequence[Branch]) -> Answer:
    """The reference."""
    traced = followed(h, w, c_in, branches)
    return {"macs": traced.macs, "depth": traced.rows[-1].shape[0]}


def convolutions(traced: Trace) -> list[Row]:
    """Its rows that multiply."""
    return [row for row in traced.rows if isinstance(row.operation, Conv)]


def told(
    *, macs: Callable[[Trace], int] | None = None, depth: Callable[[Trace], int] | None = None
) -> Callable[..., Answer]:
    """One of the two numbers otherwise."""

    def answer(h: int, w: int, c_in: int, branches: Sequence[Branch]) -> Answer:
        found, traced = counted(h, w, c_in, branches), followed(h, w, c_in, branches)
        return {"macs": macs(traced) if macs else found["macs"], "depth": depth(traced) if depth else found["depth"]}

    return answer


def from_the_input(traced: Trace) -> int:
    """Every convolution as if it stood on the input."""
    return sum(row.macs // row.taken[0] * traced.input[0] for row in convolutions(traced))


def without_poolings(h: int, w: int, c_in: int, branches: Sequence[Branch]) -> Answer:
    """A pooling alone is not among what is piled up."""
    ends = [branch for branch in branches if any(step[0] == "conv" for step in branch)]
    lost = c_in * (len(branches) - len(ends))
    found = counted(h, w, c_in, branches)
    return {**found, "depth": found["depth"] - lost}


def squared(place: int) -> Callable[..., Answer]:
    """One side of every kernel for both."""

    def answer(h: int, w: int, c_in: int, branches: Sequence[Branch]) -> Answer:
        square = [
            [("conv", step[1], step[place], step[place]) if step[0] == "conv" else step for step in branch]
            for branch in branches
        ]
        return counted(h, w, c_in, square)

    return answer


def lecture(widths: Widths) -> list[Branch]:
    """The module of the lecture, branch by branch."""
    plain: list[Branch] = [
        [("conv", widths.one, 1, 1)],
        [("conv", widths.three, 3, 3)],
        [("conv", widths.five, 5, 5)],
        [("pool", 3)],
    ]
    before = (None, widths.reduce_three, widths.reduce_five, None)
    behind = (None, None, None, widths.pool)
    return [
        [*([("conv", first, 1, 1)] if first else []), *branch, *([("conv", last, 1, 1)] if last else [])]
        for first, branch, last in zip(before, plain, behind, strict=True)
    ]


def any_conv(random: np.random.Generator) -> Step:
    """A kernel with odd sides that differ."""
    short, long = int(random.integers(0, 2)) * 2 + 1, int(random.integers(2, 4)) * 2 + 1
    return ("conv", int(random.integers(2, 30)), *((short, long) if random.integers(2) else (long, short)))


def any_module(*, steps: int, pools: bool = False) -> Drawn:
    """Two to four branches of so many convolutions; with poolings on the way, behind and alone, and an empty branch."""

    def draw(random: np.random.Generator) -> Case:
        h, w, c_in = int(random.integers(5, 30)), int(random.integers(31, 60)), int(random.integers(31, 60))
        if random.integers(2):
            h, w = w, h
        branches = [[any_conv(random) for _ in range(steps)] for _ in range(int(random.integers(2, 5)))]
        if pools:
            side = int(random.integers(1, 4)) * 2 + 1
            branches[0].insert(1, ("pool", side))
            branches += [[("pool", side), any_conv(random)], [("pool", side)]]
        return case(h, w, c_in, branches)

    return draw


module_macs = Referee(
    name="module_macs",
    points=1,
    reference=counted,
    groups=(
        Group(
            "modules of the lecture",
            weight=1,
            visible=True,
            cases=(
                case(28, 28, 256, lecture(NAIVE), title="Four windows at once"),
                case(28, 28, 256, lecture(REDUCED), title="The same with bottlenecks"),
            ),
        ),
        Group(
            "one convolution in every branch",
            weight=1,
            drawn=any_module(steps=1),
            count=10,
            cases=(case(6, 9, 4, [[("conv", 5, 3, 1)]]),),
        ),
        Group("convolutions behind each other", weight=1, drawn=any_module(steps=2), count=10),
        Group(
            "branches with poolings, and empty ones",
            weight=1,
            drawn=any_module(steps=2, pools=True),
            count=10,
            cases=(case(7, 4, 6, [[], [("conv", 5, 3, 1)]]), case(4, 7, 6, [[("pool", 3)], []])),
        ),
    ),
    mistakes=(
        Mistake(
            "every convolution on the input",
            told(macs=from_the_input),
            hint="The second convolution of a branch sees the maps of the first, not those of the input.",
        ),
        Mistake(
            "forgets the places",
            told(macs=lambda traced: traced.macs // prod(traced.input[1:])),
            hint="The filters are used at every place of the map: multiply by its height and width.",
        ),
        Mistake(
            "forgets the depth of the filters",
            told(macs=lambda traced: sum(row.macs // row.taken[0] for row in convolutions(traced))),
            hint="A filter reaches through all maps of what it sees: multiply by their number.",
        ),
        Mistake(
            "counts the biases",
            told(macs=lambda traced: traced.macs + sum(prod(row.shape) for row in convolutions(traced))),
            hint="A bias is added, not multiplied: it does not count here.",
        ),
        Mistake(
            "counts multiplications and additions",
            told(macs=lambda traced: 2 * traced.macs),
            hint="A product and the addition that goes with it count as one here.",
        ),
        Mistake("square of the height", squared(2), hint="The kernel need not be square: height times width."),
        Mistake("square of the width", squared(3), hint="The kernel need not be square: height times width."),
        Mistake(
            "depth of all convolutions",
            told(
                depth=lambda traced: (
                    traced.rows[-1].shape[0]
                    + sum(row.shape[0] for row in convolutions(traced) if row.name not in traced.rows[-1].of)
                )
            ),
            hint="Only what leaves a branch at its end is piled up: maps inside a branch are used up there.",
        ),
        Mistake(
            "the deepest branch",
            told(
                depth=lambda traced: max(
                    traced.input[0] if name == INPUT else next(row.shape[0] for row in traced.rows if row.name == name)
                    for name in traced.rows[-1].of
                )
            ),
            hint="The maps of all branches are piled up, so their numbers are added.",
        ),
        Mistake(
            "poolings leave nothing",
            without_poolings,
            hint="A branch without a convolution hands on as many maps as it got: they are piled up, too.",
        ),
    ),
)
