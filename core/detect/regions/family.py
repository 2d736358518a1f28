"""R-CNN, Fast R-CNN, Faster R-CNN and Mask R-CNN with the same trained weights: what each costs (lectures A, B, E).

All four decide about regions. They differ in where the regions come from and in how often the trunk runs:

    R-CNN          regions given; each is cut from the picture, resized, and goes through the trunk on its own
    Fast R-CNN     regions given; the trunk looks at the picture once, regions are cut from its map
    Faster R-CNN   as Fast, and a small network proposes the regions from the same map
    Mask R-CNN     as Faster, and draws the mask and the joints of what was found

So Fast and Faster give the same boxes if they get the same regions. SPP-net runs as Fast does; it pools otherwise and
is trained in stages. P is the number of regions.
Sources: Girshick et al., CVPR 2014; Girshick, ICCV 2015; Ren et al., NIPS 2015; He et al., ICCV 2017.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import thread_time
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.detect.found import Found
from core.detect.regions.two_stage import answer, input_of, kept, second
from core.errors import LimitError, ShapeError
from core.learning.threads import one_thread
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

    from core.detect.regions.two_stage_net import TwoStage

Name: TypeAlias = Literal["R-CNN", "Fast R-CNN", "Faster R-CNN", "Mask R-CNN"]
NAMES: tuple[Name, ...] = get_args(Name)
STEPS = ("propose", "trunk", "cut out", "heads", "suppress")  # where the time goes
MOST, AT_ONCE = 400, 25  # regions of a picture; pictures that go through the trunk together
SIDES = (32, 48, 64, 96)  # pixels that R-CNN makes a region wide
# AP50 of R-CNN on 40 validation pictures by that side, with 60 regions of Faster R-CNN each, which itself has 1.00.
MISLED = {32: 0.82, 48: 0.78, 64: 0.65, 96: 0.17}


@dataclass(eq=False)
class Cost:
    """What one pipeline did, counted while it ran."""

    passes: int = 0  # pictures that went through the trunk
    pixels: int = 0  # of those pictures
    regions: int = 0  # that the heads decided about
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))  # of this thread's processor

    @contextmanager
    def spent(self, step: str) -> Iterator[None]:
        """The time of one step."""
        began = thread_time()
        yield
        self.seconds[step] += thread_time() - began

    @property
    def total(self) -> float:
        """All seconds."""
        return sum(self.seconds.values())


@dataclass(frozen=True, eq=False)
class Walk:
    """What a pipeline found in one picture, from which regions, and what it cost."""

    found: Found
    regions: Floats  # (P, 4)
    cost: Cost


def r_cnn(module: "TwoStage", image: NDArray[np.floating[Any]], regions: Floats, *, side: int = 64) -> Walk:
    """The trunk once for every region, cut from the picture and made side x side: (H, W, 3), (P, 4).

    A region is stretched until it is square: its size, its shape and all that lies around it are lost. So this trunk,
    which learned from whole pictures, is misled: `MISLED` says how far.
    """
    import torch

    from core.detect.regions.region_heads import POOLED, cut
    from core.detect.regions.two_stage_net import FINEST

    if not 16 <= side <= 256:
        raise LimitError(f"regions are made 16 to 256 pixels wide, got {side}")
    cost, boxes = Cost(), _boxes(regions)
    whole = torch.tensor([[0.0, 0.0, side, side]])
    with torch.no_grad(), one_thread():
        picture, features = input_of(image), list[torch.Tensor]()
        for start in range(0, len(boxes), AT_ONCE):
            with cost.spent("cut out"):
                crops = cut(picture, [boxes[start : start + AT_ONCE]], side, stride=1)
            with cost.spent("trunk"):
                volume = _seen(module, crops, cost)
            with cost.spent("heads"):
                features.append(cut(volume, [whole] * len(crops), POOLED, stride=FINEST))
        with cost.spent("heads"):
            scores, offsets = module.box_head(torch.cat(features))
        found = _decided(scores, offsets, boxes, _size(image), cost)
    return Walk(found, regions, cost)


def fast(module: "TwoStage", image: NDArray[np.floating[Any]], regions: Floats) -> Walk:
    """The trunk once for the picture, then every region from its map: (H, W, 3), (P, 4)."""
    import torch

    cost, boxes = Cost(), _boxes(regions)
    with torch.no_grad(), one_thread():
        with cost.spent("trunk"):
            volume = _seen(module, input_of(image), cost)
        found = _regions(module, volume, boxes, _size(image), cost)
    return Walk(found, regions, cost)


def faster(module: "TwoStage", image: NDArray[np.floating[Any]], *, most: int = 100, masks: bool = False) -> Walk:
    """The trunk once for the picture; `most` regions are proposed from its map, and cut from it: (H, W, 3)."""
    import torch

    from core.detect.regions.region_proposals import anchors_of, proposed

    cost, size = Cost(), _size(image)
    with torch.no_grad(), one_thread():
        with cost.spent("trunk"):
            finest, middle, _ = module.trunk(input_of(image))
            cost.passes, cost.pixels = 1, size[0] * size[1]
        with cost.spent("propose"):
            scores, offsets = module.proposer(middle)
            boxes, _ = proposed(scores[0], offsets[0], anchors_of(*middle.shape[2:]), size, most=most)
        found = _regions(module, finest, boxes, size, cost)
        if masks and len(found):
            with cost.spent("heads"):
                outlines, maps = module.details(finest, [_boxes(found.boxes)])
                shares = maps.flatten(2).softmax(dim=2).reshape(maps.shape)
                cells, heat = (each.double().numpy() for each in (outlines.sigmoid(), shares))
                found = answer(found.boxes, found.scores, found.labels, cells, heat, size)
    return Walk(found, boxes.double().numpy(), cost)


def share_of(cost: Cost) -> Mapping[str, float]:
    """Which share of its time each step took.

    >>> spent = Cost()
    >>> spent.seconds.update({"trunk": 3.0, "heads": 1.0})
    >>> share_of(spent)["trunk"]
    0.75
    """
    total = cost.total or 1.0
    return {step: seconds / total for step, seconds in cost.seconds.items()}


def _seen(module: "TwoStage", pictures: "Tensor", cost: Cost) -> "Tensor":
    """The finest map of some pictures, counted."""
    cost.passes += len(pictures)
    cost.pixels += len(pictures) * pictures.shape[2] * pictures.shape[3]
    finest: Tensor = module.trunk(pictures)[0]
    return finest


def _regions(module: "TwoStage", volume: "Tensor", boxes: "Tensor", size: tuple[int, int], cost: Cost) -> Found:
    from core.detect.regions.region_heads import POOLED, cut
    from core.detect.regions.two_stage_net import FINEST

    with cost.spent("cut out"):
        features = cut(volume, [boxes], POOLED, stride=FINEST)
    with cost.spent("heads"):
        scores, offsets = module.box_head(features)
    return _decided(scores, offsets, boxes, size, cost)


def _decided(scores: "Tensor", offsets: "Tensor", boxes: "Tensor", size: tuple[int, int], cost: Cost) -> Found:
    with cost.spent("suppress"):
        shares, moved = second(scores, offsets, boxes, size)
        chosen, labels, sure, _ = kept(shares, moved)
    cost.regions = len(boxes)
    return Found(chosen.double().numpy(), labels.numpy(), sure.double().numpy())


def _boxes(regions: Floats) -> "Tensor":
    import torch

    if regions.ndim != 2 or regions.shape[1] != 4 or not len(regions):
        raise ShapeError(f"need at least one region, (P, 4), got {regions.shape}")
    if len(regions) > MOST:
        raise LimitError(f"at most {MOST} regions, got {len(regions)}: R-CNN runs its trunk for each")
    return torch.tensor(regions, dtype=torch.float32)


def _size(image: NDArray[np.floating[Any]]) -> tuple[int, int]:
    return image.shape[0], image.shape[1]
