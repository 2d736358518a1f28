"""Pictures and links for the notebooks of this course. It lies beside them and needs numpy only.

On Colab and the like: put this file next to the notebook (the folder symbol on the left, then upload).
"""

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlencode

import numpy as np

ADDRESS = "http://localhost:8501"  # where the labs of your course are served


class Link(str):
    """An address that a notebook shows as a link."""

    def _repr_html_(self) -> str:
        return f'<a href="{escape(self)}" target="_blank" rel="noopener">{escape(self)}</a>'

    def __repr__(self) -> str:
        return str(self)


class Pictures:
    """Images with their titles, as a notebook shows them: beside each other, or where HTML is not shown, as one."""

    def __init__(self, images: Sequence[np.ndarray], titles: Sequence[str], width: int) -> None:
        self._images = [_pixels(image) for image in images]
        self._titles = [*titles, *[""] * (len(images) - len(titles))]
        self._width = width

    def _repr_html_(self) -> str:
        return "".join(
            f'<figure style="display:inline-block;margin:4px"><img src="{_address(image)}" width="{self._width}" '
            f'style="image-rendering:pixelated" alt="{escape(title) or "an image"}">'
            f"<figcaption>{escape(title)}</figcaption></figure>"
            for image, title in zip(self._images, self._titles, strict=False)
        )

    def _repr_png_(self) -> bytes | None:
        large = [image.repeat(times, 0).repeat(times, 1) for image, times in self._enlarged()]
        if not large:
            return None
        height = max(image.shape[0] for image in large)
        framed = [
            np.pad(image, ((4, height - image.shape[0] + 4), (4, 4), (0, 0)), constant_values=255) for image in large
        ]
        return _png(np.concatenate(framed, axis=1))

    def _enlarged(self) -> Iterator[tuple[np.ndarray, int]]:
        for image in self._images:
            coloured = image if image.ndim == 3 else image[:, :, None].repeat(3, 2)
            yield coloured, max(1, round(self._width / max(image.shape[1], 1)))

    def __repr__(self) -> str:
        count = f"{len(self._images)} picture{'' if len(self._images) == 1 else 's'}"
        said = ", ".join(title for title in self._titles if title)
        return f"{count}: {said}" if said else count


def lab(page: str, **settings: object) -> Link:
    """A link to a lab, set up as the exercise wants it: lab("convolution", stride=2)."""
    return Link(f"{ADDRESS}/{page}" + (f"?{urlencode(settings)}" if settings else ""))


def show(*images: np.ndarray, titles: Sequence[str] = (), width: int = 160) -> Pictures:
    """Images side by side: arrays (H, W) or (H, W, 3), numbers from 0 to 1 or whole numbers from 0 to 255.

    Other ranges are stretched: the least number of a grey image becomes black, the greatest white.
    """
    return Pictures(images, titles, width)


def _pixels(image: np.ndarray) -> np.ndarray:
    """The image in bytes."""
    pixels = np.asarray(image)
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise ValueError(f"show() takes arrays (H, W) or (H, W, 3), got {pixels.shape}")
    if pixels.dtype != np.uint8:
        pixels = pixels.astype(float)
        low, high = np.nanmin(pixels), np.nanmax(pixels)
        if low < 0 or high > 1:
            pixels = (pixels - low) / max(high - low, 1e-12)
        pixels = np.rint(255 * np.nan_to_num(pixels)).astype(np.uint8)
    return pixels


def _png(pixels: np.ndarray) -> bytes:
    """Bytes of a grey or coloured image as a PNG file."""
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 0 if pixels.ndim == 2 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )


def _address(pixels: np.ndarray) -> str:
    """The image itself as an address."""
    return "data:image/png;base64," + b64encode(_png(pixels)).decode()
