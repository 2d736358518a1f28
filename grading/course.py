"""A course folder: nbgrader's layout (`source/ASSIGNMENT/*.ipynb`), and our own settings beside it in `fovea.toml`.

`nbgrader_config.py` is a program and is not run here. A course that changed nbgrader's delimiters or directories there
says the same words once more under `[nbgrader]` in `fovea.toml`.
"""

import os
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from grading.errors import GradingError
from grading.limits import DEFAULT, GIB, MIB
from grading.notebooks.master import Master, MasterCell, open_master, told_apart
from grading.notebooks.regions import NBGRADER, Delimiters
from grading.records import Question, on_top, out_of
from grading.settings import Service, Settings, read_service, read_settings, text

SETTINGS = "fovea.toml"
GIVEN = "given"  # the folder with the files that lie beside the notebooks of every assignment
INSTRUCTORS = replace(DEFAULT, upload_bytes=200 * MIB, cells=20_000, cell_bytes=20 * MIB, materials_bytes=GIB)
_DIRECTORIES = {"source": "source", "release": "release", "submitted": "submitted"}


@dataclass(frozen=True)
class Assignment:
    """One assignment: the instructor's notebooks, the files beside them, the settings."""

    name: str
    folder: Path
    masters: tuple[Master, ...]
    settings: Settings
    referee_folder: Path | None = None  # on the judge's path, if the assignment has a referee
    python: Path | None = None  # None is our own interpreter
    given: Path | None = None  # the files of the whole course, for beside every notebook

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions of all its notebooks."""
        return tuple(question for master in self.masters for question in master.questions)

    @property
    def out_of(self) -> float:
        """Points that can be had without a bonus."""
        return out_of(self.questions)

    @property
    def bonus(self) -> float:
        """Points that come on top of that."""
        return on_top(self.questions)

    def materials(self) -> dict[Path, Path]:
        """The files students get beside the notebooks: where they lie there, and where they come from.

        They are those of the assignment's folder and of the course's `given`; no links, nothing hidden.
        """
        folders = [folder for folder in (self.given, self.folder) if folder is not None]
        return {path.relative_to(folder): path for folder in folders for path in _plain_files(folder)}


def _plain_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(folder).parts)
        if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb" and not hidden:
            yield path


@dataclass(frozen=True)
class Course:
    """A course folder with its settings read; its notebooks are read one assignment at a time."""

    folder: Path
    settings: Settings = field(default_factory=Settings)
    delimiters: Delimiters = NBGRADER
    directories: Mapping[str, str] = field(default_factory=lambda: dict(_DIRECTORIES))
    own: Mapping[str, Settings] = field(default_factory=dict)  # assignments with settings of their own
    service: Service = field(default_factory=Service)

    @staticmethod
    def open(folder: Path) -> "Course":
        """The course in `folder`. Without a `fovea.toml` it is a plain nbgrader course, with our defaults."""
        if not folder.is_dir():
            raise GradingError(f'There is no course folder "{folder.name}".')
        try:
            written = (folder / SETTINGS).read_text(encoding="utf-8")
        except FileNotFoundError:
            written = ""
        except (OSError, UnicodeDecodeError):
            raise GradingError(f"{SETTINGS} cannot be read. Save it as UTF-8 text.") from None
        try:
            found = tomllib.loads(written)
        except tomllib.TOMLDecodeError as error:
            raise GradingError(f"{SETTINGS} is not valid TOML: {error}.") from None
        nbgrader, assignments = _section(found, "nbgrader"), _section(found, "assignments")
        delimiters, directories = _nbgrader(nbgrader)
        service = read_service(_section(found, "service"), where=f"{SETTINGS}, [service]")
        settings = read_settings(found, Settings(), where=SETTINGS)
        own = {
            name: read_settings(_section(assignments, name, "assignments."), settings, where=_where(name))
            for name in list(assignments)
        }
        course = Course(folder, settings, delimiters, directories, own, service)
        for name in own:
            if name not in course.assignments():
                near = get_close_matches(name, course.assignments(), n=1)
                hint = f' Did you mean "{near[0]}"?' if near else ""
                raise GradingError(f'{_where(name)}: there is no folder "{course.source.name}/{name}".{hint}')
        return course

    @property
    def source(self) -> Path:
        """Where the instructor's notebooks are."""
        return self.folder / self.directories["source"]

    def assignments(self) -> tuple[str, ...]:
        """The assignments by name: the folders of `source` that hold a notebook."""
        return self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        if not self.source.is_dir():
            raise GradingError(f'The course has no folder "{self.directories["source"]}" with assignments.')
        return tuple(
            sorted(
                path.name
                for path in self.source.iterdir()
                if path.is_dir() and not path.name.startswith(".") and any(path.glob("*.ipynb"))
            )
        )

    def assignment(self, name: str) -> Assignment:
        """One assignment with its notebooks read, or a `GradingError` that says what the instructor has to mend."""
        if name not in self.assignments():
            near = get_close_matches(name, self.assignments(), n=1)
            known = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(self.assignments()) or 'none'}."
            raise GradingError(f'The course has no assignment "{name[:100]}". {known}')
        folder, settings = self.source / name, self.own.get(name, self.settings)
        masters = told_apart(
            [
                open_master(
                    path.read_bytes(),
                    name=path.stem,
                    file=f"{name}/{path.name}",
                    delimiters=self.delimiters,
                    limits=INSTRUCTORS,
                )
                for path in sorted(folder.glob("*.ipynb"))
                if not path.name.startswith(".")
            ]
        )
        tests = _called(masters, lambda cell: cell.role == "test")
        questions = _called(masters, lambda cell: cell.question is not None)
        if name in self.own and settings.in_process != self.settings.in_process:
            _all_known(settings.in_process, tests, f"{_where(name)}: in_process", "test")
        if name in self.own and settings.bonus != self.settings.bonus:
            _all_known(settings.bonus, questions, f"{_where(name)}: bonus", "question")
        return Assignment(
            name,
            folder,
            tuple(master.with_bonus(settings.bonus) for master in masters),
            settings,
            self._inside(settings.referee_folder, name, "referee_folder", file=False) if settings.referee else None,
            self._inside(settings.python, name, "python", file=True) if settings.python else None,
            self.folder / GIVEN if (self.folder / GIVEN).is_dir() else None,
        )

    def _inside(self, path: str, name: str, key: str, *, file: bool) -> Path:
        """A path of the settings, seen from the course's folder; it must be there."""
        found = Path(os.path.normpath(self.folder.resolve() / path))
        if not (found.is_file() if file else found.is_dir()):
            what = "file" if file else "folder"
            raise GradingError(f'{_where(name)}: {key} names "{path}", and there is no such {what}.')
        return found


def _called(masters: Sequence[Master], wanted: Callable[[MasterCell], bool]) -> list[str]:
    """Every name that the settings may use for one of these cells: its grade id, and its name in the assignment."""
    found = [(master, cell.grade_id) for master in masters for cell in master.cells if wanted(cell)]
    return [known for master, grade_id in found for known in dict.fromkeys((grade_id, master.key(grade_id)))]


def _all_known(names: Collection[str], known: Sequence[str], key: str, what: str) -> None:
    for name in sorted(set(names) - set(known)):
        near = get_close_matches(name, known, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise GradingError(f'{key} names "{name}", which is no {what}.{hint}')


def _where(name: str) -> str:
    return f"{SETTINGS}, [assignments.{name}]"


def _section(table: dict[str, Any], key: str, prefix: str = "") -> dict[str, Any]:
    """Take a section out of its table."""
    found = table.pop(key, {})
    if not isinstance(found, dict):
        raise GradingError(f"{SETTINGS}: {prefix}{key} must be a section, [{prefix}{key}].")
    return found


def _nbgrader(table: Mapping[str, Any]) -> tuple[Delimiters, dict[str, str]]:
    """nbgrader's words and directories, where the course has its own."""
    directories = dict(_DIRECTORIES)
    words: dict[str, str] = {}
    known = [*directories, *(part.name for part in fields(Delimiters))]
    for key, value in table.items():
        where = f"{SETTINGS}, [nbgrader]"
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f'Did you mean "{near[0]}"?' if near else f"Known keys are {', '.join(known)}."
            raise GradingError(f'{where} has an unknown key "{key}". {hint}')
        if key in directories:
            directories[key] = text(value, where, key)
        elif key in ("code_stub", "text_stub") and isinstance(value, str) and value.strip():
            words[key] = value  # a stub may have several lines
        else:
            words[key] = text(value, where, key)
    return replace(NBGRADER, **words), directories
