"""A small course with its desk, a clock that stands still, and a grader that grades when it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from classroom import assignments
from classroom.desk import Desk, open_desk
from grading.grader import CourseGrader
from grading.service import Receipt, grade_next
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.grading import small_course

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class SmallCourse:
    """The course `ps` of two functions and an essay, with Ada, Ben, Tina and Iva on its roster."""

    desk: Desk
    now: datetime = MONDAY

    def published(self, **dates: datetime) -> "SmallCourse":
        assignments.publish(self.desk, IVA, "ps", "open", **dates)
        return self

    def answered(self, **answers: str) -> bytes:
        """The released notebook with right answers, or those given."""
        notebook = json.loads(self.desk.shelf.assignment("ps").masters[0].release())
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if name in small_course.ANSWERS:
                cell["source"] = {**small_course.ANSWERS, **answers}[name]
        return json.dumps(notebook).encode()

    def hand_in(self, who: object = ADA, **answers: str) -> Receipt:
        from classroom.work import hand_in

        self.now += timedelta(minutes=1)
        return hand_in(self.desk, who, "ps", file="ps.ipynb", data=self.answered(**answers))  # type: ignore[arg-type]

    def grade(self) -> str:
        """Grade the next hand-in in the queue, in the real sandbox."""
        grader = self.desk.check
        assert isinstance(grader, CourseGrader)
        questions = self.desk.shelf.assignment("ps").questions
        return grade_next(
            self.desk.ledger, grader, clock=self.desk.clock, worker="g1", questions=lambda _: questions
        )  # fmt: skip


@contextmanager
def small(folder: Path, database: str, *, settings: str = "") -> Iterator[SmallCourse]:
    """The course, opened."""
    desk = open_desk(small_course.write(folder / "course", settings=settings), database)
    course = SmallCourse(desk)
    course.desk = replace(desk, clock=lambda: course.now, draw=lambda: 7)
    desk.classroom.keep([ADA, BEN, TINA, IVA])
    try:
        yield course
    finally:
        desk.close()
