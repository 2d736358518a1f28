"""Limits that the kernel keeps for one process: processor time, memory, files, threads."""

import math
import resource
from pathlib import Path

from grading.limits import Limits


def apply(limits: Limits, *, memory: bool, processes: int | None) -> None:
    """Set the limits of this process for good: nobody without root's rights can raise them again.

    `memory` limits what the process may map beyond what it has mapped already; it must be off for CUDA, which maps far
    more than it uses. `processes` limits how many processes and threads its user may have.
    """
    seconds = math.ceil(limits.total_seconds)
    _set(resource.RLIMIT_CPU, seconds)  # at the hard limit the kernel kills, whatever the process does with signals
    _set(resource.RLIMIT_FSIZE, limits.file_bytes)
    _set(resource.RLIMIT_NOFILE, limits.open_files)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_MSGQUEUE, 0)
    if memory and not limits.cuda:
        _set(resource.RLIMIT_AS, mapped() + limits.memory)
    if processes is not None:
        _set(resource.RLIMIT_NPROC, processes)


def mapped() -> int:
    """Bytes of address space in use; a process that has imported torch has mapped gigabytes."""
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * resource.getpagesize()


def _set(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))
