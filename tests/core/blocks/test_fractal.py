"""Paths of a fractal: counted against walking every single one, dropped by the rules, and what is left runs."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.blocks.fractal import (
    Kept,
    alive,
    drop_global,
    drop_local,
    meetings,
    only_column,
    path_depths,
    places,
    thinned,
    whole,
    width,
)
from core.blocks.miniatures import tower
from core.errors import CoreError
from core.nets.build import build
from core.nets.layers import INPUT, Conv, Layer, Mean, Network
from core.nets.trace import trace
from core.nets.zoo.fractalnet import fractal

ORDERS = st.integers(1, 4)


def walked(layers: tuple[Layer, ...], kept: Kept) -> list[tuple[str, ...]]:
    """Every path from the input to the last row, one after the other: what nobody should do with an order of 9."""

    def back(name: str) -> list[tuple[str, ...]]:
        return [(name,)] if name == INPUT else [(*path, name) for below in kept[name] for path in back(below)]

    return back(layers[-1].name)


def counted(layers: tuple[Layer, ...], paths: list[tuple[str, ...]]) -> dict[int, int]:
    convolutions = {layer.name for layer in layers if isinstance(layer.operation, Conv)}
    return dict(Counter(sum(name in convolutions for name in path) for path in paths))


@given(ORDERS, st.floats(0, 1), st.integers(0, 10**6))
def test_counts_as_brute_force_does(order: int, rate: float, seed: int) -> None:
    rows = fractal("f", INPUT, 4, order)
    kept = drop_local(rows, rate, np.random.default_rng(seed))
    paths = walked(rows, kept)
    assert path_depths(rows, kept) == counted(rows, paths)
    steps = {(a, b) for path in paths for a, b in pairwise(path)}
    assert alive(rows, kept) == steps


def test_squares_the_paths_and_adds_one() -> None:
    counts = [sum(path_depths(fractal("f", INPUT, 4, order)).values()) for order in range(1, 7)]
    assert counts == [1, 2, 5, 26, 677, 458_330]
    for order in range(1, 7):
        depths = path_depths(fractal("f", INPUT, 4, order))
        assert (min(depths), max(depths)) == (1, 2 ** (order - 1))


@given(ORDERS, st.floats(0, 1), st.integers(0, 10**6))
def test_never_drops_all_inputs_and_never_adds_one(order: int, rate: float, seed: int) -> None:
    rows = fractal("f", INPUT, 4, order)
    kept, full = drop_local(rows, rate, np.random.default_rng(seed)), whole(rows)
    assert all(kept[name] and set(kept[name]) <= set(of) for name, of in full.items())
    assert all(kept[name] == of for name, of in full.items() if name not in meetings(rows))


def test_drops_nothing_at_0_all_but_one_at_1_and_about_the_rate_in_between() -> None:
    rows, drawn = fractal("f", INPUT, 4, 4), np.random.default_rng(0)
    assert drop_local(rows, 0.0, drawn) == whole(rows)
    assert all(len(of) == 1 for of in drop_local(rows, 1.0, drawn).values())
    two = fractal("f", INPUT, 4, 2)  # one meeting of two: both stay with 1/4 at a rate of 1/2
    both = sum(len(drop_local(two, 0.5, drawn)["f_join"]) == 2 for _ in range(2000))
    assert 430 < both < 570


@given(ORDERS, st.integers(0, 10**6))
def test_leaves_one_plain_column(order: int, seed: int) -> None:
    rows = fractal("f", INPUT, 4, order)
    kept = drop_global(rows, np.random.default_rng(seed))
    ((depth, count),) = path_depths(rows, kept).items()
    assert count == 1
    assert depth in {2**column for column in range(order)}
    left = thinned(rows, kept)
    assert sum(isinstance(row.operation, Conv) for row in left) == depth
    assert not any(isinstance(row.operation, Mean) for row in left)


def test_draws_every_column_about_as_often() -> None:
    rows, drawn = fractal("f", INPUT, 4, 4), np.random.default_rng(0)
    depths = Counter(max(path_depths(rows, drop_global(rows, drawn))) for _ in range(800))
    assert set(depths) == {1, 2, 4, 8}
    assert all(150 < count < 250 for count in depths.values())


@given(ORDERS, st.floats(0, 1), st.integers(0, 10**6))
def test_what_is_left_computes_as_the_whole_with_means_over_the_kept(order: int, rate: float, seed: int) -> None:
    rows = fractal("f", INPUT, 3, order)
    kept = drop_local(rows, rate, np.random.default_rng(seed))
    traced = trace(Network("left", (3, 5, 5), thinned(rows, kept)))
    torch.manual_seed(seed)
    module = build(traced).eval()
    weights = dict(zip([row.name for row in traced.rows if row.kind == "conv"], _matrices(module), strict=True))
    made = {INPUT: torch.randn(1, 3, 5, 5)}
    for layer in rows:  # the whole table by hand; what is dropped gets no weights and must not matter
        taken = [made[name] for name in kept[layer.name]]
        if isinstance(layer.operation, Mean):
            made[layer.name] = torch.stack(taken).mean(dim=0)
        elif isinstance(layer.operation, Conv):
            own = weights.get(layer.name, torch.full((3, 3, 3, 3), 9.0))
            made[layer.name] = torch.nn.functional.conv2d(taken[0], own, padding=1)
        else:
            fresh = (1 + 1e-5) ** -0.5 if "bn" in layer.name else 1.0
            made[layer.name] = taken[0] * fresh if "bn" in layer.name else taken[0].relu()
    torch.testing.assert_close(module(made[INPUT]), made[rows[-1].name])
    assert path_depths(traced.network.layers) == path_depths(rows, kept)


def _matrices(module: torch.nn.Module) -> list[torch.Tensor]:
    return [weights.data for weights in module.parameters() if weights.dim() > 1]


@pytest.mark.parametrize("order", range(1, 6))
def test_draws_columns_that_fill_the_depth(order: int) -> None:
    """Each column stands beside the whole depth without gap or overlap, and doubles its layers."""
    at = places(fractal("f", INPUT, 4, order))
    for column in range(1, order + 1):
        spans = sorted((start, end) for own, start, end in at.values() if own == column)
        assert len(spans) == 2 ** (column - 1)
        assert [start for start, _ in spans] + [2 ** (order - 1)] == [0, *(end for _, end in spans)]


def test_counts_paths_of_residual_blocks_too() -> None:
    """Through or past each of n blocks of two: 2^n paths, binomial in depth, the stem on each."""
    rows = tower(4, residual=True).layers
    assert path_depths(rows) == {1: 1, 3: 4, 5: 6, 7: 4, 9: 1}
    assert width(rows) == 2
    assert path_depths(tower(4, residual=False).layers) == {9: 1}


def test_refuses_rates_and_columns_that_are_none() -> None:
    rows = fractal("f", INPUT, 4, 3)
    with pytest.raises(CoreError, match="between 0 and 1"):
        drop_local(rows, 1.5, np.random.default_rng(0))
    with pytest.raises(CoreError, match="columns 1 to 3"):
        only_column(rows, 4)
