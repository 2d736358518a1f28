"""The setting of the anchors lab: objects on a picture, a map of anchors over it, and what each of them is to learn."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.scenes import boxes as boxes_of
from core.data.scenes import labels as labels_of
from core.detect.anchors import Outputs, anchors, best_overlaps, labelled, outputs
from core.detect.boxes import intersection_over_union
from core.detect.pictures import picture
from core.types import Floats
from pages._kit.box_editor import Drawn, drawn
from pages._kit.pictures import pixels

if TYPE_CHECKING:
    from torch import Tensor

SIDE, SCENES = 96, 40


@dataclass(frozen=True, eq=False)
class Setting:
    """Objects on a picture, and a map with its anchors over it."""

    number: int
    objects: Drawn
    stride: int
    sizes: tuple[float, ...]
    ratios: tuple[float, ...]
    below: float
    above: float
    cell: tuple[int, int]

    @property
    def side(self) -> int:
        """Rows and columns of the map."""
        return SIDE // self.stride

    @property
    def kinds(self) -> int:
        """How many anchors stand in each cell."""
        return len(self.sizes) * len(self.ratios)

    @property
    def counted(self) -> Outputs:
        """How many numbers the proposal network answers with."""
        return outputs(self.side, self.side, self.kinds)


@dataclass(frozen=True, eq=False)
class Labelled:
    """All anchors (A, 4), their labels (A,), their IoU with every object (A, G), and each object's best (G,)."""

    anchors: "Tensor"
    labels: NDArray[np.int64]
    overlaps: Floats
    best: Floats

    def of_cell(self, setting: Setting) -> slice:
        """Where the anchors of the chosen cell stand."""
        first = (setting.cell[0] * setting.side + setting.cell[1]) * setting.kinds
        return slice(first, first + setting.kinds)


@st.cache_resource(show_spinner=False, max_entries=SCENES)
def scene(number: int) -> tuple[NDArray[np.uint8], Drawn]:
    """A picture that detectors are judged by, and the objects on it."""
    drawn_scene = picture("test", number)
    truth = drawn(boxes_of(drawn_scene.targets).round(), classes=labels_of(drawn_scene.targets))
    return pixels(drawn_scene.image.astype(np.float64)), truth


def found(setting: Setting) -> Labelled:
    """The anchors, and what each of them is to learn."""
    import torch

    grid = anchors(
        setting.side, setting.side, stride=setting.stride, sizes=setting.sizes, ratios=setting.ratios
    )  # fmt: skip
    things = torch.from_numpy(setting.objects.boxes).float()
    labels = labelled(grid, things, above=setting.above, below=setting.below).numpy()
    overlaps = intersection_over_union(grid.double().numpy(), setting.objects.boxes)
    return Labelled(grid, labels, overlaps, best_overlaps(grid, things).double().numpy())


def enlarged(setting: Setting) -> tuple[int, int]:
    """How many anchors of a picture of 600 x 1000 there are, and how many of them these objects would make positive."""
    import torch

    grid = _large()
    things = torch.from_numpy(setting.objects.boxes * 600 / SIDE).float()
    labels = labelled(grid, things, above=setting.above, below=setting.below)
    return len(grid), int((labels >= 0).sum())


@st.cache_resource(show_spinner=False)
def _large() -> "Tensor":
    return anchors(600 // 16, 1000 // 16, stride=16, sizes=(128, 256, 512), ratios=(0.5, 1, 2))
