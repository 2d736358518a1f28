"""The picture sets that can be looked at in pixels and in a network's features: one trained network for each.

Pictures of the part "train" are what the network learned from; those of "test" it has never seen.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

    from core.nets.layers import Network

SetName: TypeAlias = Literal["digits", "placed", "scenes"]
SETS: tuple[SetName, ...] = get_args(SetName)
Side: TypeAlias = Literal["train", "test"]
PIXELS = "pixels"  # the space in which nothing was learned
LONGEST = 4_096  # values of a layer that is offered: longer ones are maps nearly as fine as the picture
SMALL = 32  # side of a scene in pixel space: 32x32x3 values, as in CIFAR-10

BLOCK = 100  # scenes that are drawn together

TITLES: dict[SetName, str] = {
    "digits": "Digits in the middle",
    "placed": "Digits anywhere",
    "scenes": "Drawn things",
}
CLASSES: dict[SetName, tuple[str, ...]] = {
    "digits": tuple("0123456789"),
    "placed": tuple("0123456789"),
    "scenes": ("circle", "square", "triangle", "star", "person"),
}
MOST: dict[tuple[SetName, Side], int] = {
    ("digits", "train"): 1437,
    ("digits", "test"): 360,
    ("placed", "train"): 997,
    ("placed", "test"): 800,
    ("scenes", "train"): 600,
    ("scenes", "test"): 800,
}


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of one part of a set, in a fixed order: what is seen, what the network takes, and the truth."""

    name: SetName
    images: NDArray[np.uint8]  # (N, H, W, 3)
    inputs: "Tensor"  # (N, C, H, W)
    labels: NDArray[np.int64]  # (N,)

    @property
    def classes(self) -> tuple[str, ...]:
        """What the labels stand for."""
        return CLASSES[self.name]


@lru_cache(maxsize=12)
def pictures(name: SetName, part: Side, count: int) -> Pictures:
    """The first so many pictures of a part.

    >>> found = pictures("digits", "test", 5)
    >>> found.images.shape, tuple(found.inputs.shape), found.labels.tolist()
    ((5, 8, 8, 3), (5, 1, 8, 8), [1, 6, 6, 1, 3])
    """
    if (name, part) not in MOST or not 1 <= count <= MOST[name, part]:
        most = MOST.get((name, part))
        raise CoreError(f"there are {most} pictures of {name} to {part}, got {count}" if most else f"no set {name!r}")
    inputs, labels = _READ[name](part, count)
    values = inputs.permute(0, 2, 3, 1).numpy()
    low, high = (-1.0, 1.0) if name == "scenes" else (float(values.min()), float(values.max()))
    shares = values - low
    shares /= high - low
    np.clip(shares, 0, 1, out=shares)
    shares *= 255
    images = np.rint(shares, out=shares).astype(np.uint8)
    images = np.ascontiguousarray(np.broadcast_to(images, (*images.shape[:3], 3)))
    return Pictures(name, images, inputs, labels.numpy())


@lru_cache(maxsize=3)
def spaces(name: SetName) -> dict[str, tuple[str, int]]:
    """Where distances can be taken: a readable name -> (the layer's name in the module, length of a vector).

    The first is the pixels, the last but one what lies before the classifier, the last its scores.

    >>> spaces("scenes")["globalpool1"]
    ('16', 64)
    """
    from core.nets.build import modules
    from core.nets.layers import Dense, GlobalPool, Pool
    from core.nets.trace import trace

    found, place, dense = {PIXELS: ("", _pixel_count(name))}, -1, False
    rows = trace(_table(name)).rows
    for row in rows:
        place += len(modules(row))
        after_dense, dense = dense and row.name.startswith("relu"), isinstance(row.operation, Dense)
        wanted = isinstance(row.operation, Pool | GlobalPool) or after_dense or row is rows[-1]
        length = int(np.prod(row.shape))
        if wanted and length <= LONGEST:
            found["scores" if row is rows[-1] else row.name] = (str(place), length)
    return found


def before_classifier(name: SetName) -> str:
    """The space the lectures mean: the vector that the last dense layer reads.

    >>> [before_classifier(each) for each in SETS]
    ['pool2', 'relu3', 'globalpool1']
    """
    return list(spaces(name))[-2]


@lru_cache(maxsize=10)
def vectors_in(name: SetName, part: Side, count: int, space: str) -> Floats:
    """The first so many pictures of a part as vectors of one space: (N, D).

    >>> vectors_in("digits", "test", 4, "pixels").shape, vectors_in("digits", "test", 4, "scores").shape
    ((4, 64), (4, 10))
    """
    inputs = pictures(name, part, count).inputs
    if name != "scenes" or space not in list(spaces(name))[1:]:
        return vectors_of(name, inputs, space)
    blocks = [_scene_vectors(part, start)[space] for start in range(0, count, BLOCK)]
    return np.concatenate(blocks)[:count].astype(np.float64)


def vectors_of(name: SetName, inputs: "Tensor", space: str) -> Floats:
    """Any pictures as the set's network takes them, as vectors of one space: (N, C, H, W) -> (N, D)."""
    if space not in spaces(name):
        raise CoreError(f"{name} can be compared by {', '.join(spaces(name))}, got {space!r}")
    if space == PIXELS:
        return _pixels(inputs)
    from core.features.latent import vectors
    from core.models.registry import load

    return vectors(load(name), inputs, spaces(name)[space][0], batch=128)


def taken_by(name: SetName, image: NDArray[np.uint8]) -> "Tensor":
    """An own picture, (H, W, 3), made into what the set's network takes: (1, C, H, W).

    Its middle square is shrunk. Digits are white on black, so a photo of ink on paper is turned around.

    >>> tuple(taken_by("scenes", np.zeros((30, 50, 3), dtype=np.uint8)).shape)
    (1, 3, 64, 64)
    """
    import torch
    from PIL import Image

    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = Image.fromarray(image[top : top + side, left : left + side])
    if name == "scenes":
        colours = np.asarray(square.resize((64, 64), Image.Resampling.BOX), dtype=np.float32) / 127.5 - 1
        return torch.tensor(colours).permute(2, 0, 1)[None].contiguous()
    known = pictures(name, "train", MOST[name, "train"]).inputs
    across = known.shape[-1]
    grey = np.asarray(square.convert("L").resize((across, across), Image.Resampling.BOX), dtype=np.float32)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ink = 255 - grey if np.median(border) > 127 else grey
    ink = (ink - ink.min()) / max(float(np.ptp(ink)), 1.0)
    low, high = float(known.min()), float(known.max())
    return torch.tensor(ink)[None, None] * (high - low) + low


def _pixel_count(name: SetName) -> int:
    return {"digits": 64, "placed": 144, "scenes": 3 * SMALL * SMALL}[name]


def _pixels(inputs: "Tensor") -> Floats:
    from torch.nn.functional import avg_pool2d

    small = avg_pool2d(inputs, inputs.shape[-1] // SMALL) if inputs.shape[-1] > SMALL else inputs
    return small.flatten(1).double().numpy()


def _table(name: SetName) -> "Network":
    from core.models.digit_net import DIGIT_NET
    from core.models.scene_net import SCENE_NET
    from core.models.small_alexnet import small_alexnet

    if name == "digits":
        return type(DIGIT_NET)(DIGIT_NET.name, DIGIT_NET.input, DIGIT_NET.layers[:-1])  # its softmax is the loss's
    return small_alexnet() if name == "placed" else SCENE_NET


def _read_digits(part: Side, count: int) -> tuple["Tensor", "Tensor"]:
    import torch

    from core.data.digits import held_out_digits, training_digits

    found = training_digits() if part == "train" else held_out_digits()
    return torch.tensor(found.images[:count], dtype=torch.float32)[:, None], torch.tensor(found.labels[:count])


def _read_placed(part: Side, count: int) -> tuple["Tensor", "Tensor"]:
    from core.models.small_alexnet import MOST as EVERY
    from core.models.small_alexnet import placed_digits

    found = placed_digits(EVERY)[0 if part == "train" else 1]
    return found.inputs[:count], found.labels[:count]


def _read_scenes(part: Side, count: int) -> tuple["Tensor", "Tensor"]:
    import torch

    blocks = [_scene_block(part, start) for start in range(0, count, BLOCK)]
    inputs, labels = (torch.cat(each)[:count] for each in zip(*blocks, strict=True))
    return inputs, labels


@lru_cache(maxsize=16)
def _scene_block(part: Side, start: int) -> tuple["Tensor", "Tensor"]:
    from core.models.scene_net import singles

    return singles(part, BLOCK, start=start)


@lru_cache(maxsize=10)
def _scene_vectors(part: Side, start: int) -> dict[str, NDArray[np.float32]]:
    """What every layer makes of a block of scenes, in one pass: looking at them takes longer than all else."""
    from core.features.latent import latents
    from core.models.registry import load

    layers = {space: layer for space, (layer, _) in spaces("scenes").items() if space != PIXELS}
    found = latents(load("scenes"), _scene_block(part, start)[0], list(layers.values()))
    return {space: found[layer].reshape(BLOCK, -1).astype(np.float32) for space, layer in layers.items()}


_READ = {"digits": _read_digits, "placed": _read_placed, "scenes": _read_scenes}
