"""The scenes that every detector of the house learns from and is judged by: one to four things, 96 pixels a side."""

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part
from core.data.scenes import Scene, Target, draw, sketch
from core.errors import LimitError

SIDE = 96
MOST = 6000  # at once
NAME = "scenes to detect in"


def picture(part: Part, number: int, *, side: int = SIDE) -> Scene:
    """One scene and its truth.

    >>> scene = picture("test", 0)
    >>> scene.image.shape, [target.label for target in scene.targets]
    ((96, 96, 3), ['circle', 'person', 'circle', 'person'])
    """
    return draw(sketch(part, number, name=NAME), side=side)


def many(part: Part, count: int, *, start: int = 0) -> tuple[NDArray[np.uint8], list[tuple[Target, ...]]]:
    """Pictures in 256 steps (N, 96, 96, 3), and what is to be seen in each.

    >>> images, targets = many("validation", 3)
    >>> images.shape, len(targets)
    ((3, 96, 96, 3), 3)
    """
    if not 1 <= count <= MOST:
        raise LimitError(f"from 1 to {MOST:,} pictures at once, got {count}")
    images = np.empty((count, SIDE, SIDE, 3), dtype=np.uint8)
    targets: list[tuple[Target, ...]] = []
    for place in range(count):
        scene = picture(part, start + place)
        images[place] = np.rint(scene.image * 255)
        targets.append(scene.targets)
    return images, targets
