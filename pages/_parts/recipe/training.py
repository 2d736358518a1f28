"""Training a small network by AlexNet's recipe while one looks: the parts, the runs that are kept, and the thread."""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from core.learning.augment import shifted
from core.learning.examples import Examples
from core.learning.schedule import Plateau, constant
from core.learning.start import started
from core.learning.train import Epoch, Progress, Recipe, train
from core.models.small_alexnet import placed_digits, small_alexnet
from core.runtime.tasks import Task, may_go
from pages._kit import lab
from pages._kit.background import Job, start
from pages._parts.recipe.figures import Run, curves, curves_alt, record

PARTS = (
    "batches of 128",
    "momentum 0.9",
    "smaller steps on a plateau",
    "weight decay 0.0005",
    "dropout 0.5",
    "shifted digits",
)
BATCHES, MOMENTUM, PLATEAU, DECAY, DROPOUT, SHIFTS = PARTS
RATES = (0.003, 0.01, 0.03, 0.1)
LEARNED, EPOCHS, MOST_RUNS = 500, 90, 5
CUTS = Plateau()
RUNS, SEEN = "_recipe_runs", "_recipe_seen"


@dataclass(frozen=True)
class Setting:
    """One way to train; equal settings give equal curves."""

    parts: tuple[str, ...] = PARTS
    rate: float = 0.03
    seed: int = 0

    @property
    def recipe(self) -> Recipe:
        """What the training loop is told."""
        return Recipe(
            epochs=EPOCHS,
            batch=128 if BATCHES in self.parts else LEARNED,
            rate=self.rate,
            momentum=0.9 if MOMENTUM in self.parts else 0.0,
            decay=0.0005 if DECAY in self.parts else 0.0,
        )

    @property
    def name(self) -> str:
        """The run in a few words: what is left out, or what is left."""
        missing = [part for part in PARTS if part not in self.parts]
        if not missing:
            said = "the whole recipe"
        elif len(missing) <= 2:
            said = f"without {' and '.join(missing)}"
        else:
            said = f"only {' and '.join(self.parts)}" if self.parts else "nothing of the recipe"
        own = [f"rate {self.rate:g}"] * (self.rate != Setting.rate) + [f"seed {self.seed}"] * (self.seed > 0)
        return ", ".join([said, *own])


@st.cache_resource(show_spinner=False)
def digits() -> tuple[Examples, Examples]:
    """500 digits to learn from, 800 to validate with."""
    return placed_digits(LEARNED)


@may_go
def work(setting: Setting, progress: Progress) -> Iterator[Epoch]:
    """One run; layers this small are fastest on one core."""
    import torch

    yield from train(
        started(small_alexnet(0.5 if DROPOUT in setting.parts else 0.0), seed=setting.seed),
        *digits(),
        setting.recipe,
        generator=torch.Generator().manual_seed(setting.seed),
        schedule=CUTS if PLATEAU in setting.parts else constant,
        augment=(lambda images, dice: shifted(images, 1, dice)) if SHIFTS in setting.parts else None,
        progress=progress,
    )


def controls() -> Setting:
    """Draw the controls: what the next run is to be."""
    batches = st.toggle(BATCHES, True, key="batches", bind="query-params", help="Else all 500 digits at once.")
    momentum = st.toggle(MOMENTUM, True, key="momentum", bind="query-params")
    plateau = st.toggle(
        PLATEAU,
        True,
        key="plateau",
        bind="query-params",
        help=f"The rate is divided by 10, up to three times, when more than {CUTS.patience} epochs bring no record.",
    )
    decay = st.toggle(DECAY, True, key="decay", bind="query-params")
    dropout = st.toggle(DROPOUT, True, key="dropout", bind="query-params", help="Of the 128 units of the dense layer.")
    shifts = st.toggle(
        SHIFTS, True, key="shifts", bind="query-params", help="In every batch anew, by up to a pixel each way."
    )
    switched = (batches, momentum, plateau, decay, dropout, shifts)
    parts = tuple(part for part, on in zip(PARTS, switched, strict=True) if on)
    rate = st.select_slider(
        "First rate", RATES, Setting.rate, key="rate", bind="query-params", help="AlexNet began with 0.01."
    )
    seed = st.slider("Seed", 0, 9, 0, key="seed", bind="query-params", help="The same seed, the same curves.")
    return Setting(parts, float(rate), seed)


def jobs() -> list[Job]:
    """This visitor's runs, oldest first; the last one may still be going on."""
    found: list[Job] = st.session_state.setdefault(RUNS, [])
    return found


def runs() -> list[Run]:
    """What the kept runs found so far, oldest first."""
    return [Run(job.setting.name, list(job.found)) for job in jobs() if isinstance(job.setting, Setting) and job.found]


def ran(setting: Setting) -> Setting:
    """What the newest run was begun with; this setting if none was begun."""
    last = jobs()[-1].setting if jobs() else None
    return last if isinstance(last, Setting) else setting


def stage(setting: Setting) -> None:
    """Buttons, figure, and the list of the runs that are kept."""
    kept = jobs()
    running = bool(kept) and kept[-1].running
    if kept and not running:
        kept[-1].told = True
    with st.container(horizontal=True, key="run", vertical_alignment="center"):
        st.button("Train", key="train", type="primary", disabled=running, on_click=_begin, args=(setting,))
        st.button("Stop", key="stop", disabled=not running, on_click=kept[-1].stop if kept else None)
        if not running:
            st.caption(f"Next: {setting.name}.")
    st.fragment(_show, run_every=0.5 if running else None)()
    if kept:
        with st.container(horizontal=True, key="kept", vertical_alignment="center"):
            st.caption("Throw away:", width="content")
            for place, job in enumerate(kept):
                name = job.setting.name if isinstance(job.setting, Setting) else ""
                st.button(
                    name,
                    key=f"drop-{place}",
                    icon=":material/cancel:",
                    on_click=_throw,
                    args=(job,),
                    disabled=job.running,
                )


def _begin(setting: Setting) -> None:
    """Start a run; one of the same setting is replaced, and of too many the oldest goes."""
    kept = [job for job in jobs() if job.setting != setting][-(MOST_RUNS - 1) :]
    st.session_state[RUNS] = [*kept, start(setting, Task(work, (setting,)))]


def _throw(job: Job) -> None:
    st.session_state[RUNS] = [each for each in jobs() if each is not job]


def _show() -> None:
    """What there is by now; once it is over, the rest of the page hears of it."""
    newest = jobs()[-1] if jobs() else None
    if newest and newest.running:
        st.progress(newest.done, newest.doing)
    elif newest and not newest.told:
        newest.told = True
        st.rerun()
    if newest and newest.wrong:
        st.warning(newest.wrong)
    found = runs()
    table = record(found) if found else None
    lab.chart(curves(found, epochs=EPOCHS), key="curves", alt=curves_alt(found), table=table)
    st.caption(
        "Solid: 800 digits nobody learns from. Dotted: the 500 of the newest run. A ring: the rate is divided by 10."
    )
