"""What the questions share: how close is close enough, shapes that differ, and what may not be called."""

import numpy as np

from core.types import Floats, Pair
from grading.referee import Forbidden, Tolerance

FLOAT32 = Tolerance(1e-4, 1e-4, because="float32 carries seven digits, and a value adds up at most 128 products")
ROUNDED = Tolerance(1e-5, 1e-6, because="nothing is added up: float32 keeps seven digits of each value")

FILTERING = tuple(
    Forbidden(name, because="This function does the whole exercise. Slide the window yourself.")
    for name in (
        "scipy.signal.correlate2d",
        "scipy.signal.convolve2d",
        "scipy.signal.correlate",
        "scipy.signal.convolve",
        "scipy.signal.fftconvolve",
        "scipy.ndimage.correlate",
        "scipy.ndimage.convolve",
        "torch.conv2d",
        "torch.nn.functional.conv2d",
        "torch.conv_transpose2d",
        "torch.nn.functional.conv_transpose2d",
    )
)


def image_for(random: np.random.Generator, window: Pair, *, room: Pair = (2, 8)) -> Floats:
    """An image into which the window fits with room to move in both directions, never a square."""
    rows, columns = (int(side + more) for side, more in zip(window, random.integers(*room, size=2), strict=True))
    image: Floats = random.standard_normal((rows, columns + (rows == columns)))
    return image
