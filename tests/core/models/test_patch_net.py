"""The patch net: one pass over a picture says what it says of every patch."""

import numpy as np
import pytest

from core.data.aerial import KINDS, aerial
from core.errors import LimitError, ShapeError
from core.learning.start import started
from core.models.patch_net import CLASSES, FAR, PATCH, PATCH_NET, heat_maps, many_patches, patches


def test_a_map_holds_the_answer_for_every_patch() -> None:
    import torch

    module = started(PATCH_NET, seed=1).eval()
    image = aerial("test", 1, side=64).image
    maps = heat_maps(module, image)
    assert maps.shape == (6, 32, 32)
    np.testing.assert_allclose(maps.sum(axis=0), 1, atol=1e-5)
    for row, column in ((6, 6), (10, 20), (25, 13)):  # their patches lie inside the picture
        top, left = 2 * row - PATCH // 2, 2 * column - PATCH // 2
        patch = torch.tensor(image[top : top + PATCH, left : left + PATCH]).permute(2, 0, 1)[None] * 2 - 1
        alone = module(patch).flatten().softmax(dim=0).detach().numpy()
        np.testing.assert_allclose(maps[:, row, column], alone, atol=1e-5)


def test_a_patch_shows_what_its_class_says() -> None:
    picture = aerial("train", 3)
    images, labels = patches(picture, np.random.default_rng(0))
    assert images.shape == (len(labels), PATCH, PATCH, 3)
    assert labels[: len(picture.animals)].tolist() == [1 + KINDS.index(animal.kind) for animal in picture.animals]
    assert (labels[len(picture.animals) :] == 0).all()
    first = picture.animals[0]
    if PATCH < first.x < 256 - PATCH and PATCH < first.y < 256 - PATCH:
        column, row = round(first.x), round(first.y)
        around = picture.image[row - 14 : row + 14, column - 14 : column + 14]
        assert any(
            np.array_equal(around[dy : dy + PATCH, dx : dx + PATCH], images[0]) for dy in range(5) for dx in range(5)
        )
    assert FAR > 0
    assert len(CLASSES) == 6


def test_makes_patches_of_a_picture_without_animals() -> None:
    images, labels = patches(aerial("train", 0, animals=(0, 0)), np.random.default_rng(0))
    assert len(images) == 24
    assert not labels.any()


def test_tensors_are_what_the_net_takes() -> None:
    inputs, labels = many_patches("validation", 2)
    assert inputs.shape[1:] == (3, PATCH, PATCH)
    assert len(labels) == len(inputs)
    assert float(inputs.min()) >= -1
    assert float(inputs.max()) <= 1


def test_says_what_it_cannot_take() -> None:
    with pytest.raises(ShapeError, match="24x24"):
        heat_maps(started(PATCH_NET, seed=1), np.zeros((10, 40, 3), dtype=np.float32))
    with pytest.raises(LimitError, match="2,000"):
        many_patches("train", 10**6)
