"""What can be said to Fovea from outside: every FOVEA_ variable, its kind, its default, what it means.

The environment comes first, then the TOML file that FOVEA_CONFIG names, then the default. Names and values are checked,
so that a misspelt one is a sentence and never a setting that quietly does nothing.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

from grading.errors import GradingError

PREFIX, FILE, _LEDGER = "FOVEA_", "FOVEA_CONFIG", "FOVEA_LEDGER"
INTERNAL = frozenset({"FOVEA_HELD"})  # what our own processes say to each other
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
Origin = Literal["environment", "file", "default"]


@dataclass(frozen=True)
class Said:
    """What stands beside a setting. The bounds are of a number, or of the length of a secret."""

    means: str
    least: int = 0
    most: int = 0
    secret: bool = False


@dataclass(frozen=True)
class Configuration:
    """What holds for this process."""

    config: Annotated[
        Path | None,
        Said("a TOML file with any of the others, in small letters and without `FOVEA_`: `sessions = 300`"),
    ] = None
    course: Annotated[
        Path | None,
        Said("the course's folder for the app, if it is not `assignments` (`fovea grader --course` for the grader)"),
    ] = None
    ledger: Annotated[
        str,
        Said("the database of app and grader, a path or a Postgres URL; else `ledger.sqlite` in the course's folder"),
    ] = ""
    grader: Annotated[
        Literal["elsewhere", "beside"],
        Said("`beside`: the server keeps a grader running; `fovea app` says that itself, unless it has `--no-grader`"),
    ] = "elsewhere"
    ray_address: Annotated[
        str,
        Said("the Ray cluster that grades, and that the app asks for models and long work, as `ray://head:10001`"),
    ] = ""
    demo: Annotated[
        Path | None,
        Said("where the demo course lies, if not in the user's data (`~/.local/share/fovea/demo`)"),
    ] = None
    local_anywhere: Annotated[
        bool,
        Said("`1`: the instructor's printed link works from other machines as well, which a container needs"),
    ] = False
    warm_up: Annotated[
        Literal["light", "full"],
        Said("`full`: torch and scikit-learn are imported at the start, not with the first lab that needs them"),
    ] = "light"
    sessions: Annotated[
        int,
        Said("open pages that one process takes; who comes then reads that Fovea is full. `0`: no bound", most=100_000),
    ] = 400
    drain: Annotated[
        int,
        Said(
            "seconds that a server which is asked to end goes on for those who are in; nobody else comes in", most=3600
        ),
    ] = 0
    metrics_token: Annotated[
        str,
        Said("the token that `/api/metrics` asks for; without one it answers this machine only", least=16, secret=True),
    ] = ""
    logs: Annotated[
        Literal["plain", "json"],
        Said("`json`: the log has a line of JSON for each event"),
    ] = "plain"
    imports: Annotated[
        str,
        Said("packages that kernels from our sandbox have imported, for Jupyter's and nbgrader's own programs"),
    ] = "numpy"
    limits: Annotated[
        str,
        Said("what such a kernel may use, as `total_seconds=120 memory=1073741824`"),
    ] = ""
    browser: Annotated[
        str,
        Said("the browser that the tests drive, a path"),
    ] = ""
    explore: Annotated[
        bool,
        Said("`1`: property tests look for new examples"),
    ] = False


@dataclass(frozen=True)
class Held:
    """One setting, and where it comes from."""

    name: str  # as in the environment
    value: Any
    origin: Origin
    means: str
    secret: bool

    @property
    def shown(self) -> str | int | bool | None:
        """The value as everybody may read it."""
        if self.secret:
            return "(not shown)" if self.value else ""
        if isinstance(self.value, str):
            return _without_password(self.value)
        return str(self.value) if isinstance(self.value, Path) else self.value


def current() -> Configuration:
    """What holds now; a value that cannot be is a `GradingError` that says so."""
    return _configuration(tuple(os.environ.get(name, "") for name in NAMES))


def checked(environment: Mapping[str, str]) -> tuple[Held, ...]:
    """Every setting with its origin; a name that is none of ours is a `GradingError` that offers the nearest."""
    for name in environment:
        if name.startswith(PREFIX) and name not in INTERNAL and name not in NAMES:
            raise GradingError(_unknown(name, NAMES))
    return _held(environment)


def settled(environment: Mapping[str, str]) -> dict[str, str]:
    """The paths among what the environment says, as they are called from anywhere."""
    paths = [_name(one) for one in _FIELDS if Path in get_args(_KINDS[one.name])]
    said = {name: environment.get(name, "") for name in (*paths, _LEDGER)}
    return {name: str(Path(path).absolute()) for name, path in said.items() if path and "://" not in path}


def lines(held: tuple[Held, ...]) -> Iterator[str]:
    """For people: what holds, and from where."""
    for one in held:
        value = "-" if one.shown in (None, "") else int(one.shown) if isinstance(one.shown, bool) else one.shown
        yield f"{one.name:{max(map(len, NAMES))}}  {value}  ({one.origin})"


def table() -> str:
    """The settings as a table in Markdown, which stands in the documents."""
    rows = ["| variable | if not set | what it says |", "|---|---|---|"]
    for one in _FIELDS:
        default = "`0`" if one.default is False else f"`{one.default}`" if one.default not in (None, "") else ""
        rows.append(f"| `{_name(one)}` | {default} | {_SAID[one.name].means} |")
    return "\n".join(rows) + "\n"


def _name(one: "Field[Any]") -> str:
    return PREFIX + one.name.upper()


_FIELDS = fields(Configuration)
_KINDS = get_type_hints(Configuration)
_SAID: dict[str, Said] = {
    name: kind.__metadata__[0] for name, kind in get_type_hints(Configuration, include_extras=True).items()
}
NAMES = tuple(map(_name, _FIELDS))


@lru_cache(maxsize=32)
def _configuration(said: tuple[str, ...]) -> Configuration:
    held = _held(dict(zip(NAMES, said, strict=True)))
    return Configuration(**{one.name: each.value for one, each in zip(_FIELDS, held, strict=True)})


def _held(environment: Mapping[str, str]) -> tuple[Held, ...]:
    file, found = _in_file(environment.get(FILE, "")), list[Held]()
    for one in _FIELDS:
        name, value, origin = _name(one), one.default, "default"
        if said := environment.get(name, "").strip():
            value, origin = _read(one, name, said), "environment"
        elif (kept := file.get(one.name, "")) != "":
            value, origin = _read(one, f"{one.name} in {FILE}'s file", _plain(one.name, kept)), "file"
        found.append(Held(name, value, origin, _SAID[one.name].means, _SAID[one.name].secret))  # type: ignore[arg-type]
    return tuple(found)


def _in_file(where: str) -> dict[str, Any]:
    if not where.strip():
        return {}
    path = Path(where)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise GradingError(f'The file of {FILE}, "{path.name}", cannot be read: {problem.strerror}.') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise GradingError(
            f'The file of {FILE}, "{path.name}", is not TOML. A line of it reads: sessions = 300'
        ) from None
    names = [one.name for one in _FIELDS if _name(one) != FILE]
    for name in said:
        if name not in names:
            raise GradingError(f'In the file of {FILE}, "{path.name}": {_unknown(name, names)}')
    return said


def _plain(name: str, value: object) -> str:
    if not isinstance(value, str | int):
        raise GradingError(f"{name} in {FILE}'s file is a text, a number, true or false.")
    return str(value).strip()


def _read(one: "Field[Any]", called: str, said: str) -> object:
    """The text as a value of the field's kind."""
    kind, least, most = _KINDS[one.name], _SAID[one.name].least, _SAID[one.name].most
    if kind is bool:
        if said.lower() not in (*YES, *NO):
            raise GradingError(f'{called} is 1 or 0, not "{said}".')
        return said.lower() in YES
    if kind is int:
        if not (said.isascii() and said.isdigit() and len(said) < 10 and least <= int(said) <= most):
            raise GradingError(f'{called} is a number from {least} to {most}, not "{said}".')
        return int(said)
    if choices := [each for each in get_args(kind) if isinstance(each, str)]:
        if said not in choices:
            near = get_close_matches(said, choices, 1)
            raise GradingError(
                f'{called} is {" or ".join(choices)}, not "{said}".{f" Did you mean {near[0]}?" if near else ""}'
            )
        return said
    if kind is str:
        if len(said) < least:
            raise GradingError(f"{called} is too short: {least} characters at least, better drawn than thought of.")
        return said
    return Path(said)


def _unknown(name: str, known: list[str] | tuple[str, ...]) -> str:
    near = get_close_matches(name, known, 1)
    offer = f"Did you mean {near[0]}?" if near else "`fovea config` lists them all."
    return f"There is no setting {name}. {offer}"


def _without_password(text: str) -> str:
    """A database's address as it may be shown.

    >>> _without_password("postgresql://fovea:secret@db:5432/course?password=secret")
    'postgresql://fovea:***@db:5432/course?***'
    >>> _without_password("course/ledger.sqlite")
    'course/ledger.sqlite'
    """
    if "://" not in text:
        return text
    try:
        found = urlsplit(text)
    except ValueError:
        return "***"
    before, at, host = found.netloc.rpartition("@")
    user, secret, _ = before.partition(":")
    return f"{found.scheme}://{user}{':***' if secret else ''}{at}{host}{found.path}{'?***' if found.query else ''}"
