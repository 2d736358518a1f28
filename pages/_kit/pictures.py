"""Small pictures for the browser: one, or many on one sheet, as addresses that hold the picture itself."""

import base64
import io
from html import escape

import numpy as np
from numpy.typing import NDArray

ACROSS = 40  # pictures in a row of a sheet
QUALITY = 70


def data_uri(image: NDArray[np.uint8], *, lossless: bool | None = None) -> str:
    """A picture (H, W, 3) as a WebP; one of few pixels is kept exactly.

    >>> data_uri(np.zeros((2, 2, 3), dtype=np.uint8))[:30]
    'data:image/webp;base64,UklGRjI'
    """
    from PIL import Image

    exact = image.shape[0] * image.shape[1] <= 1024 if lossless is None else lossless
    file = io.BytesIO()
    Image.fromarray(image).save(file, "WEBP", lossless=exact, quality=QUALITY, method=2)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def sheet(images: NDArray[np.uint8], *, side: int | None = None) -> str:
    """Many pictures (N, H, W, 3) in rows of 40 on one; larger ones are made `side` pixels wide."""
    from PIL import Image

    if side is not None and images.shape[1] > side:
        small = [np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BOX)) for image in images]
        images = np.stack(small)
    count, height, width, _ = images.shape
    rows = -(-count // ACROSS)
    whole = np.zeros((rows * ACROSS, height, width, 3), dtype=np.uint8)
    whole[:count] = images
    laid = whole.reshape(rows, ACROSS, height, width, 3).transpose(0, 2, 1, 3, 4)
    return data_uri(np.ascontiguousarray(laid.reshape(rows * height, ACROSS * width, 3)), lossless=height <= 16)


def tag(image: NDArray[np.uint8], *, alt: str, width: int) -> str:
    """A picture as an HTML element with its words.

    >>> tag(np.zeros((2, 2, 3), dtype=np.uint8), alt='a "dot"', width=32)[-60:]
    'alt="a &quot;dot&quot;" width="32" style="image-rendering: pixelated">'
    """
    look = "pixelated" if image.shape[1] < width / 2 else "auto"
    return f'<img src="{data_uri(image)}" alt="{escape(alt)}" width="{width}" style="image-rendering: {look}">'
