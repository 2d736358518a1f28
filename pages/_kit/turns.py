"""Pages are drawn a few at a time, and who asked first is drawn first.

Python runs one thread at a time. Drawn all at once, a hundred pages take as long each as all of them together, and the
thread that sends what is drawn stands in line behind the hundred for every message. A page that waits for a model or
computes for more than a moment no longer counts, so it keeps nobody waiting.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, get_ident

FEW = 1  # that are drawn at once
LONG = 0.05  # seconds until a page no longer counts
ASIDE = float("-inf")  # since ever: it does not count


@dataclass
class Turns:
    """Whose turn it is."""

    few: int = FEW
    clock: Callable[[], float] = time.monotonic
    _lock: Lock = field(default_factory=Lock)
    _drawn: dict[int, float] = field(default_factory=dict)  # since when, by the thread that draws
    _waiting: deque[tuple[int, Lock]] = field(default_factory=deque)  # threads; a lock is released when it is its turn

    @property
    def asked(self) -> int:
        """How many pages are drawn or wait for that."""
        return len(self._drawn) + len(self._waiting)

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait; within, a page is drawn."""
        thread, turn = get_ident(), Lock()
        turn.acquire()
        with self._lock:
            self._waiting.append((thread, turn))
        while not turn.acquire(timeout=LONG * self._call_and_count(turn)):  # who is last need not look often
            pass  # somebody has been at it for long
        try:
            yield
        finally:
            with self._lock:
                del self._drawn[thread]
                self._call()

    def step_aside(self) -> None:
        """The page that this thread draws, if it draws one, counts no longer: it waits for something."""
        with self._lock:
            if get_ident() in self._drawn:
                self._drawn[get_ident()] = ASIDE
                self._call()

    def _call_and_count(self, turn: Lock) -> int:
        """Let in whose turn it is; how many wait up to this one, with it."""
        with self._lock:
            self._call()
            return next((place for place, (_, each) in enumerate(self._waiting, 1) if each is turn), 0)

    def _call(self) -> None:
        """Let in whose turn it is."""
        now = self.clock()
        while self._waiting and sum(now - since < LONG for since in self._drawn.values()) < self.few:
            thread, turn = self._waiting.popleft()
            self._drawn[thread] = now
            turn.release()


turns = Turns()  # of this process
