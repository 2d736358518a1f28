"""A process beside ours, such as the grader beside the app: it ends when we do, and is started anew when it dies.

What holds it is a pipe: the child reads its standard input and ends when that does. Whatever ends the parent, SIGKILL
included, closes the pipe, on every system.
"""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

READY = "ready"  # what a child prints when it is at work
GRADER = "FOVEA_GRADER"  # in a server's environment: "beside" if it is to keep a grader running, or "elsewhere"
HELD = "FOVEA_HELD"  # in the environment of a child that ends with its standard input
CALLED_WRONGLY, REFUSAL = 2, "fovea: "  # status and first word of a command that says why it does nothing
GRACE = 20.0  # seconds for what a child is at when its parent is gone

log = logging.getLogger("fovea")


def end_with_parent(*, grace: float = GRACE) -> bool:
    """If somebody holds this process, end once they let go: politely, then at once. Whether somebody does."""
    if not os.environ.pop(HELD, ""):  # our own children are nobody's companions unless we say so
        return False

    def watch() -> None:
        with suppress(OSError):
            while os.read(0, 4096):
                pass
        for asked in (signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), asked)
            time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, name="holder", daemon=True).start()
    return True


def held(command: Sequence[str], *, complaints: int | None = None) -> "subprocess.Popen[str]":
    """Start a child that ends with us; it complains where we do, or to what `complaints` says."""
    return subprocess.Popen(  # noqa: S603 - our own command, no shell
        list(command),
        env={**os.environ, HELD: "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl-C is for us; it ends by its pipe
    )


@dataclass
class Companion:
    """A command that is kept running. Its complaints go to our log, and the last one is `trouble` while it is down."""

    name: str
    command: Sequence[str]
    first_pause: float = 1.0  # seconds before it is started again, twice as long each time
    most_pause: float = 60.0  # but never longer; whatever ran that long starts from the first pause again
    again: bool = True  # False: when it ends, that is that
    said: Callable[[str], None] = lambda _: None  # hears every line that it prints, but not why it refuses
    trouble: str = ""
    starts: int = 0
    _process: "subprocess.Popen[str] | None" = field(default=None, repr=False)
    _ending: threading.Event = field(default_factory=threading.Event, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def start(self) -> None:
        """Begin to keep it running, in a thread."""
        threading.Thread(target=self._keep, name=self.name, daemon=True).start()

    def stop(self, *, patience: float = 2.0) -> None:
        """Let go of it. It finishes what it is at; we wait a little and leave it to that."""
        with self._lock:
            self._ending.set()
            process = self._process
        if process is None:
            return
        if process.stdin:
            with suppress(OSError):
                process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)

    @property
    def pid(self) -> int | None:
        """Of the process that runs now, if one does."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def _keep(self) -> None:
        pause = self.first_pause
        while not self._ending.is_set():
            began = time.monotonic()
            trouble, refused = self._run()
            if self._ending.is_set():
                return
            if time.monotonic() - began > self.most_pause:
                pause = self.first_pause
            if trouble != self.trouble or not refused:  # what it refuses for one reason is said once
                log.warning("%s: %s%s", self.name, trouble, f" Next try in {pause:g} s." if self.again else "")
            self.trouble = trouble
            if not self.again:
                return
            self._ending.wait(pause)
            pause = min(2 * pause, self.most_pause)

    def _run(self) -> tuple[str, bool]:
        """One life of it: why that is over, and whether it refused to live."""
        try:
            process = self._started()
        except OSError as problem:  # also where the machine has no room for one more process just now
            return f"It could not be started: {problem.strerror}.", True
        if process is None:
            return "", False
        with process:
            complained = self._listen(process)
        refused = process.returncode == CALLED_WRONGLY
        trouble = complained.removeprefix(REFUSAL) if refused else ""
        return trouble or f"It ended with status {process.returncode}.", refused

    def _started(self) -> "subprocess.Popen[str] | None":
        with self._lock:
            if self._ending.is_set():
                return None
            self._process = held(self.command, complaints=subprocess.STDOUT)
            self.starts += 1
            return self._process

    def _listen(self, process: "subprocess.Popen[str]") -> str:
        """Pass on what it prints until it ends; the last line."""
        last = ""
        for line in process.stdout or ():
            last = line.rstrip()[:1000] or last
            if last == READY:
                self.trouble = ""
            elif not last.startswith(REFUSAL):
                self.said(last)
        return last
