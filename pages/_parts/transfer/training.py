"""Training a new head while one looks: the settings, the runs that are kept, and the thread that makes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import streamlit as st

from core.learning.examples import Examples
from core.learning.train import Epoch, Progress
from core.models.cuts import LITE0, head_parameters, part_parameters
from core.models.scene_net import CLASSES, single
from core.models.transfer import FEATURES, PARTS, Phase, few, transfer
from core.nets.trace import trace
from core.runtime.tasks import Task, may_go
from pages._kit import background, lab
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._parts.transfer import figures
from pages._parts.transfer.figures import Run

PRETRAINED, RANDOM = "ImageNet's weights", "random weights"
HEAD_FIRST, REST_FIRST = "the head first", "the rest first"
AMOUNTS, RATES = (4, 10, 20), (0.001, 0.003, 0.01, 0.03, 0.1)
HEAD_EPOCHS, REST_EPOCHS, HEAD_RATE, JUDGED, MOST_RUNS = 10, 8, 0.03, 100, 6
RUNS = "_transfer_runs"


@dataclass(frozen=True)
class Setting:
    """One way to train; equal settings give equal curves."""

    amount: int = 10
    frozen: int = len(PARTS)
    pretrained: bool = True
    head_first: bool = True
    rate: float = 0.01

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The schedule: where nothing but the head learns, or all from the beginning, one stretch is enough."""
        if not self.pretrained:
            return (Phase("the rest too", HEAD_EPOCHS + REST_EPOCHS, HEAD_RATE),)
        if self.frozen == len(PARTS):
            return (Phase("the head", HEAD_EPOCHS + REST_EPOCHS, HEAD_RATE),)
        head = Phase("the head", HEAD_EPOCHS, HEAD_RATE)
        rest = Phase("the rest too", REST_EPOCHS, self.rate if self.head_first else HEAD_RATE)
        return (head, rest) if self.head_first else (rest, head)

    @property
    def kept(self) -> int:
        """How many parts stay as they are; drawn at random, none of them is worth keeping."""
        return self.frozen if self.pretrained else 0

    @property
    def learned(self) -> int:
        """Parameters that learn, those of the new head among them."""
        return sum(table()[self.kept :]) + new_head()

    @property
    def name(self) -> str:
        """The run in a few words."""
        pictures = f"{self.amount * len(CLASSES)} pictures"
        if not self.pretrained:
            return f"from scratch, {pictures}"
        if self.frozen == len(PARTS):
            return f"only the head, {pictures}"
        order = f"head first, then {self.rate:g}" if self.head_first else "rest first"
        return f"{self.frozen} of {len(PARTS)} frozen, {order}, {pictures}"


@st.cache_data(show_spinner=False)
def table() -> tuple[int, ...]:
    """Parameters of the nine parts, by arithmetic: the page need not load the network to count."""
    return part_parameters(trace(LITE0))


def new_head() -> int:
    """Parameters of the new head."""
    return head_parameters(FEATURES, len(CLASSES))


@st.cache_resource(show_spinner=False, max_entries=len(AMOUNTS))
def examples(amount: int) -> tuple[Examples, Examples]:
    """Pictures to learn from, and others to validate with."""
    return few(amount, judged=JUDGED)


@st.cache_data(show_spinner=False)
def contact_sheet() -> bytes:
    """Ten pictures of the new task, as one."""
    from PIL import Image

    pictures = [single("train", number)[0] for number in range(10)]
    rows = [np.concatenate(pictures[start : start + 5], axis=1) for start in (0, 5)]
    sheet = Image.fromarray((np.concatenate(rows) * 255).round().astype(np.uint8))
    sheet.save(kept := BytesIO(), "WEBP", quality=90)
    return kept.getvalue()


def controls() -> Setting:
    """Draw the controls: what the next run is to be."""
    start = st.segmented_control(
        "Start from", (PRETRAINED, RANDOM), default=PRETRAINED, key="start", bind="query-params", required=True
    )
    amount = st.select_slider("Pictures of each class", AMOUNTS, 10, key="amount", bind="query-params")
    frozen = st.slider(
        "Frozen parts",
        *(0, len(PARTS), len(PARTS)),
        key="frozen",
        bind="query-params",
        disabled=start == RANDOM,
        help="From the image up. With all nine frozen, nothing but the new head learns.",
    )
    alone = start == RANDOM or frozen == len(PARTS)
    order, rate = HEAD_FIRST, 0.01
    if not alone:
        order = st.segmented_control(
            "What learns first", (HEAD_FIRST, REST_FIRST), default=HEAD_FIRST, key="order", bind="query-params",
            required=True,
        )  # fmt: skip
    if not alone and order == HEAD_FIRST:
        rate = st.select_slider(
            "Rate of the second phase", RATES, 0.01, key="rate", bind="query-params",
            help=f"The head alone learns with {HEAD_RATE:g}.",
        )  # fmt: skip
    return Setting(int(amount), frozen, start == PRETRAINED, order == HEAD_FIRST, float(rate))


def jobs() -> list[Job]:
    """This visitor's runs, oldest first; the last one may still be going on."""
    found: list[Job] = st.session_state.setdefault(RUNS, [])
    return found


def runs() -> list[Run]:
    """What the kept runs found so far, oldest first."""
    return [
        Run(job.setting.name, place, job.setting.learned, list(job.found))
        for place, job in enumerate(jobs())
        if isinstance(job.setting, Setting) and job.found
    ]


def stage(setting: Setting) -> None:
    """What learns, buttons, curves."""
    names, sizes = (*PARTS, "new head"), (*table(), new_head())
    share = setting.learned / sum(sizes)
    st.markdown(f"**{setting.learned:,}** of {sum(sizes):,} parameters learn: {share:.1%}.")
    alt = f"Parameters by part; {setting.kept} of {len(PARTS)} parts are frozen, {setting.learned:,} parameters learn."
    lab.chart(figures.split(names, sizes, setting.kept), key="split", alt=alt)
    kept = jobs()
    running = bool(kept) and kept[-1].running
    if kept and not running:
        kept[-1].told = True
    with st.container(horizontal=True, key="run", vertical_alignment="center"):
        st.button("Train", key="train", type="primary", disabled=running, on_click=_begin, args=(setting,))
        st.button("Stop", key="stop", disabled=not running, on_click=kept[-1].stop if kept else None)
        st.button("Forget all runs", key="forget", disabled=running or not kept, on_click=kept.clear)
        if not running:
            st.caption(f"Next: {setting.name}.")
    st.fragment(_show, run_every=0.5 if running else None)()


def new_task() -> None:
    """Pictures of the new task."""
    alt = f"Ten pictures of 64x64 pixels, each with one drawn thing: {', '.join(CLASSES)}."
    st.image(contact_sheet(), alt=alt, width="stretch", caption=f"The new task: {', '.join(CLASSES)}.")


def _begin(setting: Setting) -> None:
    kept = [job for job in jobs() if job.setting != setting][-(MOST_RUNS - 1) :]
    st.session_state[RUNS] = [*kept, background.start(setting, Task(work, (setting,)))]


@may_go
def work(setting: Setting, progress: Progress) -> Iterator[tuple[int, Epoch]]:
    """One training, phase by phase."""
    yield from transfer(
        *examples(setting.amount), setting.phases, frozen=setting.kept, pretrained=setting.pretrained, progress=progress
    )  # fmt: skip


def _show() -> None:
    newest = jobs()[-1] if jobs() else None
    if newest and newest.running:
        st.progress(newest.done, "stopping" if newest.stopped else newest.doing)
    elif newest and not newest.told:
        newest.told = True
        st.rerun()
    if newest and newest.wrong:
        st.warning(newest.wrong, icon=":material/lightbulb:")
    found = runs()
    border = None
    if newest and isinstance(newest.setting, Setting) and len(newest.setting.phases) > 1:
        border = float(newest.setting.phases[0].epochs)
    figure = figures.curves(found, chance=1 / len(CLASSES), border=border, epochs=HEAD_EPOCHS + REST_EPOCHS)
    lab.chart(figure, key="curves", alt=figures.curves_alt(found))
    if found:
        folded("Where every run ended", figures.record(found).set_index("run"), key="ends")
    st.caption(f"Right answers on {JUDGED} pictures that nobody learned from, drawn for validation alone.")
