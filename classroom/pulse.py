"""Whether anybody grades: read off the queue, so that it also holds for graders on other machines."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from grading.ledger.records import Queue

STILL = timedelta(seconds=20)  # a queue in which nothing moves for so long has no grader


@dataclass
class Pulse:
    """The last moment when the queue showed life: nothing could be taken, something was graded, or the oldest left.

    >>> from datetime import UTC
    >>> noon, pulse = datetime(2026, 3, 2, 12, tzinfo=UTC), Pulse()
    >>> waits = Queue(waiting=1, grading=0, oldest=noon, ready=noon)
    >>> [pulse.stalled(waits, noon + timedelta(seconds=seconds)) for seconds in (0, 19, 20)]
    [False, False, True]
    >>> pulse.stalled(Queue(waiting=0, grading=1, oldest=None), noon + timedelta(seconds=21))
    False
    """

    _ready: datetime | None = None
    _lived: datetime | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def stalled(self, queue: Queue, now: datetime) -> bool:
        """Whether what waits has waited for so long without a sign of life."""
        with self._lock:
            if queue.ready is None or queue.grading or self._lived is None or queue.ready != self._ready:
                self._lived = now
            self._ready = queue.ready
            return now - self._lived >= STILL
