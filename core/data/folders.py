"""A folder of images with one folder inside it for every class: the form that lecture C reads its data in.

    animals/cat/1.jpg, animals/cat/2.png, animals/dog/1.jpg      classes cat: 0, dog: 1

Classes are numbered by their names in alphabetical order. A file that cannot be read is reported and left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part, divided
from core.errors import CoreError, LimitError

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
MOST_FILES = 200_000
MOST_PIXELS = 50_000_000  # of one image; a small file can claim to be larger than any memory


@dataclass(frozen=True)
class Unreadable:
    """A file that was left out, by its place in the folder, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Folder:
    """What is in a folder: the classes in order, and every file with the number of its class."""

    classes: tuple[str, ...]
    files: tuple[tuple[Path, int], ...]

    @property
    def numbers(self) -> Mapping[str, int]:
        """From the name of a class to its number."""
        return {name: number for number, name in enumerate(self.classes)}


@dataclass(frozen=True, eq=False)
class Read:
    """Images of one size (N, side, side, 3), their classes (N,), their files, and what could not be read."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    files: tuple[Path, ...]
    unreadable: tuple[Unreadable, ...]


def look(path: Path) -> Folder:
    """The classes and files of a folder, without opening any file; an empty class counts as one.

    Names that begin with a point are hidden, and files with another ending than those of images are no images.
    """
    if not path.is_dir():
        raise CoreError(f"{path} is no folder; it should hold one folder for every class")
    classes = tuple(sorted(entry.name for entry in path.iterdir() if entry.is_dir() and entry.name[0] != "."))
    if not classes:
        raise CoreError(f"{path.name} holds no folders: put the images of every class into a folder with its name")
    files: list[tuple[Path, int]] = []
    for number, name in enumerate(classes):
        for file in sorted((path / name).rglob("*")):
            if file.suffix.lower() in ENDINGS and file.is_file() and file.name[0] != ".":
                files.append((file, number))
            if len(files) > MOST_FILES:
                raise LimitError(f"{path.name} holds more than {MOST_FILES:,} images")
    return Folder(classes, tuple(files))


def read(folder: Folder, *, side: int) -> Read:
    """All images, their middle square made side x side pixels; what cannot be read is named, not fatal."""
    if not 1 <= side <= 1024:
        raise LimitError(f"images are read at 1 to 1024 pixels a side, got {side}")
    images, labels, files, unreadable = [], [], [], []
    for file, number in folder.files:
        try:
            images.append(read_image(file, side=side))
        except CoreError as error:
            unreadable.append(Unreadable(f"{folder.classes[number]}/{file.name}", str(error)))
            continue
        labels.append(number)
        files.append(file)
    stacked = np.array(images, dtype=np.uint8).reshape(-1, side, side, 3)
    return Read(stacked, np.array(labels, dtype=np.int64), tuple(files), tuple(unreadable))


def read_image(file: Path, *, side: int) -> NDArray[np.uint8]:
    """One image, turned as the camera was held, its middle square made side x side pixels: (side, side, 3)."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(file) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise CoreError(f"it has {opened.width}x{opened.height} pixels, more than {MOST_PIXELS:,}")
            upright: Image.Image = ImageOps.exif_transpose(opened) or opened
            square = ImageOps.fit(_on_white(upright), (side, side), Image.Resampling.BILINEAR)
    except UnidentifiedImageError:
        raise CoreError("it is no image" if file.stat().st_size else "it is empty") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        if isinstance(error, CoreError):
            raise
        raise CoreError(f"it is damaged: {error}") from None
    return np.asarray(square)


def parts(found: Folder, *, seed: int) -> Mapping[Part, Folder]:
    """The same classes, the files divided once and for all: no file is in two parts."""
    places = divided(len(found.files), seed=seed)
    return {part: Folder(found.classes, tuple(found.files[place] for place in sorted(places[part]))) for part in places}


def _on_white(image: "Image") -> "Image":
    """Without transparency: what can be seen through becomes white."""
    from PIL import Image

    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, (255, 255, 255, 255)), clear).convert("RGB")
