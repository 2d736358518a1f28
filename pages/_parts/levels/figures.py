"""The pictures of the levels lab: patches side by side, and a channel's map painted from blue to yellow."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.types import Floats, Heatmap
from pages._kit.pictures import data_uri

Bytes = NDArray[np.uint8]
PATCH, LINE = 60, 2  # pixels of a drawn patch, and of the line between two
GREY = 138
CIVIDIS = ("#00224E", "#3B496C", "#707173", "#A59C74", "#FEE838")


def strip(patches: Sequence[Bytes]) -> str:
    """Square patches of any size side by side, as an address."""
    from PIL import Image

    wide = len(patches) * (PATCH + LINE) - LINE
    whole = np.full((PATCH, wide, 3), GREY, dtype=np.uint8)
    for number, patch in enumerate(patches):
        how = Image.Resampling.NEAREST if len(patch) < 20 else Image.Resampling.BILINEAR
        left = number * (PATCH + LINE)
        whole[:, left : left + PATCH] = np.asarray(Image.fromarray(patch).resize((PATCH, PATCH), how))
    return data_uri(whole, lossless=False)


def painted(values: Heatmap) -> Bytes:
    """A map (H, W) as a picture (H, W, 3): its least value dark blue, its largest yellow.

    >>> painted(np.array([[0.0, 1.0]])).tolist()
    [[[0, 34, 78], [254, 232, 56]]]
    """
    span = float(values.max() - values.min()) or 1.0
    share = (values - values.min()) / span
    stops = np.linspace(0, 1, len(CIVIDIS))
    colours: Floats = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in CIVIDIS], dtype=float)
    return np.stack([np.interp(share, stops, colours[:, part]) for part in range(3)], axis=2).round().astype(np.uint8)
