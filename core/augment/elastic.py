"""Elastic deformation: a smooth random warp, of the image and its truth together (lecture A, on U-Net).

A displacement (H, W, 2) says for every pixel how far away, to the right and down, it fetches its value.
Source: Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks", ICDAR 2003.
"""

from dataclasses import replace

import numpy as np

from core.augment.example import Example, boxes_around
from core.augment.geometric import joints_after
from core.errors import CoreError, ShapeError
from core.types import Floats, Pair

MOST_ROUNDS = 60


def displacement(sides: Pair, strength: float, smoothness: float, random: np.random.Generator) -> Floats:
    """Random arrows, made smooth: (H, W) -> (H, W, 2), in pixels.

        arrows = strength · g / root mean square of g,   g = uniform noise blurred by a Gaussian of sigma = smoothness

    So `strength` is how far pixels go, as a root mean square, whatever the smoothness.

    >>> arrows = displacement((40, 60), 3.0, 8.0, np.random.default_rng(0))
    >>> arrows.shape, round(float(np.sqrt((arrows**2).sum(axis=2).mean())), 3)
    ((40, 60, 2), 3.0)
    """
    from scipy.ndimage import gaussian_filter

    if strength < 0 or smoothness <= 0:
        raise CoreError(f"need a strength from 0 and a smoothness above 0, got {strength} and {smoothness}")
    noise = random.uniform(-1, 1, (*sides, 2))
    smooth = np.stack([gaussian_filter(noise[..., way], smoothness, mode="wrap") for way in range(2)], axis=-1)
    length = float(np.sqrt((smooth**2).sum(axis=2).mean()))
    found: Floats = smooth * (strength / max(length, 1e-12))
    return found


def bent(example: Example, arrows: Floats) -> Example:
    """The example after a deformation, (H, W, 2): image, masks, boxes and joints.

        image'(x) = image(x + arrows(x)),   a joint lands where x + arrows(x) = joint

    >>> one = Example(np.arange(4.0).reshape(1, 4, 1))
    >>> bent(one, np.broadcast_to([1.0, 0.0], (1, 4, 2))).image[0, :, 0].round(6)
    array([1., 2., 3., 0.])
    """
    import torch
    from torchvision.transforms.v2 import functional
    from torchvision.tv_tensors import Image, Mask

    height, width = example.sides
    if arrows.shape != (height, width, 2):
        raise ShapeError(f"need an arrow for each pixel, {(height, width, 2)}, got {arrows.shape}")
    field = torch.from_numpy(arrows * (2.0 / np.array([width, height])))[None]  # torchvision counts in half images
    pixels = Image(torch.from_numpy(np.ascontiguousarray(np.moveaxis(example.image, -1, 0))))
    image = np.ascontiguousarray(np.moveaxis(functional.elastic(pixels, field).numpy(), 0, -1))
    masks, boxes, joints = example.masks, example.boxes, example.joints
    if masks is not None:
        if len(masks):
            masks = functional.elastic(Mask(torch.from_numpy(masks.astype(np.uint8))), field).numpy() > 0
        boxes = boxes_around(masks)
    elif len(boxes):
        boxes = np.array([_around(box, arrows) for box in boxes])
    if joints.size:
        joints = joints_after(joints, landed(joints[..., :2], arrows), example.sides)
    return replace(example, image=image, boxes=boxes, masks=masks, joints=joints)


def landed(points: Floats, arrows: Floats) -> Floats:
    """Where points of the image are after a deformation: (..., 2), (H, W, 2) -> (..., 2).

    What arrives at x was fetched from x + arrows(x), so the way back is a search:

        x = point,   then again and again   x = point - arrows(x)

    >>> landed(np.array([[5.0, 5.0]]), np.broadcast_to([2.0, -1.0], (10, 10, 2)))
    array([[3., 6.]])
    """
    found = points.astype(np.float64)
    for _ in range(MOST_ROUNDS):
        last, found = found, points - _at(found, arrows)
        if not found.size or np.abs(found - last).max() < 1e-3:
            break
    return found


def folds(arrows: Floats) -> float:
    """The share of pixels where the deformation folds over itself: (H, W, 2) -> a share.

        det of the derivative of x + arrows(x) below 0

    >>> folds(np.zeros((8, 8, 2)))
    0.0
    """
    down, right = np.gradient(arrows, axis=0), np.gradient(arrows, axis=1)
    area = (1 + right[..., 0]) * (1 + down[..., 1]) - right[..., 1] * down[..., 0]
    return float((area <= 0).mean())


def _at(points: Floats, arrows: Floats) -> Floats:
    """The arrows at points between pixels, those of the edge outside."""
    height, width = arrows.shape[:2]
    x = (points[..., 0] - 0.5).clip(0, width - 1)
    y = (points[..., 1] - 0.5).clip(0, height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, low = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    across, down = (x - left)[..., None], (y - top)[..., None]
    upper = arrows[top, left] * (1 - across) + arrows[top, right] * across
    lower = arrows[low, left] * (1 - across) + arrows[low, right] * across
    between: Floats = upper * (1 - down) + lower * down
    return between


def _around(box: Floats, arrows: Floats) -> Floats:
    """The box around where the edge of a box went, cut at the image."""
    x1, y1, x2, y2 = box
    along, still = np.linspace(0, 1, 33)[:, None], np.ones((33, 1))
    x, y = x1 + along * (x2 - x1), y1 + along * (y2 - y1)
    edge = np.concatenate(
        [np.hstack(pair) for pair in ((x, y1 * still), (x, y2 * still), (x1 * still, y), (x2 * still, y))]
    )
    went, sides = landed(edge, arrows), np.array(arrows.shape[1::-1], dtype=np.float64)
    found: Floats = np.concatenate([went.min(axis=0), went.max(axis=0)]).clip(0, np.tile(sides, 2))
    return found
