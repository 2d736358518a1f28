"""What the built-in segmenters learn from and are judged by: drawn scenes of two difficulties, and touching cells."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part
from core.data.scenes import CLASSES, draw, instance_map, label_map, sketch
from core.data.scenes.records import Picture
from core.errors import CoreError, LimitError
from core.measure.segmentation import band, counted
from core.types import Floats, Mask

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

SIDE = 224
GROUND = "ground"
NAMES = (GROUND, *CLASSES)  # of the labels 0 to 5
MOST = 5000
NEAR = 3  # pixels from a true border
Labels: TypeAlias = NDArray[np.int64]
Difficulty: TypeAlias = Literal["plain", "hard"]
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)


@dataclass(frozen=True)
class Settings:
    """What the scenes of one difficulty are like."""

    objects: tuple[int, int]
    sizes: tuple[float, float]  # radii, as shares of the side
    overlap: float
    noise: float


SETTINGS: dict[Difficulty, Settings] = {
    "plain": Settings(objects=(1, 3), sizes=(0.15, 0.26), overlap=0.1, noise=0.02),
    "hard": Settings(objects=(4, 9), sizes=(0.07, 0.16), overlap=0.5, noise=0.06),
}


@dataclass(frozen=True, eq=False)
class Labelled:
    """A picture (H, W, 3) from 0 to 1, the class of every pixel (H, W), and the number of its thing (H, W)."""

    image: Picture
    labels: Labels
    things: Labels


def labelled(part: Part, number: int, difficulty: Difficulty, *, side: int = SIDE) -> Labelled:
    """One scene with its truth.

    >>> scene = labelled("test", 0, "plain", side=64)
    >>> scene.image.shape, [NAMES[label] for label in np.unique(scene.labels)]
    ((64, 64, 3), ['ground', 'circle'])
    """
    if difficulty not in SETTINGS:
        raise CoreError(f"scenes are {' or '.join(DIFFICULTIES)}, got {str(difficulty)[:40]!r}")
    kind = SETTINGS[difficulty]
    scene = draw(
        sketch(
            part,
            number,
            objects=kind.objects,
            sizes=kind.sizes,
            overlap=kind.overlap,
            noise=kind.noise,
            name=f"{difficulty} scenes to segment",
        ),
        side=side,
    )
    return Labelled(scene.image, label_map(scene), instance_map(scene))


def many(part: Part, count: int, difficulty: Difficulty, *, start: int = 0) -> tuple[NDArray[np.uint8], Labels]:
    """Some scenes of a part, kept small: pictures (N, 224, 224, 3) in 256 steps, labels (N, 224, 224).

    >>> images, labels = many("train", 2, "hard")
    >>> images.shape, labels.shape
    ((2, 224, 224, 3), (2, 224, 224))
    """
    if not 1 <= count <= MOST:
        raise LimitError(f"from 1 to {MOST:,} scenes at once, got {count}")
    images = np.empty((count, SIDE, SIDE, 3), dtype=np.uint8)
    labels = np.empty((count, SIDE, SIDE), dtype=np.int64)
    for place in range(count):
        scene = labelled(part, start + place, difficulty)
        images[place], labels[place] = np.rint(scene.image * 255), scene.labels
    return images, labels


def inputs_of(images: Picture | NDArray[np.uint8]) -> "Tensor":
    """Pictures as the nets take them: (N, H, W, 3) from 0 to 1, or 0 to 255 -> (N, 3, H, W) from -1 to 1."""
    import torch

    scale = 255 if images.dtype == np.uint8 else 1
    return torch.from_numpy(images).permute(0, 3, 1, 2).float().contiguous() * (2 / scale) - 1


def scores_of(module: "Module", image: Picture) -> Floats:
    """The scores of one picture: (H, W, 3) from 0 to 1 -> (K, H, W)."""
    import torch

    from core.learning.threads import one_thread

    with torch.no_grad(), one_thread():
        found: Floats = module(inputs_of(image[None]))[0].double().numpy()
    return found


def answers(module: "Module", image: Picture) -> Labels:
    """The label with the highest score at every pixel: (H, W, 3) from 0 to 1 -> (H, W)."""
    best: Labels = scores_of(module, image).argmax(axis=0)
    return best


@dataclass(frozen=True, eq=False)
class Judged:
    """Counts (K, K) of one net over some scenes: of all pixels, and of those near a true border."""

    whole: Labels
    near: Labels

    def __add__(self, other: "Judged") -> "Judged":
        return Judged(self.whole + other.whole, self.near + other.near)


def judged(answer: Labels, truth: Labels, *, near: Mask | None = None) -> Judged:
    """One answer against its truth, (H, W) each; near is up to 3 pixels from a true border.

    Whoever judges several answers to one truth finds out once what is near: `border(truth)`.

    >>> scene = labelled("test", 0, "plain", side=64)
    >>> found = judged(scene.labels, scene.labels)
    >>> bool(np.trace(found.whole) == 64 * 64), bool(np.trace(found.near) < 64 * 64 / 4)
    (True, True)
    """
    close = border(truth) if near is None else near
    return Judged(counted(truth, answer, len(NAMES)), counted(truth[close], answer[close], len(NAMES)))


def border(truth: Labels) -> Mask:
    """The pixels near a true border: (H, W) -> (H, W)."""
    return band(truth, NEAR)
