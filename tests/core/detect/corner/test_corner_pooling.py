"""Corner pooling: equal to a plain double loop and to torch's running maximum, with its laws."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.detect.corner.corner_net import pooled
from core.detect.corner.corner_pooling import bottom_right, largest, top_left
from core.errors import ShapeError

MAPS = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: st.tuples(*[arrays(np.float64, shape, elements=st.integers(-9, 9).map(float))] * 2)
)


@given(MAPS)
@settings(max_examples=50)
def test_is_what_a_double_loop_finds(maps) -> None:
    across, along = maps
    found, other = top_left(across, along), bottom_right(across, along)
    for row, column in np.ndindex(*across.shape):
        assert found[row, column] == across[row, column:].max() + along[row:, column].max()
        assert other[row, column] == across[row, : column + 1].max() + along[: row + 1, column].max()


@given(MAPS)
@settings(max_examples=50)
def test_is_what_torch_finds_with_a_running_maximum(maps) -> None:
    across, along = maps
    both = [torch.from_numpy(each)[None, None] for each in maps]
    assert np.array_equal(pooled(*both, corner=0)[0, 0].numpy(), top_left(across, along))
    assert np.array_equal(pooled(*both, corner=1)[0, 0].numpy(), bottom_right(across, along))


@given(MAPS)
@settings(max_examples=50)
def test_changes_nothing_the_second_time_and_turns_with_the_picture(maps) -> None:
    across, along = maps
    once = largest(across, look="right")
    assert np.array_equal(largest(once, look="right"), once)
    assert (once >= across).all()
    half_turn = top_left(across[::-1, ::-1], along[::-1, ::-1])[::-1, ::-1]
    assert np.array_equal(half_turn, bottom_right(across, along))


def test_takes_stacks_of_maps() -> None:
    stack = np.random.default_rng(0).random((2, 3, 4, 5))
    assert np.array_equal(top_left(stack, stack)[1, 2], top_left(stack[1, 2], stack[1, 2]))


def test_says_what_does_not_fit() -> None:
    with pytest.raises(ShapeError, match="one shape"):
        top_left(np.zeros((2, 2)), np.zeros((2, 3)))
    with pytest.raises(ShapeError, match="something in them"):
        largest(np.zeros((0, 3)), look="up")
