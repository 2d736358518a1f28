"""Small pictures for the browser: one, or many on one sheet, as addresses that hold the picture itself."""

import base64
import io
from hashlib import sha256
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.types import Floats

ACROSS = 40  # pictures in a row of a sheet
QUALITY = 80
FEW = 4096  # pixels: a picture of no more is kept exactly
KEPT, SHORT = 24, 16_000  # addresses that a session remembers; letters of the longest one among them


def pixels(image: Floats) -> NDArray[np.uint8]:
    """Values from 0 to 1 as bytes of three colours: (H, W), (H, W, 1) or (H, W, 3) -> (H, W, 3).

    >>> pixels(np.array([[0.0, 1.0]])).tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    """
    bytes_ = (np.asarray(image).clip(0, 1) * 255 + 0.5).astype(np.uint8)
    bytes_ = bytes_[..., None] if bytes_.ndim == 2 else bytes_
    return np.repeat(bytes_, 3, axis=2) if bytes_.shape[2] == 1 else bytes_


def data_uri(image: NDArray[np.uint8], *, lossless: bool | None = None) -> str:
    """A picture (H, W, 3), or with a fourth number for what shines through, as a WebP; a small one is kept exactly.

    >>> data_uri(np.zeros((2, 2, 3), dtype=np.uint8))[:23]
    'data:image/webp;base64,'
    """
    exact = image.shape[0] * image.shape[1] <= FEW or image.shape[2] == 4 if lossless is None else lossless
    kept, known = _kept(), (sha256(np.ascontiguousarray(image).data).digest(), image.shape, exact)
    address = kept.pop(known, None)
    if address is None:
        options = {"lossless": exact, "quality": QUALITY, "method": 0}  # the quickest: a slider waits for it
        address = f"data:image/webp;base64,{base64.b64encode(_file(image, 'WEBP', options)).decode()}"
    if len(address) <= SHORT:
        kept[known] = address
        if len(kept) > KEPT:
            del kept[next(iter(kept))]
    return address


def _kept() -> dict[tuple[bytes, tuple[int, ...], bool], str]:
    """The visitor's last pictures, the oldest first: most moves of a control leave some of those on the page alone.

    They end with the session, as a photo of one's own has to.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return {}
    found: dict[tuple[bytes, tuple[int, ...], bool], str] = st.session_state.setdefault("_pictures", {})
    return found


def png(image: NDArray[np.uint8]) -> bytes:
    """A picture as a file to take along.

    >>> png(np.zeros((2, 2, 3), dtype=np.uint8))[1:4]
    b'PNG'
    """
    return _file(image, "PNG", {})


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

    >>> tag(np.zeros((2, 2, 3), dtype=np.uint8), alt='a "dot"', width=32)[-70:]
    'alt="a &quot;dot&quot;" width="32" style="image-rendering: pixelated">'
    """
    look = "pixelated" if image.shape[1] < width / 2 else "auto"
    return f'<img src="{data_uri(image)}" alt="{escape(alt)}" width="{width}" style="image-rendering: {look}">'


def _file(image: NDArray[np.uint8], kind: str, options: dict[str, Any]) -> bytes:
    from PIL import Image

    held = io.BytesIO()
    Image.fromarray(image).save(held, kind, **options)
    return held.getvalue()
