"""What the questions share: how close is close enough, sides that differ, and what may not be called."""

import numpy as np

from core.types import Floats, Pair
from grading.referee import Forbidden, Tolerance

FLOAT32 = Tolerance(1e-4, 1e-4, because="float32 carries seven digits, and a value adds up at most 64 products")
COPIED = Tolerance(1e-5, 1e-6, because="values are copied, not computed: float32 keeps seven digits of each")

STAMPING = tuple(
    Forbidden(name, because="This function does the whole exercise. Lay the stamps yourself.")
    for name in ("torch.conv_transpose2d", "torch.nn.functional.conv_transpose2d")
)
POOLING = tuple(
    Forbidden(name, because="This function does the whole exercise. Look for the largest value yourself.")
    for name in ("torch.max_pool2d", "torch.nn.functional.max_pool2d", "torch.nn.functional.max_pool2d_with_indices")
)
FILTERING = tuple(
    Forbidden(name, because="This function does the whole exercise. Spread the kernel yourself.")
    for name in ("torch.conv2d", "torch.nn.functional.conv2d")
)


def grid(random: np.random.Generator, shape: Pair) -> Floats:
    """Numbers of both signs, none of them near 0."""
    values: Floats = random.uniform(0.5, 2.0, size=shape) * random.choice([-1.0, 1.0], size=shape)
    return values
