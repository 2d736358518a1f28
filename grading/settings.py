"""The settings of a course: what `fovea.toml` may say, read strictly. A misspelt key is an error.

Every key below may stand at the top of the file, for all assignments, or under `[assignments.NAME]`, for one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from math import isfinite
from typing import Any, Literal

from grading.errors import GradingError
from grading.limits import DEFAULT, Limits

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """How the hand-ins of one assignment are run, counted and dated. What follows from it is in `ledger.policy`."""

    title: str = ""
    limits: Limits = DEFAULT
    trust_students: bool = False  # grade although required layers of the sandbox are missing; stamped on every grade
    in_process: frozenset[str] = frozenset()  # tests (grade ids) that run in the student's process
    bonus: frozenset[str] = frozenset()  # questions (grade ids) whose points come on top
    preload: tuple[str, ...] = ()  # packages that are imported once, before any submission
    python: str = ""  # the interpreter of the course's environment; ours if empty
    referee: str = ""  # the module that hidden tests ask
    referee_folder: str = ".."  # from where it is imported, as seen from the course's folder
    forbidden: tuple[str, ...] = ()  # functions that answers must not call, as dotted names
    attempts: Literal["best", "last"] = "best"  # which of them counts
    max_attempts: int | None = None
    cool_down: timedelta = timedelta(0)  # between two attempts of one student
    due: datetime | None = None
    extensions: Mapping[str, datetime] = field(default_factory=dict)  # later due dates of single students
    late_points: float | None = None  # taken off per day begun after the due date
    late_days: int | None = None  # after so many days nothing is accepted any more

    def due_for(self, student: str) -> datetime | None:
        """When this student's work is due."""
        return self.extensions.get(student, self.due)


@dataclass(frozen=True)
class Service:
    """What a running `fovea grader` keeps ready: the section [service]."""

    warm_assignments: int = 2  # of so many, those asked for last, the processes stay
    idle: timedelta = timedelta(minutes=5)  # those of the others end after so long without work


def read_service(table: Mapping[str, Any], *, where: str) -> Service:
    """The section [service].

    >>> read_service({"warm_assignments": 4, "idle_minutes": 30}, where="fovea.toml, [service]").warm_assignments
    4
    """
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key == "warm_assignments":
            found[key] = _count(value, where, key)
        elif key == "idle_minutes":
            found["idle"] = timedelta(minutes=_amount(value, where, key))
        else:
            raise GradingError(
                f'{where} has an unknown key "{key}".{_nearest(key, ["warm_assignments", "idle_minutes"])}'
            )
    return Service(**found)


def read_settings(table: Mapping[str, Any], base: Settings, *, where: str) -> Settings:
    """`base` with what `table` sets; `where` names file and section in errors."""
    known = {part.name for part in fields(Settings)}
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise GradingError(f'{where} has an unknown key "{key}".{_nearest(key, known)}')
        if key == "limits":
            found[key] = read_limits(value, base.limits, where=f"{where}, [limits]")
        elif key == "extensions":
            dates = _table(value, where, key)
            found[key] = {
                **base.extensions,
                **{name: _date(day, where, f"{key}.{name}") for name, day in dates.items()},
            }
        else:
            found[key] = _READERS[key](value, where, key)
    return replace(base, **found)


def read_limits(table: Any, base: Limits, *, where: str) -> Limits:
    """`base` with the limits that `table` sets.

    >>> read_limits({"cell_second": 5}, DEFAULT, where="fovea.toml, [limits]")
    Traceback (most recent call last):
    grading.errors.GradingError: fovea.toml, [limits] has an unknown key "cell_second". Did you mean "cell_seconds"?
    """
    known = {part.name: part.type for part in fields(Limits)}
    found: dict[str, Any] = {}
    for key, value in _table(table, where, "limits").items():
        if key not in known:
            raise GradingError(f'{where} has an unknown key "{key}".{_nearest(key, known)}')
        if known[key] is bool:
            found[key] = _flag(value, where, key)
        elif known[key] is int:
            found[key] = _count(value, where, key)
        else:
            found[key] = _amount(value, where, key)
            if not found[key]:
                raise _error(value, where, key, "a number above 0")
    return replace(base, **found)


def text(value: Any, where: str, key: str) -> str:
    """A text of one line."""
    if not isinstance(value, str) or not value.strip() or "\n" in value or "\0" in value:
        raise _error(value, where, key, "a text of one line")
    return value


def _flag(value: Any, where: str, key: str) -> bool:
    if not isinstance(value, bool):
        raise _error(value, where, key, "true or false")
    return value


def _count(value: Any, where: str, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _error(value, where, key, "a whole number of 0 or more")
    return value


def _amount(value: Any, where: str, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise _error(value, where, key, "a number of 0 or more")
    return float(value)


def _names(value: Any, where: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise _error(value, where, key, 'a list of names, like ["one", "two"]')
    return tuple(value)


def _dotted_names(value: Any, where: str, key: str) -> tuple[str, ...]:
    return tuple(_dotted(name, where, key) for name in _names(value, where, key))


def _dotted(value: Any, where: str, key: str) -> str:
    if not isinstance(value, str) or not _DOTTED.match(value):
        raise _error(value, where, key, 'a name as Python imports it, like "torchvision.ops"')
    return value


def _which(value: Any, where: str, key: str) -> str:
    if value not in ("best", "last"):
        raise _error(value, where, key, '"best" or "last"')
    return str(value)


def _date(value: Any, where: str, key: str) -> datetime:
    """A moment; without an offset it is UTC, and a bare day lasts until its end."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(23, 59, 59), tzinfo=UTC)
    raise _error(value, where, key, "a date like 2026-03-01T23:59:00+01:00, without quotation marks")


def _minutes(value: Any, where: str, key: str) -> timedelta:
    return timedelta(minutes=_amount(value, where, f"{key} (minutes)"))


def _table(value: Any, where: str, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _error(value, where, key, "a section of its own")
    return value


def _error(value: Any, where: str, key: str, need: str) -> GradingError:
    return GradingError(f"{where}: {key} must be {need}, not {str(value)[:60]!r}.")


def _nearest(key: str, known: Any) -> str:
    near = get_close_matches(key, list(known), n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else f" Known keys are {', '.join(sorted(known))}."


_READERS: Mapping[str, Callable[[Any, str, str], Any]] = {
    "title": text,
    "trust_students": _flag,
    "in_process": lambda value, where, key: frozenset(_names(value, where, key)),
    "bonus": lambda value, where, key: frozenset(_names(value, where, key)),
    "preload": _dotted_names,
    "python": text,
    "referee": _dotted,
    "referee_folder": text,
    "forbidden": _dotted_names,
    "attempts": _which,
    "max_attempts": _count,
    "cool_down": _minutes,
    "due": _date,
    "late_points": _amount,
    "late_days": _count,
}
