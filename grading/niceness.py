"""Who goes first on a busy machine.

Niceness alone is not enough: where Linux shares the machine out by sessions of processes, it counts within one only,
and every session has a number of its own.
"""

import os
from contextlib import suppress
from pathlib import Path

BEHIND = 10


def step_back() -> None:
    """Let whoever else wants this machine go first: somebody waits for a page, and a queue can wait a little longer."""
    if hasattr(os, "nice"):
        os.nice(BEHIND)
        like_us(os.getpid())


def like_us(pid: int) -> None:
    """Give the session of a process that we started the niceness that we have ourselves."""
    if hasattr(os, "nice") and (ours := os.nice(0)):
        with suppress(OSError):
            Path(f"/proc/{pid}/autogroup").write_text(str(ours))
