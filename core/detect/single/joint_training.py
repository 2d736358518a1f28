"""Trainings that differ in alpha and in nothing else: what a mix of two losses costs either side (lectures A and E).

A small net sees 32x32 pixels with one thing, names it and draws its box. Its trunk has learned to name things before;
then both heads are trained, alone or together with the trunk ("fine tune both heads together", lecture A).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.data.parts import Part
from core.data.scenes import Label, draw, sketch
from core.detect.single.joint import Labels, boxes_at, found, learned_loss, overlaps, places_of
from core.errors import CoreError, LimitError
from core.learning.train import Progress
from core.measure.pareto import pareto_front
from core.types import Floats, Mask

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torch.nn import Module

SIDE, KINDS = 32, ("circle", "triangle", "star")
SIZES = (0.26, 0.42)  # radius, as a share of the side
ALPHAS = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0)
BATCH, MOMENTUM, MOST = 32, 0.9, 5000
STEEPEST = 4.0  # longest gradient of a step; a longer one is shortened
NARROW = 24  # numbers between the trunk and the two heads: they must share them


@dataclass(frozen=True, eq=False)
class Drawn:
    """Pictures (N, 3, 32, 32) from -1 to 1, classes (N,), places (N, 4) in shares of the side."""

    inputs: "Tensor"
    labels: "Tensor"
    places: "Tensor"


@dataclass(frozen=True)
class Trained:
    """What one training reached on pictures that it did not learn from."""

    alpha: float
    classification: float  # S
    regression: float  # R
    right: float  # share of right classes
    overlap: float  # mean IoU
    found: float  # share found: the class is right and the IoU 0.5 or more


def drawn(part: Part, count: int) -> Drawn:
    """The first pictures of a part.

    >>> tuple(drawn("train", 3).inputs.shape)
    (3, 3, 32, 32)
    """
    import torch

    if not 1 <= count <= MOST:
        raise LimitError(f"from 1 to {MOST:,} pictures, got {count}")
    kinds: tuple[Label, ...] = ("circle", "triangle", "star")
    scenes = [
        draw(sketch(part, number, objects=(1, 1), sizes=SIZES, classes=kinds, name="small things"), side=SIDE)
        for number in range(count)
    ]
    images = torch.tensor(np.stack([scene.image for scene in scenes])).permute(0, 3, 1, 2).contiguous() * 2 - 1
    boxes = np.array([scene.targets[0].box for scene in scenes])
    labels = torch.tensor([KINDS.index(scene.targets[0].label) for scene in scenes])
    return Drawn(images, labels, torch.tensor(places_of(boxes, SIDE), dtype=torch.float32))


def small_net(seed: int) -> "Module":
    """Three convolutions, 24 numbers, and two heads that read them: (N, 3, 32, 32) -> (N, 3 + 4)."""
    import torch
    from torch import nn

    trunk = nn.Sequential(
        *(nn.Conv2d(3, 12, 5, 2, 2), nn.ReLU(), nn.Conv2d(12, 24, 3, 2, 1), nn.ReLU()),
        *(nn.Conv2d(24, 24, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 16, NARROW), nn.ReLU()),
    )
    heads = nn.Linear(NARROW, len(KINDS) + 4)
    module = nn.Sequential(trunk, heads)
    dice = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.Conv2d | nn.Linear):
                part.weight.normal_(0.0, (2 / part.weight[0].numel()) ** 0.5, generator=dice)
                if part.bias is not None:
                    part.bias.zero_()
        heads.weight.mul_(0.3)
        heads.weight[len(KINDS) :] = 0.0  # the box head is new: it answers with the middle of the picture
        heads.bias[len(KINDS) :] = 0.5
    return module


def trainings(
    learned: Drawn,
    judged: Drawn,
    *,
    alphas: Sequence[float] = ALPHAS,
    together: bool = True,
    epochs: int = 10,
    before: int = 8,
    rate: float = 0.02,
    seed: int = 0,
    progress: Progress = lambda done, what: None,
) -> Iterator[Trained]:
    """One training for every alpha, each from the same trunk; yields what it reached on the judged pictures.

    The trunk learns classes alone for `before` epochs, once. `together` lets it learn on with both heads; otherwise it
    stays as it is, and since the heads share no weight, alpha then only changes how large the steps of each are.
    """
    import torch

    if not alphas or epochs < 1 or before < 0 or rate <= 0:
        raise CoreError(f"need alphas, epochs from 1, a rate above 0, got {alphas}, {epochs}, {rate:g}")
    whole = before + len(alphas) * epochs
    module, dice = small_net(seed), torch.Generator().manual_seed(seed)
    for epoch in range(before):
        progress(epoch / whole, "the trunk learns to name things")
        _epoch(module, learned, 1.0, rate, dice, _velocities(module))
    start = {name: values.clone() for name, values in module.state_dict().items()}
    for place, alpha in enumerate(alphas):
        module.load_state_dict(start)
        for name, values in module.named_parameters():
            values.requires_grad_(together or name.startswith("1."))
        dice, velocities = torch.Generator().manual_seed(seed + 1), _velocities(module)
        for epoch in range(epochs):
            progress((before + place * epochs + epoch) / whole, f"alpha {alpha:g}, epoch {epoch + 1} of {epochs}")
            _epoch(module, learned, alpha, rate * (1 if epoch < epochs * 2 // 3 else 0.2), dice, velocities)
        yield judge(module, judged, alpha)
    progress(1.0, "done")


def judge(module: "Module", judged: Drawn, alpha: float) -> Trained:
    """S, R and what they are for, on some pictures."""
    import torch

    with torch.no_grad():
        outputs = module(judged.inputs)
        _, classification, regression = learned_loss(outputs, judged.labels, judged.places, alpha)
    said: Labels = outputs[:, : len(KINDS)].argmax(dim=1).numpy()
    wanted: Labels = judged.labels.numpy()
    boxes, truths = (boxes_at(each.double().numpy(), SIDE) for each in (outputs[:, len(KINDS) :], judged.places))
    return Trained(
        alpha,
        float(classification),
        float(regression),
        float((said == wanted).mean()),
        float(overlaps(boxes, truths).mean()),
        float(found(said, wanted, boxes, truths).mean()),
    )


def front(trained: Sequence[Trained]) -> Mask:
    """Which trainings no other beats in both, right classes and mean IoU: (T,).

    >>> some = [Trained(0.1, 1, 1, 0.6, 0.8, 0), Trained(0.5, 1, 1, 0.9, 0.7, 0), Trained(0.9, 1, 1, 0.8, 0.5, 0)]
    >>> front(some)
    array([ True,  True, False])
    """
    return pareto_front(np.array([(each.right, each.overlap) for each in trained]), ("higher", "higher"))


def curves(trained: Sequence[Trained]) -> Floats:
    """Alpha, S, R, right classes, IoU and found of every training: (T, 6)."""
    return np.array([
        (each.alpha, each.classification, each.regression, each.right, each.overlap, each.found) for each in trained
    ])  # fmt: skip


def _velocities(module: "Module") -> "list[Tensor]":
    import torch

    return [torch.zeros_like(values) for values in module.parameters()]


def _epoch(
    module: "Module", learned: Drawn, alpha: float, rate: float, dice: "Generator", velocities: "list[Tensor]"
) -> None:
    """Momentum on batches, written out: an optimiser of PyTorch's takes a second to import.

    At alpha = 1 the weights of the box head get no gradient, so it stays as it was.
    """
    import torch

    count = len(learned.labels)
    moving = [(values, speed) for values, speed in zip(module.parameters(), velocities, strict=True)
              if values.requires_grad]  # fmt: skip
    order = torch.randperm(count, generator=dice)
    for begin in range(0, count, BATCH):
        chosen = order[begin : begin + BATCH]
        outputs = module(learned.inputs[chosen])
        loss, _, _ = learned_loss(outputs, learned.labels[chosen], learned.places[chosen], alpha)
        slopes = torch.autograd.grad(loss, [values for values, _ in moving])
        length = float(torch.stack([slope.square().sum() for slope in slopes]).sum().sqrt())
        share = min(1.0, STEEPEST / max(length, 1e-12))
        with torch.no_grad():
            for (values, speed), slope in zip(moving, slopes, strict=True):
                speed.mul_(MOMENTUM).add_(slope, alpha=share)
                values.sub_(rate * speed)
