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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps nothing back")
def test_gives_back_what_it_freed() -> None:
    given = subprocess.run([sys.executable, "-c", STORY], check=True, capture_output=True, text=True).stdout
    assert int(given) > 0.8e6 * MEGABYTES
