"""The experiment of lectures A and C: in a network's features neighbours share their class, by pixels they do not."""

import numpy as np
import pytest
import torch

from core.errors import CoreError
from core.features.faithful import purity
from core.features.neighbours import nearest, voted
from core.features.sets import (
    MOST,
    PIXELS,
    SETS,
    before_classifier,
    pictures,
    spaces,
    taken_by,
    vectors_in,
    vectors_of,
)
from core.models.registry import load

COUNTS = {"digits": 300, "placed": 300, "scenes": 100}
GAINS = {"digits": 0.02, "placed": 0.4, "scenes": 0.5}


@pytest.mark.parametrize("name", SETS)
def test_is_purer_by_features_than_by_pixels(name: str) -> None:
    labels = pictures(name, "test", COUNTS[name]).labels
    raw, latent = (
        purity(vectors_in(name, "test", COUNTS[name], each), labels, 10) for each in (PIXELS, before_classifier(name))
    )
    assert latent > raw + GAINS[name]
    assert latent > 0.8


@pytest.mark.parametrize(("name", "gain"), [("placed", 0.15), ("scenes", 0.4)])
def test_names_more_by_one_neighbour_in_features_than_by_pixels(name: str, gain: float) -> None:
    train, test = pictures(name, "train", 200), pictures(name, "test", COUNTS[name])
    right = {
        space: (
            voted(
                train.labels,
                nearest(vectors_in(name, "train", 200, space), vectors_in(name, "test", COUNTS[name], space), 1),
            )
            == test.labels
        ).mean()
        for space in (PIXELS, before_classifier(name))
    }
    assert right[before_classifier(name)] > right[PIXELS] + gain


@pytest.mark.parametrize("name", SETS)
def test_ends_in_the_scores_of_the_network(name: str) -> None:
    inputs = pictures(name, "test", 8).inputs
    with torch.no_grad():
        wanted = load(name)(inputs).numpy()
    np.testing.assert_allclose(vectors_in(name, "test", 8, "scores"), wanted, rtol=1e-4, atol=1e-4)
    for space, (_, length) in spaces(name).items():
        assert vectors_in(name, "test", 8, space).shape == (8, length)


def test_the_vectors_of_some_scenes_are_the_first_of_those_of_more() -> None:
    inputs = pictures("scenes", "test", 120).inputs
    for space in spaces("scenes"):
        found = vectors_in("scenes", "test", 120, space)
        np.testing.assert_allclose(found, vectors_of("scenes", inputs, space), rtol=1e-4, atol=1e-4)
        np.testing.assert_array_equal(found[:30], vectors_in("scenes", "test", 30, space))


@pytest.mark.parametrize("name", SETS)
def test_shares_no_picture_between_its_parts(name: str) -> None:
    train, test = (pictures(name, part, min(100, MOST[name, part])).inputs.flatten(1) for part in ("train", "test"))
    assert float(torch.cdist(train, test).min()) > 0


def test_turns_ink_on_paper_into_light_on_dark() -> None:
    paper = np.full((40, 60, 3), 230, dtype=np.uint8)
    paper[10:30, 28:32] = 20
    one = taken_by("digits", paper)[0, 0]
    assert one.shape == (8, 8)
    assert float(one.min()) == 0
    assert float(one.max()) == 1
    assert int(one.sum(dim=0).argmax()) in (3, 4)
    assert torch.equal(taken_by("digits", 255 - paper)[0, 0], one)


def test_says_what_there_is() -> None:
    with pytest.raises(CoreError, match="there are 360 pictures of digits to test, got 800"):
        pictures("digits", "test", 800)
    with pytest.raises(CoreError, match="pixels, pool1"):
        vectors_in("digits", "test", 4, "conv9")
