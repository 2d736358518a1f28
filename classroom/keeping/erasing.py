"""Letting somebody go for good: what that takes and what it leaves, said before it is done; and tidying up after it."""

import shutil
from dataclasses import dataclass

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.roles import Role
from grading.errors import GradingError
from grading.gradebook import rebuild

COPIES = ("autograded", "feedback", "submitted")  # folders of nbgrader's with one of each student's


@dataclass(frozen=True)
class Farewell:
    """What deleting somebody takes away and what stays, as sentences."""

    goes: tuple[str, ...]
    stays: tuple[str, ...]


def farewell(desk: Desk, who: Person | None, key: str) -> Farewell:
    """What would happen; nothing does."""
    require(who, "change people")
    person = desk.classroom.person(key)
    if person is None:
        raise ClassroomError("There is no such member.")
    found = desk.ledger.trace(key)
    goes, stays = ["Name, addresses, numbers, PIN, sign-ins, drafts and answers in class."], []
    if found.hand_ins:
        goes.append(
            f"The files of {_count(found.hand_ins, 'hand-in')} ({_size(found.size)}), their file names, "
            "what was run and what was seen in it."
        )
        stays.append(
            "That something was handed in and when, points per question and hints: under a key that names nobody."
        )
    if found.comments:
        goes.append(f"{_count(found.comments, 'comment')} of markers on this work; the points they gave stay.")
    if found.waiting:
        goes.append(f"{_count(found.waiting, 'grading')} in the queue; there will be no result.")
    if found.shared:
        stays.append(
            f"{_count(found.shared, 'file')} that somebody else handed in just the same, until they are deleted too."
        )
    if person.role > Role.STUDENT:
        stays.append("What this person decided about others' work, under a key that names nobody.")
    stays.append("Backups and exports that were made before: delete those yourself.")
    return Farewell(tuple(goes), tuple(stays))


def tidy_up(desk: Desk, key: str) -> tuple[str, ...]:
    """Take away the copies beside the ledger and the traces in its files; what is left for a person to do."""
    folder, left = desk.shelf.folder, []
    for name in COPIES:
        copies = folder / name / key
        if key.isalnum() and copies.is_dir() and not copies.is_symlink():
            shutil.rmtree(copies)
    gradebook = folder / "gradebook.db"
    if gradebook.is_file():
        try:
            rebuild(desk.ledger, desk.shelf.course(), gradebook, people={}, clock=desk.clock)
        except GradingError as problem:
            left.append(f"nbgrader's gradebook still holds comments on this work: {problem}")
    if not desk.ledger.scrub():
        left.append(
            "The database was too busy to be written anew: what was deleted may be found in its file until "
            "`fovea tidy` has been run."
        )
    return tuple(left)


def _count(number: int, thing: str) -> str:
    """How many of them, in words.

    >>> _count(1, "file"), _count(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    """So many bytes, as people say it.

    >>> _size(0), _size(1), _size(200_000), _size(3_400_000)
    ('0 kB', '1 kB', '200 kB', '3.4 MB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{-(-size // 1000)} kB"
