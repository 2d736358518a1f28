"""Control groups: memory and processes of everything a submission starts, counted and limited together.

The supervisor makes a group for each jailed process; the kernel's version 2 and version 1 are both served. What a
supervisor that died has left behind is removed by the next one.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grading.errors import SandboxError
from grading.sandbox.hierarchy import Hierarchy, hierarchies

_OURS = re.compile(r"fovea-(?P<namespace>\d+)-(?P<pid>\d+)-(?P<start>\d+)-[\w.-]+")
_PATIENCE = 10.0  # seconds until killed processes have to be gone


@dataclass(frozen=True)
class Cgroup:
    """A group of processes. `folders` are its places by what they control; version 2 has one place for all."""

    folders: Mapping[str, Path]
    version: int

    def enter(self, pid: int) -> None:
        """Put a process in; its children are born in it."""
        for folder in self._places():
            _write(folder / "cgroup.procs", pid)

    def processes(self) -> tuple[int, ...]:
        """The numbers of the processes in it."""
        found = {int(line) for folder in self._places() for line in _read(folder / "cgroup.procs").split()}
        return tuple(sorted(found))

    def kill(self) -> None:
        """End every process in it and wait until they are gone, so that nothing of a submission outlives it."""
        with suppress(OSError):
            _write(self.folders["pids"] / "pids.max", 0)  # nobody is born while we kill
        end = time.monotonic() + _PATIENCE
        pause = 0.0005
        while left := self.processes():
            if time.monotonic() > end:
                raise SandboxError(f"{len(left)} processes of a submission do not end.")
            self._kill(left)
            time.sleep(pause)
            pause = min(pause * 2, 0.05)

    def peak_memory(self) -> int:
        """The most bytes it held at any time; 0 where the kernel does not say."""
        name = "memory.peak" if self.version == 2 else "memory.max_usage_in_bytes"
        return int(_read(self.folders["memory"] / name).strip() or 0)

    def out_of_memory(self) -> bool:
        """Whether the kernel ended one of its processes because the memory was used up."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        counts = dict(line.split() for line in _read(self.folders["memory"] / name).splitlines())
        return int(counts.get("oom_kill", 0)) > 0

    def remove(self) -> None:
        """Take it away; it must be empty, and may be gone already."""
        for folder in self._places():
            _remove(folder)

    def _kill(self, pids: tuple[int, ...]) -> None:
        with suppress(OSError):
            if self.version == 2:
                _write(self.folders["pids"] / "cgroup.kill", 1)
                return
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _places(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys(self.folders.values()))


@dataclass(frozen=True)
class Cgroups:
    """The place where this process may make groups."""

    hierarchy: Hierarchy

    @staticmethod
    def find() -> "Cgroups | None":
        """A place where groups for memory and processes can be made, tried out; none where the system forbids it."""
        return next((found for found in map(Cgroups, hierarchies()) if found.works()), None)

    def works(self) -> bool:
        """Whether a group can be made, filled, emptied and removed here; leftovers of dead supervisors are removed."""
        try:
            self.hierarchy.take()
            self.remove_stale()
            trial = self.create("trial", memory=1 << 26, processes=4)
        except (OSError, SandboxError, ValueError):
            self.hierarchy.give_back()
            return False
        command = [sys.executable, "-I", "-S", "-c", "input()"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            trial.enter(child.pid)
            held = trial.processes() == (child.pid,)
        except OSError:
            held = False
        finally:
            child.kill()
            child.communicate()
            trial.remove()
        if not held:
            self.hierarchy.give_back()
        return held

    def create(self, name: str, *, memory: int, processes: int) -> Cgroup:
        """An empty group for at most `memory` bytes, files in memory included, and `processes`, threads included."""
        if not re.fullmatch(r"[\w.-]+", name):
            raise ValueError(f"name must be letters, digits, dots and dashes, got {name!r}")
        folders = {kind: base / f"{_prefix()}-{name}" for kind, base in self.hierarchy.bases.items()}
        group = Cgroup(folders, self.hierarchy.version)
        try:
            for folder in dict.fromkeys(folders.values()):
                folder.mkdir()
            self._limit(group, memory, processes)
        except OSError:
            group.remove()
            raise
        return group

    def remove_stale(self) -> int:
        """Empty and remove the groups of supervisors that are dead; how many there were."""
        stale: dict[str, dict[str, Path]] = {}
        for kind, base in self.hierarchy.bases.items():
            for folder in _of_the_dead(base):
                stale.setdefault(folder.name, {})[kind] = folder
        for folders in stale.values():
            whole = {kind: folders.get(kind, next(iter(folders.values()))) for kind in ("memory", "pids")}
            group = Cgroup(whole, self.hierarchy.version)
            group.kill()
            group.remove()
        return len(stale)

    def _limit(self, group: Cgroup, memory: int, processes: int) -> None:
        place, pids = group.folders["memory"], group.folders["pids"]
        if group.version == 2:
            _write(place / "memory.max", memory)
            with suppress(OSError):  # a kernel without swap has no such file
                _write(place / "memory.swap.max", 0)
            with suppress(OSError):
                _write(place / "memory.oom.group", 1)
        else:
            _write(place / "memory.limit_in_bytes", memory)
            with suppress(OSError):  # not every kernel counts swap
                _write(place / "memory.memsw.limit_in_bytes", memory)
        _write(pids / "pids.max", processes)


def _of_the_dead(base: Path) -> Iterator[Path]:
    here = _namespace()
    for folder in base.iterdir():
        name = _OURS.fullmatch(folder.name)
        if name and int(name["namespace"]) == here and _started(int(name["pid"])) != int(name["start"]):
            yield folder


def _prefix() -> str:
    """Who made a group: numbers are used again, a number with its starting time and its namespace is not."""
    pid = os.getpid()
    return f"fovea-{_namespace()}-{pid}-{_started(pid)}"


def _namespace() -> int:
    return Path("/proc/self/ns/pid").stat().st_ino


def _started(pid: int) -> int:
    """When a process started, in ticks since the machine did; -1 if there is no such process."""
    try:
        return int(_read(Path(f"/proc/{pid}/stat"), strict=True).rsplit(")", 1)[1].split()[19])
    except (OSError, IndexError):
        return -1


def _remove(folder: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:  # the last process has ended but is still being put away
            if time.monotonic() > end:
                raise SandboxError(f"A control group of a submission cannot be removed: {error.strerror}.") from error
            time.sleep(0.001)


def _read(path: Path, *, strict: bool = False) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        if strict:
            raise
        return ""


def _write(path: Path, value: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)  # the kernel's file must be there: we make none
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)
