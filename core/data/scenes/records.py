"""What a drawn scene is made of: the sketch before it is drawn, the picture and its truth afterwards.

A sketch lives in coordinates (x, y) from 0 to 1, y downwards. A picture has pixels; pixel (0, 0) has its middle at
(0.5, 0.5), and a box (x1, y1, x2, y2) is as wide as x2 - x1.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Mask

Label: TypeAlias = Literal["circle", "square", "triangle", "star", "person"]
Pattern: TypeAlias = Literal["plain", "striped", "speckled"]
Colour: TypeAlias = tuple[float, float, float]  # red, green, blue from 0 to 1
Point: TypeAlias = tuple[float, float]
Picture: TypeAlias = NDArray[np.float32]  # (H, W, 3) from 0 to 1

CLASSES: tuple[Label, ...] = get_args(Label)
SHAPES: tuple[Label, ...] = CLASSES[:4]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)


@dataclass(frozen=True)
class Thing:
    """One thing to be drawn. It lies in a circle of `radius` around `middle`, turned by `angle`."""

    label: Label
    middle: Point
    radius: float
    angle: float
    colours: tuple[Colour, ...]  # its own and that of its pattern; a person's are shirt, trousers and skin
    pattern: Pattern = "plain"
    joints: tuple[Point, ...] = ()  # of a person, in the circle: from -1 to 1


@dataclass(frozen=True)
class Sketch:
    """What is to be drawn: the things, the nearest last, on a ground of two colours, in light from one side."""

    things: tuple[Thing, ...]
    ground: tuple[Colour, Colour]
    stripes: float  # how strongly the ground is striped, 0 to 1
    light: float  # the angle the light comes from
    noise: float  # of the camera: standard deviation of every value
    seed: int  # of textures and noise


@dataclass(frozen=True, eq=False)
class Target:
    """What is true of one thing in a picture."""

    label: Label
    box: tuple[float, float, float, float]  # around the pixels that can be seen
    mask: Mask  # (H, W), the pixels that can be seen
    joints: Floats | None  # (14, 3): x, y, and 1 if it can be seen or 0 if not; None for a shape
    whole: tuple[float, float, float, float]  # around all of it, hidden parts and parts outside the picture included
    seen: float  # the share of its pixels in the picture that nothing hides
    number: int  # its place in the sketch


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture (H, W, 3) from 0 to 1 and everything that can be seen in it, the nearest last."""

    image: Picture
    targets: tuple[Target, ...]


@dataclass(frozen=True, eq=False)
class Batch:
    """Pictures of one size together: (N, H, W, 3), and the truth of each."""

    images: NDArray[np.float32]
    targets: tuple[tuple[Target, ...], ...]
