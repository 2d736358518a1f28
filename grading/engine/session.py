"""A student's process and its judge, alive together: cells run in the one, tests in the other.

A process that dies takes only the cell with it that killed it: the next call starts a new pair and runs again what had
run before. The same session grades a whole notebook in a second or serves a browser for an hour.
"""

import hashlib
import json
import math
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from grading.engine.outputs import Output, bytes_of, checked
from grading.engine.processes import Process
from grading.engine.wire import Broken, Gone, Late
from grading.limits import Limits
from grading.messages import Message

Ending = Literal["finished", "out of time", "out of memory", "died", "broken", "over", "ours"]
_SLACK = 5.0  # seconds on the clock for a process that is started, waits for its turn or ends
_LOST: dict[type[Exception], Ending] = {Late: "out of time", Gone: "died", Broken: "broken"}


@dataclass(frozen=True)
class Ran:
    """A cell that ran in the student's process. Everything in it was said by that process."""

    ending: Ending
    outputs: tuple[Output, ...] = ()
    error: tuple[str, str] | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Tested:
    """A test cell that ran in the judge."""

    ending: Ending
    run: dict[str, Any] = field(default_factory=dict)
    points: dict[str, Any] = field(default_factory=dict)
    rulings: tuple[dict[str, Any], ...] = ()
    objects: frozenset[str] = frozenset()  # where objects instead of plain values came from, so far
    seconds: float = 0.0


@dataclass(frozen=True)
class Pair:
    """The two processes of a session, and the judge's end of the way between them."""

    student: Process
    judge: Process
    asking: socket.socket

    def begin(self, seed: int) -> None:
        """From here on it is one session's. The student's seed tells nothing about the judge's, which draws cases."""
        own = int.from_bytes(hashlib.sha256(f"student {seed}".encode()).digest()[:7])
        self.student.wire.send(b"b", Message(str(own).encode()))
        self.judge.link(self.asking, seed)
        self.asking.close()

    def kill(self) -> None:
        """End both."""
        self.student.kill()
        self.judge.kill()
        self.asking.close()


@dataclass(frozen=True)
class _Done:
    """A cell that is run again after a restart: the student's half if it ran to its end, and the judge's."""

    source: str
    for_judge: str


class Session:
    """`start` gives a fresh pair, `end` takes a used one; everything else is this session's."""

    def __init__(self, start: Callable[[], Pair], end: Callable[[Pair], object], limits: Limits) -> None:
        self._start, self._end_pair, self._limits = start, end, limits
        self._pair: Pair | None = None
        self._done: list[_Done] = []
        self._restarts = 0
        self._over = False
        self._room = limits.all_output_bytes
        self._patience = limits.patience
        self._until = time.monotonic() + limits.total_seconds * limits.patience
        self.peak_memory = 0

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End both processes; a second call does nothing."""
        if self._pair:
            self._end(self._pair)

    def run(self, source: str, *, for_judge: str = "") -> Ran:
        """A cell in the student's process; in the judge `for_judge`, the instructor's imports and helpers."""
        pair = self._alive()
        if pair is None:
            return Ran("over")
        ran = self._run(pair, source)
        done = _Done(source if ran.ending == "finished" else "", for_judge)
        if done.source or done.for_judge:
            self._done.append(done)
        if done.for_judge and self._pair:  # a pair that was lost hears it when it is made anew
            self._command(pair, b"s", {"source": for_judge})
        return ran

    def test(self, source: str, *, out_of: float) -> Tested:
        """A test cell in the judge. A judge that fails is tried once more with a new pair: it may have been chance."""
        for _ in range(2):
            pair = self._alive()
            if pair is None:
                return Tested("over")
            tested = self._command(pair, b"t", {"source": source, "out of": out_of, "patience": self._patience})
            if tested.ending == "out of time":
                self._patience = max(1.0, self._patience / 2)  # the next deaf function is waited for less long
            if tested.ending != "ours":
                break
        return tested

    def interrupt(self) -> None:
        """Stop the cell that runs now; what ran before stays."""
        if self._pair:
            self._pair.student.signal(signal.SIGINT)

    def _run(self, pair: Pair, source: str) -> Ran:
        limits = self._limits
        began = time.monotonic()
        try:
            command = json.dumps({"source": source, "seconds": limits.cell_seconds})
            deadline = began + limits.cell_seconds * limits.patience + _SLACK
            pair.student.wire.send(b"r", Message(command.encode()), deadline=deadline)
            ran = _ran(pair.student.wire.receive(deadline=min(deadline, self._until + _SLACK))[1], limits, self._room)
            self._room -= sum(map(bytes_of, ran.outputs))
            return ran
        except (Gone, Late, Broken) as error:
            return Ran(self._lost(pair, error), seconds=time.monotonic() - began)

    def _command(self, pair: Pair, kind: bytes, command: dict[str, Any]) -> Tested:
        limits = self._limits
        began = time.monotonic()
        deadline = began + limits.cell_seconds * self._patience + 2 * _SLACK
        try:
            pair.judge.wire.send(kind, Message(json.dumps(command).encode()), deadline=deadline)
            said = json.loads(pair.judge.wire.receive(deadline=deadline)[1].head)
        except Late as error:
            return Tested(self._lost(pair, error), seconds=time.monotonic() - began)
        except (Gone, Broken, ValueError):
            self._end(pair)  # the judge is ours: if it falls, that is our fault until proven otherwise
            return Tested("ours", seconds=time.monotonic() - began)
        seconds = time.monotonic() - began
        if said["lost"]:
            lost: dict[str, Exception] = {"gone": Gone(), "late": Late(), "broken": Broken()}
            return Tested(self._lost(pair, lost[said["lost"]]), seconds=seconds)
        return Tested(
            "finished",
            run=said.get("run", {}),
            points=said.get("points", {}),
            rulings=tuple(said.get("rulings", ())),
            objects=frozenset(said.get("objects", ())),
            seconds=seconds,
        )

    def _alive(self) -> Pair | None:
        """The running pair; after a loss a new one that ran again what had run, or None if that was once too often."""
        while self._pair is None and not self._over:
            if self._restarts > self._limits.restarts or time.monotonic() > self._until:
                self._over = True
                break
            self._restarts += 1
            self._pair = self._start()
            self._catch_up(self._pair)
        return self._pair

    def _catch_up(self, pair: Pair) -> None:
        """Run again what had run. What ran then and kills now is left out the next time; the judge's half never is."""
        for place, done in enumerate(self._done):
            if done.source and self._run(pair, done.source).ending != "finished":
                self._done[place] = _Done("", done.for_judge)
                return
            if done.for_judge:
                self._command(pair, b"s", {"source": done.for_judge})
            if self._pair is None:
                return

    def _lost(self, pair: Pair, error: Exception) -> Ending:
        out_of_memory = pair.student.out_of_memory()
        self._end(pair)
        return "out of memory" if out_of_memory else _LOST[type(error)]

    def _end(self, pair: Pair) -> None:
        self.peak_memory = max(self.peak_memory, pair.student.peak_memory())
        self._pair = None
        self._end_pair(pair)


def _ran(message: Message, limits: Limits, room: int) -> Ran:
    try:
        said = json.loads(message.head)
        error = said["error"]
        seconds = float(said["seconds"])
        if not 0 <= seconds < math.inf:
            raise ValueError(seconds)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as problem:
        raise Broken("an answer that is none") from problem
    size = min(room, limits.output_bytes + limits.output_bytes // 8)  # and the word that something is missing
    outputs = checked(said.get("outputs"), count=limits.outputs, size=size)
    words = (str(error[0])[:200], str(error[1])[:2000]) if isinstance(error, list) and len(error) == 2 else None
    return Ran("finished", outputs, words, seconds)
