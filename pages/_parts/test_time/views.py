"""The digits that are asked about, what a reader says of their views, and the same for all digits beside the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import streamlit as st

from core.augment.test_time import AGGREGATIONS, MOST_VIEWS, Aggregation, Spread, aggregated, view_matrices, views_of
from core.data.digits import held_out_digits
from core.learning.train import Progress
from core.models.recipes.turned import SIDE, TAUGHT, Taught, canvas, reader
from core.types import Floats
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._parts.test_time import figures

if TYPE_CHECKING:
    from torch import Tensor

SIDES = (SIDE, SIDE)
NAMES: dict[Taught, str] = {
    "upright": "upright digits",
    "a little": "digits turned a little",
    "any way": "turned any way",
}


@dataclass(frozen=True)
class Setting:
    """What is asked, of whom, and how the answers are put together."""

    taught: Taught
    noise: float
    views: int
    spread: Spread
    how: Aggregation

    @property
    def key(self) -> tuple[object, ...]:
        """What the answers to all digits depend on: not the number of views, nor how they are put together."""
        return self.taught, self.noise, self.spread


def controls() -> tuple[Setting, int]:
    """The setting, and which digit: the most doubtful is number 0."""
    rank = st.slider("Digit, the most doubtful first", 0, 59, 2, key="digit", bind="query-params")
    views = st.slider("Views", 1, MOST_VIEWS // 2, 16, key="views", bind="query-params")
    turn = st.slider("Views are turned by up to, in degrees", 0, 180, 180, 5, key="turn", bind="query-params")
    shift = st.slider("and shifted by up to, in % of the side", 0, 15, 0, key="shift", bind="query-params")
    mirror = st.toggle("and half of them mirrored", key="mirror", bind="query-params")
    how = cast(Aggregation, st.segmented_control(
        "Put together by", AGGREGATIONS, default="mean", key="how", bind="query-params", required=True
    ))  # fmt: skip
    taught = cast(Taught, st.selectbox(
        "A reader that learned from", TAUGHT, TAUGHT.index("any way"), format_func=NAMES.__getitem__, key="taught",
        bind="query-params",
    ))  # fmt: skip
    noise = st.slider("Noise on the digits", 0.0, 0.5, 0.35, 0.05, key="noise", bind="query-params")
    return Setting(taught, noise, views, Spread(turn, shift / 100, mirror=mirror), how), rank


@st.cache_resource(show_spinner=False, max_entries=12)
def digits(noise: float) -> "Tensor":
    """The held-out digits on their canvas, with noise: (360, 1, 20, 20)."""
    import torch

    clean = canvas(held_out_digits().images)
    dice = torch.Generator().manual_seed(0)
    return (clean + noise * torch.randn(clean.shape, generator=dice)).clamp(0, 1)


@st.cache_data(show_spinner=False, max_entries=40)
def doubtful(taught: Taught, noise: float) -> list[int]:
    """The digits in the order of doubt: the least sure answer to a single look first."""
    said = answers(taught, digits(noise))
    return [int(place) for place in said.max(axis=1).argsort(kind="stable")]


def answers(taught: Taught, images: "Tensor") -> Floats:
    """What a reader says: (N, 1, 20, 20) -> (N, 10)."""
    import torch

    from core.models.registry import load

    with torch.no_grad():
        said: Floats = reader(load("turned"), taught)(images).double().softmax(dim=1).numpy()
    return said


def looked(setting: Setting, rank: int) -> tuple[Floats, Floats, int]:
    """The views of one digit (V, 20, 20), what is said of each (V, 10), and what it is."""
    place = doubtful(setting.taught, setting.noise)[rank]
    matrices = view_matrices(setting.views, SIDES, setting.spread, np.random.default_rng(0))
    shown = views_of(digits(setting.noise)[place : place + 1], matrices)[:, 0]
    images: Floats = shown[:, 0].double().numpy()
    return images, answers(setting.taught, shown), int(held_out_digits().labels[place])


def all_digits(setting: Setting) -> None:
    """A button that asks about all held-out digits, and the share of right answers by the number of views."""
    current = watching.current("all")
    if st.button("Ask about all 360 digits", key="ask", disabled=bool(current and current.running)):
        watching.begin("all", setting.key, lambda progress: _ask_all(setting, progress))
    watching.watch("all", lambda job: _draw(job, setting))


def measured(setting: Setting) -> dict[int, float] | None:
    """The share of right answers after each number of views, if all digits were asked with this setting."""
    job = watching.current("all")
    if job is None or job.setting != setting.key or not job.found:
        return None
    said, labels = np.stack(job.found), held_out_digits().labels  # (V, N, 10)
    return {
        count: float(np.mean([
            aggregated(said[:count, place], setting.how).argmax() == label for place, label in enumerate(labels)
        ]))
        for count in (1, 2, 4, 8, 16, 32) if count <= len(said)
    }  # fmt: skip


def _ask_all(setting: Setting, progress: Progress) -> Iterator[Floats]:
    images = digits(setting.noise)
    matrices = view_matrices(MOST_VIEWS // 2, SIDES, setting.spread, np.random.default_rng(0))
    for number, matrix in enumerate(matrices):
        progress(number / len(matrices), f"view {number + 1} of {len(matrices)}, 360 digits each")
        yield answers(setting.taught, views_of(images, matrix[None])[0])


def _draw(job: Job, setting: Setting) -> None:
    if job.setting != setting.key:
        st.caption("These were asked with another setting. Ask again.")
        return
    found = measured(setting)
    if found is None:
        return
    told = ", ".join(f"{share:.1%} with {count}" for count, share in found.items())
    values = pd.DataFrame({"views": list(found), "read right": [f"{share:.1%}" for share in found.values()]})
    lab.chart(figures.by_views(found), key="by-views", alt=f"Digits read right: {told}.", table=values, quick=True)
