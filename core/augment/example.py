"""An image and everything that is known about it, in one record: what augments the one must move the other.

N is the number of objects, P the number of figures with joints, J the joints of a figure.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from core.data.scenes import JOINTS, Scene
from core.errors import ShapeError
from core.types import Floats, Mask


def _no_boxes() -> Floats:
    return np.zeros((0, 4))


def _no_joints() -> Floats:
    return np.zeros((0, len(JOINTS), 3))


@dataclass(frozen=True, eq=False)
class Example:
    """An image and its truth; what is not known is left away, an object that left the image has an empty box."""

    image: Floats  # (H, W, C), from 0 to 1
    labels: tuple[str, ...] = ()
    boxes: Floats = field(default_factory=_no_boxes)  # (N, 4), x1, y1, x2, y2
    masks: Mask | None = None  # (N, H, W), what can be seen of each object
    joints: Floats = field(default_factory=_no_joints)  # (P, J, 3), x, y, and 1 if it can be seen, else 0

    def __post_init__(self) -> None:
        objects, sides = len(self.labels), self.image.shape[:2]
        if self.image.ndim != 3:
            raise ShapeError(f"need an image (H, W, C), got {self.image.shape}")
        if self.boxes.shape != (objects, 4):
            raise ShapeError(f"{objects} labels need boxes ({objects}, 4), got {self.boxes.shape}")
        if self.masks is not None and self.masks.shape != (objects, *sides):
            raise ShapeError(f"{objects} objects need masks {(objects, *sides)}, got {self.masks.shape}")

    @property
    def sides(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.image.shape[:2]
        return height, width

    @property
    def seen(self) -> Mask:
        """Which objects can still be seen: (N,)."""
        there: Mask = (self.boxes[:, 2] > self.boxes[:, 0]) & (self.boxes[:, 3] > self.boxes[:, 1])
        return there


def example_of(scene: Scene) -> Example:
    """A drawn scene and its truth as one record.

    >>> from core.data.scenes import draw, sketch
    >>> found = example_of(draw(sketch("train", 2), side=64))
    >>> found.image.shape, found.labels, found.boxes.shape
    ((64, 64, 3), ('square', 'star'), (2, 4))
    """
    targets, sides = scene.targets, scene.image.shape[:2]
    figures = [target.joints for target in targets if target.joints is not None]
    return Example(
        np.asarray(scene.image, dtype=np.float64),
        tuple(target.label for target in targets),
        np.array([target.box for target in targets], dtype=np.float64).reshape(-1, 4),
        np.array([target.mask for target in targets], dtype=np.bool_).reshape(-1, *sides),
        np.stack(figures).astype(np.float64) if figures else _no_joints(),
    )


def boxes_around(masks: Mask) -> Floats:
    """The smallest box around the pixels of every mask, empty ones at 0: (N, H, W) -> (N, 4).

    >>> boxes_around(np.array([[[False, False, False], [False, True, True]]]))
    array([[1., 1., 3., 2.]])
    """
    boxes = np.zeros((len(masks), 4))
    for box, mask in zip(boxes, masks, strict=True):
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if rows.size:
            box[:] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return boxes


def with_image(example: Example, image: Floats) -> Example:
    """The same truth under another picture of equal size."""
    if image.shape != example.image.shape:
        raise ShapeError(f"the truth belongs to an image of {example.image.shape}, got {image.shape}")
    return replace(example, image=image)
