"""Two photographs that come with scikit-learn: a pagoda in China and a flower."""

from functools import cache
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.errors import CoreError
from core.types import Heatmap

Photo: TypeAlias = Literal["pagoda", "flower"]
PHOTOS: tuple[Photo, ...] = get_args(Photo)
FILES = {"pagoda": "china.jpg", "flower": "flower.jpg"}
MOST_SIDE = 427  # the height of both


@cache
def grey_photo(name: Photo, side: int) -> Heatmap:
    """A photo as one grey map from 0 to 1, its middle square made smaller: (side, side).

    >>> grey_photo("pagoda", 32).shape, bool(0 <= grey_photo("pagoda", 32).min() < grey_photo("pagoda", 32).max() <= 1)
    ((32, 32), True)
    """
    from PIL import Image
    from sklearn.datasets import load_sample_image

    if name not in FILES or not 1 <= side <= MOST_SIDE:
        raise CoreError(
            f"there are {', '.join(PHOTOS)}, from 1 to {MOST_SIDE} pixels a side; got {name[:20]!r}, {side}"
        )
    whole = Image.fromarray(load_sample_image(FILES[name])).convert("L")
    edge = (whole.width - whole.height) // 2
    square = whole.crop((edge, 0, edge + whole.height, whole.height)).resize((side, side), Image.Resampling.BOX)
    grey: Heatmap = np.asarray(square, dtype=np.float64) / 255
    grey.flags.writeable = False
    return grey
