"""Pages are drawn a few at a time, and who asked first is drawn first.

Python runs one thread at a time. Drawn all at once, a hundred pages take as long each as all of them together, and the
thread that sends what is drawn stands in line behind the hundred for every message. A page that computes for long does
not count after a moment, so it keeps nobody waiting.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

FEW = 1  # that are drawn at once
LONG = 0.25  # seconds until a page no longer counts


@dataclass
class Turns:
    """Whose turn it is."""

    few: int = FEW
    clock: Callable[[], float] = time.monotonic
    _lock: Lock = field(default_factory=Lock)
    _drawn: dict[int, float] = field(default_factory=dict)  # since when, by whose turn it is
    _waiting: deque[Lock] = field(default_factory=deque)  # each is released when its turn has come

    @property
    def asked(self) -> int:
        """How many pages are drawn or wait for that."""
        return len(self._drawn) + len(self._waiting)

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait; within, a page is drawn."""
        turn = Lock()
        turn.acquire()
        with self._lock:
            self._waiting.append(turn)
            self._call()
        while not turn.acquire(timeout=LONG):
            with self._lock:  # somebody has been at it for long
                self._call()
        try:
            yield
        finally:
            with self._lock:
                del self._drawn[id(turn)]
                self._call()

    def _call(self) -> None:
        now = self.clock()
        while self._waiting and sum(now - since < LONG for since in self._drawn.values()) < self.few:
            turn = self._waiting.popleft()
            self._drawn[id(turn)] = now
            turn.release()


turns = Turns()  # of this process
