"""The scene net with a background and without padding: which of five things a window holds well, or none of them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from core.detect.windows import window_classifier
from core.learning.threads import one_thread
from core.learning.train import Progress
from core.models.recipe import Recipe
from core.models.scene_net import SCENE_NET
from core.nets.build import build as built
from core.nets.layers import Conv, Dense, Layer
from core.nets.trace import trace

if TYPE_CHECKING:
    from torch.nn import Module

LEARNED, JUDGED, EPOCHS, BATCH = 320, 80, 4, 64  # pictures to learn from and to be judged by
RATE, MOMENTUM, DECAY = 0.05, 0.9, 0.0005
STEPS = 680


def slides(layer: Layer) -> Layer:
    """A layer of the scene net as it may slide: a convolution without padding, the last layer with the background."""
    operation = layer.operation
    if isinstance(operation, Conv):
        return replace(layer, operation=replace(operation, padding=(0, 0)))
    if isinstance(operation, Dense):
        return replace(layer, operation=Dense(len(window_classifier.NAMES)))
    return layer


WINDOWS = replace(SCENE_NET, name="Scene windows", layers=tuple(slides(layer) for layer in SCENE_NET.layers))


def build() -> "Module":
    """(N, 3, 64, 64) from -1 to 1 -> (N, 6) scores."""
    return built(trace(WINDOWS))


def train(progress: Progress) -> "Module":
    """The scene net's weights, a new last layer, and steps with momentum on windows, half of each batch mirrored."""
    import torch
    from torch.nn.functional import cross_entropy

    from core.models.registry import load

    progress(0.0, f"cutting windows out of {LEARNED} scenes")
    images, kinds = window_classifier.to_learn_from("train", LEARNED)
    labels, module, dice = torch.tensor(kinds), build(), torch.Generator().manual_seed(0)
    kept = load("scenes").state_dict()
    own = module.state_dict()
    module.load_state_dict({name: kept[name] if kept[name].shape == own[name].shape else own[name] for name in own})
    last = list(module.children())[-1]
    with torch.no_grad():
        last.weight.normal_(0, 0.05, generator=dice)  # type: ignore[operator]
        last.bias.zero_()  # type: ignore[operator]
    module.train().requires_grad_(True)
    descent = torch.optim.SGD(module.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    each = min(STEPS // EPOCHS, len(images) // BATCH)
    with one_thread():
        for step in range(STEPS):
            progress(step / STEPS, f"step {step + 1} of {STEPS}")
            if step % each == 0:
                order = torch.randperm(len(images), generator=dice)
            places = order[step % each * BATCH : (step % each + 1) * BATCH]
            batch = torch.tensor(images[places.numpy()]).float() / 127.5 - 1
            batch[: BATCH // 2] = batch[: BATCH // 2].flip(3)
            descent.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
            descent.zero_grad()
            cross_entropy(module(batch), labels[places]).backward()  # type: ignore[no-untyped-call]
            descent.step()
    progress(1.0, "done")
    return module.eval()


def score(module: "Module") -> float:
    """The share of windows of the test part that are named right."""
    import torch

    images, labels = window_classifier.to_learn_from("test", JUDGED)
    right = 0
    with torch.no_grad(), one_thread():
        for start in range(0, len(images), 250):
            inputs = torch.tensor(images[start : start + 250]).float() / 127.5 - 1
            right += int((module(inputs).argmax(dim=1).numpy() == labels[start : start + 250]).sum())
    return right / len(images)


RECIPE = Recipe(
    name="scene_windows",
    knows="Says which thing a window of a scene holds well, or that it holds none; made to slide.",
    data=f"windows of {LEARNED} scenes of the train part, judged by those of {JUDGED} of the test part",
    measure="share of windows that are named right, background included",
    classes=window_classifier.NAMES,
    promise=0.95,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
