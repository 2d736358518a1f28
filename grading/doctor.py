"""What a course will meet on this machine: its Pythons, its ledger, room on the disk, and whom it trusts."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from grading.course import Course
from grading.engine.environment import SCRUBBED, Environment
from grading.errors import GradingError
from grading.limits import GIB, MIB

if TYPE_CHECKING:
    from sqlalchemy import Engine

_NEEDED = ("IPython", "numpy")  # what our own side of a zygote imports, whatever the course wants
_PYTHON = (3, 11)
_ROOM = GIB  # below this the disk is worth a word
_SECONDS = 180.0  # for a cold import of torch on a busy machine
_PROBE = """
import importlib, json, sys
missing = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException:
        missing.append(name)
print()
print(json.dumps([list(sys.version_info[:2]), missing]))
"""
State = Literal["ready", "not made yet", "older", "newer", "not ours", "unreachable"]
_LEDGER: dict[State, str] = {
    "not made yet": "It is made with the first hand-in.",
    "older": "It is brought up to date when it is next used; make a backup before.",
    "newer": "A newer Fovea wrote it. Update Fovea.",
    "not ours": "It belongs to another program (nbgrader's gradebook.db, perhaps). Give the ledger one of its own.",
}


@dataclass(frozen=True)
class Interpreter:
    """A Python that some of the course's assignments run in, and which of their packages it cannot import."""

    assignments: tuple[str, ...]
    python: str  # the course's own; empty for ours
    missing: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True)
class LedgerFound:
    """The course's ledger: where it is in a word, never an address, and whether it can be used."""

    kind: str
    state: State
    says: str = ""

    @property
    def usable(self) -> bool:
        """Whether hand-ins can be kept in it."""
        return self.state in ("ready", "not made yet", "older")


@dataclass(frozen=True)
class Diagnosis:
    """What the course will do here. `problems` are sentences for the instructor; none is good."""

    trusting: tuple[str, ...]  # assignments that are graded although required layers of the sandbox may be missing
    strict: tuple[str, ...]  # the others
    interpreters: tuple[Interpreter, ...]
    ledger: LedgerFound
    free_bytes: int
    problems: tuple[str, ...]

    @property
    def python(self) -> Path | None:
        """The Python to try the sandbox with: the first of the course's own that serves; None for ours."""
        return next((Path(one.python) for one in self.interpreters if one.python and not one.problem), None)


def diagnose(course: Course, ledger: str | Path) -> Diagnosis:
    """Look at everything that grading this course needs, and change nothing."""
    trusting, strict, problems = list[str](), list[str](), list[str]()
    wanted: dict[tuple[Path | None, tuple[str, ...]], list[str]] = {}
    for name in course.assignments():
        settings = course.own.get(name, course.settings)
        (trusting if settings.trust_students else strict).append(name)
        try:
            python = course.assignment(name).python
        except GradingError as error:
            problems.append(str(error))
            continue
        wanted.setdefault((python, settings.preload or Environment().imports), []).append(name)
    interpreters = tuple(
        _interpreter(python, imports, tuple(names)) for (python, imports), names in wanted.items()
    )  # fmt: skip
    found = _ledger(ledger)
    free = min(shutil.disk_usage(place).free for place in (course.folder, tempfile.gettempdir()))
    problems += [one.problem for one in interpreters if one.problem]
    problems += [f"The ledger ({found.kind}) cannot be used: {found.says}"] if not found.usable else []
    problems += [f"Only {free // MIB} MiB of the disk are free; hand-ins need room."] if free < _ROOM else []
    return Diagnosis(tuple(trusting), tuple(strict), interpreters, found, free, tuple(problems))


def sentences(found: Diagnosis) -> Iterator[str]:
    """The diagnosis in words, what is dangerous first."""
    if found.trusting:
        yield (
            f"TRUST: {', '.join(found.trusting)} trust their students (trust_students = true). They are graded even "
            "where a notebook could read your solutions or change your files, and every grade is stamped with that."
        )
    for one in found.interpreters:
        whose = "the course's own Python" if one.python else "Fovea's Python"
        yield f"{', '.join(one.assignments)}: {whose} {'does not serve' if one.problem else 'imports all they name'}."
    yield f"Ledger ({found.ledger.kind}): {found.ledger.state}. {found.ledger.says}".rstrip()
    yield f"Free on the disk: {found.free_bytes / GIB:.1f} GiB."
    yield from (f"Problem: {problem}" for problem in found.problems)


def _interpreter(python: Path | None, imports: Sequence[str], assignments: tuple[str, ...]) -> Interpreter:
    names, own = ", ".join(assignments), str(python or "")
    command = [str(python or sys.executable), "-s", "-c", _PROBE, *dict.fromkeys((*_NEEDED, *imports))]
    try:
        ran = subprocess.run(  # noqa: S603 - the course's own interpreter and our own code
            command, env=SCRUBBED, cwd="/", capture_output=True, timeout=_SECONDS, check=True
        )  # fmt: skip
        version, missing = json.loads(ran.stdout.decode(errors="replace").splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return Interpreter(assignments, own, (), f"The Python of {names} cannot be started.")
    if tuple(version) < _PYTHON:
        old, new = ".".join(map(str, version)), ".".join(map(str, _PYTHON))
        return Interpreter(assignments, own, (), f"The Python of {names} is {old}; {new} is needed.")
    problem = f"The Python of {names} cannot import {', '.join(missing)}: install it there." if missing else ""
    return Interpreter(assignments, own, tuple(missing), problem)


def _ledger(where: str | Path) -> LedgerFound:
    """The ledger as it is: nothing is made, and nothing brought up to date."""
    from sqlalchemy import make_url

    from grading.ledger.engine import connect

    address = str(where)
    kind = "a file"
    try:
        if "://" not in address or address.startswith("sqlite"):
            path = Path(make_url(address).database or "") if "://" in address else Path(address)
            kind = path.name
            if not path.exists():
                return LedgerFound(kind, "not made yet", _LEDGER["not made yet"])
        else:
            kind = make_url(address).get_backend_name()
        engine = connect(where, patience=3.0)
        try:
            state = _state(engine)
        finally:
            engine.dispose()
    except GradingError as error:
        return LedgerFound(kind, "unreachable", str(error))
    except Exception:  # a driver's words may hold an address or a password
        return LedgerFound(kind, "unreachable", "It does not answer, or it is no database.")
    return LedgerFound(kind, state, _LEDGER.get(state, ""))


def _state(engine: "Engine") -> State:
    from alembic.script import ScriptDirectory
    from sqlalchemy import inspect, text

    from grading.ledger.engine import speaking_plainly
    from grading.ledger.form import alembic_config, of_another_program
    from grading.ledger.tables import FORM, VERSIONS

    with speaking_plainly(), engine.connect() as connection:
        if not inspect(connection).has_table(VERSIONS):
            return "not ours" if of_another_program(connection) else "not made yet"
        form = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()  # noqa: S608 - our constant
        script = ScriptDirectory.from_config(alembic_config(connection))
        known = {one.revision for one in script.walk_revisions()}
    return "ready" if form == FORM else "older" if form in known else "newer"
