"""Long work beside the page: a thread writes a record, the page shows what is in it, a button stops it.

A thread may not draw. So it only appends to `Job.found`; a fragment of the page looks at that every half second. A job
lives in the session: it goes on while its visitor looks at another lab, and stops a while after they have left. Of this
process two run at a time, each on one core; others wait their turn, and when many do, the next one is refused. A task
(`core/runtime/tasks.py`) goes to a cluster if there is one; if that loses it in the middle, it is done here once more,
and what was found already is not shown twice.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from streamlit import get_option
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import CoreError
from core.learning.threads import one_thread
from core.learning.train import Progress, Stopped
from core.runtime.tasks import Task
from core.runtime.tasks_elsewhere import Gone

Work: TypeAlias = Callable[[Progress], Iterator[Any]]
LONGER = 30.0  # seconds that a job goes on when its visitor cannot come back any more
AT_ONCE, MOST = 2, 60  # jobs of this process that run, and that run or wait
_TURNS = threading.BoundedSemaphore(AT_ONCE)
_PLACES = threading.BoundedSemaphore(MOST)
_elsewhere: Callable[[Task[Any], Progress], Iterator[Any]] | None = None


@dataclass
class Job:
    """One piece of work: what it found so far, and how it is doing."""

    setting: object  # what it was asked for
    found: list[Any] = field(default_factory=list)
    done: float = 0.0
    doing: str = "waiting for its turn"
    wrong: str | None = None
    whole: bool = False  # nothing more is to be found
    told: bool = False  # whether the page has shown its end
    _stop: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return not self._over.is_set()

    @property
    def stopped(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to stop; it does at its next step."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it is over; False if it is not by then."""
        return self._over.wait(seconds)


def ask_first(elsewhere: Callable[[Task[Any], Progress], Iterator[Any]] | None) -> None:
    """Let somebody else do tasks from now on, or nobody; who raises `Gone` leaves the rest to us."""
    global _elsewhere
    _elsewhere = elsewhere


def start(setting: object, work: Work, *, for_all: bool = False) -> Job:
    """Run `work` in a thread; what it yields is kept, what it reports is shown, and it is stopped by its report.

    What is for all goes on when the visitor who began it has left.
    """
    job = Job(setting)
    if not _PLACES.acquire(blocking=False):
        job.wrong = f"{MOST} pieces of work run or wait on this server already: try again in some minutes."
        job._over.set()
        return job
    left = _never if for_all else _leaving()
    threading.Thread(target=_run, args=(job, work, left), name="job", daemon=True).start()
    return job


def _run(job: Job, work: Work, left: Callable[[], bool]) -> None:
    def report(done: float, doing: str) -> None:
        if job.stopped or left():
            raise Stopped
        job.done, job.doing = done, doing

    try:
        for each in _found(work, report):
            job.found.append(each)
        job.whole = True
    except Stopped:
        pass
    except CoreError as error:
        job.wrong = str(error)
    except Exception:
        job.wrong = "This did not work, and it is a fault of ours."
        raise
    finally:
        _PLACES.release()
        job._over.set()


def _found(work: Work, report: Progress) -> Iterator[Any]:
    """What comes of it: from elsewhere as far as that goes, the rest from here."""
    known = 0
    if _elsewhere and isinstance(work, Task):
        try:
            for each in _elsewhere(work, report):
                yield each
                known += 1
            return
        except Gone:
            report(0.0, "waiting for its turn")
    with _turn(report), one_thread():
        yield from islice(work(report), known, None)


@contextmanager
def _turn(report: Progress) -> Iterator[None]:
    """Wait for one, until stopped."""
    while not _TURNS.acquire(timeout=0.2):
        report(0.0, "waiting for its turn")
    try:
        report(0.0, "starting")
        yield
    finally:
        _TURNS.release()


def _leaving() -> Callable[[], bool]:
    """Tells whether the visitor of this page has left for good."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return _never
    session, runtime, missed = context.session_id, Runtime.instance(), math.inf
    patience = float(get_option("server.disconnectedSessionTTL")) + LONGER  # until then a lost connection may come back

    def left() -> bool:
        nonlocal missed
        missed = math.inf if runtime.is_active_session(session) else min(missed, time.monotonic())
        return time.monotonic() - missed > patience

    return left


def _never() -> bool:
    return False
