"""Colours for pieces of a mask: neighbours can be told apart."""

import numpy as np
import pytest

from core.data.cells import cells
from core.errors import ShapeError
from core.segment.unet_cells import colouring


@pytest.mark.parametrize("number", [0, 2, 7])
def test_cells_that_nearly_touch_get_different_colours(number: int) -> None:
    truth = cells("test", number, side=128).labels
    painted = colouring(truth, colours=6)
    assert np.array_equal(painted > 0, truth > 0)
    for down, right in ((0, 1), (1, 0), (3, 0), (0, 3), (2, 2)):
        one, other = (slice(None, -down or None), slice(None, -right or None)), (slice(down, None), slice(right, None))
        apart = (truth[one] > 0) & (truth[other] > 0) & (truth[one] != truth[other])
        assert not (apart & (painted[one] == painted[other])).any()


def test_colours_run_out_without_harm() -> None:
    assert colouring(np.array([[1, 2, 3]]), colours=2).tolist() == [[1, 2, 1]]
    assert not colouring(np.zeros((2, 2), dtype=np.int64), colours=6).any()
    with pytest.raises(ShapeError, match="a colour"):
        colouring(np.zeros((2, 2), dtype=np.int64), colours=0)
