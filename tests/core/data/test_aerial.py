"""Coasts with sea lions: the truth is where the picture shows it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.aerial import APART, FURS, GROUNDS, KINDS, LENGTHS, aerial, counts
from core.errors import CoreError


@settings(max_examples=12, deadline=None)
@given(number=st.integers(0, 10**6), side=st.integers(64, 300))
def test_every_animal_lies_in_the_picture_and_on_no_other(number, side) -> None:
    picture = aerial("test", number, side=side)
    assert picture.image.shape == (side, side, 3)
    assert picture.image.dtype == np.float32
    assert picture.image.min() >= 0
    assert picture.image.max() <= 1
    assert set(np.unique(picture.ground)) <= set(range(len(GROUNDS)))
    for place, animal in enumerate(picture.animals):
        assert 0 <= animal.x < side
        assert 0 <= animal.y < side
        for other in picture.animals[:place]:
            far = np.hypot(animal.x - other.x, animal.y - other.y)
            assert far >= APART * (animal.length + other.length) - 1e-9
    assert counts(picture).sum() == len(picture.animals)


def test_an_animal_has_its_colour_where_it_is_said_to_be() -> None:
    seen = []
    for number in range(8):
        picture = aerial("train", number)
        for animal in picture.animals:
            if animal.kind == "adult female" and picture.ground[int(animal.y), int(animal.x)] > 0:
                seen.append(picture.image[int(animal.y), int(animal.x)])
    assert len(seen) > 30
    np.testing.assert_allclose(np.median(seen, axis=0), np.array(FURS["adult female"]) * 1.2, atol=0.12)


def test_few_animals_swim_and_all_types_occur() -> None:
    pictures = [aerial("train", number) for number in range(12)]
    assert (sum(counts(picture) for picture in pictures) > 8).all()
    swims = [picture.ground[int(animal.y), int(animal.x)] == 0 for picture in pictures for animal in picture.animals]
    assert 0 < np.mean(swims) < 0.15
    assert sorted(LENGTHS, key=lambda kind: -LENGTHS[kind]) == list(KINDS)


@pytest.mark.parametrize("types", [pytest.param(5, id="N162-types-of-sea-lions-without-background")])
def test_knows_as_many_types_as_the_counting_data(types) -> None:
    assert len(KINDS) == types


def test_draws_as_many_as_asked_and_the_same_again() -> None:
    assert len(aerial("train", 4, side=400, animals=(12, 12)).animals) == 12
    assert not aerial("train", 4, animals=(0, 0)).animals
    np.testing.assert_array_equal(aerial("test", 2).image, aerial("test", 2).image)
    assert aerial("test", 2).animals != aerial("train", 2).animals


@pytest.mark.parametrize("settings", [{"side": 9}, {"side": 9999}, {"animals": (4, 2)}, {"animals": (0, 10**6)}])
def test_says_what_cannot_be_drawn(settings) -> None:
    with pytest.raises(CoreError, match="64 to 2048"):
        aerial("train", 0, **settings)
