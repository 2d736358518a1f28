"""What a process frees goes back to its machine."""

import platform
import subprocess
import sys

import pytest

MEGABYTES = 200
# The last block keeps the heap from shrinking by itself.
STORY = f"""
from psutil import Process
from pages._kit.operations.machine import give_back
taken = [bytes(2_000) for _ in range({MEGABYTES * 500})]
last = taken.pop()
del taken
kept = Process().memory_info().rss
give_back()
print(kept - Process().memory_info().rss)
"""
LARGE = """
import ctypes
from pages._kit.operations.machine import keep_little

class Said(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena a b c mapped d e f g h".split()]

mallinfo = ctypes.CDLL(None).mallinfo2
mallinfo.restype = Said
keep_little()
bytearray(1_000_000)  # glibc would keep the next one of this size in a heap, once one was freed
before = mallinfo().mapped
taken = bytearray(1_000_000)
print(mallinfo().mapped - before)
"""
GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps nothing back")


def told(story: str) -> int:
    return int(subprocess.run([sys.executable, "-c", story], check=True, capture_output=True, text=True).stdout)


@GLIBC
def test_gives_back_what_it_freed() -> None:
    assert told(STORY) > 0.8e6 * MEGABYTES


@GLIBC
def test_what_is_large_lies_in_no_heap() -> None:
    assert told(LARGE) >= 1_000_000
