"""Drawing a sketch: the picture, and what is true of it.

Every thing is painted in its own window, the farthest first. Edges are smooth: a pixel that an edge crosses gets its
share of both colours. The truth is sharp: a pixel belongs to a thing if its middle does.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.data.scenes import outlines, textures
from core.data.scenes.person import JOINTS
from core.data.scenes.records import Batch, Picture, Scene, Sketch, Target, Thing
from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats, Mask

Reals = NDArray[np.float32]
LARGEST = 2048  # pixels of a side
SHADE, SHADOW, REACH = 0.2, 0.3, 0.22  # light on a thing; dark around it, and how far that reaches in radii


def draw(sketch: Sketch, *, side: int, warp: Floats | None = None) -> Scene:
    """Draw a sketch on side x side pixels, and say what is true of the picture.

    A warp (3, 3) says where each point goes, in pixels: [u, v, w] = warp @ [x, y, 1], to (u / w, v / w). Turned and
    bent pictures are drawn afresh like this, not interpolated, so their truth is as exact as that of straight ones.

    >>> from core.data.scenes import sketch
    >>> scene = draw(sketch("train", 1), side=96)
    >>> scene.image.shape, [(target.label, target.box) for target in scene.targets][0]
    ((96, 96, 3), ('square', (38.0, 50.0, 64.0, 77.0)))
    """
    if not 1 <= side <= LARGEST:
        raise LimitError(f"a scene has 1 to {LARGEST} pixels a side, got {side}")
    matrix = np.eye(3) if warp is None else np.asarray(warp, dtype=np.float64)
    if matrix.shape != (3, 3):
        raise ShapeError(f"a warp is a matrix (3, 3), got {matrix.shape}")
    x, y, scale = _places(side, matrix)
    random = np.random.default_rng(sketch.seed)
    straight = warp is None or np.array_equal(matrix, np.eye(3))
    image = _ground(sketch, x[:1] if straight else x, y[:, :1] if straight else y, random)
    masks: list[Mask] = []
    covered: list[Mask] = []
    for thing in sketch.things:
        mask = _paint(image, thing, sketch.light, x, y, scale, _box(thing, side, matrix), random)
        for behind in masks:
            behind &= ~mask
        masks.append(mask.copy())
        covered.append(mask)
    if sketch.noise:
        image += np.float32(sketch.noise) * random.standard_normal(image.shape, dtype=np.float32)
        np.clip(image, 0, 1, out=image)
    found = [
        Target(
            label=thing.label,
            box=box_of(masks[number]),
            mask=masks[number],
            joints=_joints(thing, side, matrix, covered[number + 1 :]) if thing.joints else None,
            whole=_box(thing, side, matrix),
            seen=float(masks[number].sum() / covered[number].sum()),
            number=number,
        )
        for number, thing in enumerate(sketch.things)
        if masks[number].any()
    ]
    return Scene(image, tuple(found))


def draw_many(sketches: Iterable[Sketch], *, side: int) -> Batch:
    """Draw some sketches at one size: (N, side, side, 3) and their truths.

    >>> from core.data.scenes import sketch
    >>> draw_many([sketch("train", number) for number in range(3)], side=32).images.shape
    (3, 32, 32, 3)
    """
    scenes = [draw(each, side=side) for each in sketches]
    images = np.stack([scene.image for scene in scenes]) if scenes else np.zeros((0, side, side, 3), dtype=np.float32)
    return Batch(images, tuple(scene.targets for scene in scenes))


def box_of(mask: Mask) -> tuple[float, float, float, float]:
    """The smallest box around the pixels of a mask: (H, W) -> x1, y1, x2, y2; without any pixel it has no size.

    >>> box_of(np.array([[False, False, False], [False, True, True]]))
    (1.0, 1.0, 3.0, 2.0)
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return 0.0, 0.0, 0.0, 0.0
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


@lru_cache(maxsize=16)
def _straight(side: int) -> tuple[Reals, Reals, Reals]:
    middles = ((np.arange(side) + 0.5) / side).astype(np.float32)
    x, y = np.meshgrid(middles, middles)
    scale = np.full((side, side), side, dtype=np.float32)
    for array in (x, y, scale):
        array.flags.writeable = False
    return x, y, scale


def _places(side: int, matrix: Floats) -> tuple[Reals, Reals, Reals]:
    """Where in the sketch every pixel looks, and how many pixels are as long as the sketch there: (H, W) each."""
    if np.array_equal(matrix, np.eye(3)):
        return _straight(side)
    size = abs(float(np.linalg.det(matrix)))
    if not np.isfinite(matrix).all() or size < 1e-9:
        raise CoreError("this warp squeezes the picture into a line or a point, and nothing of it could be seen")
    columns, rows = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5)
    x, y, depth = np.tensordot(np.linalg.inv(matrix), np.stack([columns, rows, np.ones_like(rows)]), axes=1)
    if depth.min() <= 1e-6:
        raise CoreError("this warp bends the picture over its own horizon: make the last row smaller")
    grown = np.sqrt(depth**3 * size) * side
    return (x / depth / side).astype(np.float32), (y / depth / side).astype(np.float32), grown.astype(np.float32)


def _ground(sketch: Sketch, x: Reals, y: Reals, random: np.random.Generator) -> Picture:
    mixed = textures.two_octaves(x, y, random)
    if sketch.stripes:
        angle, count = random.uniform(0, np.pi), random.uniform(3, 9)
        share = np.float32(sketch.stripes)
        mixed = mixed * (1 - share) + textures.stripes(x, y, angle, count) * share
    first, second = np.array(sketch.ground, dtype=np.float32)
    image: Picture = first + mixed[:, :, None] * (second - first)
    return image


def _paint(
    image: Picture,
    thing: Thing,
    light: float,
    x: Reals,
    y: Reals,
    scale: Reals,
    box: tuple[float, float, float, float],
    random: np.random.Generator,
) -> Mask:
    """Paint one thing in its window; the pixels whose middle lies inside it: (H, W)."""
    side, mask = len(image), np.zeros(image.shape[:2], dtype=np.bool_)
    margin = 1 + REACH * max(box[2] - box[0], box[3] - box[1])
    x1, y1 = (int(max(0, np.floor(value - margin))) for value in box[:2])
    x2, y2 = (int(min(side, np.ceil(value + margin))) for value in box[2:])
    speckles = random.random((8, 8), dtype=np.float32) if thing.pattern == "speckled" else None
    if x1 >= x2 or y1 >= y2:
        return mask
    window = slice(y1, y2), slice(x1, x2)
    right, down = (x[window] - np.float32(thing.middle[0])), (y[window] - np.float32(thing.middle[1]))
    own_x, own_y = _turned(right, down, thing)
    far, part = outlines.distance(thing.label, own_x, own_y, thing.joints)
    colours = np.array(thing.colours, dtype=np.float32)
    if part is not None:
        painted = colours[part]
    else:
        painted = colours[0] + _pattern(thing, own_x, own_y, speckles)[:, :, None] * (colours[1] - colours[0])
    lit = (right * np.float32(np.cos(light)) + down * np.float32(np.sin(light))) / np.float32(thing.radius)
    painted *= (1 - SHADE / 2 + SHADE * lit)[:, :, None]
    shadow = 1 - SHADOW * np.clip(1 - far / np.float32(REACH), 0, 1) ** 2
    cover = np.clip(np.float32(0.5) - far * np.float32(thing.radius) * scale[window], 0, 1)[:, :, None]
    image[window] = image[window] * (shadow[:, :, None] * (1 - cover)) + np.clip(painted, 0, 1) * cover
    mask[window] = far <= 0
    return mask


def _turned(right: Reals, down: Reals, thing: Thing) -> tuple[Reals, Reals]:
    """Places as the thing itself sees them: its middle at 0, its radius 1, and upright."""
    cosine, sine = (np.float32(value / thing.radius) for value in (np.cos(thing.angle), np.sin(thing.angle)))
    return right * cosine + down * sine, down * cosine - right * sine


def _pattern(thing: Thing, x: Reals, y: Reals, speckles: Reals | None) -> Reals:
    if speckles is not None:
        half = np.float32(0.5)
        strength = 4 * textures.noise(half * x, half * y, speckles) - np.float32(1.5)
    elif thing.pattern == "striped":
        strength = 6 * textures.stripes(x, y, 0.0, 2.0) - np.float32(2.5)
    else:
        return np.zeros_like(x)
    clipped: Reals = np.clip(strength, 0, 1)
    return clipped


def _sent(points: Floats, thing: Thing, side: int, matrix: Floats) -> Floats:
    """Points of a thing's own, sent to where they are in the picture, in pixels: (M, 2)."""
    cosine, sine = np.cos(thing.angle), np.sin(thing.angle)
    turned = points @ np.array([[cosine, sine], [-sine, cosine]])
    placed = (np.array(thing.middle) + thing.radius * turned) * side
    sent = np.concatenate([placed, np.ones((len(placed), 1))], axis=1) @ matrix.T  # (M, 3)
    found: Floats = sent[:, :2] / np.where(np.abs(sent[:, 2:]) < 1e-9, 1e-9, sent[:, 2:])
    return found


def _box(thing: Thing, side: int, matrix: Floats) -> tuple[float, float, float, float]:
    points = _sent(outlines.rim(thing.label, thing.joints), thing, side, matrix)
    (x1, y1), (x2, y2) = points.min(axis=0), points.max(axis=0)
    return float(x1), float(y1), float(x2), float(y2)


def _joints(thing: Thing, side: int, matrix: Floats, in_front: list[Mask]) -> Floats:
    points = _sent(np.array(thing.joints), thing, side, matrix)
    found = np.zeros((len(JOINTS), 3))
    found[:, :2] = points
    for number, (column, row) in enumerate(np.floor(points).astype(int)):
        inside = 0 <= column < side and 0 <= row < side
        found[number, 2] = inside and not any(mask[row, column] for mask in in_front)
    return found
