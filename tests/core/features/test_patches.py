"""Features from patches, against PyTorch; the filters they rest on; digits moved about."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.digits import training_digits
from core.errors import ShapeError
from core.features.patches import Filters, learn_filters, patch_features, placed


@given(st.integers(1, 3), st.integers(1, 4), st.integers(2, 9), st.integers(2, 9), st.integers(0, 10**6), st.data())
@settings(max_examples=200)
def test_equals_torch(images, filters, height, width, seed, data):
    import torch
    from torch.nn.functional import avg_pool2d, conv2d

    side = data.draw(st.integers(1, min(height, width) - 1))
    random = np.random.default_rng(seed)
    drawn = random.normal(size=(images, height, width))
    found = Filters(random.normal(size=(filters, side, side)), random.normal(size=filters))
    maps = conv2d(
        torch.from_numpy(drawn)[:, None], torch.from_numpy(found.kernels)[:, None], torch.tensor(found.biases)
    )
    np.testing.assert_allclose(patch_features(drawn, found), avg_pool2d(maps.relu(), 2), atol=1e-10)


def test_finds_the_patches_images_are_made_of():
    """Images of vertical and of horizontal lines only: some filters answer to one, some to the other."""
    random = np.random.default_rng(0)
    lines = np.zeros((60, 12, 12))
    lines[np.arange(30), :, random.integers(2, 10, 30)] = 1
    lines[np.arange(30, 60), random.integers(2, 10, 30)] = 1
    means = patch_features(lines, learn_filters(lines, 12, random=random)).mean(axis=(2, 3))  # (60, 12)
    upright, lying = means[:30].mean(axis=0), means[30:].mean(axis=0)
    assert (upright > 3 * lying).any()
    assert (lying > 3 * upright).any()


def test_is_the_same_for_the_same_dice():
    images = training_digits().images[:50]
    one, other = (learn_filters(images, 8, random=np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one.kernels, other.kernels)
    np.testing.assert_array_equal(one.biases, other.biases)


@given(st.integers(0, 3), st.integers(0, 10**6))
def test_moves_whole_images_and_no_further_than_asked(reach, seed):
    images = training_digits().images[:20]
    moved = placed(images, 14, reach=reach, random=np.random.default_rng(seed))
    assert moved.shape == (20, 14, 14)
    np.testing.assert_allclose(moved.sum(axis=(1, 2)), images.sum(axis=(1, 2)))
    margin = 3 - reach
    inside = moved[:, margin : 14 - margin, margin : 14 - margin]
    assert inside.sum() == pytest.approx(moved.sum())


def test_says_what_is_too_small():
    with pytest.raises(ShapeError, match="at least 5x5"):
        learn_filters(np.zeros((3, 4, 4)), 2, random=np.random.default_rng(0))
    with pytest.raises(ShapeError, match="too few for 2 filters"):
        learn_filters(np.zeros((3, 8, 8)), 2, random=np.random.default_rng(0))
    with pytest.raises(ShapeError, match="at least 6x6"):
        patch_features(np.zeros((1, 5, 5)), Filters(np.zeros((1, 5, 5)), np.zeros(1)))
    with pytest.raises(ShapeError, match="can move by 0 to 3"):
        placed(np.zeros((1, 8, 8)), 14, reach=4, random=np.random.default_rng(0))
