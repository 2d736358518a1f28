"""What moving pixels cannot make: one image over another, things in front of things, another ground (lecture C).

These need to know which pixels belong to what; then they are three lines each.
"""

from dataclasses import replace

import numpy as np

from core.augment.example import Example, boxes_around
from core.errors import CoreError, ShapeError
from core.types import Floats, Mask


def superimposed(image: Floats, other: Floats, share: float) -> Floats:
    """Another image shines through, by a share from 0 to 1: (H, W, C), (H, W, C) -> (H, W, C).

        image' = (1 - share) · image + share · other

    >>> superimposed(np.array([[[1.0]]]), np.array([[[0.0]]]), 0.25)
    array([[[0.75]]])
    """
    if image.shape != other.shape or not 0 <= share <= 1:
        raise ShapeError(
            f"need two images of one size and a share from 0 to 1, got {image.shape}, {other.shape}, {share}"
        )
    blend: Floats = (1 - share) * image + share * other
    return blend


def on_background(example: Example, background: Floats) -> Example:
    """The same objects before another ground: everything outside their masks is replaced, (H, W, C).

    >>> dot = Example(np.array([[[0.9], [0.1]]]), ("dot",), np.array([[0.0, 0, 1, 1]]), np.array([[[True, False]]]))
    >>> on_background(dot, np.full((1, 2, 1), 0.5)).image.ravel()
    array([0.9, 0.5])
    """
    if example.masks is None or background.shape != example.image.shape:
        raise ShapeError(
            f"a new ground needs masks and an image of {example.image.shape}, got "
            f"{'no masks' if example.masks is None else 'masks'} and {background.shape}"
        )
    return replace(example, image=np.where(_any(example.masks)[..., None], example.image, background))


def pasted(example: Example, front: Example) -> Example:
    """The objects of another example, put in front: what they hide is no longer seen, in masks, boxes and joints.

    >>> wide = np.array([[[True, True, True]]])
    >>> behind = Example(np.zeros((1, 3, 1)), ("line",), np.array([[0.0, 0, 3, 1]]), wide)
    >>> dot = Example(np.ones((1, 3, 1)), ("dot",), np.array([[2.0, 0, 3, 1]]), np.array([[[False, False, True]]]))
    >>> both = pasted(behind, dot)
    >>> both.labels, both.boxes.tolist(), both.image.ravel()
    (('line', 'dot'), [[0.0, 0.0, 2.0, 1.0], [2.0, 0.0, 3.0, 1.0]], array([0., 0., 1.]))
    """
    if example.masks is None or front.masks is None or example.image.shape != front.image.shape:
        raise ShapeError(f"both need masks and one size, got {example.image.shape} and {front.image.shape}")
    cover = _any(front.masks)
    masks = np.concatenate([example.masks & ~cover, front.masks])
    joints = example.joints.copy()
    height, width = example.sides
    columns, rows = np.moveaxis(np.floor(joints[..., :2]).astype(int), -1, 0)
    joints[..., 2] *= ~cover[rows.clip(0, height - 1), columns.clip(0, width - 1)]
    return Example(
        np.where(cover[..., None], front.image, example.image),
        example.labels + front.labels,
        boxes_around(masks),
        masks,
        np.concatenate([joints, front.joints]) if front.joints.size else joints,
    )


def covered(example: Example, share: float, random: np.random.Generator) -> tuple[Example, float]:
    """A grey board in front of the first object that hides about a share of it; and the share it does hide.

    It comes from a random side, as far as it must, and ends behind the object.

    >>> square = np.zeros((1, 20, 20), dtype=bool)
    >>> square[0, 5:15, 5:15] = True
    >>> alone = Example(np.ones((20, 20, 3)), ("square",), np.array([[5.0, 5, 15, 15]]), square)
    >>> round(covered(alone, 0.5, np.random.default_rng(0))[1], 1)
    0.5
    """
    if example.masks is None or not len(example.masks) or not 0 <= share <= 1:
        raise CoreError(f"something can be hidden by 0 to 1 of it, got {share} of {len(example.labels)} objects")
    mask, (height, width) = example.masks[0], example.sides
    if not mask.any() or share == 0:
        return example, 0.0
    y, x = np.mgrid[:height, :width]
    way = random.uniform(0, 2 * np.pi)
    along = np.cos(way) * x + np.sin(way) * y  # how far a pixel lies along the way
    board = (along >= np.quantile(along[mask], 1 - share)) & (along <= along[mask].max() + 3)
    grey = np.full_like(example.image, random.uniform(0.25, 0.75))
    front = Example(grey, ("board",), boxes_around(board[None]), board[None])
    return pasted(example, front), float((mask & board).sum() / mask.sum())


def _any(masks: Mask) -> Mask:
    """The pixels of all masks together: (N, H, W) -> (H, W)."""
    together: Mask = np.any(masks, axis=0)
    return together
