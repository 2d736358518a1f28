"""Long work beside the page: a thread writes a record, the page shows what is in it, a button stops it.

A thread may not draw. So it only appends to `Job.found`; a fragment of the page looks at that every half second. A job
lives in the session: it goes on while its visitor looks at another lab. Of this process two run at a time, each on
one core; others wait their turn, and when many do, the next one is refused.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.errors import CoreError
from core.learning.threads import one_thread
from core.learning.train import Progress, Stopped

AT_ONCE, MOST = 2, 60  # jobs of this process that run, and that run or wait
_TURNS = threading.BoundedSemaphore(AT_ONCE)
_PLACES = threading.BoundedSemaphore(MOST)


@dataclass
class Job:
    """One piece of work: what it found so far, and how it is doing."""

    setting: object  # what it was asked for
    found: list[Any] = field(default_factory=list)
    done: float = 0.0
    doing: str = "waiting for its turn"
    wrong: str | None = None
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


def start(setting: object, work: Callable[[Progress], Iterator[Any]]) -> Job:
    """Run `work` in a thread; what it yields is kept, what it reports is shown, and it is stopped by its report."""
    job = Job(setting)
    if not _PLACES.acquire(blocking=False):
        job.wrong = f"{MOST} pieces of work run or wait on this server already: try again in some minutes."
        job._over.set()
        return job
    threading.Thread(target=_run, args=(job, work), name="job", daemon=True).start()
    return job


def _run(job: Job, work: Callable[[Progress], Iterator[Any]]) -> None:
    def report(done: float, doing: str) -> None:
        if job.stopped:
            raise Stopped
        job.done, job.doing = done, doing

    mine = False
    try:
        while not mine:
            report(0.0, job.doing)
            mine = _TURNS.acquire(timeout=0.2)
        report(0.0, "starting")
        with one_thread():
            for each in work(report):
                job.found.append(each)
    except Stopped:
        pass
    except CoreError as error:
        job.wrong = str(error)
    except Exception:
        job.wrong = "This did not work, and it is a fault of ours."
        raise
    finally:
        if mine:
            _TURNS.release()
        _PLACES.release()
        job._over.set()
