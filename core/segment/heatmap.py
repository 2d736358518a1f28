"""Class heat maps: the answers of a classifier that slides over an image, one map for each class (lecture A).

Images are (C, H, W), K is the number of classes, OH x OW the number of windows that find a place. The value at (row,
column) is the answer for one window: the receptive field of that place.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import LimitError, ShapeError
from core.types import Floats, Pair

if TYPE_CHECKING:
    from torch.nn import Module

Reals = NDArray[np.float32]
MOST_WINDOWS = 20_000


def scores(module: "Module", image: Reals) -> Floats:
    """The scores of one image: (C, H, W) -> (K, OH, OW)."""
    import torch

    if image.ndim != 3:
        raise ShapeError(f"need one image (C, H, W), got {image.shape}")
    with torch.no_grad():
        found: Floats = module(torch.from_numpy(np.ascontiguousarray(image))[None])[0].double().numpy()
    return found


def probabilities(found: Floats) -> Floats:
    """Scores as probabilities, place by place: (K, OH, OW) -> (K, OH, OW), the classes of a place add up to 1.

    >>> probabilities(np.array([[[0.0]], [[0.0]]])).ravel()
    array([0.5, 0.5])
    """
    raised = np.exp(found - found.max(axis=0))
    shares: Floats = raised / raised.sum(axis=0)
    return shares


def positions(side: int, window: int, stride: int) -> NDArray[np.int64]:
    """The first pixel of every window that fits, along one direction.

    >>> positions(64, 16, 4)[[0, 1, -1]].tolist()
    [0, 4, 48]
    """
    if window > side or stride < 1:
        raise ShapeError(f"a window of {window} does not fit into {side} pixels, or the stride {stride} is below 1")
    return np.arange(0, side - window + 1, stride)


def patch_by_patch(module: "Module", image: Reals, *, window: int, stride: int) -> Floats:
    """The same scores the long way: cut every window and classify it, (C, H, W) -> (K, OH, OW).

    `module` is the classifier as it was trained: it takes (N, C, window, window) and gives (N, K). Nothing that two
    windows have in common is used twice. Source: Ciresan et al., "Deep Neural Networks Segment Neuronal Membranes in
    Electron Microscopy Images", NeurIPS 2012.
    """
    import torch

    rows, columns = (positions(side, window, stride) for side in image.shape[1:])
    if len(rows) * len(columns) > MOST_WINDOWS:
        raise LimitError(
            f"{len(rows) * len(columns):,} windows are more than {MOST_WINDOWS:,}: a larger stride would do"
        )
    with torch.no_grad():
        answers = []
        for top in rows:
            cut = [image[:, top : top + window, left : left + window] for left in columns]
            answers.append(module(torch.from_numpy(np.stack(cut))).flatten(1).double().numpy())  # (OW, K)
    return np.stack(answers).transpose(2, 0, 1)


def unlike(module: "Module", image: Reals, corner: Pair, window: int) -> list[tuple[str, float]]:
    """Layer by layer, the share of values of one window that are others once it is part of a larger image.

    The window begins at `corner` (row, column), a place where the sliding network looks. A classifier saw zeros beyond
    its window wherever it pads; on the image there are the neighbours. `module` is without dense layers.

    >>> from torch import nn
    >>> image = np.arange(64, dtype=np.float32).reshape(1, 8, 8)
    >>> [unlike(nn.Sequential(nn.Conv2d(1, 1, 3, padding=by)), image, (2, 2), 4)[0][1] for by in (0, 1)]
    [0.0, 0.75]
    """
    import torch

    whole = torch.from_numpy(np.ascontiguousarray(image))[None]
    part = whole[:, :, corner[0] : corner[0] + window, corner[1] : corner[1] + window]
    found, jump = list[tuple[str, float]](), 1
    with torch.no_grad():
        for layer in module.children():
            whole, part = layer(whole), layer(part)
            stride = getattr(layer, "stride", 1)
            jump *= stride if isinstance(stride, int) else stride[0]
            top, left = corner[0] // jump, corner[1] // jump
            same = whole[:, :, top : top + part.shape[2], left : left + part.shape[3]]
            apart = (same - part).abs() > 1e-4 * part.abs().max()
            found.append((type(layer).__name__, float(apart.double().mean())))
    return found
