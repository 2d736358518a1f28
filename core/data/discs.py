"""Bright discs on a grey ground: where the middle is and how large the radius, as numbers (lecture D).

Pixel (0, 0) has its middle at (0.5, 0.5). A disc may be partly behind a bar that is as bright as the ground.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.parts import Part, generator
from core.errors import CoreError
from core.types import Floats, Heatmap

SIDE = 24
RADII = (2.5, 7.0)  # pixels
NOISE = 0.08


@dataclass(frozen=True)
class Disc:
    """An image (24, 24), and the truth: x and y of the middle and the radius, in pixels."""

    image: Heatmap
    x: float
    y: float
    radius: float

    @property
    def truth(self) -> Floats:
        """The three numbers as shares of the image's side: (3,)."""
        return np.array([self.x, self.y, self.radius]) / SIDE


def disc(part: Part, number: int, *, hidden: float = 0.0) -> Disc:
    """One image, always the same for its part and number; `hidden` is the share of the disc's width behind the bar.

    >>> disc("train", 0).image.shape, bool(disc("train", 0).radius >= 2.5)
    ((24, 24), True)
    """
    if not 0 <= hidden <= 1:
        raise CoreError(f"the hidden share lies between 0 and 1, got {hidden}")
    random = generator("discs", part, number)
    radius = random.uniform(*RADII)
    x, y = random.uniform(radius, SIDE - radius, 2)
    ground, light = random.uniform(0.15, 0.4), random.uniform(0.65, 0.95)
    noise = random.normal(0, NOISE, (SIDE, SIDE))
    seen = covered(x, y, radius)
    columns = np.arange(SIDE) + 0.5
    seen[:, columns < x - radius + 2 * radius * hidden] = 0.0
    return Disc(ground + (light - ground) * seen + noise, float(x), float(y), float(radius))


def covered(x: float, y: float, radius: float, *, side: int = SIDE) -> Heatmap:
    """How much of every pixel a disc covers, to a first approximation: (side, side), from 0 to 1.

        0.5 + radius - distance of the pixel's middle from the disc's, cut to 0 and 1

    >>> covered(1.5, 1.5, 1.0, side=3).round(2)
    array([[0.09, 0.5 , 0.09],
           [0.5 , 1.  , 0.5 ],
           [0.09, 0.5 , 0.09]])
    """
    places = np.arange(side) + 0.5
    seen: Heatmap = np.clip(0.5 + radius - np.hypot(places[None, :] - x, places[:, None] - y), 0, 1)
    return seen


def discs(part: Part, count: int, *, hidden: float = 0.0) -> Sequence[Disc]:
    """The first `count` of a part.

    >>> len(discs("test", 3))
    3
    """
    return [disc(part, number, hidden=hidden) for number in range(count)]
