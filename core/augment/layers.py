"""Augmentation as layers of a network, as Keras has them: some act in training only, some always (lecture C).

Images are (H, W, C) from 0 to 1. A factor of 0.1 means a tenth: of a full turn, of a side, of the contrast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from core.augment.example import Example
from core.augment.geometric import warped
from core.augment.matrices import about_middle, flip, scaling, shift, turn
from core.augment.photometric import contrasted
from core.errors import CoreError
from core.types import Floats, Pair

When: TypeAlias = Literal["in training", "always"]


@dataclass(frozen=True)
class Layer:
    """One layer: what it is called with, when it acts, and what it does."""

    name: str
    given: str  # its arguments as Keras code
    when: When
    does: str
    factor: float = 0.0

    @property
    def code(self) -> str:
        """The line of Keras.

        >>> LAYERS["RandomRotation"].code
        'layers.RandomRotation(0.1)'
        """
        return f"layers.{self.name}({self.given})"


SIDES: Pair = (96, 96)  # that Resizing asks for
CROPPED: Pair = (72, 72)
LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer("Resizing", f"{SIDES[0]}, {SIDES[1]}", "always", "brings every image to one size"),
        Layer("CenterCrop", f"{CROPPED[0]}, {CROPPED[1]}", "always", "keeps the middle"),
        Layer("Rescaling", "1 / 255", "always", "brings values from 0 to 255 into 0 to 1"),
        Layer("RandomCrop", f"{CROPPED[0]}, {CROPPED[1]}", "in training", "keeps a window somewhere"),
        Layer("RandomFlip", '"horizontal"', "in training", "mirrors half of the images"),
        Layer("RandomTranslation", "0.1, 0.1", "in training", "shifts by up to a tenth of each side", 0.1),
        Layer("RandomRotation", "0.1", "in training", "turns by up to a tenth of a full turn", 0.1),
        Layer("RandomZoom", "0.2", "in training", "shows up to a fifth more or less of the image", 0.2),
        Layer("RandomHeight", "0.2", "in training", "makes the image up to a fifth higher or lower", 0.2),
        Layer("RandomWidth", "0.2", "in training", "makes the image up to a fifth wider or narrower", 0.2),
        Layer(
            "RandomContrast", "0.2", "in training", "brings values up to a fifth nearer to their mean, or farther", 0.2
        ),
    )
}


def turn_range(factor: float) -> float:
    """The largest angle of RandomRotation, in degrees: a share of a full turn, either way.

        360 · factor

    >>> turn_range(0.1)
    36.0
    """
    return 360 * _share(factor)


def shift_range(factor: float, side: int) -> float:
    """The longest way of RandomTranslation, in pixels: a share of the side, either way.

    >>> shift_range(0.1, 224)
    22.400000000000002
    """
    return _share(factor) * side


def act(layers: Sequence[Layer], image: Floats, *, training: bool, random: np.random.Generator) -> Floats:
    """What comes out of some layers in a row: (H, W, C) -> (H', W', C).

    In training every layer acts, and draws anew for every image. Otherwise only those act that always do. A RandomCrop
    then makes the whole image as small, because the layers behind it wait for an image of that size.

    >>> image = np.random.default_rng(0).random((96, 96, 3))
    >>> some = [LAYERS["RandomFlip"], LAYERS["RandomCrop"]]
    >>> still = act(some, image, training=False, random=np.random.default_rng(1))
    >>> still.shape, bool((still == resized(image, (72, 72))).all())
    ((72, 72, 3), True)
    """
    for layer in layers:
        if layer.name == "Rescaling":
            continue  # our images lie between 0 and 1 already
        if layer.name in ("Resizing", "CenterCrop"):
            image = resized(image, SIDES) if layer.name == "Resizing" else _window(image, 0.5, 0.5)
        elif layer.name == "RandomCrop":
            image = _window(image, *random.random(2).tolist()) if training else _shrunk(image)
        elif training:
            image = _drawn(layer, image, random)
    return image


def resized(image: Floats, sides: Pair) -> Floats:
    """An image at another size, between pixels as their distance says: (H, W, C) -> (H', W', C).

    >>> resized(np.array([[[0.0], [1.0]]]), (1, 4))[0, :, 0]
    array([0.  , 0.25, 0.75, 1.  ])
    """
    import torch
    from torchvision.transforms.v2 import functional

    if min(sides) < 1:
        raise CoreError(f"an image has a pixel or more each way, got {sides}")
    pixels = torch.from_numpy(np.ascontiguousarray(np.moveaxis(image, -1, 0)))
    found = functional.resize(pixels, list(sides), antialias=False)
    return np.ascontiguousarray(np.moveaxis(found.numpy(), 0, -1))


def _drawn(layer: Layer, image: Floats, random: np.random.Generator) -> Floats:
    (height, width), factor = image.shape[:2], layer.factor
    one, two = random.uniform(-1, 1, 2)
    if layer.name == "RandomContrast":
        return contrasted(image, 1 + factor * one)
    if layer.name in ("RandomHeight", "RandomWidth"):
        longer = 1 + factor * one
        tall = layer.name == "RandomHeight"
        return resized(image, (round(height * longer), width) if tall else (height, round(width * longer)))
    sides = height, width
    matrix = {
        "RandomFlip": flip(sides) if one > 0 else np.eye(3),
        "RandomTranslation": shift(shift_range(factor, width) * one, shift_range(factor, height) * two),
        "RandomRotation": about_middle(turn(turn_range(factor) * one), sides),
        "RandomZoom": about_middle(scaling(1 / (1 + factor * one)), sides),
    }[layer.name]
    return warped(Example(image), matrix, fill="reflect").image  # Keras' own choice


def _window(image: Floats, down: float, right: float) -> Floats:
    """A window of the cropped size; an image that is too small for it is enlarged first, as Keras does."""
    height, width = image.shape[:2]
    need = max(CROPPED[0] / height, CROPPED[1] / width)
    if need > 1:
        image = resized(image, (max(CROPPED[0], round(need * height)), max(CROPPED[1], round(need * width))))
        height, width = image.shape[:2]
    top, left = round(down * (height - CROPPED[0])), round(right * (width - CROPPED[1]))
    return image[top : top + CROPPED[0], left : left + CROPPED[1]]


def _shrunk(image: Floats) -> Floats:
    """The largest middle part that has the form of a crop, at the size of a crop."""
    height, width = image.shape[:2]
    scale = min(height / CROPPED[0], width / CROPPED[1])
    tall, wide = round(scale * CROPPED[0]), round(scale * CROPPED[1])
    top, left = (height - tall) // 2, (width - wide) // 2
    return resized(image[top : top + tall, left : left + wide], CROPPED)


def _share(factor: float) -> float:
    if not 0 <= factor <= 1:
        raise CoreError(f"a factor is a share from 0 to 1, got {factor}: 0.1 is a tenth")
    return factor
