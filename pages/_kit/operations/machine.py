"""What this process and its machine say about themselves, and memory that goes back to the machine."""

import ctypes
import os
from pathlib import Path

from classroom.operation import Process
from pages._kit import beside
from pages._kit.operations.metrics import REGISTRY
from pages._kit.operations.visits import door

MEMORY = Path("/proc/meminfo")  # of Linux; elsewhere nothing is said
HEAPS = 2
ARENA_MAX = -8  # as glibc's malloc.h numbers it
PLANS = {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "256", "LRU_CACHE_CAPACITY": "256"}  # of convolutions, for one shape each


def process() -> Process:
    """Of the process that draws this page."""
    resident = REGISTRY.get_sample_value("process_resident_memory_bytes")
    return Process(
        inside=door.inside,
        bound=door.bound(),
        memory=None if resident is None else int(resident),
        free_memory=available(MEMORY.read_text(encoding="ascii")) if MEMORY.exists() else None,
        keeps_grader=beside.running("grader") is not None,
        trouble=beside.trouble(),
    )


def available(text: str) -> int | None:
    """Bytes that could be had, as Linux estimates them.

    >>> available("MemTotal: 2048 kB\\nMemAvailable:    1024 kB\\n"), available("")
    (1048576, None)
    """
    said = next((line.split()[1] for line in text.splitlines() if line.startswith("MemAvailable:")), None)
    return None if said is None else int(said) * 1024


def keep_little() -> None:
    """From now on glibc has two heaps instead of one for each thread there is at once, and torch keeps fewer plans.

    A page is drawn by a thread of its own, whose heap stays, with holes, when the thread has ended. Torch plans a
    convolution anew for every shape of its input, and would keep a thousand plans of 0.1 MB. It reads the bounds when
    it is first imported.
    """
    for name, bound in PLANS.items():
        os.environ.setdefault(name, bound)
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    if choose is not None:
        choose(ARENA_MAX, HEAPS)


def give_back() -> None:
    """Return what was freed to the machine. glibc keeps it otherwise, in a heap for each thread there was at once."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have no such function
    if trim is not None:
        trim(0)
