"""Cross-entropy against the focal loss: a small one-stage detector learns with either, and is watched (lecture E).

The same pictures, the same weights at the start, the same steps; only the loss of the scores differs, or how sure the
untrained network is of everything. There is one class, thing: the question is only whether a place is background.
Imports torch inside functions only.
Source: Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017, sections 3.3 and 5.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part
from core.data.scenes import CLASSES, Target, boxes
from core.detect.found import problem
from core.detect.pictures import picture
from core.errors import CoreError
from core.learning.focal import sigmoid_focal
from core.learning.threads import one_thread
from core.learning.train import Progress
from core.measure.coco.scores import evaluate, numbers

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

    from core.detect.dense.one_stage import OneStage, Wanted

SIDE, CHANNELS = 64, 16
SIZES = (12.0, 18.0, 27.0)  # of the anchors: the things are smaller, too
LEARNED, JUDGED = 640, 100  # pictures
BATCH, STEPS, EVERY = 8, 240, 40  # a picture is seen three times; a look after every so many steps
RATE, MOMENTUM, DECAY, STEEPEST = 0.03, 0.9, 0.0005, 5.0


@dataclass(frozen=True)
class Way:
    """How to learn: gamma and alpha of the loss, how sure of everything the untrained network is, the highest rate."""

    gamma: float = 2.0
    alpha: float | None = 0.25
    prior: float = 0.01
    rate: float = RATE

    def __post_init__(self) -> None:
        if self.gamma < 0 or not 0 < self.prior < 1 or (self.alpha is not None and not 0 < self.alpha < 1):
            raise CoreError(f"need a gamma from 0, alpha and prior between 0 and 1, got {self}")


@dataclass(frozen=True)
class Look:
    """What is known after some steps."""

    step: int
    ap50: float  # on pictures nobody learned from
    objects: float  # mean probability that anchors on things give to their class
    ground: float  # share of the loss of the scores that comes from answers that should be no
    tested: float | None = None  # after the last step: AP50 on pictures by which nothing was chosen


def contest(way: Way, *, seed: int, progress: Progress, steps: int = STEPS) -> Iterator[Look]:
    """Train one detector; a look before the first step and after every 40.

    The rate rises over the first sixth of the steps and falls to nothing on a straight line.
    """
    import torch

    from core.detect.dense.one_stage import anchors_of, losses, wanted
    from core.models.segmenters import inputs_of

    progress(0.0, f"drawing {LEARNED + JUDGED} pictures")
    images, seen = drawn("train", LEARNED)
    truths = [
        (torch.tensor(boxes(each), dtype=torch.float32), torch.zeros(len(each), dtype=torch.long)) for each in seen
    ]
    bases, dice = anchors_of(SIDE, SIDE, sizes=SIZES), torch.Generator().manual_seed(seed)
    module = started(seed, way.prior)
    descent = torch.optim.SGD(module.parameters(), way.rate, MOMENTUM, weight_decay=DECAY, nesterov=True)
    with one_thread():
        yield look(module, way, 0)
        for step in range(steps):
            progress(step / steps, f"step {step + 1} of {steps}")
            descent.param_groups[0]["lr"] = way.rate * min(6 * (step + 1) / steps, 1.2 * (1 - step / steps))
            chosen = torch.randint(0, LEARNED, (BATCH,), generator=dice).tolist()
            truth = wanted(bases, *zip(*(truths[place] for place in chosen), strict=True), classes=1)
            descent.zero_grad()
            module.train()
            scores, offsets = module(inputs_of(images[chosen]))
            by_score, by_box = losses(scores, offsets, truth, gamma=way.gamma, alpha=way.alpha)
            (by_score + by_box).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(module.parameters(), STEEPEST)
            descent.step()
            if step + 1 == steps:
                yield replace(look(module, way, steps), tested=found_in(module, "test"))
            elif (step + 1) % EVERY == 0:
                yield look(module, way, step + 1)
    progress(1.0, "done")


def started(seed: int, prior: float) -> "OneStage":
    """The small detector, untrained: weights by He's rule, in the heads smaller, so that all is near the prior."""
    import torch
    from torch import nn

    from core.detect.dense.one_stage import OneStage

    module, dice = OneStage(1, CHANNELS, prior=prior), torch.Generator().manual_seed(seed)
    heads = {
        id(layer) for head in (module.look, module.measure, module.score, module.offset) for layer in head.modules()
    }
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d):
            spread = 0.03 if id(layer) in heads else (2 / layer.weight[0].numel()) ** 0.5
            nn.init.normal_(layer.weight, std=spread, generator=dice)
            if layer.bias is not None and layer is not module.score:
                nn.init.zeros_(layer.bias)
    return module


def look(module: "Module", way: Way, step: int) -> Look:
    """How the detector does on pictures of the validation part."""
    import torch

    from core.detect.dense.one_stage import anchors_of, wanted
    from core.models.segmenters import inputs_of

    images, seen = drawn("validation", JUDGED)
    truths = [
        (torch.tensor(boxes(each), dtype=torch.float32), torch.zeros(len(each), dtype=torch.long)) for each in seen[:16]
    ]
    module.eval()
    with torch.no_grad():
        scores, _ = module(inputs_of(images[:16]))
    truth = wanted(anchors_of(SIDE, SIDE, sizes=SIZES), *zip(*truths, strict=True), classes=1)
    objects, ground = split(scores, truth, way)
    return Look(step, found_in(module, "validation"), objects, ground)


def found_in(module: "Module", part: Part) -> float:
    """AP50 on the first pictures of a part."""
    from core.detect.dense.one_stage import answers

    images, seen = drawn(part, JUDGED)
    return numbers(*evaluate(problem(answers(module.eval(), images, sizes=SIZES), seen, classes=1)))["AP50"]


def split(scores: "Tensor", truth: "Wanted", way: Way) -> tuple[float, float]:
    """Mean probability at what should be yes, and share of the loss of what should be no: (B, A, K) -> two numbers."""
    by_score = sigmoid_focal(scores, truth.scores, gamma=way.gamma, alpha=way.alpha) * truth.counts[..., None]
    yes = truth.scores > 0
    return float(scores[yes].sigmoid().mean()), float(by_score[~yes].sum() / by_score.sum())


@lru_cache(maxsize=3)
def drawn(part: Part, count: int) -> tuple[NDArray[np.uint8], list[tuple[Target, ...]]]:
    """Small pictures (N, 64, 64, 3) in 256 steps, and what is to be seen in them, all of it of one class."""
    scenes = [picture(part, number, side=SIDE) for number in range(count)]
    images = np.stack([np.rint(255 * scene.image).astype(np.uint8) for scene in scenes])
    return images, [tuple(replace(each, label=CLASSES[0]) for each in scene.targets) for scene in scenes]
