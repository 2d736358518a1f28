"""What will be run, judged and shown for one submission, step by step: the rebuilt notebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from grading.notebooks.cells import Attachment, CellType
from grading.records import Question

Kind = Literal["run", "set up", "test", "text"]


@dataclass(frozen=True)
class Step:
    """One cell of the rebuilt notebook.

    - "run": the student's code. Where it replaces a cell of the instructor's that students may edit (the imports, say),
      `judge_source` is the instructor's own text, which the judge runs instead.
    - "set up": the instructor's code; it runs in the student's process and, unless it explores, in the judge.
    - "test": the instructor's test, hidden part included; judged. Never the student's copy of it.
    - "text": nothing to run. An answer that is missing altogether is a step of this kind as well.
    """

    kind: Kind
    source: str
    cell: str  # its name in a message: "cell 7" of the student's file, or the grade id of the instructor's
    cell_type: CellType = "code"
    question: Question | None = None  # of a test, of an answer marked by hand, of a task
    visible_source: str = ""  # of a test or a task: what students were given of it
    hidden_lines: frozenset[int] = frozenset()  # of a test: the lines of `source`, from 1, that students never see
    judge_source: str = ""  # what the judge runs at this point; empty where it runs nothing or the test itself
    answer_to: tuple[str, ...] = ()  # of an answer: the questions it is graded by
    explores: bool = False  # code of the instructor's to look around with, which the judge passes over
    unanswered: bool = False  # of an answer: missing, empty, or still as it was handed out
    grade_id: str = ""
    id: str = ""  # the format's own cell id, from the master or the student
    attachments: tuple[Attachment, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)  # for the executed notebook

    @property
    def hidden(self) -> bool:
        """Whether a part of the test is kept from students."""
        return bool(self.hidden_lines)


@dataclass(frozen=True)
class Plan:
    """A submission rebuilt from the instructor's master, and what was mended on the way, in words."""

    notebook: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What is graded, in the order of the assignment."""
        return tuple(step.question for step in self.steps if step.question)

    def answer(self, grade_id: str) -> Step:
        """The step of the marked cell `grade_id`; a `KeyError` if the assignment has no such cell."""
        for step in self.steps:
            if step.grade_id == grade_id:
                return step
        raise KeyError(grade_id)
