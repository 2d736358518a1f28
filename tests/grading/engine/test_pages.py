"""Large pages: a fork gets cheaper and nobody reads anything else than before."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grading.engine.pages import LARGE, gather, whole_pages

PAGE = 4096
# In a process of its own: this one's memory stays as it is.
CHILD = f"""
import mmap, os
from grading.engine.pages import gather
memory = mmap.mmap(-1, 16 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for start in range(0, len(memory), {PAGE}):
    memory[start:start + 8] = start.to_bytes(8, "little")
print(gather())
def intact():
    return all(memory[start:start + 8] == start.to_bytes(8, "little") for start in range(0, len(memory), {PAGE}))
assert intact()
child = os.fork()
if child == 0:
    fine = intact()
    memory[:8] = b"childish"
    os._exit(0 if fine else 1)
assert os.waitpid(child, 0)[1] == 0
assert intact()  # what a child writes is the child's
print(open("/proc/self/smaps_rollup").read())
"""


def test_keeps_what_is_in_memory_for_parent_and_child() -> None:
    ran = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    gathered, rollup = int(ran.stdout.split()[0]), ran.stdout
    large = int(re.search(r"AnonHugePages:\s+(\d+) kB", rollup)[1]) * 1024
    if gathered == 0:
        pytest.skip("this kernel gathers no pages")
    assert gathered % LARGE == 0
    assert large > 0


def test_finds_whole_pages_of_its_own_memory_only() -> None:
    maps = Path("/proc/self/maps").read_text().splitlines()
    for start, end in whole_pages(maps):
        assert start % LARGE == 0 == end % LARGE
        assert start < end
    assert list(whole_pages(["200000-a00000 rw-s 0 00:01 7 /dev/zero", "200000-a00000 rw-p 0 08:01 7 /lib/a.so"])) == []


def test_says_nothing_where_nothing_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.engine.pages._COLLAPSE", 4242)  # advice that no kernel knows
    assert gather() == 0
