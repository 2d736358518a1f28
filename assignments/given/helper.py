"""Pictures and links for the notebooks of this course. It lies beside them and needs numpy only.

On Colab and the like: put this file next to the notebook (the folder symbol on the left, then upload).
"""

import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import numpy as np

ADDRESS = "http://localhost:8501"  # where the labs of your course are served


class Html(str):
    """Text that a notebook shows as HTML."""

    def _repr_html_(self) -> str:
        return str(self)


def lab(page: str, **settings: object) -> Html:
    """A link to a lab, set up as the exercise wants it: lab("convolution", stride=2)."""
    address = f"{ADDRESS}/{page}" + (f"?{urlencode(settings)}" if settings else "")
    return Html(f'<a href="{escape(address)}" target="_blank" rel="noopener">{escape(address)}</a>')


def show(*images: np.ndarray, titles: Sequence[str] = (), width: int = 160) -> Html:
    """Images side by side: arrays (H, W) or (H, W, 3), numbers from 0 to 1 or whole numbers from 0 to 255.

    Other ranges are stretched: the least number of a grey image becomes black, the greatest white.
    """
    titles = [*titles, *[""] * (len(images) - len(titles))]
    parts = [
        f'<figure style="display:inline-block;margin:4px"><img src="{_address(image)}" width="{width}" '
        f'style="image-rendering:pixelated" alt="{escape(title) or "an image"}">'
        f"<figcaption>{escape(title)}</figcaption></figure>"
        for image, title in zip(images, titles, strict=False)
    ]
    return Html("".join(parts))


def _address(image: np.ndarray) -> str:
    """The image itself as an address, a PNG of 8 bits."""
    pixels = np.asarray(image)
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise ValueError(f"show() takes arrays (H, W) or (H, W, 3), got {pixels.shape}")
    if pixels.dtype != np.uint8:
        pixels = pixels.astype(float)
        low, high = np.nanmin(pixels), np.nanmax(pixels)
        if low < 0 or high > 1:
            pixels = (pixels - low) / max(high - low, 1e-12)
        pixels = np.rint(255 * np.nan_to_num(pixels)).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 0 if pixels.ndim == 2 else 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )
    return "data:image/png;base64," + b64encode(data).decode()
