"""Long work that a cluster does: the task goes there over HTTP, and what it finds comes back one after the other.

At least twice a second a line says how far it is, found something or not. Where nobody takes the task, and where the
line breaks off in the middle, `Gone` is raised, and whoever asked does it here.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from core.errors import CoreError
from core.learning.train import Progress
from core.runtime.elsewhere import PORT, host_of
from core.runtime.tasks import Task
from core.runtime.trust import Trust
from core.runtime.wire import MOST, Unfit, packed, unpacked

PATH = "/tasks"
LENGTH = 4  # bytes that say how long a line is
LOOK_EVERY = 0.5  # seconds


class Gone(Exception):
    """Nobody does this work elsewhere, or no longer."""


class Refused(Unfit):
    """They answer, and do not know this task."""


@dataclass(frozen=True)
class Line:
    """How far the work is, and perhaps something that it has found, or its end."""

    done: float
    doing: str
    found: bytes | None = None
    over: bool = False
    wrong: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.done <= 1:
            raise ValueError(f"a share is from 0 to 1, got {self.done}")

    def told(self) -> bytes:
        """The line in bytes, its length first."""
        body = packed(self)
        return len(body).to_bytes(LENGTH, "big") + body


class TasksElsewhere:
    """Tasks on the machines of a cluster.

    A door opens within `knock` seconds or nobody is there; the first line may take `patience`, and so may every pause
    in the middle: a cluster that has no process free by then is left alone.
    """

    def __init__(
        self, host: str, port: int = PORT, *, knock: float = 1.0, patience: float = 10.0, trust: Trust | None = None
    ) -> None:
        self._where, self._knock, self._patience = (host, port), knock, patience
        self._trust = trust or Trust()

    @classmethod
    def of_cluster(cls, address: str) -> "TasksElsewhere":
        """Those of a Ray cluster, whose door is on the machine of its head."""
        return cls(host_of(address))

    def __call__(self, task: Task[Any], progress: Progress) -> Iterator[Any]:
        """What the task finds; its progress may stop it, as it may here."""
        turn = self._trust.turn()
        if turn is None:
            raise Gone
        began = False
        well: bool | None = None  # who stops before the first line says nothing of the cluster
        try:
            with closing(HTTPConnection(*self._where, timeout=self._knock)) as door:
                self._send(door, task, progress)
                with closing(_lines(door)) as lines:
                    for line in lines:
                        if not began:
                            began = True
                            self._trust.over(turn, well=True)
                        progress(line.done, line.doing)
                        if line.found is not None:
                            yield task.read(line.found)
                        if line.wrong is not None:
                            raise CoreError(line.wrong)
        except Refused as problem:
            well = True
            raise Gone from problem
        except (OSError, HTTPException, ValueError) as problem:
            if isinstance(problem, CoreError) and not isinstance(problem, Unfit):
                raise  # a sentence from there
            well = False
            raise Gone from problem
        finally:
            if not began:
                self._trust.over(turn, well=well)

    def _send(self, door: HTTPConnection, task: Task[Any], progress: Progress) -> None:
        door.connect()
        door.sock.settimeout(self._patience)
        door.request("POST", PATH, task.sent())
        until = time.monotonic() + self._patience
        with DefaultSelector() as eye:
            eye.register(door.sock, EVENT_READ)
            while not eye.select(LOOK_EVERY):
                progress(0.0, "waiting for a process elsewhere")
                if time.monotonic() > until:
                    raise TimeoutError


def _lines(door: HTTPConnection) -> Generator[Line]:
    with door.getresponse() as answer:
        if answer.status == 400:
            raise Refused("this is not done there")
        if answer.status != 200:
            raise HTTPException(f"status {answer.status}")
        over = False
        while not over:
            line: Line = unpacked(_piece(answer, int.from_bytes(_piece(answer, LENGTH), "big")), Line)
            yield line
            over = line.over


def _piece(answer: HTTPResponse, length: int) -> bytes:
    if length > MOST:
        raise HTTPException(f"a line of {length} bytes")
    piece = answer.read(length)
    if len(piece) < length:
        raise HTTPException("the line broke off")
    return piece
