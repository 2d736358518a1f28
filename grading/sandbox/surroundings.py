"""What a process brings along from its starter: environment variables, open folders, remembered paths."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

_KEPT = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "MPLBACKEND", "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER",
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "PYTHONWARNINGS",
)  # fmt: skip
_USER = "student"


def scrub(work: Path) -> None:
    """Leave only harmless variables, and let the home and the place for temporary files be the work folder."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept, HOME=str(work), TMPDIR=str(work), USER=_USER, LOGNAME=_USER)
    tempfile.tempdir = None  # it remembers where the zygote's was


def open_folders() -> tuple[int, ...]:
    """Descriptors that lead to a folder: through one of them a process could walk out of its root."""
    found = []
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names, not paths
        with suppress(OSError):  # the one that was open for the listing itself
            if stat.S_ISDIR(os.fstat(int(descriptor)).st_mode):
                found.append(int(descriptor))
    return tuple(found)


def crowd(user: int) -> int:
    """How many processes and threads a user has on this machine, as far as we can see."""
    count = 0
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and process.stat().st_uid == user:
                count += len(list((process / "task").iterdir()))
    return count
