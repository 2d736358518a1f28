"""The window net: which digit lies in the middle of 16x16 pixels, or is there none? Eleven classes (lecture A).

A classifier as lecture A has it: two convolutions, two poolings, then dense layers, which take 16x16 pixels and nothing
else. None of its windows is padded, and it looks 4 pixels further from one window to the next once it slides.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.digits import held_out_digits, training_digits
from core.data.parts import Part, generator
from core.errors import CoreError, LimitError
from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Pool, numbered
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

WINDOW, STEP = 16, 4  # side of a window, and the pixels from one answer of the sliding net to the next
NOTHING = 10  # the class of a window without a digit in its middle
CLASSES = (*map(str, range(10)), "nothing")
NEAR, FAR = 2, 4  # pixels off the window's middle: up to here it is the digit, beyond there is nothing
DIGIT, APART = 8, 10  # side of a digit; the least distance of two middles, down or across
SMALLEST, LARGEST = 24, 512  # pixels of a canvas's side
MOST = 2000  # canvases

WINDOW_NET = Network(
    "Window net",
    (1, WINDOW, WINDOW),
    numbered(
        Conv(16, (5, 5)),
        Activation("relu"),
        Pool("max", (2, 2), (2, 2)),
        Conv(32, (3, 3)),
        Activation("relu"),
        Pool("max", (2, 2), (2, 2)),
        Flatten(),
        Dense(64),
        Activation("relu"),
        Dense(len(CLASSES)),
    ),
)


@dataclass(frozen=True, eq=False)
class Canvas:
    """A grey picture (H, W) from 0 to 1 with digits on it, the middle (x, y) of each (N, 2), and what each is (N,)."""

    image: NDArray[np.float32]
    middles: Floats
    labels: NDArray[np.int64]


def canvas(part: Part, number: int, *, side: int = 64) -> Canvas:
    """Digits scattered over a dim, noisy ground. A part's digits are on no canvas of another part.

    >>> drawn = canvas("test", 0)
    >>> drawn.image.shape, drawn.labels.tolist()
    ((64, 64), [7, 4, 4, 8, 5, 8, 6, 9, 9, 2])
    """
    if not SMALLEST <= side <= LARGEST:
        raise LimitError(f"a canvas has {SMALLEST} to {LARGEST} pixels a side, got {side}")
    if part not in ("train", "test"):
        raise CoreError(f"digits are for training or for testing, there is no part {part!r}")
    random = generator("digit windows", part, number)
    digits = training_digits() if part == "train" else held_out_digits()
    image = 0.1 * random.random() + 0.06 * random.standard_normal((side, side))
    middles, labels = list[tuple[int, int]](), list[int]()
    for _ in range(side * side // 130):
        x, y = (int(value) for value in random.integers(WINDOW // 2, side - WINDOW // 2 + 1, size=2))
        if any(max(abs(x - u), abs(y - v)) < APART for u, v in middles):
            continue
        chosen, half = int(random.integers(len(digits.labels))), DIGIT // 2
        image[y - half : y + half, x - half : x + half] += random.uniform(0.6, 1.0) * digits.images[chosen]
        middles.append((x, y))
        labels.append(int(digits.labels[chosen]))
    places = np.array(middles, dtype=np.float64).reshape(-1, 2)
    return Canvas(image.clip(0, 1).astype(np.float32), places, np.array(labels, dtype=np.int64))


def prepared(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the net takes of a canvas: (H, W) from 0 to 1 -> (1, H, W) from -1 to 1."""
    return 2 * image[None] - 1


def windows(drawn: Canvas, random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Windows of one canvas and their classes: (N, 1, 16, 16), (N,). Half have a digit in their middle.

    Of the others half lie anywhere and half beside a digit, so that the net answers for the middle only.

    >>> found, labels = windows(canvas("train", 0), np.random.default_rng(0))
    >>> found.shape[1:], bool((labels == NOTHING).mean() > 0.4)
    ((1, 16, 16), True)
    """
    side, half = len(drawn.image), WINDOW // 2
    hosts = np.repeat(drawn.middles, 3, axis=0)
    near = hosts + random.integers(-NEAR, NEAR + 1, size=hosts.shape)
    beside = hosts + random.integers(-WINDOW // 2, WINDOW // 2 + 1, size=hosts.shape)
    anywhere = random.integers(half, side - half + 1, size=(len(hosts), 2))
    tried = np.concatenate([beside, anywhere])
    off = np.abs(tried[:, None] - drawn.middles[None]).max(axis=2)  # (tried, digits)
    empty = random.permutation(tried[(off > FAR).all(axis=1)])[: len(hosts)]
    spots = np.concatenate([near, empty])
    labels = np.concatenate([np.repeat(drawn.labels, 3), np.full(len(empty), NOTHING)])
    inside = ((spots >= half) & (spots <= side - half)).all(axis=1)
    picture = prepared(drawn.image)
    found = [picture[:, y - half : y + half, x - half : x + half] for x, y in spots[inside].astype(int)]
    return np.array(found, dtype=np.float32).reshape(-1, 1, WINDOW, WINDOW), labels[inside].astype(np.int64)


def many_windows(part: Part, canvases: int) -> tuple["Tensor", "Tensor"]:
    """Windows of the first canvases of a part: (N, 1, 16, 16) from -1 to 1, and classes (N,)."""
    import torch

    if not 1 <= canvases <= MOST:
        raise LimitError(f"from 1 to {MOST:,} canvases, got {canvases}")
    found = [windows(canvas(part, number), np.random.default_rng((11, number))) for number in range(canvases)]
    images, labels = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return torch.tensor(images), torch.tensor(labels)
