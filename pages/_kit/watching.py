"""Background work on a page: begun by a button, looked at twice a second while it runs, stopped by another button."""

from collections.abc import Callable

import streamlit as st

from core.learning.train import Progress
from pages._kit import background
from pages._kit.background import Job, Work

LOOK_EVERY = 0.5  # seconds
EARLIER = "Shown: an earlier setting. Press the button again for this one."


def begin(name: str, setting: object, work: Work, *, for_all: bool = False) -> None:
    """Begin a piece of work; one of this name that still runs is stopped. What is for all outlives this visit."""
    if before := current(name):
        before.stop()
    st.session_state[f"_job-{name}"] = background.start(setting, work, for_all=for_all)


def current(name: str) -> Job | None:
    """The work of this name that this visitor began last."""
    return st.session_state.get(f"_job-{name}")


def part(progress: Progress, number: int, of: int) -> Progress:
    """The progress of one part of several equal ones.

    >>> part(lambda share, doing: print(share, doing), 1, 4)(0.5, "halfway through the second")
    0.375 halfway through the second
    """
    return lambda share, doing: progress((number + share) / of, doing)


def watch(name: str, draw: Callable[[Job], None], *, now: object = None) -> None:
    """Show the work: `draw` with what was found so far, and while it runs a bar and a button that stops it.

    `now` is the setting that the controls ask for, if they can ask for one. Where the work was begun with another,
    a sentence says so.
    """
    job = current(name)
    if job is None:
        return

    @st.fragment(run_every=LOOK_EVERY if job.running else None)
    def look() -> None:
        running = job.running
        if running:
            st.progress(job.done, "stopping" if job.stopped else job.doing)
            st.button("Stop", key=f"stop-{name}", on_click=job.stop)
        if now is not None and job.found and job.setting != now:
            st.caption(EARLIER)
        draw(job)
        if job.wrong:
            st.warning(job.wrong, icon=":material/lightbulb:")
        if not running and not job.told:
            job.told = True
            st.rerun()  # once more, so that the rest of the page knows

    look()
