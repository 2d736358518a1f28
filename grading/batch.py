"""A folder of hand-ins graded in one go, without a server: what `fovea grade` does."""

import logging
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from grading.course import Course
from grading.errors import GradingError, Refusal
from grading.grader import Grader
from grading.notebooks.folder import Found, find
from grading.records import Outcome, Question, out_of

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]  # done, of how many, the student who was just done


@dataclass(frozen=True)
class Graded:
    """What became of one student's hand-in: an outcome, or the sentence it was refused with."""

    student: str
    outcome: Outcome | None
    refusal: str = ""
    ours: bool = False  # the fault is ours: a person looks at it, the student loses nothing

    def as_json(self, questions: tuple[Question, ...]) -> dict[str, Any]:
        """The student's entry in results.json. Where there are several notebooks, every question names its own.

        What it is out of leaves a bonus out, which says so itself.
        """
        if self.outcome is None:
            word = "undecided" if self.ours else "refused"
            points = None if self.ours else 0.0
            entry: dict[str, Any] = {"outcome": word, "points": points, "out_of": out_of(questions), "questions": {}}
            return {**entry, "seconds": 0.0, "stopped_by": "", "refusal": self.refusal, "notes": []}
        outcome = self.outcome
        several = len(outcome.papers) > 1
        notebook_of = {question.id: {"notebook": question.notebook} for question in questions if several}
        bonus = {question.id: {"bonus": True} for question in questions if question.bonus}
        missing = {paper.notebook: paper.missing for paper in outcome.papers if paper.missing}
        return {
            "outcome": outcome.verdict,
            "points": outcome.points,
            "out_of": out_of(questions),
            "to_mark": outcome.to_mark,
            "questions": {
                score.question: {
                    **notebook_of.get(score.question, {}),
                    **bonus.get(score.question, {}),
                    "points": score.points,
                    "out_of": score.out_of,
                    "state": score.state,
                    "seen": score.seen,
                    "hint": score.hint,
                    "integrity": score.integrity,
                    "seconds": score.seconds,
                }
                for score in outcome.scores
            },
            **({"missing": missing} if several else {}),
            "seconds": outcome.seconds,
            "stopped_by": outcome.stopped_by,
            "notes": list(outcome.notes),
            "seed": outcome.seed,
            "peak_memory": outcome.peak_memory,
            "isolation": {
                "layers": list(outcome.isolation.layers),
                "warnings": list(outcome.isolation.warnings),
                "trusted": outcome.isolation.trusted,
            },
        }


def grade_folder(
    course: Course, assignment: str, folder: Path, *, workers: int = 1, progress: Progress = lambda *_: None
) -> Iterator[Graded]:
    """Every hand-in in the folder, as each is done. Nothing that one of them does stops the others."""
    found = find(folder, assignment, submitted=course.directories["submitted"])
    with Grader(course, assignment) as grader, ThreadPoolExecutor(workers) as pool:
        grader.isolation  # noqa: B018 - tested once, before the first hand-in is touched
        waiting = iter(found)
        running: set[Future[Graded]] = {pool.submit(_one, grader, one) for one in islice(waiting, 2 * workers)}
        done = 0
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                graded = future.result()
                done += 1
                progress(done, len(found), graded.student)
                yield graded
            running |= {pool.submit(_one, grader, one) for one in islice(waiting, len(finished))}


def _one(grader: Grader, found: Found) -> Graded:
    names = [master.name for master in grader.assignment.masters]
    hand_in = found.read(grader.assignment.settings.limits, names)
    try:
        return Graded(found.student, grader.grade(hand_in, seed=secrets.randbits(63)))
    except Refusal as refusal:
        return Graded(found.student, None, str(refusal))
    except GradingError as error:
        return Graded(found.student, None, str(error), ours=True)
    except Exception:
        log.exception("a hand-in could not be graded")
        return Graded(found.student, None, "This could not be graded; a person has to look at it.", ours=True)
