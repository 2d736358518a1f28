"""What people wrote down for the pictures of a data set, and the form in which COCO keeps it (lectures A, B and E).

Source: Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014; Krishna et al., "Visual Genome", IJCV 2017.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.data.scenes import CLASSES, JOINTS, Target
from core.errors import CoreError, ShapeError
from core.types import Mask

GENOME_IMAGES = 108_077
GENOME: Mapping[str, int] = {  # as lecture E gives them, in round numbers
    "region descriptions": 5_400_000,
    "questions with answers": 1_700_000,
    "objects": 3_800_000,
    "attributes": 2_800_000,
    "relationships": 2_300_000,
}


def per_image(counts: Mapping[str, int], images: int) -> Mapping[str, float]:
    """How many of each there are in a picture on average.

    >>> {what: round(mean, 1) for what, mean in per_image(GENOME, GENOME_IMAGES).items()}["region descriptions"]
    50.0
    """
    if images < 1 or any(count < 0 for count in counts.values()):
        raise CoreError(f"an average needs at least one image and counts from 0, got {images} and {dict(counts)}")
    return {what: count / images for what, count in counts.items()}


def working_years(count: int, seconds: float, *, hours: int = 1700) -> float:
    """How many years a person works who does `count` things of so many seconds each, `hours` in a year.

    >>> round(working_years(5_400_000, 10.0), 1)
    8.8
    """
    if count < 0 or seconds < 0 or hours < 1:
        raise CoreError(f"need a count and seconds from 0 and hours from 1, got {count}, {seconds}, {hours}")
    return count * seconds / 3600 / hours


def run_lengths(mask: Mask) -> list[int]:
    """A mask as the lengths of its runs, column by column, beginning with pixels outside: (H, W) -> counts.

    >>> run_lengths(np.array([[False, True], [True, True]]))
    [1, 3]
    """
    if mask.ndim != 2:
        raise ShapeError(f"a mask is (H, W), got {mask.shape}")
    flat = mask.ravel(order="F")
    changes = np.flatnonzero(np.diff(flat)) + 1
    edges = np.concatenate([[0], changes, [flat.size]])
    lengths = [int(length) for length in np.diff(edges)]
    return [0, *lengths] if flat.size and flat[0] else lengths


def mask_from(lengths: Sequence[int], height: int, width: int) -> Mask:
    """The mask that has these runs: counts -> (H, W).

    >>> mask_from([1, 3], 2, 2)
    array([[False,  True],
           [ True,  True]])
    """
    if sum(lengths) != height * width or any(length < 0 for length in lengths):
        raise ShapeError(f"runs of {height}x{width} pixels add up to {height * width}, these to {sum(lengths)}")
    flat = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
    return flat.reshape((height, width), order="F")


def coco_annotation(target: Target) -> dict[str, Any]:
    """One thing as COCO writes it down: its box as x, y, width, height; its mask as runs; its joints as x, y, v.

    v is 0 for a joint that lies outside, 1 for one that something hides, 2 for one that can be seen.

    >>> from core.data.scenes import draw, sketch
    >>> coco_annotation(draw(sketch("train", 1), side=96).targets[0])["bbox"]
    [38.0, 50.0, 26.0, 27.0]
    """
    (x1, y1, x2, y2), (height, width) = target.box, target.mask.shape
    found: dict[str, Any] = {
        "category_id": 1 + CLASSES.index(target.label),
        "bbox": [x1, y1, x2 - x1, y2 - y1],
        "area": int(target.mask.sum()),
        "iscrowd": 0,
        "segmentation": {"size": [height, width], "counts": run_lengths(target.mask)},
    }
    if target.joints is not None:
        inside = (target.joints[:, :2] >= 0).all(axis=1) & (target.joints[:, :2] < (width, height)).all(axis=1)
        shown = np.where(inside, 1 + target.joints[:, 2].astype(int), 0)
        flat = [
            value
            for (x, y, _), v in zip(target.joints, shown, strict=True)
            for value in (round(float(x), 1) if v else 0, round(float(y), 1) if v else 0, int(v))
        ]
        found |= {"keypoints": flat, "num_keypoints": int((shown > 0).sum())}
    return found


def coco_categories() -> list[dict[str, Any]]:
    """The classes as COCO lists them, counted from 1, a person with the names of its joints.

    >>> coco_categories()[0]
    {'id': 1, 'name': 'circle'}
    """
    joints = {"person": {"keypoints": list(JOINTS)}}
    return [{"id": number, "name": name, **joints.get(name, {})} for number, name in enumerate(CLASSES, start=1)]
