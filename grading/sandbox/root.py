"""A private root: a file system with the folders of a view, read-only, and one work folder in memory that is full soon.

The process must be in a mount namespace of its own. Afterwards nothing leads back: the old root is gone.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grading.sandbox import libc
from grading.sandbox.view import View

WORK, MATERIALS = "/student", "/materials"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_SMALL, _FEW = 8 << 20, 64  # bytes and files of a folder in memory besides the work folder
_STAGES = ("/mnt", "/media", "/srv", "/var/empty", "/var/tmp", "/opt", "/home", "/tmp")  # noqa: S108 - mount points
_LINKS = {
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
    "/dev/shm": WORK,  # noqa: S108 - named memory counts like files
    "/tmp": WORK,  # noqa: S108
}
_USERS = "root:x:0:0:root:/:/bin/false\nstudent:x:{user}:{group}:student:{work}:/bin/false\n"
_GROUPS = "root:x:0:\nstudent:x:{group}:\n"


@dataclass(frozen=True)
class Disk:
    """How much a work folder holds, and whose it is."""

    size: int
    files: int
    user: int
    group: int
    programs: bool = False  # whether files in it may be run


def build(view: View, disk: Disk, *, own_proc: bool) -> None:
    """Make the new root, move in, leave the old one behind. The work folder is where we then stand."""
    lent = (*view.readable, *view.hidden, *view.writable, *view.devices)
    wanted = (*lent, *view.in_memory, *filter(None, [view.materials]))
    stage = _stage(wanted)
    with _mask(0o022):
        libc.mount("", "/", flags=libc.MS_REC | libc.MS_PRIVATE)
        libc.mount("tmpfs", stage, kind="tmpfs", flags=libc.MS_NOSUID | libc.MS_NODEV, options="size=4m,mode=755")
        covers = _bind(stage, view)
        if view.materials:
            _bind_one(str(view.materials), stage + MATERIALS, "ro", "nosuid", "nodev")
        for device in (*DEVICES, *map(str, view.devices)):
            if os.path.exists(device):  # noqa: PTH110 - paths of the stage are text throughout
                _bind_one(device, stage + device, "nosuid")
        Path(stage, "proc").mkdir(exist_ok=True)
        if own_proc:
            flags = libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC
            libc.mount("proc", f"{stage}/proc", kind="proc", flags=flags)
        _work(stage + WORK, disk)
        for path in view.in_memory:
            _work(stage + str(path), replace(disk, size=_SMALL, files=_FEW))
        _furnish(stage, disk)
    for mount in (*covers, stage):
        libc.set_mount_attributes(mount, "ro", "nosuid", "nodev", recursive=False)
    os.chdir(stage)
    libc.pivot_root(".", ".")  # the old root lies under the new one now, at the same place
    libc.umount(".")
    os.chdir(WORK)
    if view.materials:
        link_materials(Path(MATERIALS), Path(WORK), disk)


def link_materials(materials: Path, work: Path, disk: Disk) -> None:
    """Let every entry of a folder appear in the work folder, which stays writable."""
    for entry in materials.iterdir():
        link = work / entry.name
        link.symlink_to(entry)
        os.chown(link, disk.user, disk.group, follow_symlinks=False)


def _bind(stage: str, view: View) -> list[str]:
    """Bind what may be seen, cover what may not, from the outermost folder inwards; the covers made on the way."""
    kinds = {**dict.fromkeys(view.hidden_by_any_name(), "hidden"), **dict.fromkeys(view.readable, "ro")}
    kinds.update(dict.fromkeys(view.writable, "rw"))
    done: dict[Path, str] = {}
    covers = []
    for path in sorted(kinds, key=lambda path: len(path.parts)):
        kind, target = kinds[path], stage + str(path)
        around = next((done[parent] for parent in path.parents if parent in done), "hidden")
        if kind == around:
            continue  # it is already seen, or already out of sight
        if kind == "hidden":
            covers += _cover(target)
        elif path.is_symlink() and around == "hidden":
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            Path(target).symlink_to(path.readlink())
        elif path.exists():
            _bind_one(str(path), target, *(("ro",) if kind == "ro" else ()), "nosuid", "nodev")
        done[path] = kind
    return covers


def _cover(target: str) -> list[str]:
    if not Path(target).is_dir():
        if Path(target).exists():
            libc.mount("/dev/null", target, flags=libc.MS_BIND)
        return []
    options = "size=64k,mode=755"
    libc.mount("tmpfs", target, kind="tmpfs", flags=libc.MS_NOSUID | libc.MS_NODEV, options=options)
    return [target]


def _bind_one(source: str, target: str, *attributes: str) -> None:
    place = Path(target)
    if not place.exists():
        if Path(source).is_dir():
            place.mkdir(parents=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
    libc.mount(source, target, flags=libc.MS_BIND | libc.MS_REC)
    libc.set_mount_attributes(target, *attributes)


def _work(place: str, disk: Disk) -> None:
    Path(place).mkdir(parents=True)
    flags = libc.MS_NOSUID | libc.MS_NODEV | (0 if disk.programs else libc.MS_NOEXEC)
    options = f"size={disk.size},nr_inodes={disk.files + 1},mode=700,uid={disk.user},gid={disk.group}"
    libc.mount("tmpfs", place, kind="tmpfs", flags=flags, options=options)


def _furnish(stage: str, disk: Disk) -> None:
    """The few things that programs expect of a root: devices by their other names, and a name for the user."""
    for name, leads_to in _LINKS.items():
        if not os.path.lexists(stage + name):
            Path(stage + name).symlink_to(leads_to)
    Path(stage, "etc").mkdir(exist_ok=True)
    for name, text in (("passwd", _USERS), ("group", _GROUPS)):
        Path(stage, "etc", name).write_text(text.format(user=disk.user, group=disk.group, work=WORK), encoding="utf-8")


def _stage(wanted: Iterable[Path]) -> str:
    """An existing folder to mount the new root on, that hides nothing of what goes into it."""
    paths = list(wanted)
    for stage in map(Path, _STAGES):
        if stage.is_dir() and not stage.is_symlink() and not any(path.is_relative_to(stage) for path in paths):
            return str(stage)
    raise OSError("there is no free folder to build the private root on")


@contextmanager
def _mask(mask: int) -> Iterator[None]:
    """New folders can be entered by the student, whatever our starter's habit is."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)
