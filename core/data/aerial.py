"""A coast from above with sea lions to count: where each lies, and which of five types it is.

The counting of lectures A and C, drawn by program. The five types are those of the counts that biologists make; they
differ in length, build and colour, and a pup is hardly more than a dark dot. Animals lie on rock and sand, seldom in
the water, mostly in groups: females around a male, pups beside females.
"""

from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part, generator
from core.data.scenes.textures import noise_of_rows, two_octaves
from core.errors import CoreError

Reals = NDArray[np.float32]
Kind: TypeAlias = Literal["adult male", "subadult male", "adult female", "juvenile", "pup"]
Ground: TypeAlias = Literal["water", "sand", "rock"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GROUNDS: tuple[Ground, ...] = get_args(Ground)

LENGTHS: dict[Kind, float] = {
    "adult male": 24.0,
    "subadult male": 19.5,
    "adult female": 16.0,
    "juvenile": 11.5,
    "pup": 7.0,
}
WIDTHS: dict[Kind, float] = {  # half a body's width, in half its length
    "adult male": 0.42,
    "subadult male": 0.36,
    "adult female": 0.31,
    "juvenile": 0.33,
    "pup": 0.4,
}
FURS: dict[Kind, tuple[float, float, float]] = {
    "adult male": (0.42, 0.25, 0.12),
    "subadult male": (0.33, 0.21, 0.14),
    "adult female": (0.74, 0.56, 0.37),
    "juvenile": (0.52, 0.37, 0.25),
    "pup": (0.13, 0.11, 0.10),
}
SHARES: dict[Kind, float] = {
    "adult male": 0.1,
    "subadult male": 0.12,
    "adult female": 0.36,
    "juvenile": 0.17,
    "pup": 0.25,
}
SMALLEST, LARGEST, MOST = 64, 2048, 2000
APART = 0.36  # the least distance of two animals, in the sum of their lengths
SWIMMING = 0.05  # of all animals
STONES = 60  # at most in a picture: what is dark and round need not be a pup
SUN = (0.8, 0.6)  # where shadows fall


@dataclass(frozen=True)
class Animal:
    """One sea lion: its type, its middle in pixels, its length, and where its head points."""

    kind: Kind
    x: float
    y: float
    length: float
    angle: float


@dataclass(frozen=True, eq=False)
class Aerial:
    """A picture (H, W, 3) from 0 to 1, its ground (H, W) as a place in GROUNDS, and the animals in it."""

    image: Reals
    ground: NDArray[np.int64]
    animals: tuple[Animal, ...]


def aerial(part: Part, number: int, *, side: int = 256, animals: tuple[int, int] = (15, 50)) -> Aerial:
    """Picture `number` of a part. An animal that finds no room is left out.

    >>> picture = aerial("train", 1)
    >>> picture.image.shape, counts(picture).tolist()
    ((256, 256, 3), [3, 2, 15, 5, 10])
    """
    if not SMALLEST <= side <= LARGEST or not 0 <= animals[0] <= animals[1] <= MOST:
        raise CoreError(
            f"a picture has {SMALLEST} to {LARGEST} pixels a side and 0 to {MOST} animals, got {side} and {animals}"
        )
    random = generator("aerial", part, number)
    ground, image = _coast(side, random)
    placed: list[Animal] = []
    for _ in range(int(random.integers(animals[0], animals[1] + 1))):
        animal = _placed(random, placed, ground)
        if animal is not None:
            placed.append(animal)
    for _ in range(int(random.integers(STONES))):
        _stone(image, random)
    for animal in placed:
        _shade(image, animal)
    for animal in placed:
        _paint(image, animal, random, wet=bool(_at(ground, animal.x, animal.y) == 0))
    image += np.float32(0.022) * random.standard_normal(image.shape, dtype=np.float32)
    return Aerial(np.clip(image, 0, 1), ground, tuple(placed))


def counts(picture: Aerial) -> NDArray[np.int64]:
    """How many animals of every type there are: (5,)."""
    return np.bincount([KINDS.index(animal.kind) for animal in picture.animals], minlength=len(KINDS)).astype(np.int64)


def _coast(side: int, random: np.random.Generator) -> tuple[NDArray[np.int64], Reals]:
    """Water below, rock above, sand between, by a height that grows away from the sea."""
    middles = (np.arange(side) + 0.5).astype(np.float32) / np.float32(256)
    x, y = np.meshgrid(middles, middles, sparse=True)
    rough, fine = two_octaves(x, y, random), noise_of_rows(x, y, random.random((60, 60), dtype=np.float32))
    way, reach = random.uniform(0, 2 * pi), np.float32(256 / side)
    across, down = x * reach - np.float32(0.5), y * reach - np.float32(0.5)
    inland = np.float32(cos(way)) * across + np.float32(sin(way)) * down
    height = np.float32(1.3) * inland + (rough - np.float32(0.5)) + np.float32(random.uniform(0.12, 0.3))
    bumpy = height + np.float32(0.16) * (fine - np.float32(0.5))
    ground = (bumpy > 0).astype(np.int64) + (bumpy > np.float32(random.uniform(0.16, 0.3)))
    waves = noise_of_rows(x * 2, y * 2, random.random((40, 40), dtype=np.float32))
    cracks = np.abs(noise_of_rows(x, y, random.random((26, 26), dtype=np.float32)) - np.float32(0.5))
    depth = np.clip(-height * 2, 0, 1)[:, :, None]
    water = np.array([0.20, 0.47, 0.50]) * (1 - depth) + np.array([0.05, 0.22, 0.34]) * depth
    water = water + 0.09 * (waves - 0.5)[:, :, None]
    foam = np.exp(-((bumpy / np.float32(0.022)) ** 2)) * (waves > np.float32(0.35))
    sand = np.array([0.80, 0.73, 0.60]) * (0.9 + 0.14 * rough + 0.08 * fine)[:, :, None]
    rock = np.array([0.50, 0.48, 0.46]) * (0.66 + 0.5 * fine + 0.3 * np.minimum(cracks * 5, 1))[:, :, None]
    image = np.choose(ground[:, :, None], [water, sand, rock]).astype(np.float32)
    image += (np.float32(0.5) * foam)[:, :, None] * (1 - image)
    return ground, image


def _stone(image: Reals, random: np.random.Generator) -> None:
    """A boulder with its shadow, as large as an animal or smaller, sometimes wet and nearly black."""
    (x, y), radius = random.uniform(0, len(image), size=2), float(np.exp(random.uniform(0.6, 1.9)))
    tone = np.float32(random.uniform(0.1, 0.62)) * np.array([1.0, 0.97, 0.93], dtype=np.float32)
    flat, turn = random.uniform(0.55, 0.9), random.uniform(0, pi)
    left, top = (max(0, int(value - 2 * radius - 3)) for value in (x, y))
    right, bottom = (min(len(image), int(value + 2 * radius + 4)) for value in (x, y))
    window = slice(top, bottom), slice(left, right)
    across = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - x)
    down = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - y))[:, None]
    for shift in (0.35 * radius, 0.0):  # first its shadow
        along = (across - shift * SUN[0]) * cos(turn) + (down - shift * SUN[1]) * sin(turn)
        over = (down - shift * SUN[1]) * cos(turn) - (across - shift * SUN[0]) * sin(turn)
        out = np.hypot(along, over / flat)
        cover = np.clip(radius + 0.5 - out, 0, 1).astype(np.float32)[:, :, None]
        if shift:
            image[window] *= 1 - np.float32(0.5) * cover
        else:
            light = 1 - np.float32(0.25) * (SUN[0] * across + SUN[1] * down) / np.float32(radius)
            image[window] += (tone * light.astype(np.float32)[:, :, None] - image[window]) * cover


def _placed(random: np.random.Generator, others: list[Animal], ground: NDArray[np.int64]) -> Animal | None:
    kind = KINDS[int(random.choice(len(KINDS), p=list(SHARES.values())))]
    length, side = LENGTHS[kind] * float(random.uniform(0.9, 1.1)), len(ground)
    swims = random.random() < SWIMMING
    for attempt in range(40):
        if others and attempt < 30 and random.random() < 0.75:
            host = others[int(random.integers(len(others)))]
            far, way = random.uniform(1, 2.2) * APART * (length + host.length), random.uniform(0, 2 * pi)
            x, y = host.x + far * cos(way), host.y + far * sin(way)
            angle = host.angle + random.normal(0, 0.5)
        else:
            x, y = random.uniform(0, side, size=2)
            angle = random.uniform(0, 2 * pi)
        inside = length / 2 <= x < side - length / 2 and length / 2 <= y < side - length / 2
        if inside and (_at(ground, x, y) == 0) == swims and all(_free(x, y, length, other) for other in others):
            return Animal(kind, float(x), float(y), length, float(angle % (2 * pi)))
    return None


def _free(x: float, y: float, length: float, other: Animal) -> bool:
    return hypot(x - other.x, y - other.y) >= APART * (length + other.length)


def _at(ground: NDArray[np.int64], x: float, y: float) -> int:
    return int(ground[int(y), int(x)])


def _window(animal: Animal, side: int, *, shift: float = 0.0) -> tuple[tuple[slice, slice], Reals, Reals] | None:
    """The pixels around an animal, and where they lie for it: along its body from -1, the tail, to 1, and across."""
    half = animal.length / 2
    x, y = animal.x + shift * SUN[0], animal.y + shift * SUN[1]
    left, top = (max(0, int(value - half - 4)) for value in (x, y))
    right, bottom = (min(side, int(value + half + 5)) for value in (x, y))
    if left >= right or top >= bottom:
        return None
    across = (np.arange(left, right, dtype=np.float32) + np.float32(0.5 - x)) / np.float32(half)
    down = ((np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - y)) / np.float32(half))[:, None]
    cosine, sine = np.float32(cos(animal.angle)), np.float32(sin(animal.angle))
    return (slice(top, bottom), slice(left, right)), across * cosine + down * sine, down * cosine - across * sine


def _body(along: Reals, over: Reals, animal: Animal) -> Reals:
    """How much of every pixel a body covers, from 0 to 1: a drop, thick at the shoulders, with two flippers."""
    width = np.float32(WIDTHS[animal.kind])
    inside = np.maximum(1 - along**2, 0)
    trunk = np.abs(over) - width * np.sqrt(inside) * (np.float32(0.86) + np.float32(0.3) * along)
    flippers = np.hypot((along - np.float32(0.25)) / np.float32(0.16), over / (width * np.float32(1.55))) - 1
    tail = np.hypot((along + np.float32(0.9)) / np.float32(0.14), over / (width * np.float32(0.75))) - 1
    far = np.minimum(trunk, np.minimum(flippers, tail) * np.float32(0.15))
    far = np.where(np.abs(along) > 1.02, np.float32(1), far)
    cover: Reals = np.clip(np.float32(0.5) - far * np.float32(animal.length / 2), 0, 1)
    return cover


def _shade(image: Reals, animal: Animal) -> None:
    """The shadow beside an animal."""
    found = _window(animal, len(image), shift=0.09 * animal.length)
    if found:
        window, along, over = found
        image[window] *= (1 - np.float32(0.5) * _body(along, over, animal))[:, :, None]


def _paint(image: Reals, animal: Animal, random: np.random.Generator, *, wet: bool) -> None:
    """The animal: lighter along its back, a mane on a male; under water only its back is clear."""
    found = _window(animal, len(image))
    fur = np.array(FURS[animal.kind], dtype=np.float32) * np.float32(random.uniform(0.85, 1.15))
    if not found:
        return
    window, along, over = found
    cover = _body(along, over, animal)
    back = 1 + np.float32(0.28) * np.exp(-((over / np.float32(0.16)) ** 2)) - np.float32(0.1) * np.abs(over)
    painted = fur * back[:, :, None]
    if animal.kind == "adult male":
        mane = np.clip((along - np.float32(0.1)) * 3, 0, 1)[:, :, None]
        painted = painted * (1 - mane) + mane * np.array([0.60, 0.40, 0.20], dtype=np.float32) * back[:, :, None]
    share = cover[:, :, None] * np.float32(0.55 if wet else 1)
    image[window] = image[window] * (1 - share) + painted * share
