"""How the server of a course is: what keeps it running, what it lacks, and what to do about it."""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from classroom.desk import Desk
from classroom.keeping.backup import TAKEN
from classroom.people import Person
from classroom.permissions import require
from grading.errors import GradingError
from grading.ledger.database import Database
from grading.limits import GIB, MIB

State = Literal["fine", "look", "act"]
OLD = timedelta(days=7)  # a backup that is older is worth a word
SLOW = timedelta(minutes=15)  # a hand-in that waits for longer, too


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `do` says what helps where it is not fine."""

    what: str
    state: State
    says: str
    do: str = ""
    at: datetime | None = None  # of what it says, where that is a moment


@dataclass(frozen=True)
class Process:
    """What a process of the app knows about itself; None where the system does not say."""

    inside: int  # open pages
    bound: int  # how many there may be; 0: any number
    memory: int | None = None  # bytes it has
    free_memory: int | None = None  # bytes that the machine has left
    keeps_grader: bool = False
    trouble: str = ""  # why the grader beside it does not work


def look_over(desk: Desk, who: Person | None, process: Process) -> tuple[Finding, ...]:
    """Everything that can be seen without trying anything out."""
    require(who, "look after the server")
    version_here = f"Fovea {version('fovea')} on Python {platform.python_version()}"
    return (
        Finding("Version", "fine", version_here),
        _database(desk),
        *_queue(desk, process),
        _disk(desk),
        _sessions(process),
        _memory(process),
        _backup(desk),
    )


def try_sandbox(desk: Desk, who: Person | None) -> tuple[Finding, ...]:
    """Try to break out of the sandbox as a notebook would; a few seconds, in processes of its own."""
    from grading.sandbox.selftest import examine

    require(who, "look after the server")
    try:
        found = examine()
    except GradingError as problem:
        return (Finding("Sandbox", "act", str(problem), "`fovea doctor` on the server tells more."),)
    if found.refuses:
        help_ = "Nothing is graded until that holds. `fovea doctor` on the server tells more."
        return tuple(Finding("Sandbox", "act", one, help_) for one in found.refuses)
    layers = f"{len(found.attempts)} attempts to get out were stopped. In force: {', '.join(found.standing.layers)}."
    more = (Finding("Sandbox", "look", one, "It is said on every grade.") for one in found.standing.warnings)
    return (Finding("Sandbox", "fine", layers), *more)


def _database(desk: Desk) -> Finding:
    file = _file(desk)
    if file is None:
        return Finding("Database", "fine", "Postgres")
    size = sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*") if each.is_file())
    return Finding("Database", "fine", f"SQLite, {size / MIB:.1f} MiB")


def _queue(desk: Desk, process: Process) -> Iterator[Finding]:
    now = desk.clock()
    queue, tally = desk.ledger.queue(now=now), desk.ledger.tally()
    late = queue.oldest is not None and now - queue.oldest > SLOW
    stalled = desk.pulse.stalled(queue, now)
    yield Finding(
        "Queue",
        "look" if late else "fine",
        f"{queue.waiting} wait, {queue.grading} are being graded" + (", the oldest came" if queue.oldest else ""),
        "More graders grade faster: `fovea grader --workers 2`, also on other machines." if late else "",
        queue.oldest,
    )
    here = "this server keeps one" if process.keeps_grader else "this server keeps none"
    if process.trouble or stalled:
        says = process.trouble or "Hand-ins wait and nobody takes them."
        yield Finding("Graders", "act", says, "Start `fovea grader`; `fovea doctor` says what this machine lacks.")
    else:
        last = ", the last grading ended" if tally.last else ""
        yield Finding("Graders", "fine", f"{queue.grading} at work, {here}{last}", at=tally.last)
    undecided = tally.verdicts.get("undecided", 0)
    yield Finding("Outcomes", "fine", f"{tally.outcomes}, of them {undecided} undecided at first")


def _disk(desk: Desk) -> Finding:
    file = _file(desk)
    places = [desk.shelf.folder, *([file.parent] if file else [])]
    free = min(shutil.disk_usage(place).free for place in places)
    state: State = "act" if free < GIB else "look" if free < 5 * GIB else "fine"
    help_ = "What is handed in needs room. Take backups elsewhere, or give the server a larger disk."
    return Finding("Disk", state, f"{free / GIB:.1f} GiB free", help_ if state != "fine" else "")


def _sessions(process: Process) -> Finding:
    if not process.bound:
        return Finding("Open pages", "fine", f"{process.inside}, without a bound")
    full = process.inside >= process.bound
    state: State = "act" if full else "look" if process.inside > 0.8 * process.bound else "fine"
    help_ = "Who comes new is turned away. Raise FOVEA_SESSIONS if pages answer quickly, or start a second process."
    says = f"{process.inside} of {process.bound} in this process"
    return Finding("Open pages", state, says, help_ if state != "fine" else "")


def _memory(process: Process) -> Finding:
    if process.memory is None or process.free_memory is None:
        return Finding("Memory", "fine", "this system does not say")
    free = process.free_memory
    state: State = "act" if free < 256 * MIB else "look" if free < GIB else "fine"
    help_ = "Without memory the system ends processes. Lower FOVEA_SESSIONS, or let another machine grade."
    says = f"{process.memory / MIB:.0f} MiB for this process, {free / GIB:.1f} GiB left"
    return Finding("Memory", state, says, help_ if state != "fine" else "")


def _backup(desk: Desk) -> Finding:
    last = next(iter(desk.ledger.audit(what=TAKEN, limit=1)), None)
    help_ = "Under Gradebook, The whole course, Make a backup; or `fovea backup`, every night."
    if last is None:
        anything = desk.ledger.tally().outcomes > 0
        return Finding("Last backup", "look" if anything else "fine", "none yet", help_ if anything else "")
    old = desk.clock() - last.at > OLD
    return Finding("Last backup", "look" if old else "fine", "taken", help_ if old else "", last.at)


def _file(desk: Desk) -> Path | None:
    """The database's file, if it is one."""
    if isinstance(desk.ledger, Database) and desk.ledger.engine.dialect.name == "sqlite":
        return Path(desk.ledger.engine.url.database or "").absolute()
    return None
