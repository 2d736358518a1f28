"""A small gallery: the bundled photos and squares cut out of them, each with what a person would say is on it."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.data.photos import COLLECTION, photo
from core.errors import CoreError

SIDE = 224


@dataclass(frozen=True)
class Piece:
    """One picture of the gallery: of which photo, which square of it, what is on it, and its pixels (224, 224, 3)."""

    photo: str
    cut: str
    shows: str
    pixels: NDArray[np.uint8]

    @property
    def name(self) -> str:
        """Such as "cat, left"."""
        return f"{self.photo}, {self.cut}"


@dataclass(frozen=True)
class Detail:
    """A square worth a picture of its own: its top left corner and its side in shares of the photo's shorter side."""

    photo: str
    cut: str
    shows: str
    corner: tuple[float, float]  # down, across
    side: float


DETAILS = (
    Detail("cat", "eyes", "the eyes of a tabby cat", (0.0, 0.42), 0.75),
    Detail("cat", "fur", "the fur of a tabby cat", (0.0, 0.0), 0.5),
    Detail("coffee", "cup", "a cup of espresso", (0.0, 0.25), 0.8),
    Detail("coffee", "spoon", "a spoon on a saucer", (0.42, 0.4), 0.55),
    Detail("camera", "tripod", "a tripod in the grass", (0.35, 0.3), 0.6),
    Detail("camera", "head", "a man behind a camera", (0.05, 0.15), 0.5),
    Detail("camera", "town", "houses and a tower far away", (0.05, 0.55), 0.45),
    Detail("astronaut", "face", "the face of a woman", (0.0, 0.25), 0.4),
    Detail("astronaut", "helmet", "a helmet", (0.65, 0.58), 0.35),
    Detail("astronaut", "shuttle", "a model of a space shuttle", (0.0, 0.58), 0.42),
    Detail("astronaut", "suit", "an orange space suit", (0.4, 0.15), 0.5),
    Detail("rocket", "lights", "floodlights at night", (0.55, 0.2), 0.45),
    Detail("rocket", "rocket", "a rocket on its way", (0.2, 0.4), 0.7),
    Detail("pagoda", "roofs", "the roofs of a pagoda", (0.08, 0.15), 0.8),
    Detail("pagoda", "lake", "a lake and trees", (0.3, 0.85), 0.6),
    Detail("flower", "flower", "a dahlia", (0.08, 0.3), 0.72),
    Detail("flower", "leaves", "dark leaves", (0.1, 0.0), 0.5),
    Detail("coins", "one coin", "a Greek coin", (0.0, 1.0), 0.25),
    Detail("retina", "nerve", "the optic nerve in an eye", (0.3, 0.05), 0.3),
    Detail("tissue", "gland", "a gland in stained tissue", (0.5, 0.4), 0.5),
    Detail("brick", "bricks", "six bricks", (0.2, 0.2), 0.3),
)


def square(
    pixels: NDArray[np.uint8], corner: tuple[float, float], side: float, *, out: int = SIDE
) -> NDArray[np.uint8]:
    """A square cut out of a photo and resized: (H, W, 3) -> (out, out, 3); corner and side in shares of min(H, W).

    >>> square(np.zeros((100, 200, 3), dtype=np.uint8), (0.0, 1.0), 1.0, out=8).shape
    (8, 8, 3)
    """
    from PIL import Image

    short = min(pixels.shape[:2])
    edge, top, left = (round(short * value) for value in (side, *corner))
    if edge < 1 or top < 0 or left < 0 or top + edge > pixels.shape[0] or left + edge > pixels.shape[1]:
        raise CoreError(f"a square of {edge} at ({top}, {left}) leaves a photo of {pixels.shape[:2]}")
    cut = Image.fromarray(pixels[top : top + edge, left : left + edge])
    return np.asarray(cut.resize((out, out), Image.Resampling.BICUBIC))


@cache
def gallery() -> tuple[Piece, ...]:
    """The middle square of every photo, and the details.

    >>> len(gallery()), gallery()[0].name, gallery()[0].pixels.shape
    (39, 'cat, whole', (224, 224, 3))
    """
    found = list[Piece]()
    for known in COLLECTION:
        pixels = photo(known.name)
        height, width = pixels.shape[:2]
        short = min(height, width)
        corner = ((height - short) / 2 / short, (width - short) / 2 / short)
        found.append(Piece(known.name, "whole", known.shows, square(pixels, corner, 1.0)))
    found += [
        Piece(each.photo, each.cut, each.shows, square(photo(each.photo), each.corner, each.side)) for each in DETAILS
    ]
    return tuple(found)
