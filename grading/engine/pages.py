"""Fewer and larger pages, so that forking costs less.

A fork copies the list of its parent's pages, and its end takes it apart again. torch leaves a process with 90,000
pages of 4 KiB; gathered into pages of 2 MiB they are a few hundred. Children share them as before: what a child writes
to is copied for it in pieces of 4 KiB. Where the kernel cannot do this (before Linux 6.1), nothing changes.
"""

import ctypes
from collections.abc import Iterable, Iterator
from pathlib import Path

LARGE = 2 << 20
_COLLAPSE = 25  # MADV_COLLAPSE of linux/mman.h


def gather() -> int:
    """Gather the writable memory of this process, and say how many bytes of it could be."""
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    spans = whole_pages(Path("/proc/self/maps").read_text(encoding="utf-8").splitlines())
    return sum(end - start for start, end in list(spans) if libc.madvise(start, end - start, _COLLAPSE) == 0)


def whole_pages(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The large pages that lie within private writable memory which is no file's, given lines of /proc/self/maps.

    >>> list(whole_pages(["200000-700000 rw-p 00000000 00:00 0  [heap]", "800000-c00000 r--p 00000000 00:00 0"]))
    [(2097152, 6291456)]
    """
    for line in maps:
        span, kind, _, _, _, *name = line.split()
        if kind == "rw-p" and name in ([], ["[heap]"]):
            start, end = (int(bound, 16) for bound in span.split("-"))
            start, end = -(-start // LARGE) * LARGE, end // LARGE * LARGE
            if start < end:
                yield start, end
