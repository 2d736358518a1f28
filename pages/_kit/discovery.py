"""Finding the labs: every file in pages/ is one page, and its docstring is its card.

    \"\"\"Filters: Convolution, step by step          <- chapter and title

    One idea: every output is one window's weighted sum.    <- the promise, one paragraph

    For: instructors                                         <- only on protected pages
    \"\"\"

A page that cannot be understood stops the app: a lab must never vanish from the menu in silence.
"""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

from classroom.roles import Role
from pages._kit.lately import lately
from syllabus.coverage import taught_by_page

PAGES = Path(__file__).resolve().parents[1]

CHAPTERS = (
    "Filters",
    "Architectures",
    "Receptive field",
    "Data",
    "Learning",
    "Features and retrieval",
    "Explaining",
    "Segmentation",
    "Detection",
    "Metrics",
    "Course",
)

PICTURE_SIDES = (352, 220)  # pixels of the picture on a card, width and height: a visitor fetches a dozen of them

AUDIENCES: dict[str, Role] = {"students": Role.STUDENT, "assistants": Role.ASSISTANT, "instructors": Role.INSTRUCTOR}


class MalformedPage(RuntimeError):
    """A file in pages/ whose docstring does not say what it is."""


@dataclass(frozen=True)
class Lab:
    """A page as the menu and the home page see it."""

    name: str  # the file's name without .py, and the address
    path: Path
    chapter: str
    title: str
    promise: str
    role: Role  # the least role that may open it

    def picture(self, theme: Literal["light", "dark"]) -> Path:
        """The picture on its card, taken from the running lab by `make pictures`."""
        return Path(__file__).parent / "static" / "pictures" / f"{self.name}-{theme}.webp"


def discover(folder: Path = PAGES) -> list[Lab]:
    """All pages: by chapter, within it as the lectures teach what they show, then by title."""
    return list(_ours()) if folder == PAGES else _found(folder)


def _found(folder: Path) -> list[Lab]:
    labs = [_read(path) for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    taught = list(taught_by_page())
    return sorted(
        labs,
        key=lambda lab: (
            CHAPTERS.index(lab.chapter),
            taught.index(lab.name) if lab.name in taught else len(taught),
            lab.title,
        ),
    )


_ours = lately(lambda: _found(PAGES))


def open_to_all() -> list[Lab]:
    """The labs proper, which need no signing in."""
    return [lab for lab in discover() if lab.role == Role.VISITOR]


def describe(docstring: str | None, *, name: str, path: Path) -> Lab:
    """What a page's docstring says about it, or a MalformedPage that says what is missing."""
    paragraphs = [" ".join(part.split()) for part in (docstring or "").strip().split("\n\n")]
    chapter, colon, title = paragraphs[0].partition(": ")
    if not colon or not title:
        raise MalformedPage(f'{path}: the docstring must begin with "Chapter: Title", got "{paragraphs[0]}"')
    if chapter not in CHAPTERS:
        raise MalformedPage(f'{path}: "{chapter}" is no chapter; the chapters are {", ".join(CHAPTERS)}')
    promises = [text.removeprefix("One idea: ") for text in paragraphs if text.startswith("One idea: ")]
    if len(promises) != 1:
        raise MalformedPage(f'{path}: the docstring needs exactly one paragraph "One idea: ...", found {len(promises)}')
    audiences = [text.removeprefix("For: ").rstrip(".") for text in paragraphs if text.startswith("For: ")]
    unknown = [audience for audience in audiences if audience not in AUDIENCES]
    if unknown or len(audiences) > 1:
        raise MalformedPage(f'{path}: "For:" takes one of {", ".join(AUDIENCES)}, got {", ".join(audiences)}')
    promise = promises[0][:1].upper() + promises[0][1:]
    role = AUDIENCES[audiences[0]] if audiences else Role.VISITOR
    return Lab(name=name, path=path, chapter=chapter, title=title.rstrip("."), promise=promise, role=role)


def _read(path: Path) -> Lab:
    # Every run of every visitor asks; parsing again each time cost 2 ms, and Python 3.11's parser fails when several
    # threads meet in it ("AST constructor recursion depth mismatch").
    with _READING:
        return _parsed(path, path.stat().st_mtime_ns)


_READING = Lock()


@cache
def _parsed(path: Path, _changed: int) -> Lab:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        raise MalformedPage(f"{path}: a page's file name is its address: lower-case letters, digits and _ only")
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except SyntaxError as error:
        raise MalformedPage(f"{path}: line {error.lineno} is not Python: {error.msg}") from error
    return describe(ast.get_docstring(tree), name=path.stem, path=path)
