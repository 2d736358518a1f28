"""Layers before a network: which act when, how far they go, and their like in torchvision."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import interpolate

from core.augment.layers import CROPPED, LAYERS, SIDES, act, resized, shift_range, turn_range
from core.errors import CoreError

RANDOM = [name for name, layer in LAYERS.items() if layer.when == "in training"]
PHOTO = np.random.default_rng(0).random((80, 100, 3))


def test_a_tenth_of_a_turn_is_36_degrees() -> None:
    assert turn_range(0.1) == pytest.approx(36)
    assert shift_range(0.1, 224) == pytest.approx(22.4)


@pytest.mark.parametrize("name", RANDOM)
def test_a_random_layer_draws_anew_in_training_and_rests_in_use(name: str) -> None:
    layer, random = LAYERS[name], np.random.default_rng(3)
    drawn = [act([layer], PHOTO, training=True, random=random) for _ in range(8)]
    assert any(one.shape != drawn[0].shape or not np.array_equal(one, drawn[0]) for one in drawn)
    used = [act([layer], PHOTO, training=False, random=random) for _ in range(2)]
    assert np.array_equal(used[0], used[1])
    if name == "RandomCrop":
        assert used[0].shape[:2] == CROPPED  # its size remains
    else:
        assert np.array_equal(used[0], PHOTO)


@pytest.mark.parametrize("training", [True, False], ids=["training", "use"])
@pytest.mark.parametrize(("name", "sides"), [("Resizing", SIDES), ("CenterCrop", CROPPED), ("Rescaling", (80, 100))])
def test_what_brings_into_form_always_acts(name: str, sides: tuple[int, int], training: bool) -> None:
    found = act([LAYERS[name]], PHOTO, training=training, random=np.random.default_rng(0))
    assert found.shape == (*sides, 3)
    assert np.array_equal(found, act([LAYERS[name]], PHOTO, training=not training, random=np.random.default_rng(9)))


def test_a_random_crop_in_use_shows_all_that_fits_its_form_and_no_more() -> None:
    layer, random = LAYERS["RandomCrop"], np.random.default_rng(0)
    for columns, seen in ((slice(0, 10), 0.0), (slice(10, 12), 1.0), (slice(88, 90), 1.0), (slice(90, 100), 0.0)):
        image = np.zeros((80, 100, 1))  # its largest square lies between columns 10 and 90
        image[:, columns] = 1.0
        assert (act([layer], image, training=False, random=random).max() > 0.5) == bool(seen), columns


def test_the_middle_is_the_middle() -> None:
    found = act([LAYERS["CenterCrop"]], PHOTO, training=False, random=np.random.default_rng(0))
    assert np.array_equal(found, PHOTO[4:76, 14:86])


def test_a_flip_is_a_mirror_half_of_the_time() -> None:
    random, mirrored = np.random.default_rng(0), 0
    for _ in range(200):
        found = act([LAYERS["RandomFlip"]], PHOTO[:6, :6], training=True, random=random)
        mirrored += int(np.allclose(found, PHOTO[:6, :6][:, ::-1]))
    assert 70 < mirrored < 130


def test_turns_by_no_more_than_its_range() -> None:
    line = np.zeros((41, 41, 1))
    line[20, 21:] = 1.0  # from the middle to the right
    random, angles = np.random.default_rng(1), []
    for _ in range(60):
        found = act([LAYERS["RandomRotation"]], line, training=True, random=random)[..., 0]
        rows, columns = np.nonzero((found > 0.3) & (np.hypot(*(np.mgrid[:41, :41] - 20)) < 16))
        angles.append(np.degrees(np.arctan2((rows - 20).mean(), (columns - 20).mean())))
    assert -37 < min(angles) < -20 < 20 < max(angles) < 37


@settings(max_examples=25)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 25), st.integers(1, 25))
def test_resizes_as_torch_does(height: int, width: int, tall: int, wide: int) -> None:
    image = np.random.default_rng(height).random((height, width, 2))
    theirs = interpolate(torch.from_numpy(np.moveaxis(image, -1, 0).copy())[None], (tall, wide), mode="bilinear")[0]
    np.testing.assert_allclose(resized(image, (tall, wide)), np.moveaxis(theirs.numpy(), 0, -1), atol=1e-9)


@pytest.mark.parametrize("wrong", [lambda: turn_range(10), lambda: shift_range(-1, 9), lambda: resized(PHOTO, (0, 4))],
                         ids=["degrees", "negative", "no-rows"])  # fmt: skip
def test_says_what_would_fit(wrong) -> None:
    with pytest.raises(CoreError):
        wrong()
