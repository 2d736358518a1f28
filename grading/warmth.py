"""What takes long to start is kept warm: the few that were used last for good, the others until they idled a while."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from grading.errors import SandboxError

T = TypeVar("T")


@dataclass
class _Warm(Generic[T]):
    """One that runs."""

    thing: T
    users: int = 0
    used: float = 0.0  # when somebody last let go of it


class Warmth(Generic[T]):
    """Things by name, made when they are first asked for. Many threads may use them, and each other's, at once.

    One that is no longer `fresh` is replaced; whoever still uses the old one may go on with it. Of all others the
    `most` that were used last stay, and the rest ends when nobody used it for `idle` seconds.
    """

    def __init__(
        self,
        make: Callable[[str], T],
        *,
        end: Callable[[T], None],
        fresh: Callable[[str, T], bool],
        most: int,
        idle: float,
    ) -> None:
        self._make, self._end, self._fresh = make, end, fresh
        self._most, self._idle = most, idle
        self._lock = threading.Lock()
        self._warm: dict[str, _Warm[T]] = {}  # what was asked for last stands last
        self._old: list[_Warm[T]] = []
        self._clock: threading.Timer | None = None
        self._closed = False

    @contextmanager
    def using(self, name: str) -> Iterator[T]:
        """The thing of that name as it is now."""
        with self._lock:
            one = self._current(name)
            one.users += 1
        try:
            yield one.thing
        finally:
            with self._lock:
                one.users -= 1
                one.used = time.monotonic()
            self._cool()

    def close(self) -> None:
        """End all of them, those in use too."""
        with self._lock:
            self._closed = True
            everything = [*self._warm.values(), *self._old]
            self._warm, self._old = {}, []
            if self._clock:
                self._clock.cancel()
        self._end_all(everything)

    def _current(self, name: str) -> _Warm[T]:
        if self._closed:
            raise SandboxError("The grader is being stopped.")
        known = self._warm.get(name)
        if known and self._fresh(name, known.thing):
            self._warm[name] = self._warm.pop(name)
            return known
        made = _Warm(self._make(name))
        if known:
            self._old.append(self._warm.pop(name))
        self._warm[name] = made
        return made

    def _cool(self) -> None:
        """End what was idle for long enough, and look again when the next of the others will have been."""
        with self._lock:
            now = time.monotonic()
            ended = [one for one in self._old if not one.users]
            self._old = [one for one in self._old if one.users]
            others = [name for name in list(self._warm)[: -self._most or None] if not self._warm[name].users]
            for name in others:
                if now - self._warm[name].used >= self._idle:
                    ended.append(self._warm.pop(name))
            waiting = [self._warm[name].used for name in others if name in self._warm]
            if self._clock:
                self._clock.cancel()
                self._clock = None
            if waiting and not self._closed:
                self._clock = threading.Timer(max(0.0, min(waiting) + self._idle - now), self._cool)
                self._clock.daemon = True
                self._clock.start()
        self._end_all(ended)

    def _end_all(self, things: list[_Warm[T]]) -> None:
        for one in things:
            self._end(one.thing)
