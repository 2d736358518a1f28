"""One rare-class problem and five ways to learn from it: wafer maps of which nearly all show no pattern (lecture A).

All five take as many steps, from the same first weights, and are judged by the same maps, equally many of each class.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import pi
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.data.parts import generator
from core.data.wafers import DEFECTS, Defect, Wafer, collection, counted, turned
from core.learning.examples import Examples
from core.learning.goal import CLASSES, Goal
from core.learning.imbalance import class_weights, equally_often, focal_loss
from core.learning.lesson import lessons
from core.learning.train import Progress, Recipe
from core.measure.confusion import confusion
from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Pool, numbered

Remedy: TypeAlias = Literal[
    "nothing", "each class equally often", "rare ones weigh more", "focal loss", "turned copies"
]
REMEDIES: tuple[Remedy, ...] = get_args(Remedy)
COMMON, JUDGED = 200, 60  # maps without a pattern to learn from; maps of each class to be judged by
SIDE, MOST = 16, 3  # pixels; failures in a pixel from which on one more says nothing new
RELU = Activation("relu")
RECIPE = Recipe(epochs=30, batch=32, rate=0.01, momentum=0.9, decay=0.0005)


@dataclass(frozen=True)
class Taught:
    """After an epoch: what the test maps were taken for, (K, K), rows what they are."""

    remedy: Remedy
    epoch: int
    counts: NDArray[np.int64]


def wafer_net() -> Network:
    """Two convolutions with pooling and two dense layers, for a map of 16x16.

    >>> [layer.name for layer in wafer_net().layers][-2:]
    ['relu3', 'dense2']
    """
    pool = Pool("max", (2, 2), (2, 2))
    return Network(
        "Wafer net",
        (1, SIDE, SIDE),
        numbered(
            *(Conv(8, (3, 3), padding=(1, 1)), RELU, pool),
            *(Conv(16, (3, 3), padding=(1, 1)), RELU, pool),
            *(Flatten(), Dense(32), RELU, Dense(len(DEFECTS))),
        ),
    )


def learn_with(
    remedy: Remedy,
    rare: int,
    *,
    seed: int = 0,
    recipe: Recipe = RECIPE,
    progress: Progress = lambda done, what: None,
) -> Iterator[Taught]:
    """Train the small net on 200 maps without a pattern and `rare` of each pattern; told before and after every epoch.

    >>> story = learn_with("nothing", 2, recipe=Recipe(epochs=1))
    >>> [int(lesson.counts.sum()) for lesson in story]
    [300, 300]
    """
    maps = unequal(rare)
    learned, judged = as_examples(drawn(maps, remedy, seed=seed)), _judged()
    goal = _goal(remedy, labels_of(maps))
    for lesson in lessons(wafer_net(), learned, judged, recipe, goal=goal, seed=seed, progress=progress):
        taken_for = lesson.says(judged.inputs).argmax(axis=1)
        yield Taught(remedy, lesson.epoch, confusion(judged.labels.numpy(), taken_for, len(DEFECTS)))


def unequal(rare: int) -> list[Wafer]:
    """The maps to learn from: 200 without a pattern, so many of each other class.

    >>> len(unequal(8))
    232
    """
    return collection({label: COMMON if label == "no pattern" else rare for label in DEFECTS}, "train")


def drawn(maps: list[Wafer], remedy: Remedy, *, seed: int) -> list[Wafer]:
    """What is dealt out: the maps as they are, or as many with equal classes; for `turned copies` each held anew.

    >>> labels = [wafer.label for wafer in drawn(unequal(8), "turned copies", seed=0)]
    >>> len(labels), labels.count("ring")
    (232, 46)
    """
    if remedy not in ("each class equally often", "turned copies"):
        return maps
    random = generator("remedies", "train", seed)
    dealt = [maps[place] for place in equally_often(labels_of(maps), len(DEFECTS), random)]
    if remedy == "each class equally often":
        return dealt
    return [
        Wafer(turned(each.points, random.uniform(0, 2 * pi), mirrored=random.random() < 0.5), each.label)
        for each in dealt
    ]


def labels_of(maps: list[Wafer]) -> NDArray[np.int64]:
    """The number of the class of each map: (N,).

    >>> labels_of(unequal(1))[-3:]
    array([2, 3, 4])
    """
    numbers: dict[Defect, int] = {label: number for number, label in enumerate(DEFECTS)}
    return np.array([numbers[each.label] for each in maps], dtype=np.int64)


def as_examples(maps: list[Wafer]) -> Examples:
    """Maps as the net takes them: counts of failures per pixel, up to 3, around 0: (N, 1, 16, 16).

    >>> tuple(as_examples(unequal(1)).inputs.shape)
    (204, 1, 16, 16)
    """
    import torch

    images = np.stack([np.minimum(counted(each.points, SIDE), MOST) for each in maps])
    return Examples(torch.tensor(images[:, None] * 2 - 1, dtype=torch.float32), torch.tensor(labels_of(maps)))


def _goal(remedy: Remedy, labels: NDArray[np.int64]) -> Goal:
    import torch

    if remedy == "focal loss":
        return Goal(focal_loss)
    if remedy == "rare ones weigh more":
        weights = torch.tensor(class_weights(labels, len(DEFECTS)), dtype=torch.float32)
        return Goal(lambda answers, truth: torch.nn.functional.cross_entropy(answers, truth, weights))
    return CLASSES


@lru_cache(maxsize=1)
def _judged() -> Examples:
    return as_examples(collection(dict.fromkeys(DEFECTS, JUDGED), "test"))
