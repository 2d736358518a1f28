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
HEAPS = """
import ctypes, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from pages._kit.operations.machine import keep_little

keep_little()
together = Barrier(8)

def draw(_):
    together.wait(60)
    taken = [bytes(2_000) for _ in range(1_000)]
    together.wait(60)

with ThreadPoolExecutor(8) as threads:
    list(threads.map(draw, range(8)))
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""
PLANS = """
import ctypes
from pages._kit.operations.machine import keep_little

keep_little()
import torch

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "a b c d e f g used h i".split()]

mallinfo = ctypes.CDLL(None).mallinfo2
mallinfo.restype = Info
layer, used = torch.nn.Conv2d(16, 16, 3), []
with torch.no_grad():
    for side in range(160, 660):
        layer(torch.zeros(1, 16, 8, side))
        used.append(mallinfo().used)
print(used[-1] - used[-100])
"""
GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps nothing back")


def told(story: str) -> str:
    return subprocess.run([sys.executable, "-c", story], check=True, capture_output=True, text=True).stdout


@GLIBC
def test_gives_back_what_it_freed() -> None:
    assert int(told(STORY)) > 0.8e6 * MEGABYTES


@GLIBC
def test_has_two_heaps_whatever_number_of_threads() -> None:
    assert told(HEAPS).count("<heap nr=") == 2


@GLIBC
def test_torch_keeps_a_bounded_number_of_plans() -> None:
    assert int(told(PLANS)) < 500_000, "bytes of the last hundred of five hundred shapes; 6 MB without the bound"
