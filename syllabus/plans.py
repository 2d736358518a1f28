"""The plan of a lesson as text: labs and quizzes in order, with notes for whoever teaches.

    # Week 3: convolution
    lab convolution?padding=same  What the border does
      Ask what happens at the border before moving anything.
    quiz Q21

Behind the address of a lab, or the id of a quiz, may stand a title. Indented lines are notes, in Markdown.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Literal

from syllabus.written import PAGE, WrittenWrongly, checked_text

LONGEST, LONGEST_TITLE, MOST_STEPS = 20_000, 120, 60
STEP = re.compile(r"(lab|quiz)\s+(\S+)(?:\s+(.+))?")
LESSONS = Path(__file__).with_name("lessons")


class PlanWrittenWrongly(WrittenWrongly):
    """A plan that cannot be read; the message is one sentence that names the line and says what helps."""


@dataclass(frozen=True)
class Step:
    """One step: a lab by the end of its address, or a quiz by its id, with a title and notes that may be empty."""

    kind: Literal["lab", "quiz"]
    what: str
    title: str
    notes: str

    @property
    def lab(self) -> str:
        """The lab without its setting.

        >>> Step("lab", "pooling?pool_stride=1", "", "").lab
        'pooling'
        """
        return self.what.partition("?")[0]


@dataclass(frozen=True)
class Plan:
    """The steps of a lesson under one title."""

    title: str
    steps: tuple[Step, ...]


def read_plan(text: str, *, labs: Collection[str], has_quiz: Callable[[str], bool]) -> Plan:
    """The plan that a text describes; labs and quizzes it names must be there.

    >>> plan = read_plan("# Pooling\\nlab pooling  Move it\\n  Ask first.\\nquiz E21", labs={"pooling"}, has_quiz=bool)
    >>> plan.title, plan.steps[0].notes, plan.steps[1].what
    ('Pooling', 'Ask first.', 'E21')
    """
    title, steps, notes = "", list[Step](), list[list[str]]()
    for number, line in enumerate(checked_text(text, longest=LONGEST), start=1):
        if not line.strip() or line[0].isspace():
            if notes:
                notes[-1].append(line)
            elif line.strip():
                raise PlanWrittenWrongly(
                    f"line {number} is a note before the first step: write a lab or a quiz above it"
                )
        elif line.startswith("#"):
            if title:
                raise PlanWrittenWrongly(f"line {number} is a second title: delete it, or indent it if it is a note")
            title = _title(number, line.lstrip("#"))
        else:
            steps.append(_step(number, line, labs, has_quiz))
            notes.append([])
    if not title:
        raise PlanWrittenWrongly("the plan has no title: begin it with a line such as # Week 3: convolution")
    if not 1 <= len(steps) <= MOST_STEPS:
        raise PlanWrittenWrongly(f"the plan has {len(steps)} steps: write 1 to {MOST_STEPS} lines with lab or quiz")
    return Plan(title, tuple(replace(step, notes=_joined(lines)) for step, lines in zip(steps, notes, strict=True)))


@cache
def lessons() -> dict[str, str]:
    """The texts of the plans that come with the course, by their names.

    >>> list(lessons())
    ['convolution', 'detection', 'fields']
    """
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(LESSONS.glob("*.txt"))}


def _title(number: int, text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > LONGEST_TITLE:
        raise PlanWrittenWrongly(f"line {number}: the title has more than {LONGEST_TITLE} letters: shorten it")
    return plain


def _step(number: int, line: str, labs: Collection[str], has_quiz: Callable[[str], bool]) -> Step:
    found = STEP.fullmatch(line.strip())
    if not found:
        raise PlanWrittenWrongly(f"line {number} is no step: begin it with lab or quiz, or indent it if it is a note")
    kind, what, title = found[1], found[2], _title(number, found[3] or "")
    if kind == "quiz":
        if not has_quiz(what):
            raise PlanWrittenWrongly(
                f"line {number}: there is no quiz {what[:40]!r}: take the id of one, such as Q21 or N51"
            )
        return Step("quiz", what, title, "")
    step = Step("lab", what, title, "")
    if not PAGE.fullmatch(what) or step.lab not in labs:
        near = get_close_matches(step.lab[:40], sorted(labs), n=1)
        remedy = f"did you mean {near[0]}?" if near else "take the end of its address, such as pooling?pool_stride=1"
        raise PlanWrittenWrongly(f"line {number}: there is no lab {step.lab[:40]!r}: {remedy}")
    return step


def _joined(lines: list[str]) -> str:
    return dedent("\n".join(lines)).strip("\n")
