"""A watch over what a jailed process writes, where nothing limits the place: it looks again and again, and ends it.

A file system in memory of its own is better, since it cannot hold too much; this is for machines without one, and for
folders that others share with a process. Between two looks a little more can be written than allowed.
"""

import os
import stat
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grading.limits import Limits

_PAUSE = 0.05  # seconds between two looks, at least
_SHARE = 0.1  # of its time a watch may look
_DEPTH = 64  # folders inside each other; more only make it slow to look


@dataclass(frozen=True)
class Use:
    """What was found: bytes on the disk and entries of folders; `hidden` says that not everything could be seen."""

    size: int = 0
    files: int = 0
    hidden: bool = False


class Watch:
    """A thread that looks until it is stopped. `end` ends the process, and is called at most once."""

    def __init__(self, folders: Iterable[Path], limits: Limits, *, pid: int | None, end: Callable[[], object]) -> None:
        self._folders, self._pid, self._end = tuple(folders), pid, end
        self._size, self._files = limits.disk_bytes, limits.disk_files
        self._stopped = threading.Event()
        self.found = Use()
        self._thread = threading.Thread(target=self._look, name="watch over a work folder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """From here on it touches neither folder nor process."""
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            began = time.monotonic()
            self.found = use(self._folders, size=self._size, files=self._files, pid=self._pid)
            if self.found.hidden or self.found.size > self._size or self.found.files > self._files:
                self._end()
                return
            pause = max(_PAUSE, (time.monotonic() - began) / _SHARE)


def use(folders: Iterable[Path], *, size: int, files: int, pid: int | None = None) -> Use:
    """What lies in folders, and in files that `pid` holds open though they are in none; counted until it is too much.

    A folder that cannot be read, or lies too deep, hides what is in it.
    """
    written = _held_open(pid) if pid else 0
    entries = 0
    waiting = [(str(folder), 0) for folder in folders]
    while waiting:
        folder, depth = waiting.pop()
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    with suppress(FileNotFoundError):  # it went away while we looked
                        about = entry.stat(follow_symlinks=False)
                        entries += 1
                        written += about.st_blocks * 512
                        if stat.S_ISDIR(about.st_mode):
                            waiting.append((entry.path, depth + 1))
                    if written > size or entries > files:
                        return Use(written, entries)
        except FileNotFoundError:
            continue
        except OSError:
            return Use(written, entries, hidden=True)
        if depth >= _DEPTH:
            return Use(written, entries, hidden=True)
    return Use(written, entries)


def _held_open(pid: int) -> int:
    """Bytes of files that were deleted and are open: they take room until they are closed."""
    held = {}
    with suppress(OSError):  # it has ended, or may not be looked at
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                about = descriptor.stat()
                if stat.S_ISREG(about.st_mode) and not about.st_nlink:
                    held[about.st_dev, about.st_ino] = about.st_blocks * 512
    return sum(held.values())
