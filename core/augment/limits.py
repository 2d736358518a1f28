"""What plain augmentation misses: things in front, another ground, no focus, too little or too much light (A and C).

Each is a change that Keras has no range for; lecture C's way out is a function of one's own, `preprocessing_function`.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.augment.example import Example, with_image
from core.augment.overlays import covered, on_background, superimposed
from core.augment.photometric import blurred, exposed, noisy
from core.errors import CoreError
from core.types import Floats

Stress: TypeAlias = Literal["something in front", "another ground", "out of focus", "too dark", "too bright"]
STRESSES: tuple[Stress, ...] = get_args(Stress)
CAMERA = 0.02  # noise of every exposure: a dark picture that is made brighter later shows it


@dataclass(frozen=True)
class Scale:
    """What a strength from 0 to 1 means: it runs from 0 to `most`, in a unit."""

    most: float
    unit: str

    def spoken(self, strength: float) -> str:
        """A strength in its own unit.

        >>> Scale(4.0, "pixels of blur").spoken(0.5)
        '2 pixels of blur'
        """
        return f"{self.most * strength:.3g} {self.unit}"


SCALES: dict[Stress, Scale] = {
    "something in front": Scale(80, "% of it hidden"),
    "another ground": Scale(100, "% of the ground replaced"),
    "out of focus": Scale(4, "pixels of blur"),
    "too dark": Scale(4, "stops too dark"),
    "too bright": Scale(3, "stops too bright"),
}


def stressed(
    example: Example, stress: Stress, strength: float, random: np.random.Generator, *, ground: Floats | None = None
) -> Example:
    """An example under a stress of strength 0 to 1; `ground` (H, W, C) is the one that comes in with another ground.

    >>> grey = Example(np.full((8, 8, 3), 0.5))
    >>> float(stressed(grey, "too bright", 1.0, np.random.default_rng(0)).image.min())
    1.0
    """
    if stress not in SCALES or not 0 <= strength <= 1:
        raise CoreError(f"a stress is one of {', '.join(STRESSES)}, of 0 to 1; got {stress!r} and {strength}")
    image, most = example.image, SCALES[stress].most * strength
    if strength == 0:
        return example
    if stress == "something in front":
        return covered(example, most / 100, random)[0]
    if stress == "another ground":
        other = superimposed(image, image if ground is None else ground, strength)
        return on_background(example, other)
    if stress == "out of focus":
        return with_image(example, blurred(image, most))
    stops = -most if stress == "too dark" else most
    return replace(example, image=noisy(exposed(image, stops), CAMERA if stress == "too dark" else 0.0, random))
