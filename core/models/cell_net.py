"""What the built-in U-Nets learn from and are judged by: drawn cells, many of them touching."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.cells import Cells, cells
from core.data.parts import Part
from core.errors import LimitError, ShapeError
from core.segment.unet import border, fitting
from core.segment.unet_cells import Found, found, pieces
from core.segment.weights import border_weights, separated
from core.types import Floats, Mask

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

Labels = NDArray[np.int64]
Picture = NDArray[np.float32]
SIDE, DEPTH, FIRST = 128, 2, 12  # pixels of a side; poolings; channels of the first level
CLASSES = ("ground", "cell")
W_0, SIGMA = 10.0, 3.0
MOST = 2000


def mirrored(image: Picture, *, depth: int = DEPTH) -> Picture:
    """The picture with its own mirror image around it, so that the net's smaller answer covers it: (S, S) -> (T, T).

    T is the answer's side and the border on both sides, rounded up to a side that fits.

    >>> mirrored(np.zeros((128, 128), dtype=np.float32)).shape
    (168, 168)
    """
    side = len(image)
    if image.ndim != 2 or side != image.shape[1]:
        raise ShapeError(f"need a square grey picture (S, S), got {image.shape}")
    before = border(depth)
    after = fitting(side + 2 * before, depth=depth) - side - before
    if after >= side:
        raise ShapeError(f"a picture of {side}x{side} has no {after} pixels to mirror")
    return np.pad(image, (before, after), mode="reflect")


def scores_of(module: "Module", image: Picture) -> Floats:
    """Scores for every pixel of a grey picture: (S, S) from 0 to 1 -> (2, S, S)."""
    import torch

    from core.learning.threads import one_thread

    with torch.no_grad(), one_thread():
        scores: Floats = module(inputs_of(mirrored(image)[None]))[0].double().numpy()
    return scores[:, : len(image), : len(image)]


def cell_mask(module: "Module", image: Picture) -> Mask:
    """Where the net sees cell: (S, S) -> (S, S)."""
    ground, cell = scores_of(module, image)
    mask: Mask = cell > ground
    return mask


def middle_mask(module: "Module", image: Picture) -> Mask:
    """Where the net sees cell if nothing is put around the picture: (S, S) -> (S - 2 b, S - 2 b), b the border."""
    import torch

    from core.learning.threads import one_thread

    with torch.no_grad(), one_thread():
        scores = module(inputs_of(image[None]))[0]
    mask: Mask = (scores[1] > scores[0]).numpy()
    return mask


def inputs_of(images: Picture) -> "Tensor":
    """Grey pictures as the net takes them: (N, S, S) from 0 to 1 -> (N, 1, S, S) from -1 to 1."""
    import torch

    return torch.from_numpy(images)[:, None].float() * 2 - 1


def lesson(picture: Cells, *, w_0: float, sigma: float = SIGMA) -> tuple[Labels, Floats]:
    """What the net shall say, 1 for cell, and how much every pixel counts: two maps (S, S)."""
    apart = separated(picture.labels)
    return (apart > 0).astype(np.int64), border_weights(apart, w_0=w_0, sigma=sigma)


def lessons(part: Part, count: int, *, w_0: float) -> tuple["Tensor", "Tensor", "Tensor"]:
    """Some pictures to learn from: inputs (N, 1, 168, 168), labels (N, 128, 128), weights (N, 128, 128).

    >>> [tuple(each.shape) for each in lessons("train", 1, w_0=10.0)]
    [(1, 1, 168, 168), (1, 128, 128), (1, 128, 128)]
    """
    import torch

    if not 1 <= count <= MOST:
        raise LimitError(f"from 1 to {MOST:,} pictures at once, got {count}")
    drawn = [cells(part, number, side=SIDE) for number in range(count)]
    wanted, weights = zip(*(lesson(picture, w_0=w_0) for picture in drawn), strict=True)
    inputs = inputs_of(np.stack([mirrored(picture.image) for picture in drawn]))
    return inputs, torch.from_numpy(np.stack(wanted)), torch.from_numpy(np.stack(weights)).float()


def counted(module: "Module", picture: Cells) -> Found:
    """The net's pieces against the true cells of one picture."""
    return found(pieces(cell_mask(module, picture.image)), picture.labels)
