"""FCN-32s, 16s and 8s, trained coarse to fine on drawn scenes: each begins with what the coarser one learned.

That the finer nets are better is not for their longer training. Measured on 40 plain test scenes, mean IoU and the same
within 3 pixels of a border: FCN-32s 0.76 and 0.44, and 0.79 and 0.49 if it alone takes all 1400 steps; FCN-8s 0.94 and
0.78. On 40 hard ones: 0.44 and 0.26, 0.59 and 0.38; 0.78 and 0.62.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.learning.threads import one_thread
from core.learning.train import Progress
from core.measure.segmentation import counted, mean_iou
from core.models.recipe import Recipe
from core.models.segmenters import NAMES, SETTINGS, SIDE, answers, inputs_of, labelled, many
from core.models.steps import share_of_rate
from core.segment.fcn import FINEST, Finest

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torch.nn import Module

LEARNED, JUDGED = 600, 100  # scenes of each difficulty; plain ones to be judged by
STEPS: dict[Finest, int] = {32: 600, 16: 150, 8: 650}
RATES: dict[Finest, float] = {32: 0.003, 16: 0.001, 8: 0.002}
BATCH, CROP, DECAY = 16, 128, 0.001


def build() -> "Module":
    """(N, 3, H, W) from -1 to 1, sides that 32 divides -> (N, 6, H, W) scores of FCN-8s; the others are inside."""
    from core.segment.fcn_net import Family

    return Family(len(NAMES))


def train(progress: Progress) -> "Module":
    """Three trainings one after the other, on turned and mirrored pieces of scenes, half of them hard."""
    import torch

    from core.segment.fcn_net import Family, inherit

    progress(0.0, f"drawing {2 * LEARNED} scenes")
    parts = [many("train", LEARNED, difficulty) for difficulty in SETTINGS]
    images, labels = (np.concatenate(both) for both in zip(*parts, strict=True))
    truth = torch.from_numpy(labels)
    dice = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]), one_thread():
        torch.manual_seed(0)
        family = Family(len(NAMES))
        total, done = sum(STEPS.values()), 0
        before = None
        for finest in FINEST:
            net = family.net(finest)
            if before is not None:
                inherit(net, before)
            descent = torch.optim.AdamW(net.parameters(), RATES[finest], weight_decay=DECAY)
            net.train()
            for step in range(STEPS[finest]):
                if step % 10 == 0:
                    progress((done + step) / total, f"FCN-{finest}s, step {step} of {STEPS[finest]}")
                descent.param_groups[0]["lr"] = RATES[finest] * share_of_rate(step / STEPS[finest])
                batch, wanted = pieces(images, truth, dice)
                descent.zero_grad()
                loss(net(batch), wanted).backward()  # type: ignore[no-untyped-call]
                descent.step()
            done += STEPS[finest]
            before = net.eval()
    progress(1.0, "done")
    return family.eval()


def pieces(images: NDArray[np.uint8], truth: "Tensor", dice: "Generator") -> "tuple[Tensor, Tensor]":
    """A batch of squares of CROP pixels from anywhere in the scenes, turned and mirrored together."""
    import torch

    draws = torch.randint(1 << 30, (BATCH, 3), generator=dice).tolist()
    cut = []
    for number, top, left in draws:
        y, x = top % (SIDE - CROP + 1), left % (SIDE - CROP + 1)
        cut.append((number % len(images), slice(y, y + CROP), slice(x, x + CROP)))
    batch = inputs_of(np.stack([images[place] for place in cut]))
    wanted = torch.stack([truth[place] for place in cut])
    if int(torch.randint(2, (1,), generator=dice)):
        batch, wanted = batch.flip(3), wanted.flip(2)
    turns = int(torch.randint(4, (1,), generator=dice))
    return batch.rot90(turns, (2, 3)), wanted.rot90(turns, (1, 2))


def loss(scores: "Tensor", truth: "Tensor") -> "Tensor":
    """Cross-entropy of every pixel, and what the classes' Dice lacks to 1: (N, K, H, W), (N, H, W) -> ()."""
    from torch.nn.functional import cross_entropy, one_hot

    shares = scores.softmax(dim=1)
    wanted = one_hot(truth, scores.shape[1]).permute(0, 3, 1, 2).to(shares.dtype)
    both = (shares * wanted).sum(dim=(0, 2, 3))
    dice = (2 * both + 1) / (shares.sum(dim=(0, 2, 3)) + wanted.sum(dim=(0, 2, 3)) + 1)
    return cross_entropy(scores, truth) + 1 - dice.mean()


def score(module: "Module") -> float:
    """The mean IoU of FCN-8s, pooled over the plain test scenes, ground included."""
    counts = np.zeros((len(NAMES), len(NAMES)), dtype=np.int64)
    for number in range(JUDGED):
        scene = labelled("test", number, "plain")
        counts += counted(scene.labels, answers(module, scene.image), len(NAMES))
    return mean_iou(counts)


RECIPE = Recipe(
    name="fcn",
    knows="Labels every pixel of a drawn scene: FCN-32s, 16s and 8s, each begun with what the coarser one learned.",
    data=f"scenes Fovea draws: {LEARNED} plain and {LEARNED} hard ones of the train part; judged by {JUDGED} plain "
    "ones of the test part",
    measure=f"mean IoU of FCN-8s, pooled over {JUDGED} plain test scenes, ground included",
    classes=NAMES,
    promise=0.9,
    steps=sum(STEPS.values()),
    build=build,
    train=train,
    score=score,
)
