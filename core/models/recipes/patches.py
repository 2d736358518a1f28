"""The patch net, trained: names the sea lion in the middle of a patch, or says that there is none."""

from typing import TYPE_CHECKING

import numpy as np

from core.data.aerial import aerial
from core.detect.single.counting import confusion, peaks
from core.learning.start import started
from core.learning.threads import one_thread
from core.learning.train import Progress
from core.models.patch_net import CLASSES, PATCH_NET, STEP, false_alarms, heat_maps, many_patches, truth_of
from core.models.recipe import Recipe
from core.models.steps import share_of_rate
from core.nets.build import build as built
from core.nets.trace import trace

if TYPE_CHECKING:
    from torch.nn import Module

LEARNED, SEARCHED, JUDGED = 200, 80, 40  # pictures
STEPS, BATCH, SEARCHES = 1000, 80, (330, 660)
THRESHOLD, APART, WITHIN = 0.5, 5.0, 5.0  # of a peak; pixels between two; pixels to its animal
RATE, MOMENTUM, DECAY = 0.03, 0.9, 0.0005


def build() -> "Module":
    """(N, 3, 24, 24) from -1 to 1 -> (N, 6, 1, 1) scores; of larger pictures a map of scores."""
    return built(trace(PATCH_NET))


def train(progress: Progress) -> "Module":
    """Steps with momentum on batches, each turned or mirrored: from above, no direction means anything.

    After a third and after two thirds of the steps the net searches whole pictures, and its false alarms become a
    third of every batch.
    """
    import torch
    from torch.nn.functional import cross_entropy

    progress(0.0, f"drawing {LEARNED} coasts")
    inputs, labels = many_patches("train", LEARNED)
    module, dice = started(PATCH_NET, seed=0), torch.Generator().manual_seed(0)
    module.train().requires_grad_(True)
    descent = torch.optim.SGD(module.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    alarms = inputs[:0]
    with one_thread():
        for step in range(STEPS):
            if step in SEARCHES:
                progress(step / STEPS, f"searching {SEARCHED} coasts for false alarms")
                alarms = torch.cat([alarms, false_alarms(module, "train", SEARCHED)])
            if step % 20 == 0:
                progress(step / STEPS, f"step {step} of {STEPS}, {len(alarms)} false alarms to learn from")
            descent.param_groups[0]["lr"] = RATE * share_of_rate(step / STEPS)
            places = torch.randint(len(inputs), (BATCH,), generator=dice)
            batch, truth = inputs[places], labels[places]
            if len(alarms):
                wrong = torch.randint(len(alarms), (BATCH // 2,), generator=dice)
                batch, truth = torch.cat([batch, alarms[wrong]]), torch.cat([truth, truth.new_zeros(BATCH // 2)])
            batch = batch.rot90(step % 4, (2, 3))
            batch = batch.flip(3) if step % 8 < 4 else batch
            descent.zero_grad()
            cross_entropy(module(batch).flatten(1), truth).backward()  # type: ignore[no-untyped-call]
            descent.step()
    progress(1.0, "done")
    return module.eval()


def score(module: "Module") -> float:
    """How well whole pictures are counted: twice the right peaks over all peaks and all animals, from 0 to 1.

    A peak is right if it lies within 5 pixels of an animal of its type that no other peak stands for.
    """
    right = total = 0
    for number in range(JUDGED):
        picture = aerial("test", number)
        found = peaks(heat_maps(module, picture.image), threshold=THRESHOLD, apart=APART, step=STEP)
        table = confusion(found, *truth_of(picture), len(CLASSES), within=WITHIN)
        right += int(np.trace(table))
        total += len(found.places) + len(picture.animals)
    return 2 * right / total


RECIPE = Recipe(
    name="patches",
    knows="Names the sea lion in the middle of 24x24 pixels, one of five types, or says that there is none.",
    data=f"coasts Fovea draws: patches of {LEARNED} of the train part; judged on {JUDGED} whole ones of the test part",
    measure=f"F1 of the peaks above {THRESHOLD} on test coasts: right place, right type, counted once",
    classes=CLASSES,
    promise=0.9,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
