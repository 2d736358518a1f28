"""The notebooks of a hand-in beside those of the assignment: which file is which, what becomes of it, what is missing.

Files are known by their names; one that was renamed, by what is in it. What is no notebook of the assignment is left
alone. A hand-in without one of the notebooks is graded for those that are there, as nbgrader does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from grading.errors import Refusal
from grading.limits import Limits
from grading.notebooks.folder import File, assign
from grading.notebooks.master import Master
from grading.notebooks.names import named
from grading.notebooks.plan import Plan
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild


@dataclass(frozen=True)
class Part:
    """One notebook of the assignment in a hand-in: the plan to run, or why there is none."""

    master: Master
    plan: Plan | None = None
    refusal: Refusal | None = None  # what was handed in for it cannot be graded

    @property
    def missing(self) -> str:
        """Why its questions earn nothing, in words a student may read; empty if it can be run."""
        if self.plan is not None:
            return ""
        return str(self.refusal) if self.refusal else f'The notebook "{self.master.name}.ipynb" was not handed in.'


@dataclass(frozen=True)
class Collected:
    """A part for every notebook of the assignment, and what was noticed about the files, in words."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[Refusal, ...] = ()  # of files that may have been meant for a notebook that is missing

    @property
    def plans(self) -> tuple[Plan, ...]:
        """What can be run."""
        return tuple(part.plan for part in self.parts if part.plan is not None)

    def refuse(self) -> None:
        """Raise the first Refusal: while a student can still mend a file, nothing of it is taken."""
        for refusal in (*(part.refusal for part in self.parts), *self.unread):
            if refusal:
                raise refusal


def collect(masters: Sequence[Master], files: Sequence[File], limits: Limits) -> Collected:
    """What this hand-in has for each notebook; raises a Refusal where it has nothing that can be graded."""
    names = [file.name for file in files]
    found = (assign if len(masters) == 1 else named)([master.name for master in masters], names)
    parts = {name: _part(_called(masters, name), files[index], limits) for name, index in found.items()}
    open_masters = [master for master in masters if master.name not in found]
    others = [file for index, file in enumerate(files) if index not in found.values()]
    unread = tuple(refusal for file in others if open_masters and (refusal := _unreadable(file, limits)))
    notes: list[str] = [str(refusal) for refusal in unread]
    if len(masters) > 1:
        recognised, remarks = _by_content(open_masters, others, limits)
        parts |= recognised
        notes += remarks
    collected = tuple(parts.get(master.name, Part(master)) for master in masters)
    if not any(part.plan for part in collected):
        raise next((part.refusal for part in collected if part.refusal), next(iter(unread), _nothing(masters, files)))
    missing = [f"{part.missing} Its questions earn nothing." for part in collected if part.missing]
    return Collected(collected, (*notes, *missing), unread)


def _by_content(
    masters: Sequence[Master], files: Sequence[File], limits: Limits
) -> tuple[dict[str, Part], Sequence[str]]:
    """Of the files without a known name, those that fit one of the missing notebooks, and no other file fits it.

    One whose answers are refused (a `Refusal` then names the cell) fits as well: the student is asked about it.
    """
    fitting: dict[str, list[tuple[str, Part]]] = {}
    notes: list[str] = []
    for file in files:
        if _unreadable(file, limits):
            continue
        tried = [_part(master, file, limits) for master in masters]
        fits = [part for part in tried if part.plan or (part.refusal and part.refusal.cell)]
        if len(fits) == 1:
            fitting.setdefault(fits[0].master.name, []).append((file.name, fits[0]))
        else:
            notes.append(f'"{file.name}" bears the name of no notebook of this assignment; it was left alone.')
    for name, candidates in fitting.items():
        how = f'was recognised as "{name}.ipynb" by what is in it.'
        if len(candidates) > 1:
            how = f'may be "{name}.ipynb", and so may another file; give it that name.'
        notes += [f'"{file}" {how}' for file, _ in candidates]
    return {name: candidates[0][1] for name, candidates in fitting.items() if len(candidates) == 1}, notes


def _part(master: Master, file: File, limits: Limits) -> Part:
    if file.refusal:
        return Part(master, refusal=file.refusal)
    try:
        return Part(master, rebuild(master, read(file.data, file=file.name, limits=limits), file=file.name))
    except Refusal as refusal:
        return Part(master, refusal=refusal)


def _unreadable(file: File, limits: Limits) -> Refusal | None:
    """Why it is no notebook at all."""
    try:
        read(file.data, file=file.name, limits=limits)
    except Refusal as refusal:
        return file.refusal or refusal
    return file.refusal


def _called(masters: Sequence[Master], name: str) -> Master:
    return next(master for master in masters if master.name == name)


def _nothing(masters: Sequence[Master], files: Sequence[File]) -> Refusal:
    names = ", ".join(f'"{master.name}.ipynb"' for master in masters)
    if len(masters) == 1:
        return Refusal(f"The notebook {names} of this assignment is missing.", remedy="Hand it in under that name.")
    given = files[0].name if len(files) == 1 else ""
    return Refusal(
        f"None of the notebooks of this assignment ({names}) is in this hand-in.",
        remedy="Hand them in under these names, all together.",
        file=given,
    )
