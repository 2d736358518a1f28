"""Small networks for the labs: stacks against one large window, towers, and tables with rows taken out."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blocks.miniatures import large_side, stacked, tower, without
from core.errors import ShapeError
from core.nets.build import build
from core.nets.layers import Activation, Add, BatchNorm
from core.nets.trace import trace


@given(st.sampled_from([1, 3, 5, 7]), st.integers(1, 6), st.integers(1, 200), st.booleans())
def test_sees_as_much_as_the_large_window_and_counts_as_the_formula(
    kernel: int, times: int, maps: int, bias: bool
) -> None:
    large = large_side(kernel, times)
    stack, one = (trace(stacked(maps, side, n, side=40, bias=bias)) for side, n in ((kernel, times), (large, 1)))
    assert stack.rows[-1].receptive_field == one.rows[-1].receptive_field == (large, large)
    assert stack.parameters == times * kernel**2 * maps**2 + times * maps * bias
    assert one.parameters == large**2 * maps**2 + maps * bias
    assert stack.parameters <= one.parameters or (times, kernel) == (times, 1)
    assert stack.macs == times * kernel**2 * maps**2 * 40 * 40
    assert stack.activations - one.activations == (times - 1) * maps * 40 * 40


@pytest.mark.parametrize(
    ("kernel", "times", "maps", "bias", "count"),
    [
        pytest.param(3, 3, 1, False, 27, id="N65-three-3x3"),
        pytest.param(7, 1, 1, False, 49, id="N65-one-7x7"),
        pytest.param(3, 3, 64, True, 110_784, id="N65-three-3x3-on-64"),
        pytest.param(7, 1, 64, True, 200_768, id="N65-one-7x7-on-64"),
    ],
)
def test_counts_what_the_lecture_counts(kernel: int, times: int, maps: int, bias: bool, count: int) -> None:
    assert trace(stacked(maps, kernel, times, side=8, bias=bias)).parameters == count


def test_bends_once_per_layer() -> None:
    """N66: three nonlinearities against one."""
    bends = [
        sum(isinstance(layer.operation, Activation) for layer in stacked(8, kernel, times, side=8).layers)
        for kernel, times in ((3, 3), (7, 1))
    ]
    assert bends == [3, 1]


@given(st.integers(1, 12), st.booleans(), st.booleans())
@settings(max_examples=20)
def test_towers_differ_by_their_sums_alone(blocks: int, residual: bool, norm: bool) -> None:
    drawn = trace(tower(blocks, residual=residual, norm=norm))
    plain = trace(tower(blocks, residual=False, norm=norm))
    weighted = [row for row in drawn.rows if row.kind in ("conv", "dense")]
    assert len(weighted) == 2 * blocks + 2 == int(drawn.network.name.split()[-1])
    assert (drawn.parameters, drawn.macs) == (plain.parameters, plain.macs)
    assert sum(isinstance(row.operation, Add) for row in drawn.rows) == blocks * residual
    assert any(isinstance(row.operation, BatchNorm) for row in drawn.rows) == norm
    assert tuple(build(drawn)(torch.zeros(2, 1, 8, 8)).shape) == (2, 10)


def test_leaves_the_function_alone_where_it_takes_out_what_does_nothing() -> None:
    """Fresh normalisations in use do next to nothing, so the residual tower without them answers the same."""
    whole = tower(2, residual=True)
    bare = trace(tower(2, residual=True, norm=False))
    first, second = build(trace(whole)).eval(), build(bare).eval()
    matrices = [weights for weights in first.parameters() if weights.dim() == 4 or weights.shape[:1] == (10,)]
    for mine, other in zip(second.parameters(), matrices, strict=True):
        mine.data.copy_(other)
    images = torch.randn(3, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(first(images), second(images), atol=1e-3, rtol=1e-3)
    assert [row.name for row in without(whole.layers, lambda row: isinstance(row.operation, BatchNorm))] == [
        row.name for row in bare.rows
    ]


def test_refuses_what_has_no_layer() -> None:
    with pytest.raises(ShapeError, match="one layer or more"):
        stacked(8, 3, 0, side=8)
    with pytest.raises(ShapeError, match="one block or more"):
        tower(0, residual=True)
