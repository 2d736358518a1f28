"""A label map to take along: as a small PNG with the classes as its palette, or as text short enough for an address.

Nothing that comes back is believed before it is checked: its form, its size, its classes, and what it unpacks to.
"""

import base64
import binascii
import io
import re
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, LimitError, ShapeError
from core.types import Pair

LabelMap = NDArray[np.integer[Any]]
MOST_BYTES = 1024 * 1024
MOST_CLASSES = 64
FORM = re.compile(r"[A-Za-z0-9_-]+")


def map_png(labels: LabelMap, colours: Sequence[str]) -> bytes:
    """A map as a PNG whose pixels are the labels themselves, shown in these colours: (H, W) -> a file.

    >>> file = map_png(np.array([[0, 1, 1]]), ["#8A8F98", "#E69F00"])
    >>> file[1:4], read_map(file, (1, 3), classes=2).tolist()
    (b'PNG', [[0, 1, 1]])
    """
    from PIL import Image

    if labels.ndim != 2 or labels.min() < 0 or labels.max() >= len(colours):
        raise ShapeError(f"need one map (H, W) of labels below {len(colours)}, got {labels.shape}")
    image = Image.fromarray(labels.astype(np.uint8), "P")
    image.putpalette(bytes.fromhex("".join(colour.lstrip("#") for colour in colours)))
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def read_map(content: bytes, shape: Pair, *, classes: int) -> NDArray[np.uint8]:
    """The labels in a PNG of one number per pixel, palette or grey: a file -> (H, W).

    >>> read_map(b"GIF89a", (1, 3), classes=2)
    Traceback (most recent call last):
        ...
    core.errors.CoreError: a painted map is a PNG, as this page gives it away
    """
    from PIL import Image

    if not 0 < len(content) <= MOST_BYTES:
        raise LimitError(f"a painted map has at most {MOST_BYTES // 1024:,} kB, got {len(content) / 1024:,.0f} kB")
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise CoreError("a painted map is a PNG, as this page gives it away")
    try:
        image = Image.open(io.BytesIO(content), formats=("PNG",))  # its head only
        if (image.height, image.width) != tuple(shape):  # before a pixel is decoded
            raise ShapeError(
                f"this map has {image.width}x{image.height} pixels, the picture {shape[1]}x{shape[0]}: was it painted "
                "on another one?"
            )
        if image.mode not in ("P", "L"):
            raise CoreError("a painted map has one number for every pixel; this is a picture in full colour")
        found = np.array(image, dtype=np.uint8)
    except CoreError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, zlib.error) as error:
        raise CoreError("this file begins like a PNG and cannot be read as one; is it whole?") from error
    return _checked(found, classes)


def as_text(labels: LabelMap) -> str:
    """A map as letters that an address may hold; what repeats from row to row takes next to nothing: (H, W) -> text.

    >>> from_text(as_text(np.array([[0, 2], [1, 2]])), (2, 2), classes=3).tolist()
    [[0, 2], [1, 2]]
    """
    if labels.ndim != 2 or labels.min() < 0 or labels.max() >= MOST_CLASSES:
        raise ShapeError(f"need one map (H, W) of labels below {MOST_CLASSES}, got {labels.shape}")
    rows = labels.astype(np.uint8)
    rows[1:] ^= labels[:-1].astype(np.uint8)  # what differs from the row above
    return base64.urlsafe_b64encode(zlib.compress(rows.tobytes(), 9)).decode().rstrip("=")


def from_text(text: str, shape: Pair, *, classes: int) -> NDArray[np.uint8]:
    """The map that `as_text` wrote: text -> (H, W). It is unpacked to the pixels of the picture, and no more."""
    pixels = shape[0] * shape[1]
    if not FORM.fullmatch(text):
        raise CoreError("a map in an address is letters, digits, - and _")
    try:
        unpacking = zlib.decompressobj()
        rows = unpacking.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), pixels)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise CoreError("the map in this address is damaged; is it whole?") from error
    if len(rows) != pixels or not unpacking.eof:
        raise ShapeError(f"the map in this address does not have the {pixels:,} pixels of the picture")
    changes = np.frombuffer(rows, dtype=np.uint8).reshape(shape)
    return _checked(np.bitwise_xor.accumulate(changes, axis=0), classes)


def _checked(labels: NDArray[np.uint8], classes: int) -> NDArray[np.uint8]:
    if labels.max(initial=0) >= classes:
        raise ShapeError(f"this picture has the classes 0 to {classes - 1}, the map has {labels.max()}")
    return labels
