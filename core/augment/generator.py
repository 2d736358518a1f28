"""Reading and augmenting by ranges, as Keras' ImageDataGenerator does it (lectures A and C).

Each range says how far a change may go; every image draws its own. The class of a file is the folder it lies in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from core.augment import photometric
from core.augment.example import Example, with_image
from core.augment.geometric import Fill, warped
from core.augment.matrices import about_middle, flip, scaling, shear, shift, turn
from core.data.folders import ENDINGS
from core.errors import CoreError
from core.types import Floats


@dataclass(frozen=True)
class Ranges:
    """How far every change may go, under the names that Keras gives them; 0 and False leave it out."""

    rotation_range: float = 0.0  # degrees
    width_shift_range: float = 0.0  # share of the width
    height_shift_range: float = 0.0
    brightness_range: tuple[float, float] = (1.0, 1.0)  # what every value is multiplied by
    shear_range: float = 0.0  # degrees
    zoom_range: float = 0.0
    channel_shift_range: float = 0.0  # of values from 0 to 1
    horizontal_flip: bool = False
    vertical_flip: bool = False
    fill_mode: Fill = "nearest"
    preprocessing_function: Callable[[Floats], Floats] | None = None  # whatever Keras has no range for

    def __post_init__(self) -> None:
        numbers = (self.rotation_range, self.width_shift_range, self.height_shift_range, self.shear_range)
        if min(*numbers, self.zoom_range, self.channel_shift_range, *self.brightness_range) < 0 or self.zoom_range >= 1:
            raise CoreError(f"a range is 0 or more, that of the zoom below 1, got {self}")


def drawn(example: Example, ranges: Ranges, random: np.random.Generator) -> Example:
    """One new example, its truth moved along; the same random numbers give the same one.

    >>> square = Example(np.ones((8, 8, 1)))
    >>> drawn(square, Ranges(rotation_range=20), np.random.default_rng(0)).image.min() > 0.99
    np.True_
    """
    height, width = sides = example.sides
    turned, right, down, leaning, zoomed, light = random.uniform(-1, 1, 6)
    zoom = 1 + ranges.zoom_range * zoomed
    matrix = shift(right * ranges.width_shift_range * width, down * ranges.height_shift_range * height)
    matrix = matrix @ about_middle(
        turn(turned * ranges.rotation_range) @ shear(leaning * ranges.shear_range) @ scaling(1 / zoom), sides
    )
    if ranges.horizontal_flip and random.random() < 0.5:
        matrix = matrix @ flip(sides)
    if ranges.vertical_flip and random.random() < 0.5:
        matrix = matrix @ flip(sides, across=False)
    found = warped(example, matrix, fill=ranges.fill_mode)
    low, high = ranges.brightness_range
    image = (found.image * (low + (high - low) * (light + 1) / 2)).clip(0, 1)
    channels = random.uniform(-1, 1, image.shape[2]) * ranges.channel_shift_range
    image = photometric.channels_shifted(image, channels)
    if ranges.preprocessing_function is not None:
        image = ranges.preprocessing_function(image)
    return with_image(found, image)


def classes_of(files: Sequence[str]) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Classes and their numbers, by the names of the folders in order; and the number of every image.

    A file counts if it is an image and lies in a folder, however deep: the outermost folder is its class.

    >>> classes_of(["dog/rex.jpg", "cat/mia.png", "dog/old/blacky.jpg", "notes.txt"])
    ({'cat': 0, 'dog': 1}, [('dog/rex.jpg', 1), ('cat/mia.png', 0), ('dog/old/blacky.jpg', 1)])
    """
    paths = [(name, PurePosixPath(name)) for name in files]
    inside = [(name, path) for name, path in paths if len(path.parts) > 1 and ".." not in path.parts]
    numbers = {folder: number for number, folder in enumerate(sorted({path.parts[0] for _, path in inside}))}
    return numbers, [(name, numbers[path.parts[0]]) for name, path in inside if path.suffix.lower() in ENDINGS]
