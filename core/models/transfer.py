"""Transfer learning: a pretrained network with a new head, and how much of it learns along (lectures A, B, C and D).

The pretrained network is EfficientNet-Lite0, in nine parts: a stem, seven stages, one more convolution. It learned from
ImageNet's photos. The new task is another one: five kinds of drawn things, of which there are only a few pictures.
Sources: Donahue et al., "DeCAF", ICML 2014; Razavian et al., "CNN Features off-the-shelf", CVPR workshops 2014.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from core.data.scenes import CLASSES
from core.errors import CoreError
from core.learning.examples import Examples
from core.learning.train import Epoch, Progress, Recipe, train
from core.models.pretrained import lite0
from core.models.scene_net import singles

if TYPE_CHECKING:
    from torch.nn import Module

PARTS = ("stem", *(f"stage {number}" for number in range(1, 8)), "last convolution")
FEATURES = 1280  # maps of the last part, one number of each behind the average
Learns: TypeAlias = Literal["the head", "the rest too"]


@dataclass(frozen=True)
class Phase:
    """One stretch of a schedule: whether only the head learns or every part that is not frozen, how long, how fast."""

    learns: Learns
    epochs: int
    rate: float


def parts(*, pretrained: bool = True, seed: int = 0) -> "list[Module]":
    """The nine parts, a copy of one's own: with ImageNet's weights, or with weights drawn by `seed`.

    Each takes the maps of the one before it; the first takes (N, 3, S, S) from -1 to 1.
    """
    from torch import nn

    whole: Any = deepcopy(lite0()).requires_grad_(True)
    if not pretrained:
        _redraw(whole, seed)
    stem, last = nn.Sequential(whole.conv_stem, whole.bn1), nn.Sequential(whole.conv_head, whole.bn2)
    return [stem, *whole.blocks, last]


def head(classes: int, *, seed: int = 0) -> "Module":
    """Maps (N, 1280, H, W) -> (N, classes): one number per map, and one dense layer, its weights drawn by `seed`.

    >>> sum(weights.numel() for weights in head(5).parameters())
    6405
    """
    import torch
    from torch import nn

    dense = nn.Linear(FEATURES, classes)
    with torch.no_grad():
        dense.weight.normal_(0.0, FEATURES**-0.5, generator=torch.Generator().manual_seed(seed))
        dense.bias.zero_()
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), dense)


def counted(module: "Sequence[Module]") -> int:
    """The weights and biases of some modules."""
    return sum(values.numel() for each in module for values in each.parameters())


def few(per_class: int, *, judged: int = 100) -> tuple[Examples, Examples]:
    """So many pictures of every class to learn from, and others to validate with; parts of the drawn set never mix.

    >>> learn, others = few(2, judged=4)
    >>> tuple(learn.inputs.shape), sorted(learn.labels.tolist()), len(others)
    ((10, 3, 64, 64), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4], 4)
    """
    import torch

    if not 1 <= per_class <= 100:
        raise CoreError(f"from 1 to 100 pictures of every class, got {per_class}")
    wanted, inputs, labels = per_class * len(CLASSES), *singles("train", per_class * len(CLASSES))
    while len(places := _first(labels.tolist(), per_class)) < wanted:
        more = singles("train", wanted, start=len(labels))
        inputs, labels = torch.cat([inputs, more[0]]), torch.cat([labels, more[1]])
    return Examples(inputs[places], labels[places]), Examples(*singles("validation", judged))


def transfer(
    learned: Examples,
    tested: Examples,
    phases: Sequence[Phase],
    *,
    frozen: int,
    pretrained: bool = True,
    seed: int = 0,
    batch: int = 20,
    progress: Progress = lambda done, what: None,
) -> Iterator[tuple[int, Epoch]]:
    """Train a new head, and of the nine parts those behind the first `frozen`; yields the phase and what is known.

    What is frozen is run once, and its maps are kept. Pretrained normalisations keep the means and variances they have
    (few pictures would give bad ones); drawn ones find their own.
    """
    import torch

    if not 0 <= frozen <= len(PARTS):
        raise CoreError(f"from 0 to {len(PARTS)} parts can be frozen, got {frozen}")
    progress(0.0, "loading the pretrained network")
    whole, top = parts(pretrained=pretrained, seed=seed), head(len(CLASSES), seed=seed)
    if pretrained:
        whole = [_still(part) for part in whole]
    dice, total, done = torch.Generator().manual_seed(seed), sum(phase.epochs for phase in phases), 0
    progress(0.0, "running the frozen parts")
    below = _maps(whole[:frozen], learned), _maps(whole[:frozen], tested)
    for number, phase in enumerate(phases):
        only = phase.learns == "the head"
        through = (_maps(whole[frozen:], below[0]), _maps(whole[frozen:], below[1])) if only else below
        learner = torch.nn.Sequential(*([] if only else whole[frozen:]), top)

        def part(
            share: float, what: str, done: int = done, own: int = phase.epochs, learns: str = phase.learns
        ) -> None:
            progress((done + share * own) / total, f"{learns}, {what}")

        recipe = Recipe(epochs=phase.epochs, batch=batch, rate=phase.rate)
        for epoch in train(learner, *through, recipe, generator=dice, progress=part):
            if epoch.number or not number:  # the end of one phase is the start of the next
                yield number, epoch
        done += phase.epochs


def _first(labels: Sequence[int], count: int) -> list[int]:
    """The places of the first `count` of every class, class by class."""
    places = [[place for place, label in enumerate(labels) if label == kind][:count] for kind in range(len(CLASSES))]
    return [place for kind in places for place in kind]


def _maps(some: "Sequence[Module]", examples: Examples) -> Examples:
    """What a few parts make of the inputs, in evaluation mode and without a gradient."""
    import torch

    made = []
    with torch.no_grad():
        for start in range(0, len(examples), 50):
            group = examples.inputs[start : start + 50]
            for each in some:
                group = each.eval()(group)
            made.append(group)
    return Examples(torch.cat(made), examples.labels)


def _still(part: "Module") -> "Module":
    """A part whose normalisations stay as they are while its weights learn."""
    from torch import nn

    class Still(nn.Sequential):
        def train(self, mode: bool = True) -> "Still":
            super().train(mode)
            for each in self.modules():
                if isinstance(each, nn.BatchNorm2d):
                    each.training = False
            return self

    return Still(part)


def _redraw(module: "Module", seed: int) -> None:
    """Weights by He's rule from our own dice, in place of the pretrained ones."""
    import torch
    from torch import nn

    dice = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for each in module.modules():
            if isinstance(each, nn.Conv2d):
                each.weight.normal_(0.0, (2 / each.weight[0].numel()) ** 0.5, generator=dice)
            elif isinstance(each, nn.BatchNorm2d):
                each.momentum = 0.1  # of its running mean; the pretrained one's 0.01 would take a thousand steps
                each.reset_running_stats()
                each.weight.fill_(1.0)
                each.bias.zero_()
