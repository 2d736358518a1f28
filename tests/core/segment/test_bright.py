"""A threshold on brightness, against scikit-image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage.filters import threshold_otsu

from core.data.photos import photo
from core.errors import CoreError, ShapeError
from core.segment.bright import brighter, brightness, otsu

BYTES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 8), st.integers(2, 8)))


@pytest.mark.parametrize("name", ["coins", "camera", "flower"])
def test_otsu_agrees_with_scikit_image(name: str) -> None:
    bright = brightness(photo(name))
    assert otsu(bright) == threshold_otsu(bright)


@given(bright=BYTES, threshold=st.integers(0, 255))
def test_every_pixel_is_brighter_darker_or_equal(bright, threshold: int) -> None:
    up, down = brighter(bright, threshold), brighter(bright, threshold, darker=True)
    assert np.array_equal(up + down, bright != threshold)


@given(bright=BYTES)
def test_otsu_leaves_no_group_empty_if_there_are_two_values(bright) -> None:
    if len(np.unique(bright)) > 1:
        assert 0 < brighter(bright, otsu(bright)).mean() < 1


def test_grey_is_as_bright_as_it_is() -> None:
    grey = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    assert np.array_equal(brightness(grey)[0], np.arange(256))


def test_refuses_other_things() -> None:
    with pytest.raises(ShapeError, match="photo"):
        brightness(np.zeros((2, 2), dtype=np.uint8))
    with pytest.raises(CoreError, match="0 to 255"):
        brighter(np.zeros((2, 2), dtype=np.uint8), 256)
