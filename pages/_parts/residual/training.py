"""Training plain and residual towers while one looks: controls, the thread, and the figure that grows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from core.blocks.miniatures import tower
from core.learning.compare import Runner, compare
from core.learning.examples import Examples, split
from core.learning.train import Epoch, Progress, Recipe
from core.nets.trace import trace
from core.runtime.tasks import Task, may_go
from pages._kit import lab, watching
from pages._kit.background import Job, start
from pages._parts.residual.figures import curves, curves_alt, gradient_alt, gradients, record

if TYPE_CHECKING:
    import torch

BLOCKS = (1, 2, 5, 10, 20)
KEY = "_residual_job"
WHEN = ("at the start", "newest epoch")
Story = list[tuple[str, Epoch]]


@dataclass(frozen=True)
class Setting:
    """What to train; equal settings give equal numbers."""

    blocks: tuple[int, ...]
    norm: bool
    epochs: int
    seed: int


@st.cache_resource(show_spinner=False)
def digits() -> "tuple[torch.Tensor, torch.Tensor]":
    """1,797 written digits of 8x8 pixels from scikit-learn: (1797, 1, 8, 8) between 0 and 1, and their classes."""
    import torch
    from sklearn.datasets import load_digits

    pixels, classes = load_digits(return_X_y=True)
    return torch.tensor(pixels / 16, dtype=torch.float32).view(-1, 1, 8, 8), torch.tensor(classes)


def runners(setting: Setting) -> list[Runner]:
    """A plain and a residual tower for every number of blocks.

    Without normalisation the last convolution of every residual block starts at zero, so that the block starts as the
    identity; otherwise the sums would double the signal from block to block.
    """
    found = []
    for blocks in sorted(setting.blocks):
        for residual in (False, True):
            network = tower(blocks, residual=residual, norm=setting.norm)
            last = tuple(row.name for row in network.layers if row.name.endswith("_conv2"))
            found.append(Runner(network, last if residual and not setting.norm else ()))
    return found


@may_go
def work(setting: Setting, progress: Progress) -> Iterator[tuple[str, Epoch]]:
    """The whole comparison; small layers are fastest on one core."""
    import torch

    progress(0.0, "reading the digits")
    order = torch.Generator().manual_seed(0)
    learned, tested = split(Examples(*digits()), 0.8, order)
    progress(0.0, "building the networks")
    yield from compare(
        runners(setting), learned, tested, Recipe(epochs=setting.epochs), seed=setting.seed, progress=progress
    )


def controls() -> tuple[Setting, bool]:
    """Draw the controls; what to train, and whether to show the gradients of the newest epoch."""
    chosen = st.pills(
        "Blocks of two layers", BLOCKS, selection_mode="multi", default=[2, 20], key="blocks", bind="query-params"
    )
    norm = st.toggle(
        "Batch normalisation",
        True,
        key="norm",
        bind="query-params",
        help="Without it, the last layer of every residual block starts at zero; plain layers start as always.",
    )
    epochs = st.slider("Epochs", 2, 15, 8, key="epochs", bind="query-params")
    seed = st.slider("Seed", 0, 9, 0, key="seed", bind="query-params", help="The same seed, the same curves.")
    when = st.segmented_control("Show gradients", WHEN, default=WHEN[0], key="when", bind="query-params", required=True)
    return Setting(tuple(sorted(chosen)) or (2,), norm, epochs, seed), when == WHEN[1]


def stage(setting: Setting, *, newest: bool) -> Story:
    """Buttons and figures; gives what was found so far."""
    job: Job | None = st.session_state.get(KEY)
    running = job is not None and job.running
    if job and not running:
        job.told = True
    with st.container(horizontal=True, key="run", vertical_alignment="center"):
        st.button("Train", key="train", type="primary", disabled=running, on_click=_begin, args=(setting,))
        st.button("Stop", key="stop", disabled=not running, on_click=job.stop if job else None)
        if not running or (job and job.setting != setting):
            st.caption(_said(job, setting))
    st.fragment(_show, run_every=0.5 if running else None)(setting, newest)
    return list(job.found) if job and job.setting == setting else []


def _begin(setting: Setting) -> None:
    st.session_state[KEY] = start(setting, Task(work, (setting,)))


def _show(setting: Setting, newest: bool) -> None:
    """What there is by now; once it is over, the rest of the page hears of it."""
    job: Job | None = st.session_state.get(KEY)
    story: Story = list(job.found) if job else []
    if job and job.running:
        doing = "stopping" if job.stopped else job.doing
        st.progress(job.done, f"{doing}, {len(story)} results so far")
    elif job and not job.told:
        job.told = True
        st.rerun()
    if job and job.wrong:
        st.warning(job.wrong)
    shown = job.setting if job and isinstance(job.setting, Setting) else setting
    names = [runner.network.name for runner in runners(shown)]
    lab.chart(
        curves(story, names, epochs=shown.epochs, hint=job is None),
        key="curves",
        alt=curves_alt(story),
        table=record(story) if story else None,
    )
    if story:
        lab.chart(gradients(story, newest=newest), key="gradients", alt=gradient_alt(story, newest=newest))


def _said(job: Job | None, setting: Setting) -> str:
    """One line about what is shown, or what would be."""
    if job is None:
        weights = sum(trace(runner.network).parameters for runner in runners(setting))
        return f"{2 * len(setting.blocks)} networks, {weights:,} parameters together, on 1,437 written digits."
    if job.setting != setting:
        return watching.EARLIER
    return "Stopped." if job.stopped else "Done."
