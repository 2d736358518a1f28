"""Watching a command from outside: when each result is announced, what CPU and what memory it takes.

It writes to a terminal of ours, so that it says how far it is the moment it gets there.
"""

import contextlib
import os
import pty
import select
import signal
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.grading_hand_ins import KINDS
from benchmarks.serve import ROOT

LONGEST = 1200.0  # seconds for one command on a busy machine
_LOOK = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class Watched:
    """One run of a command, seen from outside."""

    seconds: float  # from its start to its end
    done: tuple[float, ...]  # seconds from its start to each result
    cpu: float  # of all its processes, between the two results that `steady` counts between
    peak: int | None  # bytes, if asked for; None also where the system does not let us look


def counted(results: int) -> int:
    """How many results at the end of a batch are counted: all but the first, in whole turns through the kinds.

    >>> counted(10), counted(41), counted(4)
    (8, 40, 3)
    """
    if results < 2:
        raise ValueError(f"the pace of a batch takes two results at least, got {results}")
    turns = (results - 1) // len(KINDS)
    return turns * len(KINDS) or results - 1


def watch(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    counts: Callable[[str], int],
    expected: int = 0,
    memory: bool = False,
) -> Watched:
    """Run the command to its end. `counts` tells from everything said so far how many results there are."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    first = expected - counted(expected) if expected > 1 else 0  # the result that `steady` counts from
    said, done, cpu = "", list[float](), {0: 0.0}
    try:
        with peak_memory(process.pid) if memory else contextlib.nullcontext() as peak:
            for piece in _pieces(process, ours, until=began + LONGEST):
                said += piece
                for number in range(len(done) + 1, counts(said) + 1):
                    done.append(time.perf_counter() - began)
                    if number in (first, expected):
                        cpu[number] = tree_cpu(process.pid)
            seconds = time.perf_counter() - began
    finally:
        os.close(ours)
        _end(process)
    if process.returncode or len(done) != expected:
        last = said.replace(str(folder), "...").replace(str(ROOT), "...")[-800:]
        raise RuntimeError(f"it ended with {process.returncode} after {len(done)} of {expected} results:\n{last}")
    return Watched(seconds, tuple(done), cpu.get(expected, 0.0) - cpu.get(first, 0.0), peak.bytes if peak else None)


def _pieces(process: "subprocess.Popen[bytes]", terminal: int, *, until: float) -> Iterator[str]:
    """What it writes, as it comes, until it has ended."""
    ended = False
    while not ended:
        ended = process.poll() is not None  # and then once more, for its last words
        if time.perf_counter() > until:
            raise RuntimeError(f"it did not end within {LONGEST:.0f} s")
        while select.select([terminal], [], [], 0 if ended else 0.02)[0]:
            try:
                written = os.read(terminal, 1 << 16)
            except OSError:  # nobody has it open any more
                written = b""
            if not written:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.02)
                break
            yield written.decode(errors="replace")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tree(pid: int) -> list[psutil.Process]:
    """A process and all that descend from it."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def tree_cpu(pid: int) -> float:
    """CPU seconds that a process, its descendants and those of them that have ended took so far."""
    seconds = 0.0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            seconds += sum(process.cpu_times()[:4])  # user, system, and both of the children that were waited for
    return seconds


@dataclass
class Peak:
    """The largest memory seen so far: None once a process did not let us look."""

    bytes: int | None = 0


@contextlib.contextmanager
def peak_memory(pid: int) -> Iterator[Peak]:
    """Look at a process tree again and again; shared pages are divided among those who share them (PSS)."""
    peak, over = Peak(), threading.Event()

    def look() -> None:
        while not over.wait(_LOOK) and peak.bytes is not None:
            try:
                peak.bytes = max(peak.bytes, tree_memory(pid))
            except psutil.AccessDenied:
                peak.bytes = None

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def tree_memory(pid: int) -> int:
    """Bytes that a process and its descendants hold."""
    held = 0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):  # also: has just ended
            held += process.memory_full_info().pss
    return held
