"""The networks of the ensemble lab: trained beside the page, one after the other, and kept for whoever comes next."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.learning.ensemble import Labels
from core.learning.start import started
from core.learning.train import Progress, Recipe, train
from core.models.small_alexnet import placed_digits, small_alexnet
from core.types import Floats
from pages._kit.background import Job, start

MOST, UNITS = 9, 64
AMOUNTS = (300, 500, 900)
RECIPE = Recipe(epochs=20, batch=32, rate=0.03, decay=0.0005)
KEY = "_ensemble_job"


@dataclass(frozen=True)
class Member:
    """A trained network: what it says about the 800 digits, (800, 10), and its share of wrong answers in training."""

    probabilities: Floats
    train_error: float


@st.cache_resource(show_spinner=False)
def shelf() -> dict[tuple[int, int], Member]:
    """Every network trained so far, by how many digits it learned from and its seed; all visitors share them."""
    return {}


@st.cache_data(show_spinner=False)
def judged() -> tuple[Floats, Labels]:
    """The 800 digits, (800, 12, 12), as they are seen, and what each of them is, (800,)."""
    examples = placed_digits(AMOUNTS[0])[1]
    images = examples.inputs[:, 0].numpy().astype(np.float64)
    return images - images.min(), examples.labels.numpy()


def members(amount: int, count: int) -> list[Member]:
    """The first networks in a row that are on the shelf, at most `count`."""
    found = list[Member]()
    while len(found) < count and (amount, len(found)) in shelf():
        found.append(shelf()[amount, len(found)])
    return found


def begin(amount: int, count: int) -> None:
    """Train what is missing, in a thread."""
    kept = shelf()
    st.session_state[KEY] = start((amount, count), lambda progress: _work(kept, amount, count, progress))


def job() -> Job | None:
    """What this visitor began last."""
    found: Job | None = st.session_state.get(KEY)
    return found


def _work(kept: dict[tuple[int, int], Member], amount: int, count: int, progress: Progress) -> Iterator[int]:
    import torch

    learned, others = placed_digits(amount)
    for seed in range(count):
        if (amount, seed) in kept:
            continue
        module = started(small_alexnet(0.0, units=UNITS), seed=seed)

        def part(done: float, what: str, seed: int = seed) -> None:
            progress((seed + done) / count, f"network {seed + 1} of {count}, {what}")

        order = torch.Generator().manual_seed(seed)
        *_, last = train(module, learned, others, RECIPE, generator=order, progress=part)
        with torch.no_grad():
            said = module(others.inputs).double().softmax(dim=1).numpy()
        kept[amount, seed] = Member(said, last.train_error)
        yield seed
