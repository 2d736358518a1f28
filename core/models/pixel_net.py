"""The pixel net: what lies on every cell of a picture? Four convolutions, 32, 64, 128 and 256 filters (lecture D).

Behind each of the first three a pooling halves the sides, while the next one doubles the maps. A last convolution of
1x1 makes six scores of the 256 numbers of every cell. There is no dense layer, so a picture may have any size; a cell
is 8x8 pixels, and the scores of one see 38x38 of them.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part
from core.data.scenes import CLASSES, SHAPES, Label, Scene, Sketch, Thing, boxes, draw, label_map, sketch
from core.data.scenes import labels as labels_of
from core.detect.single.counting import Labels
from core.detect.single.pixelwise import cells
from core.errors import CoreError, LimitError, ShapeError
from core.nets.layers import Activation, BatchNorm, Conv, Network, Operation, Pool, numbered
from core.types import FeatureMap, Floats

if TYPE_CHECKING:
    from torch.nn import Module

SIDE, STEP = 96, 8  # pixels of a picture to learn from, and of a cell
WIDTHS = (32, 64, 128, 256)  # maps of the four levels
NAMES = ("ground", *CLASSES)
SIZES = (9.0, 15.0)  # radius of a thing, in pixels; a person's is half as large again
THINGS = (4, 8)  # in a picture of 96x96 pixels
PAIR, WIDEST = 12.0, 32  # of two things side by side: radius, and the largest gap, in pixels
COLOURS = (
    ((0.90, 0.25, 0.20), (0.95, 0.60, 0.55)),
    ((0.20, 0.45, 0.90), (0.55, 0.70, 0.95)),
)
GROUND = ((0.62, 0.66, 0.60), (0.50, 0.55, 0.50))
NEAR = 8.0  # pixels from a peak to the middle of its thing
MOST = 20_000
LEAST, LARGEST = 48, 224  # sides of pictures


def _level(maps: int, *, pool: bool) -> tuple[Operation, ...]:
    halved = (Pool("max", (2, 2), (2, 2)),) if pool else ()
    return Conv(maps, (3, 3), padding=(1, 1), bias=False), BatchNorm(), Activation("relu"), *halved


PIXEL_NET = Network(
    "Pixel net",
    (3, SIDE, SIDE),
    numbered(
        *(operation for place, maps in enumerate(WIDTHS) for operation in _level(maps, pool=place < len(WIDTHS) - 1)),
        Conv(len(NAMES), (1, 1)),
    ),
)


@dataclass(frozen=True, eq=False)
class Crowd:
    """A picture with several things, their middles (T, 2) in pixels and their classes from 1 (T,)."""

    scene: Scene
    places: Floats
    labels: Labels


def crowd(part: Part, number: int, *, side: int = SIDE) -> Crowd:
    """Several things on one picture, none hidden; a larger picture holds more of them, of the same size in pixels.

    >>> picture = crowd("train", 0)
    >>> picture.scene.image.shape, [NAMES[label] for label in picture.labels]
    ((96, 96, 3), ['person', 'person', 'star', 'square', 'circle', 'square', 'star', 'circle'])
    """
    if not LEAST <= side <= LARGEST:
        raise LimitError(f"pictures have sides of {LEAST} to {LARGEST} pixels, got {side}")
    times = (side / SIDE) ** 2
    least, most = (max(1, round(times * count)) for count in THINGS)
    sizes = SIZES[0] / side, SIZES[1] / side
    scene = draw(sketch(part, number, objects=(least, most), sizes=sizes, overlap=0.0, name="a crowd"), side=side)
    return _crowd(scene)


def pair_of(first: Label, second: Label, gap: float) -> Crowd:
    """Two shapes side by side on a picture of 96x96 pixels, so many pixels from edge to edge.

    >>> pair_of("circle", "circle", 8.0).places.round().tolist()
    [[32.0, 48.0], [64.0, 48.0]]
    """
    if not 0 <= gap <= WIDEST:
        raise LimitError(f"the gap is from 0 to {WIDEST} pixels, got {gap}")
    if not {first, second} <= set(SHAPES):
        raise CoreError(f"the two are some of {', '.join(SHAPES)}, got {first!r} and {second!r}")
    left, right = _upright(first, 0), _upright(second, 1)
    reach = [draw(_plain(each), side=SIDE).targets[0].box for each in (left, right)]
    apart = (reach[0][2] - SIDE / 2 + gap + SIDE / 2 - reach[1][0]) / SIDE  # from middle to middle
    moved = (replace(each, middle=(0.5 + way * apart / 2, 0.5)) for each, way in ((left, -1), (right, 1)))
    return _crowd(draw(_plain(*moved), side=SIDE))


def _upright(label: Label, place: int) -> Thing:
    """A thing in the middle of the picture, in one of two colours."""
    return Thing(label, (0.5, 0.5), PAIR / SIDE, 0.0, COLOURS[place])


def _plain(*things: Thing) -> Sketch:
    """Things on a quiet ground."""
    return Sketch(things, GROUND, stripes=0.0, light=0.8, noise=0.02, seed=1)


def _crowd(scene: Scene) -> Crowd:
    found = boxes(scene.targets)
    return Crowd(scene, (found[:, :2] + found[:, 2:]) / 2, 1 + labels_of(scene.targets))


def many(part: Part, count: int, *, start: int = 0) -> tuple[NDArray[np.uint8], Labels]:
    """Pictures and the class of every cell: (N, 96, 96, 3) in 256 steps, (N, 12, 12).

    >>> images, wanted = many("validation", 3)
    >>> images.shape, wanted.shape, bool(wanted.max() < len(NAMES))
    ((3, 96, 96, 3), (3, 12, 12), True)
    """
    if not 1 <= count <= MOST:
        raise LimitError(f"from 1 to {MOST:,} pictures at once, got {count}")
    images = np.empty((count, SIDE, SIDE, 3), dtype=np.uint8)
    wanted = np.empty((count, SIDE // STEP, SIDE // STEP), dtype=np.int64)
    for place in range(count):
        scene = crowd(part, start + place).scene
        images[place], wanted[place] = np.rint(scene.image * 255), cells(label_map(scene), step=STEP)
    return images, wanted


def levels(module: "Module", image: NDArray[np.floating[Any]]) -> tuple[list[FeatureMap], Floats]:
    """What a picture (H, W, 3) from 0 to 1 is at each of the four levels, and the probabilities (6, H // 8, W // 8).

    The levels are (32, H, W), (64, H // 2, W // 2), (128, H // 4, W // 4) and (256, H // 8, W // 8).
    """
    import torch
    from torch import nn

    from core.learning.threads import one_thread

    if image.ndim != 3 or image.shape[2] != 3 or min(image.shape[:2]) < STEP:
        raise ShapeError(f"need a picture (H, W, 3) of at least {STEP}x{STEP} pixels, got {image.shape}")
    values, found = torch.tensor(image, dtype=torch.float32).permute(2, 0, 1)[None] * 2 - 1, list[FeatureMap]()
    with torch.no_grad(), one_thread():
        for layer in module.children():
            values = layer(values)
            if isinstance(layer, nn.ReLU):
                found.append(values[0].double().numpy())
        shares: Floats = values[0].softmax(dim=0).double().numpy()
    return found, shares


def score_maps(module: "Module", image: NDArray[np.floating[Any]]) -> Floats:
    """How probable every class is in every cell: (H, W, 3) from 0 to 1 -> (6, H // 8, W // 8)."""
    import torch

    from core.models.segmenters import inputs_of

    with torch.no_grad():
        shares: Floats = module(inputs_of(np.asarray(image[None], dtype=np.float32)))[0].softmax(dim=0).double().numpy()
    return shares
