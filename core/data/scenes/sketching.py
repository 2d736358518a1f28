"""Sketches: what there is in a scene, drawn by lot from its address and nothing else."""

from collections.abc import Sequence
from math import hypot, log, pi

import numpy as np

from core.data.parts import Part, generator
from core.data.scenes.person import pose
from core.data.scenes.records import CLASSES, PATTERNS, Colour, Label, Point, Sketch, Thing
from core.errors import CoreError

MOST = 40  # things in one scene
TRIES = 60  # to find room for a thing
TALL = 1.5  # a person is this much larger than a shape
SKINS: tuple[Colour, ...] = ((0.98, 0.82, 0.70), (0.87, 0.67, 0.50), (0.65, 0.45, 0.31), (0.42, 0.28, 0.20))


def sketch(
    part: Part,
    number: int,
    *,
    objects: tuple[int, int] = (1, 4),
    sizes: tuple[float, float] = (0.11, 0.23),
    classes: Sequence[Label] = CLASSES,
    overlap: float = 0.35,
    noise: float = 0.02,
    name: str = "scenes",
) -> Sketch:
    """What is in scene `number` of a part: from objects[0] to objects[1] things with radii between the two sizes.

    Sizes are shares of the picture's side. `overlap` is how far the circles around two things may reach into each
    other, as a share of their radii: at 0 nothing is hidden, at 1 anything may be. A thing that finds no room is left
    out. Give scenes with other settings another `name`, and they are other scenes.

    >>> [thing.label for thing in sketch("train", 1).things]
    ['square', 'triangle', 'circle']
    >>> sketch("train", 1) == sketch("train", 1), sketch("train", 1) == sketch("test", 1)
    (True, False)
    """
    if not 0 <= objects[0] <= objects[1] <= MOST or not 0 < sizes[0] <= sizes[1] <= 0.5 or not 0 <= overlap <= 1:
        raise CoreError(
            f"a scene has 0 to {MOST} things, of radii between 0 and 0.5, that overlap by 0 to 1; "
            f"got objects {objects}, sizes {sizes}, overlap {overlap}"
        )
    if not classes or not set(classes) <= set(CLASSES):
        raise CoreError(f"classes are some of {', '.join(CLASSES)}, got {list(classes)}")
    random = generator(name, part, number)
    things: list[Thing] = []
    for _ in range(int(random.integers(objects[0], objects[1] + 1))):
        thing = _placed(random, classes, sizes, overlap, things)
        if thing is not None:
            things.append(thing)
    hue, value = random.random(), random.uniform(0.3, 0.85)
    return Sketch(
        things=tuple(things),
        ground=(
            _colour(hue, random.uniform(0, 0.3), value),
            _colour(hue + random.uniform(-0.1, 0.1), random.uniform(0, 0.3), value * random.uniform(0.55, 0.9)),
        ),
        stripes=float(max(0.0, random.uniform(-0.5, 0.5))),
        light=float(random.uniform(0, 2 * pi)),
        noise=noise,
        seed=int(random.integers(2**31)),
    )


def _placed(
    random: np.random.Generator,
    classes: Sequence[Label],
    sizes: tuple[float, float],
    overlap: float,
    others: Sequence[Thing],
) -> Thing | None:
    label = classes[int(random.integers(len(classes)))]
    radius = float(np.exp(random.uniform(log(sizes[0]), log(sizes[1]))))
    if label == "person":
        radius = min(TALL * radius, 0.49)
    for _ in range(TRIES):
        middle: Point = (float(random.uniform(radius, 1 - radius)), float(random.uniform(radius, 1 - radius)))
        if all(_apart(middle, radius, other) >= 1 - overlap for other in others):
            return _thing(random, label, middle, radius)
    return None


def _apart(middle: Point, radius: float, other: Thing) -> float:
    """How far from each other, in the sum of their radii."""
    return hypot(middle[0] - other.middle[0], middle[1] - other.middle[1]) / (radius + other.radius)


def _thing(random: np.random.Generator, label: Label, middle: Point, radius: float) -> Thing:
    if label == "person":
        clothes = tuple(_colour(random.random(), random.uniform(0.55, 1), random.uniform(0.45, 1)) for _ in range(2))
        skin = SKINS[int(random.integers(len(SKINS)))]
        return Thing(label, middle, radius, float(random.uniform(-0.3, 0.3)), (*clothes, skin), joints=pose(random))
    hue, saturation, value = random.random(), random.uniform(0.7, 1), random.uniform(0.6, 1)
    colours = _colour(hue, saturation, value), _colour(hue, saturation * 0.45, min(1.0, value * 1.2))
    pattern = PATTERNS[int(random.integers(len(PATTERNS)))]
    return Thing(label, middle, radius, float(random.uniform(0, 2 * pi)), colours, pattern)


def _colour(hue: float, saturation: float, value: float) -> Colour:
    """A colour by hue, saturation and value, all from 0 to 1."""
    red, green, blue = (
        value * (1 - saturation * min(1.0, max(0.0, abs((hue * 6 + shift) % 6 - 3) - 1))) for shift in (3, 1, 5)
    )
    return float(red), float(green), float(blue)
