"""A small classifier for the drawn scenes, so that a picture can be asked for its class and answer with probabilities.

It measures a whole picture, never an object: which ways the edges run, and how long they are for the area they enclose.
A linear layer and a softmax do the rest, learned from drawn pictures of one to four objects; the class of a picture is
the one that covers most of it. K is the number of classes, D the number of measures.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.data.task_scene import GROUND, KINDS, SIDES, Picture, Scene, task_scene
from core.errors import CoreError, ShapeError
from core.types import Floats

WAYS = 48  # directions that edges are sorted into
HARMONICS = 12
PICTURES = 360
SMALL = (SIDES[0] // 2, SIDES[1] // 2)  # a quarter of the pixels tells as much
DECAY = 1e-3


@dataclass(frozen=True)
class Classifier:
    """A linear layer on measures brought to mean 0 and variance 1: weights (D, K), biases (K,)."""

    mean: Floats
    scale: Floats
    weights: Floats
    biases: Floats


def measures(image: Picture) -> Floats:
    """What is measured of a picture: (H, W, 3) -> (D,), whatever the colours, places and angles of things.

    >>> plain = np.full((8, 8, 3), GROUND, dtype=np.uint8)
    >>> measures(plain).shape, float(np.abs(measures(plain)).max())
    ((14,), 0.0)
    """
    thing = (np.abs(image.astype(np.int64) - GROUND).sum(axis=2) > 20).astype(np.float64)
    area = thing.sum()
    if not area:
        return np.zeros(HARMONICS + 2)
    smooth = _blurred(_blurred(thing))
    down, right = np.gradient(smooth)
    strength = np.hypot(down, right)
    way = np.floor((np.arctan2(down, right) / (2 * np.pi) % 1) * WAYS).astype(np.int64) % WAYS
    counts = np.bincount(way.ravel(), weights=strength.ravel(), minlength=WAYS)
    turns = np.abs(np.fft.rfft(counts / counts.sum()))[1 : HARMONICS + 1]  # turning the picture changes none of them
    return np.array([*turns, counts.sum() ** 2 / area / 40, np.sqrt(area) / 50])


def fit(features: Floats, labels: NDArray[np.int64], classes: int, *, decay: float = DECAY) -> Classifier:
    """Softmax regression, the mean cross-entropy with weight decay as small as it gets: (N, D), (N,).

        loss = mean of -log p[label] + decay / 2 · sum of squared weights

    >>> four = np.array([[0.0], [1.0], [9.0], [10.0]])
    >>> np.round(probabilities(fit(four, np.array([0, 0, 1, 1]), 2), np.array([0.0])), 1)
    array([1., 0.])
    """
    from scipy.optimize import minimize

    if features.ndim != 2 or labels.shape != features.shape[:1]:
        raise ShapeError(f"need features (N, D) and labels (N,), got {features.shape} and {labels.shape}")
    mean, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    inputs, truth = (features - mean) / scale, np.eye(classes)[labels]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, biases = _unpacked(flat, classes)
        guessed = _softmax(inputs @ weights + biases)
        wrong = (guessed - truth) / len(inputs)  # the derivative by the scores
        value = -np.log(np.maximum((guessed * truth).sum(axis=1), 1e-300)).mean() + decay / 2 * (weights**2).sum()
        slope: Floats = np.concatenate([(inputs.T @ wrong + decay * weights).ravel(), wrong.sum(axis=0)])
        return float(value), slope

    start = np.zeros((features.shape[1] + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-8})
    return Classifier(mean, scale, *_unpacked(found.x, classes))


def probabilities(classifier: Classifier, features: Floats) -> Floats:
    """How probable every class is for one picture: (D,) -> (K,)."""
    scores = (features - classifier.mean) / classifier.scale @ classifier.weights + classifier.biases
    found: Floats = _softmax(scores[None])[0]
    return found


def main_class(scene: Scene) -> int:
    """The place in the list of classes of the one that covers most pixels.

    >>> KINDS[main_class(task_scene(1, seed=0))]
    'star'
    """
    if not scene.targets:
        raise CoreError("an empty picture has no class: a classifier answers all the same")
    covered = np.zeros(len(KINDS))
    for target in scene.targets:
        covered[KINDS.index(target.label)] += target.mask.sum()
    return int(covered.argmax())


def guess(image: Picture) -> Floats:
    """How probable every class is for a picture, by a classifier that is learned when first asked: (H, W, 3) -> (K,).

    >>> scene = task_scene(1, seed=0)
    >>> KINDS[guess(scene.image).argmax()]
    'star'
    """
    return probabilities(_learned(), measures(image[::2, ::2]))


@cache
def _learned() -> Classifier:
    scenes = [task_scene(1 + number % 4, seed=10_000 + number, sides=SMALL) for number in range(PICTURES)]
    features = np.stack([measures(scene.image) for scene in scenes])
    return fit(features, np.array([main_class(scene) for scene in scenes]), len(KINDS))


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _unpacked(flat: Floats, classes: int) -> tuple[Floats, Floats]:
    return flat[:-classes].reshape(-1, classes), flat[-classes:]


def _blurred(image: Floats) -> Floats:
    """The mean of every pixel and its eight neighbours."""
    padded = np.pad(image, 1, mode="edge")
    height, width = image.shape
    blurred: Floats = np.mean(
        [padded[row : row + height, column : column + width] for row in range(3) for column in range(3)], axis=0
    )
    return blurred
