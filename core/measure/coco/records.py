"""What is compared: true things and detections as columns, and the setting of a comparison.

Images and classes are numbered from 0 in the order of their ids. Boxes are COCO's own (x, y, width, height): the sums
below are then taken in the order in which COCO takes them, and agree with it to the last bit.
Source: Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014, and the evaluation published with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.types import Floats

Whole: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Kind: TypeAlias = Literal["bbox", "segm", "keypoints"]

SMALL, MEDIUM = 32.0**2, 96.0**2  # pixels: where COCO draws the lines
EVER = 1e10  # larger than any thing
THRESHOLDS = np.linspace(0.5, 0.95, 10)  # of the overlap
RECALLS = np.linspace(0.0, 1.0, 101)  # where precision is read


@dataclass(frozen=True)
class Setting:
    """Which sizes are looked at apart, and how many detections of an image count."""

    sizes: tuple[tuple[float, float], ...]  # from .. to, both inside; the first is every size
    most: tuple[int, ...]  # detections of one class in one image, rising


WHOLE_THINGS = Setting(((0.0, EVER), (0.0, SMALL), (SMALL, MEDIUM), (MEDIUM, EVER)), (1, 10, 100))
PEOPLE = Setting(((0.0, EVER), (SMALL, MEDIUM), (MEDIUM, EVER)), (20,))  # joints of small people cannot be marked


@dataclass(frozen=True)
class Truths:
    """N true things: where, of which class, how large, and whether they count."""

    image: Whole  # (N,)
    label: Whole  # (N,)
    area: Floats  # (N,)
    crowd: Flags  # (N,) many things under one outline: may be found any number of times
    ignored: Flags  # (N,) neither to be found nor to be missed; crowds are
    boxes: Floats  # (N, 4)
    more: Sequence[Any] = ()  # masks as COCO packs them, or joints (N, J, 3)

    def __post_init__(self) -> None:
        _checked(self.boxes, image=self.image, label=self.label, area=self.area, crowd=self.crowd, ignored=self.ignored)


@dataclass(frozen=True)
class Answers:
    """M detections: where, of which class, and how sure."""

    image: Whole  # (M,)
    label: Whole  # (M,)
    confidence: Floats  # (M,)
    area: Floats  # (M,)
    boxes: Floats  # (M, 4)
    more: Sequence[Any] = ()

    def __post_init__(self) -> None:
        _checked(self.boxes, image=self.image, label=self.label, area=self.area, confidence=self.confidence)

    def taken(self, places: Whole) -> "Answers":
        """Some of them, in a new order."""
        more = [self.more[place] for place in places] if len(self.more) else ()
        return Answers(
            self.image[places], self.label[places], self.confidence[places], self.area[places], self.boxes[places], more
        )


@dataclass(frozen=True)
class Problem:
    """A set of images with what is true of them and what was answered."""

    images: int
    classes: int
    truths: Truths
    answers: Answers
    kind: Kind = "bbox"

    @property
    def setting(self) -> Setting:
        """Sizes and numbers as COCO has them for this kind."""
        return PEOPLE if self.kind == "keypoints" else WHOLE_THINGS


def _checked(boxes: Floats, **columns: NDArray[Any]) -> None:
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ShapeError(f"boxes are (N, 4), got {boxes.shape}")
    if odd := [name for name, column in columns.items() if column.shape != (len(boxes),)]:
        raise ShapeError(f"every thing needs one {odd[0]}: there are {len(boxes)} boxes and {columns[odd[0]].shape}")
