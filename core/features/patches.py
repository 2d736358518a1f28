"""Features nobody trained for a task: how much every place of an image looks like a typical patch.

The typical patches are found by clustering patches of the images themselves, so that no head is favoured.
Images are (N, H, W), F is the number of filters, k their side.
Source: Coates, Lee and Ng, "An Analysis of Single-Layer Networks in Unsupervised Feature Learning", AISTATS 2011.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.errors import ShapeError
from core.types import Floats

THRESHOLD = 0.5  # a place must look more like a patch than this before it counts
FLAT = 0.1  # patches with less contrast have no shape


@dataclass(frozen=True)
class Filters:
    """What to correlate an image with, and what to add: (F, k, k) and (F,)."""

    kernels: Floats
    biases: Floats


def learn_filters(images: Floats, filters: int, *, side: int = 5, random: np.random.Generator) -> Filters:
    """The centres of whitened patches, as filters: (N, H, W) -> (F, k, k).

        whitened = (patch - mean) W,    W = (covariance + 0.01)^(-1/2)
        value    = centre · whitened - threshold

    >>> images = np.random.default_rng(0).random((20, 8, 8))
    >>> learn_filters(images, 4, random=np.random.default_rng(1)).kernels.shape
    (4, 5, 5)
    """
    if images.ndim != 3 or min(images.shape[1:]) < side or filters < 1:
        raise ShapeError(f"need images (N, H, W) of at least {side}x{side} and one filter or more, got {images.shape}")
    patches = sliding_window_view(images, (side, side), axis=(1, 2)).reshape(-1, side * side)
    patches = patches[patches.std(axis=1) > FLAT]
    if len(patches) < filters:
        raise ShapeError(f"{len(patches)} patches that are not flat are too few for {filters} filters")
    patches = patches[random.permutation(len(patches))[:8000]]
    mean = patches.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov((patches - mean).T))
    whitening = axes @ np.diag((values + 0.01) ** -0.5) @ axes.T  # (k², k²), symmetric
    centres = _clustered((patches - mean) @ whitening, filters, random)  # (F, k²)
    weights = centres @ whitening
    return Filters(weights.reshape(-1, side, side), -weights @ mean - THRESHOLD)


def patch_features(images: Floats, found: Filters) -> Floats:
    """Correlation, bias, ReLU, then the mean of every 2x2 places: (N, H, W) -> (N, F, (H - k + 1) // 2, ...).

    >>> one = Filters(np.ones((1, 1, 1)), np.array([-1.0]))
    >>> patch_features(np.array([[[1.0, 3.0], [2.0, 2.0]]]), one)
    array([[[[1.]]]])
    """
    side = found.kernels.shape[1]
    if images.ndim != 3 or min(images.shape[1:]) < side + 1:
        raise ShapeError(f"need images (N, H, W) of at least {side + 1}x{side + 1}, got {images.shape}")
    seen = sliding_window_view(images, (side, side), axis=(1, 2))  # (N, OH, OW, k, k)
    maps = np.tensordot(seen, found.kernels, axes=((3, 4), (1, 2))) + found.biases  # (N, OH, OW, F)
    tall, wide = maps.shape[1] // 2, maps.shape[2] // 2
    quads = np.maximum(maps, 0.0)[:, : 2 * tall, : 2 * wide].reshape(len(images), tall, 2, wide, 2, -1)
    pooled: Floats = quads.mean(axis=(2, 4)).transpose(0, 3, 1, 2)
    return pooled


def placed(images: Floats, canvas: int, *, reach: int, random: np.random.Generator) -> Floats:
    """Every image on a larger black one, up to `reach` pixels away from its middle: (N, h, w) -> (N, canvas, canvas).

    >>> placed(np.ones((1, 1, 1)), 3, reach=0, random=np.random.default_rng(0))[0]
    array([[0., 0., 0.],
           [0., 1., 0.],
           [0., 0., 0.]])
    """
    height, width = images.shape[1:]
    top, left = (canvas - height) // 2, (canvas - width) // 2
    if min(top, left) < reach or reach < 0:
        raise ShapeError(
            f"an image of {height}x{width} can move by 0 to {min(top, left)} on a canvas of {canvas}, got {reach}"
        )
    drawn = np.zeros((len(images), canvas, canvas), dtype=np.float64)
    for number, (down, right) in enumerate(random.integers(-reach, reach + 1, (len(images), 2))):
        rows, columns = top + down, left + right
        drawn[number, rows : rows + height, columns : columns + width] = images[number]
    return drawn


def _clustered(points: Floats, centres: int, random: np.random.Generator, rounds: int = 10) -> Floats:
    """Spherical k-means: directions that many points share, (P, D) -> (centres, D), of length 1."""
    found = _of_length_one(points[random.permutation(len(points))[:centres]])
    for _ in range(rounds):
        nearest = (points @ found.T).argmax(axis=1)
        sums = np.stack([points[nearest == number].sum(axis=0) for number in range(centres)])
        lonely = np.linalg.norm(sums, axis=1) == 0
        sums[lonely] = points[random.integers(0, len(points), int(lonely.sum()))]
        found = _of_length_one(sums)
    return found


def _of_length_one(points: Floats) -> Floats:
    scaled: Floats = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)
    return scaled
