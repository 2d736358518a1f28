"""A notebook as we read it: cells in order, with nbgrader's marking as plain fields. Outputs are never kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from grading.notebooks.likeness import defined, lines, tidy

CellType = Literal["code", "markdown", "raw"]


@dataclass(frozen=True)
class Marking:
    """What nbgrader wrote into a cell. In a student's file it is a claim, nothing more."""

    grade_id: str
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    points: float | None = None
    schema: int = 3

    @property
    def fixed(self) -> bool:
        """Whether the cell is the instructor's and not for the student to change."""
        return not self.solution and (self.grade or self.locked or self.task)


@dataclass(frozen=True)
class Attachment:
    """A picture somebody pasted into a text cell: base64, and only of a kind that cannot carry a script."""

    name: str
    kind: str
    base64: str = field(repr=False)


@dataclass(frozen=True)
class Cell:
    """One cell. `position` counts from 1, as a reader counts."""

    cell_type: CellType
    source: str
    position: int
    id: str = ""
    marking: Marking | None = None
    attachments: tuple[Attachment, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    oddities: tuple[str, ...] = ()  # what is wrong with its marking: an error in a master, ignored in a student's file

    @property
    def name(self) -> str:
        """How we call it in a message."""
        return f"cell {self.position}"

    @cached_property
    def text(self) -> str:
        """The source without blanks that nobody sees, for comparing."""
        return tidy(self.source)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The first lines that say something, for comparing."""
        return lines(self.source)

    @cached_property
    def names(self) -> frozenset[str]:
        """What it defines."""
        return defined(self.source)


@dataclass(frozen=True)
class Notebook:
    """All cells, and what was mended while reading, in words."""

    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
