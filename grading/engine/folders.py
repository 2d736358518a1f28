"""Temporary folders that bear the name of who made them, so that those of the dead can be swept away."""

import os
import shutil
import tempfile
from pathlib import Path


def make(what: str, *, where: Path | None = None) -> Path:
    """An empty folder of this process; it removes it itself if it lives long enough."""
    return Path(tempfile.mkdtemp(prefix=f"fovea-{what}-{os.getpid()}-{_started(os.getpid())}-", dir=where))


def sweep(*more: Path) -> None:
    """Remove what processes left that were killed. A number is used again, a number with its starting time is not."""
    found = [folder for place in (Path(tempfile.gettempdir()), *more) for folder in place.glob("fovea-*-*-*-*")]
    for folder in found:
        pid, started = folder.name.split("-")[2:4]
        if pid.isdigit() and started.isdigit() and _started(int(pid)) != int(started):
            shutil.rmtree(folder, ignore_errors=True)


def _started(pid: int) -> int:
    """When a process started, in ticks since the machine did; -1 if there is none."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[19])
    except (OSError, ValueError, IndexError):
        return -1
