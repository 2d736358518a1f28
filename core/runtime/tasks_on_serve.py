"""Long work as a deployment of Ray Serve's: a process does one task at a time, more of them start when many come."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

from core.errors import CoreError
from core.learning.threads import one_thread
from core.learning.train import Stopped
from core.runtime.tasks import Task, received
from core.runtime.tasks_elsewhere import Line
from core.runtime.wire import packed

NAME = "fovea-tasks"
EVERY = 0.5  # seconds at most between two lines
LONGEST = 2**16  # bytes of a task: settings are short
AHEAD = 8  # things found that wait to be sent


class Tasks:
    """One process that does a task, of those that it knows or finds in a place."""

    def __init__(self, place: str) -> None:
        self._received = partial(received, place=place)

    async def __call__(self, request: Any) -> Any:
        """A task in, lines out; whoever hangs up stops it."""
        from starlette.responses import PlainTextResponse, StreamingResponse

        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LONGEST:
                return PlainTextResponse("this task is too large", status_code=400)
        try:
            task = await asyncio.to_thread(self._received, bytes(body))
        except CoreError as problem:
            return PlainTextResponse(str(problem), status_code=400)
        return StreamingResponse(lines(task), media_type="application/octet-stream")


class Doing:
    """A task in a thread, the last thing it said of itself, and what it found and nobody has taken yet."""

    def __init__(self, task: Task[Any]) -> None:
        self._task, self._found = task, Queue[Line | None](AHEAD)
        self._share, self._what, self._left = 0.0, "starting", Event()
        Thread(target=self._run, name="task", daemon=True).start()

    def next(self) -> Line | None:
        """What comes next, or after a while how far it is; None if it broke off."""
        try:
            return self._found.get(timeout=EVERY)
        except Empty:
            return Line(self._share, self._what)

    def leave(self) -> None:
        """Nobody wants it any more."""
        self._left.set()

    def _run(self) -> None:
        with suppress(Stopped):
            self._put(self._end())

    def _end(self) -> Line | None:
        """Do it; the line that ends it, None if it broke off."""
        try:
            with one_thread():
                for each in self._task(self._report):
                    self._put(self._line(found=packed(each)))
        except CoreError as problem:
            return self._line(wrong=str(problem), over=True)
        except Stopped:
            raise
        except Exception:
            logging.getLogger(__name__).exception("a task broke off")
            return None
        return self._line(over=True)

    def _report(self, share: float, what: str) -> None:
        if self._left.is_set():
            raise Stopped
        self._share, self._what = share, what

    def _line(self, *, found: bytes | None = None, over: bool = False, wrong: str | None = None) -> Line:
        return Line(self._share, self._what, found, over, wrong)

    def _put(self, line: Line | None) -> None:
        while not self._left.is_set():
            try:
                return self._found.put(line, timeout=EVERY)
            except Full:
                continue
        raise Stopped


async def lines(task: Task[Any]) -> AsyncIterator[bytes]:
    """All that is to be told of a task, until its end or until nobody listens."""
    doing = Doing(task)
    try:
        while (line := await asyncio.to_thread(doing.next)) is not None:
            yield line.told()
            if line.over:
                return
    finally:
        doing.leave()
