"""What the class sees now, for everybody who looks at this process of the app.

One thread asks the database for one number, the revision of the lecture that is live, ten times a second while
somebody listens; when it has moved, it reads what there is and wakes the listeners. What this process changes itself
it looks at at once. So several processes on one database serve one class, without a message queue beside it.
"""

import asyncio
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from classroom.live.lecture import mark_of
from classroom.live.port import Lecture, Quiz

if TYPE_CHECKING:
    from classroom.live.port import Lectures, Quizzes

log = logging.getLogger("fovea")

OFTEN, SELDOM = 0.1, 1.0  # seconds between two looks, with listeners and without
FEW = 2  # pages that may be drawn or wait for that while others wait to be told
BREATH, PATIENCE = 0.005, 2.0  # seconds between two looks at that, and until a page is told all the same
SAY_AGAIN = 10.0  # seconds until a process says anew how many listen to it


@dataclass(frozen=True)
class Seen:
    """What the class sees."""

    lecture: Lecture
    quiz: Quiz | None = None

    @property
    def quiz_mark(self) -> str:
        """Changes whenever a panel about the quiz would have to be drawn anew.

        >>> from datetime import UTC, datetime
        >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        >>> Seen(Lecture(1, "iva", noon), Quiz(4, 1, "Q04", "", "open", 2, noon)).quiz_mark
        '4 open 2'
        """
        if self.quiz is None or self.quiz.state == "away":
            return ""
        return f"{self.quiz.id} {self.quiz.state} {self.quiz.round}"

    def message(self, titles: Mapping[str, str]) -> str:
        """As the pages are told."""
        at, place = self.lecture, self.lecture.place
        said = {
            "lecture": at.id,
            "revision": at.revision,
            "at": place.address,
            "title": titles.get(place.page, ""),
            "spot": json.loads(place.spot) if place.spot else None,
            "source": at.source,
            "presenter": mark_of(at),
            "quiz": self.quiz_mark,
        }
        return json.dumps(said)


NOTHING = json.dumps({"lecture": 0})  # as the pages are told that no class is live

Memory = Callable[[], "tuple[Lectures, Quizzes] | None"]


@dataclass
class Hub:
    """What is seen, kept up to date by a thread, and those who wait for it to change."""

    memory: Memory
    titles: Callable[[], Mapping[str, str]]  # of the labs, by name
    drawn: Callable[[], int] = lambda: 0  # how many pages are drawn now or wait for it
    seen: Seen | None = None
    message: str = NOTHING  # as the pages are told; made once for all of them
    process: str = field(default_factory=lambda: secrets.token_hex(8))
    _listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=set)
    _look: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _said: tuple[int, float] = (0, 0.0)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def listeners(self) -> int:
        """How many pages listen to this process."""
        return len(self._listeners)

    @property
    def over(self) -> bool:
        """Whether the server ends."""
        return self._over.is_set()

    def run(self) -> None:
        """Look until the server ends; for a thread of its own."""
        while not self._over.is_set():
            try:
                self.look()
            except Exception:  # a database that is away for a moment: the class goes on when it is back
                log.warning("cannot look after the live class", exc_info=True)
                time.sleep(SELDOM)
            self._look.wait(OFTEN if self._listeners else SELDOM)
            self._look.clear()

    def look(self) -> None:
        """Read what is seen if the revision has moved, and wake whoever listens."""
        memory = self.memory()
        if memory is None:
            return
        lectures, quizzes = memory
        revision = lectures.revision()
        if revision != (self.seen.lecture.revision if self.seen else None):
            lecture = lectures.live()
            seen = Seen(lecture, quizzes.current(lecture.id)) if lecture else None
            self.message = seen.message(self.titles()) if seen else NOTHING
            self.seen = seen
            self._wake()
        self._say(lectures)

    def poke(self) -> None:
        """Look now: something was changed here."""
        self._look.set()

    def end(self) -> None:
        """The server ends: let the listeners go."""
        self._over.set()
        self._look.set()
        self._wake()

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """Within, the event is set whenever something is seen anew."""
        listener = asyncio.get_running_loop(), asyncio.Event()
        self._listeners.add(listener)
        self.poke()
        try:
            yield listener[1]
        finally:
            self._listeners.discard(listener)
            self.poke()

    async def turn(self) -> None:
        """Wait until few pages are being drawn.

        A full hall that is told at once draws at once, and every page has an old place when it is done. Told one after
        the other, each draws without waiting, and goes to the place that is the newest then.
        """
        async with self._turn:
            until = time.monotonic() + PATIENCE
            while self.drawn() >= FEW and time.monotonic() < until and not self.over:
                await asyncio.sleep(BREATH)
            await asyncio.sleep(0 if self.over else BREATH)  # who was told just now begins

    def _wake(self) -> None:
        for loop, event in tuple(self._listeners):
            try:
                loop.call_soon_threadsafe(event.set)
            except RuntimeError:  # the loop has ended, and with it the listener
                self._listeners.discard((loop, event))

    def _say(self, lectures: "Lectures") -> None:
        count, now = self.listeners, time.monotonic()
        before, then = self._said
        if self.seen and ((count != before and now - then > 1) or (count and now - then > SAY_AGAIN)):
            self._said = count, now
            lectures.listen(self.process, count, datetime.now(UTC))
