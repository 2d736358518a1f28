import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LimitError, ShapeError
from core.filters.arithmetic import output_shape
from core.filters.padding import PADDINGS, filling_of, pad, padding_amount
from tests.core.filters.drawing import grids


@settings(deadline=None)
@given(grids(4, 5), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["zeros", "symmetric", "reflect"]))
def test_agrees_with_a_pixel_by_pixel_reading(image, rows, columns, filling):
    def source(place, side):
        if 0 <= place < side:
            return place
        if filling == "zeros":
            return None
        around = 1 if filling == "reflect" else 0
        return -place - 1 + around if place < 0 else 2 * side - 1 - place - around

    padded = pad(image, (rows, columns), filling)
    assert padded.shape == (4 + 2 * rows, 5 + 2 * columns)
    for r, c in np.ndindex(*padded.shape):
        y, x = source(r - rows, 4), source(c - columns, 5)
        assert padded[r, c] == (0 if y is None or x is None else image[y, x])


@pytest.mark.parametrize("mode", PADDINGS)
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (3, 5), (1, 7)])
@pytest.mark.parametrize("dilation", [1, 2])
def test_keeps_shrinks_or_grows_as_the_mode_says(mode, kernel, dilation):
    side = np.array([20, 21])
    amount = padding_amount(kernel, mode, dilation=dilation)
    got = np.array(output_shape((20, 21), kernel, padding=amount, dilation=dilation))
    lost = dilation * (np.array(kernel) - 1)
    change = {"valid": -lost, "full": lost}.get(mode, 0 * lost)
    assert got.tolist() == (side + change).tolist()


def test_fills_with_zeros_unless_the_mode_mirrors():
    assert {mode: filling_of(mode) for mode in PADDINGS} == {
        "valid": "zeros",
        "same": "zeros",
        "full": "zeros",
        "symmetric": "symmetric",
        "reflect": "reflect",
    }


def test_keeps_a_flat_image_flat_only_with_a_mirrored_border():
    flat = np.full((4, 4), 6.0)
    assert (pad(flat, 1, "symmetric") == 6).all()
    assert (pad(flat, 1, "zeros") == 0).sum() == 20


@pytest.mark.parametrize(("filling", "most"), [("symmetric", 3), ("reflect", 2)])
def test_mirrors_no_more_than_the_image_has(filling, most):
    image = np.arange(9.0).reshape(3, 3)
    assert pad(image, most, filling).shape == (3 + 2 * most, 3 + 2 * most)
    with pytest.raises(ShapeError, match=f"only {most} to give"):
        pad(image, most + 1, filling)


def test_refuses_a_flood_before_it_allocates():
    with pytest.raises(LimitError):
        pad(np.zeros((2, 2)), 10**9)


def test_refuses_a_volume_and_a_negative_amount():
    with pytest.raises(ShapeError, match="image"):
        pad(np.zeros((1, 2, 2)), 1)
    with pytest.raises(ShapeError, match="0 or more"):
        pad(np.zeros((2, 2)), -1)
