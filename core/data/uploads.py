"""Pictures from visitors: read within limits, turned upright, and refused with a sentence when they are something else.

Nothing in a file is believed before it is checked: its kind by its first bytes, its sides before a pixel is decoded.
"""

import io

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, LimitError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 30_000_000  # a phone's photo has 12 to 24 million; more is refused before it is decoded
MOST_SIDE = 12_000
TAKEN = f"at most {MOST_PIXELS // 10**6} million, and {MOST_SIDE:,} along a side, are taken; save it smaller"
KINDS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP"}
BEGINNINGS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}


def read_picture(content: bytes, *, side: int = 1024) -> NDArray[np.uint8]:
    """The bytes of a JPEG, PNG or WebP as colours: (H, W, 3), no side longer than `side`.

    A camera's note on which way is up is obeyed. Transparent parts lie on white. Of several pictures the first counts.

    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("RGB", (4, 2), (255, 0, 0)).save(file, "PNG")
    >>> read_picture(file.getvalue()).shape, read_picture(file.getvalue())[0, 0].tolist()
    ((2, 4, 3), [255, 0, 0])
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    kind = _kind(content)
    try:
        picture = Image.open(io.BytesIO(content), formats=(kind,))  # its head only
        wide, high = picture.size
        if wide * high > MOST_PIXELS or max(wide, high) > MOST_SIDE or min(wide, high) < 1:
            raise LimitError(f"this picture says that it has {wide:,} x {high:,} pixels: {TAKEN}")
        picture.draft("RGB", (side, side))  # a JPEG can be decoded small, at a fraction of the cost
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((side, side), Image.Resampling.LANCZOS)
        return np.array(_on_white(upright))
    except CoreError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise LimitError(f"this picture says that it has hundreds of millions of pixels: {TAKEN}") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise CoreError(f"this file begins like a {KINDS[kind]} and cannot be read as one; is it whole?") from error
    except (EOFError, KeyError, IndexError, TypeError, ZeroDivisionError, MemoryError, OverflowError) as error:
        raise CoreError(f"this {KINDS[kind]} is damaged in a way that no picture comes out of it") from error


def _kind(content: bytes) -> str:
    if not content:
        raise CoreError("this file is empty")
    if len(content) > MOST_BYTES:
        raise LimitError(f"this file has {len(content) / 2**20:.1f} MB: at most {MOST_BYTES // 2**20} MB are taken")
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning) and (kind != "WEBP" or content[8:12] == b"WEBP"):
            return kind
    raise CoreError("this is no picture that can be read here: a JPEG, a PNG or a WebP would be")


def _on_white(picture: "object") -> "object":
    from PIL import Image

    if not isinstance(picture, Image.Image):
        raise TypeError
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, clear).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        values = np.asarray(picture, dtype=np.float64)
        spread = float(np.ptp(values)) or 1.0
        return Image.fromarray(np.uint8((values - values.min()) / spread * 255)).convert("RGB")
    return picture.convert("RGB")
