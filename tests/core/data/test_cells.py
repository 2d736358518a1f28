"""Touching cells: numbered without gaps, each in one piece, and touching as often as asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from core.data.cells import Cells, cells
from core.errors import CoreError


def touching(picture: Cells) -> int:
    """Pairs of cells of which a pixel lies beside a pixel of the other."""
    found = picture.labels
    pairs = {
        frozenset((int(one), int(two)))
        for first, second in ((found[1:], found[:-1]), (found[:, 1:], found[:, :-1]))
        for one, two in zip(first.ravel(), second.ravel(), strict=True)
        if one and two and one != two
    }
    return len(pairs)


@settings(max_examples=15, deadline=None)
@given(part=st.sampled_from(["train", "test"]), number=st.integers(0, 10**6), side=st.integers(64, 160))
def test_every_cell_is_one_piece_with_a_number(part, number, side) -> None:
    picture = cells(part, number, side=side)
    assert picture.image.shape == picture.labels.shape == (side, side)
    assert np.isfinite(picture.image).all()
    assert picture.image.min() >= 0
    assert picture.image.max() <= 1
    assert np.unique(picture.labels).tolist() == list(range(int(picture.labels.max()) + 1))
    for cell in range(1, int(picture.labels.max()) + 1):
        assert label(picture.labels == cell)[1] == 1


def test_clusters_are_fewer_than_cells() -> None:
    pictures = [cells("train", number) for number in range(10)]
    counted = sum(int(picture.labels.max()) for picture in pictures)
    clusters = sum(label(picture.mask)[1] for picture in pictures)
    assert sum(touching(picture) for picture in pictures) > 0.5 * counted
    assert clusters < 0.7 * counted, (clusters, counted)
    apart = [cells("train", number, touching=0.0) for number in range(10)]
    assert sum(touching(picture) for picture in apart) < sum(touching(picture) for picture in pictures)


def test_an_address_always_gives_the_same_cells() -> None:
    np.testing.assert_array_equal(cells("test", 3).image, cells("test", 3).image)
    assert not np.array_equal(cells("test", 3).labels, cells("train", 3).labels)


def test_draws_as_many_as_asked() -> None:
    for number in range(8):
        assert int(cells("train", number, side=200, count=(4, 4), touching=0.3).labels.max()) == 4
    assert not cells("train", 0, count=(0, 0)).mask.any()


@pytest.mark.parametrize("settings", [{"side": 8}, {"side": 5000}, {"count": (5, 3)}, {"touching": 2.0}])
def test_says_what_cannot_be_drawn(settings) -> None:
    with pytest.raises(CoreError, match="16 to 1024"):
        cells("train", 0, **settings)
