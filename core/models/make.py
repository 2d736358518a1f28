"""Training the built-in models anew: train, keep, judge what was kept, and refuse what is worse than promised."""

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from core.errors import CoreError
from core.learning.train import Progress
from core.models import card as cards
from core.models import store
from core.models.card import Card
from core.models.recipe import Recipe

CLOSE = 0.005  # by how much a score may differ between machines: they add up in different orders


@dataclass(frozen=True)
class Verdict:
    """A shipped model, judged again."""

    card: Card
    measured: float
    changed: bool  # whether the weights are not those the card was written for

    @property
    def holds(self) -> bool:
        """Whether the weights do what the card says."""
        return not self.reason

    @property
    def reason(self) -> str:
        """Why it does not; empty if it does."""
        if self.changed:
            return "The weights are not those that the card was written for."
        if abs(self.measured - self.card.score) > CLOSE:
            return "The score is another one."
        return "The score is below the promise." if self.card.score < self.card.promise else ""


def make(recipe: Recipe, *, progress: Progress, folder: Path | None = None) -> Card:
    """Train a model and write its weights and its card; raises, and writes nothing, if it is worse than promised."""
    began = time.process_time()
    content = store.packed(recipe.train(progress), half=recipe.half)
    seconds = time.process_time() - began
    kept = store.unpacked(recipe.build(), content)
    reached = recipe.score(kept)  # of what is kept, rounded as it is
    if reached < recipe.promise:
        raise CoreError(f"{recipe.name} reaches {reached:.3f} and promised {recipe.promise:.3f}: it is not written")
    card = Card(
        name=recipe.name,
        knows=recipe.knows,
        data=recipe.data,
        measure=recipe.measure,
        classes=recipe.classes,
        promise=recipe.promise,
        score=round(reached, 4),
        parameters=sum(values.numel() for values in kept.parameters()),
        steps=recipe.steps,
        seconds=round(seconds, 1),
        machine=machine(),
        size=len(content),
        sha256=store.fingerprint(content),
    )
    store.write(card, content, folder)
    return card


def verify(recipe: Recipe, folder: Path | None = None) -> Verdict:
    """Judge the shipped weights again, against their card."""
    card = cards.read(store.card_path(recipe.name, folder))
    content = store.weights_path(recipe.name, folder)
    module = store.load(recipe, folder)
    return Verdict(card, round(recipe.score(module), 4), store.fingerprint(content.read_bytes()) != card.sha256)


def machine() -> str:
    """The kind of machine, in words.

    >>> "core" in machine()
    True
    """
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return f"one thread of {os.cpu_count()} {platform.machine()} cores"
