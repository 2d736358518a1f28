"""Temporary folders that bear the name of who made them, so that those of the dead can be swept away."""

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

_A_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def make(what: str, *, where: Path | None = None) -> Path:
    """An empty folder of this process; it removes it itself if it lives long enough."""
    return Path(tempfile.mkdtemp(prefix=f"fovea-{what}-{os.getpid()}-{_started(os.getpid())}-", dir=where))


def sweep(*more: Path) -> None:
    """Remove what processes left that were killed. A number is used again, a number with its starting time is not."""
    found = [folder for place in (Path(tempfile.gettempdir()), *more) for folder in place.glob("fovea-*-*-*-*")]
    for folder in found:
        pid, started = folder.name.split("-")[2:4]
        if pid.isdigit() and started.isdigit() and _started(int(pid)) != int(started):
            remove(folder)


def remove(folder: Path) -> None:
    """Take a folder away, whatever was built in it: folders that may not be entered, or a thousand in a row."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        with contextlib.suppress(OSError):  # what cannot be had stays; it is nobody's program's end
            _flatten(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _flatten(folder: Path) -> None:
    """Let every folder in it lie right in it. Descriptors, not paths: nobody can lead us elsewhere by a link."""
    top = os.open(folder, _A_FOLDER)
    try:
        waiting = [name for name in os.listdir(top) if _enterable(name, top)]  # noqa: PTH208 - of a descriptor
        while waiting:
            place = os.open(waiting.pop(), _A_FOLDER, dir_fd=top)
            try:
                for name in os.listdir(place):  # noqa: PTH208
                    if _enterable(name, place):
                        waiting.append(secrets.token_hex(8))
                        os.rename(name, waiting[-1], src_dir_fd=place, dst_dir_fd=top)
            finally:
                os.close(place)
    finally:
        os.close(top)


def _enterable(name: str, place: int) -> bool:
    """Whether it is a folder; an ordinary user opens the door first, and root needs no door."""
    if not stat.S_ISDIR(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
        return False
    if os.geteuid():
        os.chmod(name, 0o700, dir_fd=place)
    return True


def _started(pid: int) -> int:
    """When a process started, in ticks since the machine did; -1 if there is none."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[19])
    except (OSError, ValueError, IndexError):
        return -1
