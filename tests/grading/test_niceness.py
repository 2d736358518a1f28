"""A grader beside the app stays behind it, with all that it starts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grading.niceness import BEHIND

STARTED = """
import json, os, subprocess, sys
from pathlib import Path
from grading import niceness

def ours(pid):
    group = Path(f"/proc/{pid}/autogroup")
    return os.getpriority(os.PRIO_PROCESS, pid), group.read_text().split()[-1] if group.exists() else None

niceness.step_back()
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
niceness.like_us(child.pid)
print(json.dumps([ours(os.getpid()), ours(child.pid)]))
child.communicate(b"\\n")
"""


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no niceness")
def test_what_steps_back_does_so_with_all_that_it_starts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTED], capture_output=True, text=True, check=True, start_new_session=True
    )
    least = os.nice(0) + BEHIND
    for own, group in json.loads(done.stdout):
        assert own == min(least, 19)
        assert group in (str(min(least, 19)), None) or not os.access("/proc/self/autogroup", os.W_OK)
    assert os.nice(0) == least - BEHIND


def test_a_server_that_never_stepped_back_changes_nothing() -> None:
    if os.nice(0):
        pytest.skip("these tests run with a niceness of their own")
    group = Path("/proc/self/autogroup")
    before = group.read_text() if group.exists() else ""
    from grading.niceness import like_us

    like_us(os.getpid())
    assert (group.read_text() if group.exists() else "") == before
