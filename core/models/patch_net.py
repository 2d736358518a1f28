"""The patch net: is there a sea lion in the middle of 24x24 pixels, and of which type? Six classes (lectures A, C).

It is made of convolutions alone, and none of them is padded. On a patch of 24x24 its map is 1x1: an answer. On a whole
picture the same weights give a map of answers, one for every second pixel: patch by patch, without cutting any patch.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.aerial import KINDS, Aerial, aerial
from core.data.parts import Part
from core.detect.single.counting import peaks
from core.errors import LimitError, ShapeError
from core.nets.layers import Activation, Conv, Network, Pool, numbered
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

PATCH, STEP = 24, 2  # side of a patch, and the pixels from one answer of the net to the next
CLASSES = ("background", *KINDS)
NEAR, FAR = 1.5, 4.0  # pixels from an animal's middle: up to here it is the animal, from here on background
EMPTY, BESIDE = 24, 24  # background patches of a picture: anywhere, and close to an animal
MOST = 2000  # pictures

PATCH_NET = Network(
    "Patch net",
    (3, PATCH, PATCH),
    numbered(
        Conv(16, (3, 3)),
        Activation("relu"),
        Conv(16, (3, 3)),
        Activation("relu"),
        Pool("max", (2, 2), (2, 2)),
        Conv(32, (3, 3)),
        Activation("relu"),
        Conv(32, (3, 3)),
        Activation("relu"),
        Conv(48, (6, 6)),
        Activation("relu"),
        Conv(len(CLASSES), (1, 1)),
    ),
)


def patches(picture: Aerial, random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Patches of one picture, (N, 24, 24, 3), and their classes (N,): every animal once, and background.

    Half of the background lies close to an animal, so that the net learns to answer for the middle of a patch only.

    >>> found, labels = patches(aerial("train", 1), np.random.default_rng(0))
    >>> found.shape, np.bincount(labels).tolist()
    ((83, 24, 24, 3), [48, 3, 2, 15, 5, 10])
    """
    side = len(picture.image)
    middles, kinds = truth_of(picture)
    spots = [middles + random.uniform(-NEAR, NEAR, size=middles.shape) * 0.7]
    labels = kinds.tolist()
    wanted = [(EMPTY, random.uniform(0, side, size=(20 * EMPTY, 2)))]
    if len(middles):
        hosts = middles[random.integers(len(middles), size=20 * BESIDE)]
        turn, far = random.uniform(0, 2 * np.pi, 20 * BESIDE), random.uniform(FAR, PATCH / 2, 20 * BESIDE)
        wanted.append((BESIDE, hosts + far[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)))
    for count, tried in wanted:
        free = np.hypot(*(tried[:, None] - middles[None]).transpose(2, 0, 1)) >= FAR  # (tried, animals)
        chosen = tried[free.all(axis=1)][:count]
        spots.append(chosen)
        labels += [0] * len(chosen)
    return cut(picture.image, np.concatenate(spots)), np.array(labels, dtype=np.int64)


def truth_of(picture: Aerial) -> tuple[Floats, NDArray[np.int64]]:
    """Where the animals of a picture are and their classes in CLASSES: (T, 2), (T,).

    >>> places, labels = truth_of(aerial("train", 1))
    >>> places.shape, np.bincount(labels).tolist()
    ((35, 2), [0, 3, 2, 15, 5, 10])
    """
    places = np.array([(animal.x, animal.y) for animal in picture.animals], dtype=np.float64).reshape(-1, 2)
    return places, np.array([1 + KINDS.index(animal.kind) for animal in picture.animals], dtype=np.int64)


def cut(image: NDArray[np.float32], middles: Floats) -> NDArray[np.float32]:
    """Patches around some places, as in a mirror beyond the border: (H, W, 3), (N, 2) -> (N, 24, 24, 3).

    >>> cut(np.zeros((40, 50, 3), dtype=np.float32), np.array([[0.0, 0.0], [25.0, 20.0]])).shape
    (2, 24, 24, 3)
    """
    padded = np.pad(image, ((PATCH, PATCH), (PATCH, PATCH), (0, 0)), mode="reflect")
    corners = np.round(middles - PATCH / 2).astype(int) + PATCH
    found = [padded[top : top + PATCH, left : left + PATCH] for left, top in corners]
    return np.array(found, dtype=np.float32).reshape(-1, PATCH, PATCH, 3)


def many_patches(part: Part, pictures: int) -> tuple["Tensor", "Tensor"]:
    """Patches of the first pictures of a part as the net takes them: (N, 3, 24, 24) from -1 to 1, and classes (N,)."""
    import torch

    if not 1 <= pictures <= MOST:
        raise LimitError(f"from 1 to {MOST:,} pictures, got {pictures}")
    found = [patches(aerial(part, number), np.random.default_rng((7, number))) for number in range(pictures)]
    images = np.concatenate([images for images, _ in found])
    labels = np.concatenate([labels for _, labels in found])
    return torch.tensor(images).permute(0, 3, 1, 2).contiguous() * 2 - 1, torch.tensor(labels)


def false_alarms(module: "Module", part: Part, pictures: int, *, threshold: float = 0.2) -> "Tensor":
    """Patches of the first pictures of a part where the net sees an animal and there is none: (N, 3, 24, 24).

    A picture has 16,384 patches and few of them were learned from. Those that are mistaken for animals are the
    background worth learning. Source: Sung and Poggio, "Example-based Learning for View-based Human Face Detection",
    1998.
    """
    import torch

    found = [np.zeros((0, PATCH, PATCH, 3), dtype=np.float32)]
    for number in range(pictures):
        picture = aerial(part, number)
        seen = peaks(heat_maps(module, picture.image), threshold=threshold, apart=FAR, step=STEP).places
        middles, _ = truth_of(picture)
        far = (np.hypot(*(seen[:, None] - middles[None]).transpose(2, 0, 1)) >= FAR).all(axis=1)
        found.append(cut(picture.image, seen[far]))
    return torch.tensor(np.concatenate(found)).permute(0, 3, 1, 2).contiguous() * 2 - 1


def heat_maps(module: "Module", image: NDArray[np.float32]) -> Floats:
    """How probable every class is around every second pixel: (H, W, 3) -> (6, ceil(H/2), ceil(W/2)), in one pass.

    Entry (row, column) is the answer for the patch whose middle is the corner of pixel (2 row, 2 column). At the
    border a patch goes on as in a mirror.
    """
    import torch

    if image.ndim != 3 or image.shape[2] != 3 or min(image.shape[:2]) < PATCH:
        raise ShapeError(f"need a picture (H, W, 3) of at least {PATCH}x{PATCH} pixels, got {image.shape}")
    half = PATCH // 2
    padded = np.pad(image, ((half, half - 1), (half, half - 1), (0, 0)), mode="reflect")
    with torch.no_grad():
        scores = module(torch.tensor(padded).permute(2, 0, 1)[None] * 2 - 1)[0]
    shares: Floats = scores.softmax(dim=0).double().numpy()
    return shares
