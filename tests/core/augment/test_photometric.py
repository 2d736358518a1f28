"""Changed values against torchvision and scipy, and what holds for all of them."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter
from torchvision.transforms.v2 import functional

from core.augment import photometric
from core.errors import CoreError
from core.types import Floats

SEEDS = st.integers(0, 999)


def picture(seed: int) -> Floats:
    return np.random.default_rng(seed).random((9, 12, 3))


@settings(max_examples=30)
@given(SEEDS, st.floats(0, 3))
def test_widens_differences_as_torchvision_does_for_one_channel(seed: int, by: float) -> None:
    grey = picture(seed)[..., :1]
    theirs = functional.adjust_contrast(torch.from_numpy(np.moveaxis(grey, -1, 0).copy()), by).numpy()
    np.testing.assert_allclose(photometric.contrasted(grey, by)[..., 0], theirs[0], atol=1e-6)


@settings(max_examples=30)
@given(SEEDS, st.floats(-3, 3))
def test_exposes_as_torchvision_brightens(seed: int, stops: float) -> None:
    image = picture(seed)
    theirs = functional.adjust_brightness(torch.from_numpy(np.moveaxis(image, -1, 0).copy()), 2.0**stops).numpy()
    np.testing.assert_allclose(photometric.exposed(image, stops), np.moveaxis(theirs, 0, -1), atol=1e-9)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.5])
def test_blurs_as_scipy_does(sigma: float) -> None:
    image = np.random.default_rng(0).random((40, 33, 3))
    theirs = gaussian_filter(image, (sigma, sigma, 0), mode="mirror", radius=(int(3 * sigma + 1),) * 2 + (0,))
    np.testing.assert_allclose(photometric.blurred(image, sigma), theirs, atol=1e-6)


@settings(max_examples=30)
@given(SEEDS, st.floats(-1, 1), st.floats(0, 3), st.floats(-3, 3), st.floats(0, 0.5))
def test_stays_between_black_and_white(seed: int, by: float, contrast: float, stops: float, noise: float) -> None:
    image = photometric.brighter(picture(seed), by)
    image = photometric.exposed(photometric.contrasted(image, contrast), stops)
    image = photometric.noisy(image, noise, np.random.default_rng(seed))
    assert image.shape == (9, 12, 3)
    assert 0 <= image.min() <= image.max() <= 1


def test_draws_the_same_noise_from_the_same_numbers() -> None:
    image = picture(1)
    one, two, other = (photometric.noisy(image, 0.1, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
    assert photometric.noisy(np.full((99, 99, 1), 0.5), 0.1, np.random.default_rng(0)).std() == pytest.approx(0.1, 0.05)


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 40))
def test_counts_every_value_once_as_numpy_does(seed: int, bins: int) -> None:
    image = picture(seed)
    found = photometric.histogram(image, bins)
    for channel in range(3):
        assert found[channel].tolist() == np.histogram(image[..., channel], bins, (0, 1))[0].tolist()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: photometric.contrasted(picture(0), -1),
        lambda: photometric.noisy(picture(0), -1, np.random.default_rng(0)),
        lambda: photometric.blurred(picture(0), -1),
        lambda: photometric.channels_shifted(picture(0), np.zeros(2)),
        lambda: photometric.histogram(picture(0), 0),
    ],
    ids=["contrast", "noise", "blur", "two-of-three-channels", "no-steps"],
)
def test_says_what_would_fit(wrong) -> None:
    with pytest.raises(CoreError):
        wrong()
