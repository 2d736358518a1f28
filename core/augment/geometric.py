"""Geometric augmentation: one matrix moves the image, its boxes, its masks and its joints together (lectures A and C).

Underneath are torchvision's transforms (v2), which know what each part of an example is. What they cannot do is here:
fill modes, boxes that stay tight, left and right joints that change places in a mirror.
"""

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.augment.example import Example, boxes_around
from core.augment.matrices import mirrors, moved, shift
from core.data.scenes import MIRRORED
from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats, Pair

if TYPE_CHECKING:
    from torchvision.tv_tensors import TVTensor

Fill: TypeAlias = Literal["constant", "nearest", "reflect", "wrap"]
FILLS: tuple[Fill, ...] = get_args(Fill)
FILL_ROWS: dict[Fill, str] = {  # what lies left and right of a row a b c d, in Keras' words
    "constant": "0 0 0 0 | a b c d | 0 0 0 0",
    "nearest": "a a a a | a b c d | d d d d",
    "reflect": "d c b a | a b c d | d c b a",
    "wrap": "a b c d | a b c d | a b c d",
}
MOST_REPEATS = 3  # how many images deep the filled border may be
_PADDINGS: dict[Fill, Literal["edge", "symmetric", "wrap"]] = {
    "nearest": "edge", "reflect": "symmetric", "wrap": "wrap",
}  # fmt: skip


def warped(example: Example, matrix: Floats, *, fill: Fill = "constant", value: float = 0.0) -> Example:
    """The example after a change of place, everything that is known about it included: (3, 3) -> the same sizes.

        image'(x') = image(matrix^-1 x'),   between pixels as their distance says;   joint' = matrix joint

    With masks the boxes are those around what is left of the masks; without, around where their corners went.
    `value` is what comes in from outside with the fill "constant".

    >>> one = Example(np.ones((4, 4, 1)), ("dot",), np.array([[0.0, 0.0, 1.0, 1.0]]))
    >>> after = warped(one, shift(2, 1))
    >>> after.boxes, after.image[:, :, 0].sum()
    (array([[2., 1., 3., 2.]]), np.float64(6.0))
    """
    import torch
    from torchvision.transforms.v2 import functional
    from torchvision.tv_tensors import BoundingBoxes, BoundingBoxFormat, KeyPoints, Mask

    _must_show(matrix, example.sides)
    back = coefficients(matrix)

    def change(part: "TVTensor") -> Floats:
        found: Floats = functional.perspective(part, None, None, coefficients=back).numpy()
        return found

    image = _warped_image(example.image, matrix, fill=fill, value=value)
    masks, boxes, joints = None, example.boxes, example.joints
    if example.masks is not None:
        masks = change(Mask(torch.from_numpy(example.masks.astype(np.uint8)))) > 0 if len(example.masks) else (
            example.masks
        )  # fmt: skip
        boxes = boxes_around(masks)
    elif len(boxes):
        boxes = change(BoundingBoxes(
            torch.from_numpy(boxes.copy()), format=BoundingBoxFormat.XYXY, canvas_size=example.sides
        ))  # fmt: skip
    if joints.size:
        places = change(KeyPoints(torch.from_numpy(joints[..., :2].copy()), canvas_size=example.sides))
        joints = joints_after(joints, places, example.sides, mirrored=mirrors(matrix))
    return replace(example, image=image, boxes=boxes, masks=masks, joints=joints)


def joints_after(joints: Floats, places: Floats, sides: Pair, *, mirrored: bool = False) -> Floats:
    """Joints (P, J, 3) at new places (P, J, 2): outside the image none is seen, in a mirror left becomes right.

    >>> arms = np.array([[[1.0, 5.0, 1.0], [9.0, 5.0, 1.0]]])
    >>> joints_after(arms, arms[..., :2] + [4, 0], (10, 10))[0, :, 2]
    array([1., 0.])
    """
    height, width = sides
    x, y = places[..., 0], places[..., 1]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    found = np.concatenate([places, (joints[..., 2] * inside)[..., None]], axis=-1)
    return found[:, MIRRORED] if mirrored and found.shape[1] == len(MIRRORED) else found


def coefficients(matrix: Floats) -> list[float]:
    """The eight numbers by which torchvision finds where each new pixel comes from: (3, 3) -> 8.

    >>> coefficients(shift(3, 4))
    [1.0, 0.0, -3.0, 0.0, 1.0, -4.0, 0.0, 0.0]
    """
    back = np.linalg.inv(matrix)
    found: list[float] = (back / back[2, 2]).ravel()[:8].tolist()
    return [number + 0.0 for number in found]  # no -0.0


def outside(side: int, before: int, after: int, fill: Fill) -> NDArray[np.int64]:
    """Which pixel of a row stands in for each place from -before to side + after; -1 where a constant does.

    >>> [outside(4, 3, 3, fill).tolist() for fill in ("nearest", "reflect", "wrap")]
    [[0, 0, 0, 0, 1, 2, 3, 3, 3, 3], [2, 1, 0, 0, 1, 2, 3, 3, 2, 1], [1, 2, 3, 0, 1, 2, 3, 0, 1, 2]]
    """
    if fill not in FILLS or min(side - 1, before, after) < 0:
        raise CoreError(f"need a side from 1, margins from 0 and a fill of {', '.join(FILLS)}, got {fill!r}")
    row = np.arange(side)
    if fill == "constant":
        return np.pad(row, (before, after), constant_values=-1)
    return np.pad(row, (before, after), mode=_PADDINGS[fill])


def _warped_image(image: Floats, matrix: Floats, *, fill: Fill, value: float) -> Floats:
    """The image alone: torchvision knows constants only, so for the other fills the image is enlarged first."""
    import torch
    from torchvision.transforms.v2 import functional
    from torchvision.tv_tensors import Image

    (height, width), (down, right) = image.shape[:2], (0, 0)
    if fill != "constant":
        down, right = margins(matrix, (height, width))
        image = image[outside(height, down, down, fill)][:, outside(width, right, right, fill)]
        matrix = shift(right, down) @ matrix @ shift(-right, -down)
    pixels = Image(torch.from_numpy(np.ascontiguousarray(np.moveaxis(image, -1, 0))))
    found = functional.perspective(
        pixels, None, None, fill=[value] if value else None, coefficients=coefficients(matrix)
    )
    back: Floats = np.moveaxis(found.numpy(), 0, -1)[down : down + height, right : right + width]
    return np.ascontiguousarray(back)


def margins(matrix: Floats, sides: Pair) -> Pair:
    """How far outside an image (H, W) a change looks for its pixels, in rows and columns.

    >>> margins(shift(3, -5), (10, 20))
    (6, 4)
    """
    height, width = sides
    back = np.linalg.inv(matrix).astype(np.float64)
    corners = moved(np.array([[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]]), back)
    over = np.maximum(-corners, corners - np.array([width, height])).max(axis=0).clip(min=0)
    right, down = (ceil(reach) + 1 if reach > 0 else 0 for reach in over)
    if down > MOST_REPEATS * height or right > MOST_REPEATS * width:
        raise LimitError(f"so much would come in from outside that the image had to be repeated {MOST_REPEATS} times")
    return down, right


def _must_show(matrix: Floats, sides: Pair) -> None:
    if matrix.shape != (3, 3) or abs(np.linalg.det(matrix)) < 1e-9:
        raise ShapeError(f"need a matrix (3, 3) that can be undone, got {np.round(matrix, 3).tolist()}")
    height, width = sides
    corners = np.array([[0.0, 0.0, 1.0], [width, 0.0, 1.0], [0.0, height, 1.0], [width, height, 1.0]])
    if (corners @ np.linalg.inv(matrix).T)[:, 2].min() <= 1e-6 or (corners @ matrix.T)[:, 2].min() <= 1e-6:
        raise ShapeError("this look from the side is so steep that a part of the image lies behind the eye")
