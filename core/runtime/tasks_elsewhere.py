"""Long work that a cluster does: the task goes there over HTTP, and what it finds comes back one after the other.

At least twice a second a line says how far it is, found something or not. Where nobody takes the task, and where the
line breaks off in the middle, `Gone` is raised, and whoever asked does it here.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from core.errors import CoreError
from core.learning.train import Progress
from core.runtime.elsewhere import PORT, host_of
from core.runtime.tasks import MOST, Task, Unfit, packed, unpacked
from core.runtime.trust import Trust

PATH = "/tasks"
LENGTH = 4  # bytes that say how long a line is


class Gone(Exception):
    """Nobody does this work elsewhere, or no longer."""


@dataclass(frozen=True)
class Line:
    """How far the work is, and perhaps something that it has found, or its end."""

    done: float
    doing: str
    found: bytes | None = None
    over: bool = False
    wrong: str | None = None

    def told(self) -> bytes:
        """The line in bytes, its length first."""
        body = packed(self)
        return len(body).to_bytes(LENGTH, "big") + body


class TasksElsewhere:
    """Tasks on the machines of a cluster.

    A door opens within `knock` seconds or nobody is there; every line may take `patience`, the first one as well: a
    cluster that has no process free by then is left alone.
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
        try:
            with closing(HTTPConnection(*self._where, timeout=self._knock)) as door, self._asked(door, task) as answer:
                for line in _lines(answer):
                    if not began:
                        began = True
                        self._trust.over(turn, well=True)
                    progress(line.done, line.doing)
                    if line.found is not None:
                        yield task.read(line.found)
                    if line.wrong is not None:
                        raise CoreError(line.wrong)
        except (OSError, HTTPException, Unfit) as problem:
            raise Gone from problem
        finally:
            if not began:
                self._trust.over(turn, well=False)

    def _asked(self, door: HTTPConnection, task: Task[Any]) -> HTTPResponse:
        door.connect()
        door.sock.settimeout(self._patience)
        door.request("POST", PATH, task.sent())
        return door.getresponse()


def _lines(answer: HTTPResponse) -> Iterator[Line]:
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
