"""How a grading service is asked to end, and what its program then says of itself by its exit status."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from grading.errors import GradingError

INTERRUPTED, FAILED = 130, 1  # exit statuses, as shells know them
_PATIENCE = 30.0  # seconds for workers whose processes were ended to give their hand-ins back

log = logging.getLogger(__name__)


class Stop(threading.Event):
    """Set, it asks all workers to end after what they are at; `at_once` asks them not to finish that."""

    def __init__(self) -> None:
        super().__init__()
        self.at_once = False
        self.failed = False
        self._workers = 0
        self._fewer = threading.Condition()

    @contextmanager
    def worker(self) -> Iterator[None]:
        """For as long as somebody works. A failure is kept, and raised only where it is a wish to end the program."""
        with self._fewer:
            self._workers += 1
        try:
            yield
        except BaseException as failure:
            self.after(failure)
            if not isinstance(failure, Exception):
                raise
        finally:
            with self._fewer:
                self._workers -= 1
                self._fewer.notify_all()

    def all_ended(self, seconds: float) -> bool:
        """Wait until nobody works any more. An interrupted `Thread.join` takes a thread for ended that is not."""
        with self._fewer:
            return self._fewer.wait_for(lambda: not self._workers, seconds)

    def after(self, failure: BaseException) -> None:
        """A worker fell: the others finish what they are at, and the program will say that it failed."""
        if not self.at_once:  # else it fell because it was stopped
            plain = isinstance(failure, GradingError)
            log.error("a worker of the grading service ended: %s", failure, exc_info=None if plain else failure)
            self.failed = True
        self.set()


@contextmanager
def stopping() -> Iterator[Stop]:
    """An event that SIGTERM and Ctrl-C set, so that `serve` ends after the grading it is at.

    A second Ctrl-C ends at once, with exit status 130. A worker that fell makes it 1. For a program's main thread.
    """
    stop = Stop()

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.at_once:
            return  # it is ending already, and what it holds has to be put away
        if stop.is_set() and number == signal.SIGINT:
            stop.at_once = True
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    except KeyboardInterrupt:
        if not stop.all_ended(_PATIENCE):
            log.error("a worker of the grading service does not end; its hand-in is graded again later")
        raise SystemExit(INTERRUPTED) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if stop.failed:
        raise SystemExit(FAILED)
