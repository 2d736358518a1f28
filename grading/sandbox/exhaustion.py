"""Attempts to use up what all share: memory, disk, threads, processor time."""

import _thread
import resource
import tempfile
from pathlib import Path

from grading.sandbox.escapes import StoppedError, Targets, escape, until

_MIB = 1 << 20


@escape("rights")
def limits(_: Targets) -> str:
    """Raises its own limits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard + 60))
    return "as much processor time as it likes"


@escape("disk")
def disk(targets: Targets) -> str:
    """Fills the disk."""
    piece, room, written = bytes(_MIB), resource.getrlimit(resource.RLIMIT_FSIZE)[0], 0
    each = min(targets.disk, room) if room != resource.RLIM_INFINITY else targets.disk
    with tempfile.TemporaryDirectory(dir=".") as place:
        for count in range(64):
            with Path(place, str(count)).open("wb", buffering=0) as file:
                for _ in range(each // _MIB):
                    written += file.write(piece)
                    if written > targets.disk:
                        return f"{written // _MIB} MiB"
    raise StoppedError(f"no more than {written // _MIB} MiB")


@escape("disk")
def many_files(targets: Targets) -> str:
    """Makes too many files."""
    with tempfile.TemporaryDirectory(dir=".") as place:
        for count in range(targets.files + 1):
            Path(place, str(count)).touch()
    return f"{targets.files + 1} files"


@escape("number of processes")
def threads(targets: Targets) -> str:
    """Starts too many threads."""
    _, most = resource.getrlimit(resource.RLIMIT_NPROC)
    many = targets.threads if most == resource.RLIM_INFINITY else max(targets.threads, min(most, 4096))
    gate, size = _thread.allocate_lock(), _thread.stack_size(256 * 1024)
    before, started = _thread._count(), 0
    with gate:  # each thread waits here; bare ones, since `Thread.start` waits for ever for one without memory to begin
        try:
            while started <= many:
                _thread.start_new_thread(_wait_at, (gate,))
                started += 1
        finally:
            _thread.stack_size(size)
            gate.release()
            until(lambda: _thread._count() <= before)
            gate.acquire()
    return f"{started} threads"


@escape("memory", lethal=True)
def memory(targets: Targets) -> str:
    """Allocates more memory than allowed."""
    pieces = [bytearray(b"x") * (8 * _MIB) for _ in range(targets.memory // (8 * _MIB) + 1)]
    return f"{len(pieces) * 8} MiB"


def _wait_at(gate: _thread.LockType) -> None:
    with gate:
        pass
