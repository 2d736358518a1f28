"""Photometric augmentation: other values at the same places, so boxes, masks and joints stay (lectures A and C).

Images are (H, W, C) from 0 to 1, and stay within.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.types import Floats


def brighter(image: Floats, by: float) -> Floats:
    """The mean intensity moved, dark below 0 and bright above: (H, W, C) -> (H, W, C).

        image' = image + by

    >>> brighter(np.array([[[0.2, 0.9]]]), 0.3)
    array([[[0.5, 1. ]]])
    """
    return _within(image + by)


def contrasted(image: Floats, by: float) -> Floats:
    """Differences to the mean of each channel, multiplied: (H, W, C) -> (H, W, C).

        image' = mean + by · (image - mean)

    >>> contrasted(np.array([[[0.4], [0.6]]]), 2.0).ravel()
    array([0.3, 0.7])
    """
    if by < 0:
        raise CoreError(f"a contrast is 0 or more, got {by}: below 0 it would be a negative")
    mean = image.mean(axis=(0, 1))
    return _within(mean + by * (image - mean))


def channels_shifted(image: Floats, by: Floats) -> Floats:
    """Every channel moved by an amount of its own, so that the colours change: (H, W, C), (C,) -> (H, W, C).

    >>> channels_shifted(np.full((1, 1, 3), 0.5), np.array([0.1, 0.0, -0.1]))
    array([[[0.6, 0.5, 0.4]]])
    """
    if by.shape != image.shape[-1:]:
        raise CoreError(f"{image.shape[-1]} channels need as many amounts, got {by.shape}")
    return _within(image + by)


def exposed(image: Floats, stops: float) -> Floats:
    """Twice the light for every stop, half for every one below 0; what is too bright is lost: -> (H, W, C).

        image' = min(1, image · 2^stops)

    >>> exposed(np.array([[[0.2, 0.6]]]), 1.0)
    array([[[0.4, 1. ]]])
    """
    return _within(image * 2.0**stops)


def noisy(image: Floats, deviation: float, random: np.random.Generator) -> Floats:
    """Gaussian noise on every value: (H, W, C) -> (H, W, C).

    >>> noisy(np.full((1, 1, 1), 0.5), 0.0, np.random.default_rng(0))
    array([[[0.5]]])
    """
    if deviation < 0:
        raise CoreError(f"a deviation is 0 or more, got {deviation}")
    return _within(image + deviation * random.standard_normal(image.shape))


def blurred(image: Floats, sigma: float) -> Floats:
    """Out of focus: every pixel a mean of its neighbours, weighted by a Gaussian: (H, W, C) -> (H, W, C).

    >>> blurred(np.ones((5, 5, 1)), 2.0).round(6).min()
    np.float64(1.0)
    """
    import torch
    from torchvision.transforms.v2 import functional

    if sigma < 0:
        raise CoreError(f"a blur is 0 or more, got {sigma}")
    if sigma == 0:
        return image
    reach = min(int(3 * sigma + 1), min(image.shape[:2]) - 1)  # torchvision mirrors the image, so far at most
    pixels = torch.from_numpy(np.ascontiguousarray(np.moveaxis(image, -1, 0)))
    across = functional.gaussian_blur(pixels, [2 * reach + 1, 1], [sigma, sigma])  # one way and then the other is the
    found = functional.gaussian_blur(across, [1, 2 * reach + 1], [sigma, sigma])  # same, and far fewer products
    return np.ascontiguousarray(np.moveaxis(found.numpy(), 0, -1))


def histogram(image: Floats, bins: int = 32) -> NDArray[np.int64]:
    """How many pixels of each channel have a value in each of `bins` equal steps: (H, W, C) -> (C, bins).

    >>> histogram(np.array([[[0.0], [0.1], [0.9], [1.0]]]), 2)
    array([[2, 2]])
    """
    if bins < 1:
        raise CoreError(f"a histogram has one step or more, got {bins}")
    place = np.minimum((image * bins).astype(np.int64), bins - 1)
    return np.stack([np.bincount(place[..., c].ravel(), minlength=bins) for c in range(image.shape[-1])])


def lost(image: Floats) -> float:
    """The share of values at one end of the scale, where differences are gone for good: (H, W, C) -> a share.

    >>> lost(np.array([[[0.0, 0.5, 1.0, 1.0]]]))
    0.75
    """
    return float(((image <= 0) | (image >= 1)).mean())


def _within(image: Floats) -> Floats:
    clipped: Floats = image.clip(0.0, 1.0)
    return clipped
