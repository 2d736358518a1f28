"""Photographs that come with scikit-image and scikit-learn: nothing is downloaded, and every one has its licence.

Eighteen pictures are no test set: two show a person, one an animal, and there is no vehicle but a rocket.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.types import Heatmap

Photo: TypeAlias = Literal["pagoda", "flower"]
PHOTOS: tuple[Photo, ...] = get_args(Photo)  # the two in colour that are as high: the labs of small grey maps
MOST_SIDE = 427
FREE = "public domain"
CC0 = "CC0 1.0"


@dataclass(frozen=True)
class Picture:
    """A photo: what it shows, in which package it comes, who took it, and on what terms it may be used."""

    name: str
    shows: str
    package: Literal["skimage", "sklearn"]
    file: str
    credit: str
    licence: str
    grey: bool = False


def _of_skimage(name: str, file: str, shows: str, credit: str, licence: str, *, grey: bool = False) -> Picture:
    return Picture(name, shows, "skimage", f"data/{file}", credit, licence, grey)


COLLECTION = (
    _of_skimage("cat", "chelsea.png", "a tabby cat", "Stefan van der Walt", CC0),
    _of_skimage("coffee", "coffee.png", "a cup of espresso with a spoon", "Rachel Michetti", CC0),
    _of_skimage("camera", "camera.png", "a man behind a camera on a tripod", "Lav Varshney", CC0, grey=True),
    _of_skimage("astronaut", "astronaut.png", "an astronaut in her suit", "NASA", FREE),
    _of_skimage("rocket", "rocket.jpg", "a rocket that takes off", "SpaceX", FREE),
    Picture(
        "pagoda", "a Chinese pagoda above a lake", "sklearn", "datasets/images/china.jpg", "danielbuechele", "CC BY 2.0"
    ),
    Picture("flower", "a dahlia", "sklearn", "datasets/images/flower.jpg", "vultilion", "CC BY 2.0"),
    _of_skimage("clock", "clock_motion.png", "a wall clock, blurred by motion", "Stefan van der Walt", FREE, grey=True),
    _of_skimage("galaxies", "hubble_deep_field.jpg", "galaxies, seen by the Hubble telescope", "NASA", FREE),
    _of_skimage("retina", "retina.jpg", "the back of an eye", "Mikael Häggström", CC0),
    _of_skimage("tissue", "ihc.png", "stained tissue under a microscope", "CMMI", "no known restrictions"),
    _of_skimage("coins", "coins.png", "Greek coins", "Brooklyn Museum", "no known restrictions", grey=True),
    _of_skimage("letters", "text.png", "letters on paper", "Wikipedia", FREE, grey=True),
    _of_skimage("brick", "brick.png", "a brick wall", "CC0Textures", CC0, grey=True),
    _of_skimage("grass", "grass.png", "grass", "linolafett", CC0, grey=True),
    _of_skimage("gravel", "gravel.png", "gravel", "CC0Textures", CC0, grey=True),
    _of_skimage("cell", "cell.png", "a cell in a hologram", "Paul Müller and others", CC0, grey=True),
    _of_skimage("vessels", "microaneurysms.png", "vessels of an eye, enlarged", "Andreas Maier", CC0, grey=True),
)
NAMES = tuple(picture.name for picture in COLLECTION)


def picture(name: str) -> Picture:
    """What is known about a photo of the collection.

    >>> picture("cat").licence, picture("flower").credit
    ('CC0 1.0', 'vultilion')
    """
    for found in COLLECTION:
        if found.name == name:
            return found
    raise CoreError(f"there is no photo {name[:20]!r}; there are {', '.join(NAMES)}")


@cache
def photo(name: str) -> NDArray[np.uint8]:
    """A photo of the collection as it is, (H, W, 3) from 0 to 255; a grey one has three equal channels.

    >>> photo("cat").shape, photo("camera").shape, photo("flower").dtype
    ((300, 451, 3), (512, 512, 3), dtype('uint8'))
    """
    from PIL import Image

    known = picture(name)
    package = find_spec(known.package)
    if package is None or package.origin is None:
        raise CoreError(f"the photo {name!r} comes with the package {known.package}, which is not installed")
    with Image.open(Path(package.origin).parent / known.file) as image:
        pixels = np.asarray(image.convert("RGB"))
    pixels.flags.writeable = False
    return pixels


@cache
def grey_photo(name: Photo, side: int) -> Heatmap:
    """A photo as one grey map from 0 to 1, its middle square made smaller: (side, side).

    >>> grey_photo("pagoda", 32).shape, bool(0 <= grey_photo("pagoda", 32).min() < grey_photo("pagoda", 32).max() <= 1)
    ((32, 32), True)
    """
    from PIL import Image

    if name not in PHOTOS or not 1 <= side <= MOST_SIDE:
        raise CoreError(
            f"there are {', '.join(PHOTOS)}, from 1 to {MOST_SIDE} pixels a side; got {name[:20]!r}, {side}"
        )
    whole = Image.fromarray(photo(name)).convert("L")
    edge = (whole.width - whole.height) // 2
    square = whole.crop((edge, 0, edge + whole.height, whole.height)).resize((side, side), Image.Resampling.BOX)
    grey: Heatmap = np.asarray(square, dtype=np.float64) / 255
    grey.flags.writeable = False
    return grey
