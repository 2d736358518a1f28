"""A folder of hand-ins: `STUDENT.ipynb` side by side, or nbgrader's `submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb`.

Finding is cheap and reads no file; each student's files are read when asked for, so a thousand of them need no more
memory than one. Links are never followed, and every student is listed, also one whose file is refused.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from grading.errors import GradingError, Refusal
from grading.limits import MIB, Limits
from grading.notebooks.decode import check_size
from grading.notebooks.names import assign, clean_name, plain_text
from grading.notebooks.upload import open_uploads

__all__ = ["File", "Found", "HandIn", "assign", "find", "notebooks_in", "read_notebooks", "regular_bytes"]

FILES, DEPTH = 200, 5  # beside a notebook: how many, and how many folders deep
STRAYS = 20  # notebooks that are none of the assignment's and yet are looked into, in case one was renamed
_TIMESTAMP = "timestamp.txt"
_AS_A_FILE = "Hand in the notebook itself as an ordinary file."


@dataclass(frozen=True)
class File:
    """One notebook of a hand-in, or why there is none."""

    name: str
    data: bytes = field(default=b"", repr=False)
    refusal: Refusal | None = None


@dataclass(frozen=True)
class HandIn:
    """All that one student handed in for one assignment."""

    student: str
    notebooks: tuple[File, ...]
    materials: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """Where one student's hand-in lies; `read` fetches it."""

    student: str
    notebooks: tuple[Path, ...]
    folder: Path | None = None  # the student's own folder, in nbgrader's tree
    clash: bool = False  # another hand-in bears the same name

    def read(self, limits: Limits, notebooks: Sequence[str] = ("",)) -> HandIn:
        """The bytes, each file within its limits; a file that cannot be had becomes a refusal, never an exception.

        `notebooks` are those of the assignment: an archive may hold all of them.
        """
        if self.clash:
            refusal = Refusal("Two hand-ins bear this name.", remedy="Rename one of them.", file=self.student)
            return HandIn(self.student, (File(self.student, refusal=refusal),))
        wanted = notebooks if self.folder is None else ("",)  # in nbgrader's tree every notebook is a file of its own
        paths = self.notebooks
        if any(notebooks) and len(paths) > STRAYS + len(notebooks):  # then only their names are looked at
            paths = tuple(paths[index] for index in assign(notebooks, [path.name for path in paths]).values())
        files = tuple(file for path in paths for file in read_notebooks(path, limits, wanted))
        if self.folder is None:
            return HandIn(self.student, files)
        if not files:
            refusal = Refusal(
                "There is no notebook in this hand-in.",
                remedy="Hand in the notebook you were given.",
                file=self.student,
            )
            files = (File(self.student, refusal=refusal),)
        notes: list[str] = []
        at = _timestamp(self.folder, notes)
        return HandIn(self.student, files, _materials(self.folder, self.notebooks, limits, notes), at, tuple(notes))


def find(folder: Path, assignment: str, *, submitted: str = "submitted") -> tuple[Found, ...]:
    """The hand-ins for `assignment` in a flat folder, in nbgrader's submitted folder, or in the course around that."""
    if not folder.is_dir():
        raise GradingError(f'There is no folder "{folder.name}". Name the folder that holds the hand-ins.')
    flat = [entry for entry in _entries(folder) if _is_upload(entry.name)]
    if flat:
        return _listed(Found(_student(Path(entry.name).stem), (Path(entry.path),)) for entry in flat)
    inner = folder / submitted
    if inner.is_dir() and not inner.is_symlink():
        folder = inner
    students: list[Found] = []
    for entry in _entries(folder):
        place = Path(entry.path, assignment)
        if entry.is_symlink():
            if entry.is_dir():
                students.append(Found(_student(entry.name), (Path(entry.path),)))  # refused when it is read
        elif place.is_symlink():
            students.append(Found(_student(entry.name), (place,)))
        elif entry.is_dir(follow_symlinks=False) and place.is_dir():
            students.append(Found(_student(entry.name), notebooks_in(place), folder=place))
    if not students:
        raise GradingError(
            f'There are no hand-ins for "{assignment}" in "{folder.name}": neither STUDENT.ipynb files nor folders '
            f"STUDENT/{assignment}. Name the folder that holds them."
        )
    return _listed(iter(students))


def notebooks_in(folder: Path) -> tuple[Path, ...]:
    """The notebooks that lie in a folder itself, by name."""
    return tuple(Path(found.path) for found in _entries(folder) if found.name.lower().endswith(".ipynb"))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder, by name; hidden files and Jupyter's checkpoints are nobody's hand-in."""
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)


def _is_upload(name: str) -> bool:
    return name.lower().endswith((".ipynb", ".zip"))


def _student(name: str) -> str:
    return plain_text(name).strip() or "unnamed"


def _listed(found: Iterator[Found]) -> tuple[Found, ...]:
    listed = sorted(found, key=lambda one: one.student)
    names = Counter(one.student for one in listed)
    return tuple(
        one if names[one.student] == 1 else Found(one.student, one.notebooks, one.folder, clash=True) for one in listed
    )


def read_notebooks(path: Path, limits: Limits, notebooks: Sequence[str] = ("",)) -> tuple[File, ...]:
    """The notebook in a file, or those in an archive; a refusal in place of what cannot be had."""
    name = clean_name(path.name)
    try:
        found = open_uploads(path.name, regular_bytes(path, limits, name), limits, notebooks=notebooks)
    except Refusal as refusal:
        return (File(name, refusal=refusal),)
    except OSError:
        return (File(name, refusal=Refusal("The file cannot be read.", remedy=_AS_A_FILE, file=name)),)
    return tuple(File(file, data) for file, data in found)


def regular_bytes(path: Path, limits: Limits, name: str) -> bytes:
    """The bytes of a regular file; of a link, a pipe or a device nothing, and of a huge file only its size."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise Refusal("This is not an ordinary file.", remedy=_AS_A_FILE, file=name)
        check_size(state.st_size, file=name, limits=limits)
        return stream.read(limits.upload_bytes + 1)


def _timestamp(folder: Path, notes: list[str]) -> datetime | None:
    """When it was handed in, as nbgrader writes it: "2026-02-02 15:58:23.948203 America/Los_Angeles", or UTC."""
    path = folder / _TIMESTAMP
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            text = stream.read(200).decode().strip() if stat.S_ISREG(os.fstat(handle).st_mode) else ""
        date, _, rest = text.partition(" ")
        clock, _, zone = rest.partition(" ")
        at = datetime.fromisoformat(f"{date} {clock}".strip())
        return at if at.tzinfo else at.replace(tzinfo=_zone(zone))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError):
        notes.append("The time of the hand-in could not be read.")
        return None


def _zone(name: str) -> timezone | ZoneInfo:
    if name in ("", "UTC", "GMT", "Z"):
        return UTC
    if name[0] in "+-" and name[1:].isdigit() and len(name) == 5:
        sign = -1 if name[0] == "-" else 1
        return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[3:])))
    return ZoneInfo(name)


def _materials(folder: Path, notebooks: Sequence[Path], limits: Limits, notes: list[str]) -> dict[str, bytes]:
    """The other regular files of a student's folder, by their path inside it, within the limits."""
    found: dict[str, bytes] = {}
    room = limits.materials_bytes
    skipped = {*notebooks, folder / _TIMESTAMP}
    for path, size in _regular(folder, DEPTH):
        if path in skipped:
            continue
        if len(found) >= FILES or size > room:
            notes.append(
                f"Not all files beside the notebook were taken: there may be {FILES} of them, and "
                f"{limits.materials_bytes / MIB:.0f} MB together."
            )
            break
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as stream:
                data = stream.read(size)
        except OSError:
            continue
        room -= len(data)
        found["/".join(_student(part) for part in path.relative_to(folder).parts)] = data
    return found


def _regular(folder: Path, depth: int) -> Iterator[tuple[Path, int]]:
    for entry in _entries(folder):
        if entry.is_file(follow_symlinks=False):
            yield Path(entry.path), entry.stat(follow_symlinks=False).st_size
        elif entry.is_dir(follow_symlinks=False) and depth > 0:
            yield from _regular(Path(entry.path), depth - 1)
