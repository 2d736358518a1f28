"""Where control groups can be made: the folders of the kernel's two versions, and what has to be done to use them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_NEEDED = ("memory", "pids")
_LEAF = "fovea-supervisor"


@dataclass(frozen=True)
class Hierarchy:
    """Folders in which groups are made, by what they control."""

    bases: Mapping[str, Path]
    version: int

    def take(self) -> None:
        """Make the place usable. Version 2 gives limits to a group's children only if the group itself has no
        process: where a service manager delegated its group to us, we move into a child of it first."""
        if self.version == 1:
            return
        base = self.bases["memory"]
        if set(_NEEDED) <= set(_words(base / "cgroup.subtree_control")):
            return
        if not set(_NEEDED) <= set(_words(base / "cgroup.controllers")):
            raise OSError("the group has no control over memory and processes")
        inside = {int(word) for word in _words(base / "cgroup.procs")}
        if inside - {os.getpid()}:
            raise OSError("other processes live in the group")
        if inside:
            leaf = base / f"{_LEAF}-{os.getpid()}"
            leaf.mkdir(exist_ok=True)
            (leaf / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")
        wanted = " ".join(f"+{name}" for name in _NEEDED)
        (base / "cgroup.subtree_control").write_text(wanted, encoding="utf-8")

    def give_back(self) -> None:
        """Undo `take` where it did not help."""
        leaf = self.bases["memory"] / f"{_LEAF}-{os.getpid()}"
        if self.version == 2 and leaf.is_dir():
            with suppress(OSError):
                (self.bases["memory"] / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")
                leaf.rmdir()


def hierarchies(proc: Path = Path("/proc/self")) -> Iterator[Hierarchy]:
    """Places worth trying, best first: our own group, its parent if we are its leaf already, and the top (for root)."""
    mounts, own = _mounts(proc), _own(proc)
    if "unified" in mounts and "unified" in own:
        root, top = mounts["unified"]
        here = _below(top, root, own["unified"])
        if here.name.startswith(_LEAF):
            here = here.parent
        for base in dict.fromkeys((here, top)):
            yield Hierarchy(dict.fromkeys(_NEEDED, base), 2)
    if all(name in mounts and name in own for name in _NEEDED):
        yield Hierarchy({name: _below(mounts[name][1], mounts[name][0], own[name]) for name in _NEEDED}, 1)
        yield Hierarchy({name: mounts[name][1] for name in _NEEDED}, 1)


def _below(top: Path, root: str, path: str) -> Path:
    """Where a group lies in the file system: in a container only the part below `root` is mounted on `top`."""
    inside = PurePosixPath(path)
    if not inside.is_relative_to(root):
        return top
    return top / inside.relative_to(root)


def _mounts(proc: Path) -> dict[str, tuple[str, Path]]:
    """Controllers to (the part that is mounted, where); version 2 is called "unified"."""
    found: dict[str, tuple[str, Path]] = {}
    for line in (proc / "mountinfo").read_text(encoding="utf-8").splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, _, options) = before.split(), after.split()[:3]
        if kind == "cgroup2":
            found["unified"] = fields[3], Path(fields[4])
        elif kind == "cgroup":
            found.update((name, (fields[3], Path(fields[4]))) for name in options.split(",") if name in _NEEDED)
    return found


def _own(proc: Path) -> dict[str, str]:
    """Controllers to the path of our own group."""
    found = {}
    for line in (proc / "cgroup").read_text(encoding="utf-8").splitlines():
        number, names, path = line.split(":", 2)
        if number == "0" and not names:
            found["unified"] = path
        found.update((name, path) for name in names.split(",") if name in _NEEDED)
    return found


def _words(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split()
