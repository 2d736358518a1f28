"""Nets that answer where: the class and the box of one thing, the fourteen joints of one person (lectures A and E).

All look at 64x64 pixels. What they learn from is drawn here: scenes with one thing, or with one person whom up to two
shapes may cover in part. Places are shares of the picture's side, from 0 to 1.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from core.data.parts import Part
from core.data.scenes import CLASSES, JOINTS, SHAPES, Scene, draw, sketch
from core.detect.single.joint import places_of
from core.errors import LimitError, ShapeError
from core.models.scene_net import SCENE_NET
from core.nets.build import build
from core.nets.trace import trace
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

SIDE = 64
SIZES = (0.12, 0.34)  # radius of the one thing, as a share of the side
TALL = (0.25, 0.32)  # the same for the one person, who is drawn half as large again
SMALL = (0.08, 0.14)  # and for the shapes before them
MOST = 50_000
TRUNK = replace(SCENE_NET, name="Trunk", layers=SCENE_NET.layers[:-2])  # what remains are 64 maps of 8x8
MAPS, GRID, COARSE = 64, 8, 16  # how many maps, their side, and that of the maps of joints
SQUEEZED, WIDE = 24, 128  # maps and numbers on the way from maps to places


def two_heads() -> "Module":
    """One trunk, two heads: (N, 3, 64, 64) from -1 to 1 -> (N, 9), five scores and x, y, w, h in shares of the side.

    The class may stand anywhere, so its head averages every map first. A box needs the places, so its head keeps them.
    """
    import torch
    from torch import nn

    class TwoHeads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.trunk = build(trace(TRUNK))
            self.label = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(MAPS, len(CLASSES)))
            self.box = places_head(4)

        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            maps = self.trunk(pictures)
            return torch.cat([self.label(maps), self.box(maps)], dim=1)

    return TwoHeads()


def regressor() -> "Module":
    """The painter's layers up to its maps of 8x8, and one head for all joints: (N, 3, 64, 64) -> (N, 28).

    x and y of every joint, in shares of the side. The two differ in how they say where, and in nothing else.
    """
    from torch import nn

    layers = dict(painter().named_children())
    return nn.Sequential(layers["fine"], layers["coarse"], layers["far"], places_head(2 * len(JOINTS)))


def places_head(outputs: int) -> "Module":
    """Maps (N, 64, 8, 8) -> (N, outputs): fewer maps, then dense layers, which know where everything is."""
    from torch import nn

    return nn.Sequential(
        *(nn.Conv2d(MAPS, SQUEEZED, 1, bias=False), nn.BatchNorm2d(SQUEEZED), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(SQUEEZED * GRID * GRID, WIDE, bias=False), nn.BatchNorm1d(WIDE), nn.ReLU()),
        nn.Linear(WIDE, outputs),
    )


def painter() -> "Module":
    """A map for every joint: (N, 3, 64, 64) from -1 to 1 -> (N, 14, 16, 16), scores that a sigmoid makes heights.

    At a stride of 8 two more convolutions look far enough to tell left from right; maps of stride 4 say where exactly.
    """
    import torch
    from torch import nn
    from torch.nn.functional import interpolate

    class Painter(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            layers = list(build(trace(TRUNK)).named_children())
            self.fine = nn.Sequential(OrderedDict(layers[:11]))  # maps of 16x16
            self.coarse = nn.Sequential(OrderedDict(layers[11:]))  # of 8x8
            self.far = nn.Sequential(*_filters(MAPS), *_filters(MAPS))
            self.both = nn.Sequential(*_filters(2 * MAPS), nn.Conv2d(MAPS, len(JOINTS), 1))

        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            fine = self.fine(pictures)
            coarse = self.far(self.coarse(fine))
            maps: torch.Tensor = self.both(torch.cat([fine, interpolate(coarse, scale_factor=2, mode="bilinear")], 1))
            return maps

    return Painter()


def _filters(deep: int) -> "tuple[Module, ...]":
    from torch import nn

    return nn.Conv2d(deep, MAPS, 3, padding=1, bias=False), nn.BatchNorm2d(MAPS), nn.ReLU()


def begun(module: "Module", *, seed: int) -> "Module":
    """Weights drawn by He's rule from one seed, of the last layers a tenth: places start near the middle."""
    import torch
    from torch import nn

    dice = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.Conv2d | nn.Linear):
                last = isinstance(part, nn.Linear) and part.out_features != WIDE
                part.weight.normal_(0.0, (0.1 if last else 1.0) * (2 / part.weight[0].numel()) ** 0.5, generator=dice)
                if part.bias is not None:
                    part.bias.fill_(0.5 if last and part.in_features == WIDE else 0.0)
    return module.train().requires_grad_(True)


def schooled(module: "Module") -> "Module":
    """A module whose first layers know what the scene net learned, as far as the two are built alike."""
    from core.models.registry import load

    mine, known = module.state_dict(), load("scenes").state_dict().values()
    pairs = takewhile(lambda pair: mine[pair[0]].shape == pair[1].shape, zip(mine, known, strict=False))
    module.load_state_dict({**mine, **dict(pairs)})
    return module


def one_thing(part: Part, number: int, *, side: int = SIDE) -> Scene:
    """A scene with one thing in it.

    >>> [target.label for target in one_thing("train", 0).targets]
    ['triangle']
    """
    return draw(sketch(part, number, objects=(1, 1), sizes=SIZES, name="one thing"), side=side)


def one_person(part: Part, number: int, *, side: int = SIDE) -> Scene:
    """A scene with one person, and up to two shapes that may stand before them.

    >>> [target.label for target in one_person("train", 0).targets]
    ['person', 'triangle']
    """
    person = sketch(part, number, objects=(1, 1), sizes=TALL, classes=("person",), name="one person")
    before = sketch(part, number, objects=(0, 2), sizes=SMALL, classes=SHAPES, overlap=0.0, name="before a person")
    return draw(replace(person, things=person.things + before.things), side=side)


def things(part: Part, count: int, *, start: int = 0) -> tuple["Tensor", "Tensor", "Tensor"]:
    """Scenes with one thing as a net takes them: (N, 3, 64, 64) from -1 to 1, classes (N,), places (N, 4).

    >>> [tuple(each.shape) for each in things("test", 4)]
    [(4, 3, 64, 64), (4,), (4, 4)]
    """
    import torch

    scenes = [one_thing(part, number) for number in _numbers(count, start)]
    boxes = np.array([scene.targets[0].box for scene in scenes])
    labels = [CLASSES.index(scene.targets[0].label) for scene in scenes]
    return inputs(scenes), torch.tensor(labels), torch.tensor(places_of(boxes, SIDE), dtype=torch.float32)


def people(part: Part, count: int, *, start: int = 0) -> tuple["Tensor", "Tensor"]:
    """Scenes with one person as a net takes them, (N, 3, 64, 64), and the joints (N, 14, 3): x, y, and 1 if seen.

    >>> [tuple(each.shape) for each in people("test", 4)]
    [(4, 3, 64, 64), (4, 14, 3)]
    """
    import torch

    scenes = [one_person(part, number) for number in _numbers(count, start)]
    joints = np.stack([joints_of(scene) for scene in scenes]) / np.array([SIDE, SIDE, 1.0])
    return inputs(scenes), torch.tensor(joints, dtype=torch.float32)


def joints_of(scene: Scene) -> Floats:
    """The joints of the person in a scene, in pixels: (14, 3)."""
    found = [target.joints for target in scene.targets if target.joints is not None]
    if len(found) != 1:
        raise ShapeError(f"need a scene with one person, got {len(found)}")
    return found[0]


def answered(module: "Module", pictures: "Tensor", *, at_once: int = 250) -> "Tensor":
    """What a net says of many pictures, some at a time: (N, 3, S, S) -> (N, ...)."""
    import torch

    with torch.no_grad():
        return torch.cat([module(pictures[start : start + at_once]) for start in range(0, len(pictures), at_once)])


def inputs(scenes: Sequence[Scene]) -> "Tensor":
    """Pictures from 0 to 1 as a net takes them: (N, 3, S, S) from -1 to 1."""
    import torch

    return torch.tensor(np.stack([scene.image for scene in scenes])).permute(0, 3, 1, 2).contiguous() * 2 - 1


def _numbers(count: int, start: int) -> range:
    if not 1 <= count <= MOST:
        raise LimitError(f"from 1 to {MOST:,} scenes at once, got {count}")
    return range(start, start + count)
