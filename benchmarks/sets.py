"""How long a hand-in of every problem set takes, locked in, once the grader is warm.

The instructor's own solution, which every case is asked of, graded one after the other by one grader with its processes
started; the first is not counted. Seconds from opening the session to the last verdict.
"""

import time

from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import ROOT
from grading.course import Course
from grading.grade import grade
from grading.grader import Grader

SECONDS, ROUNDS = 2.0, 9


def measure(*, quick: bool) -> Section:
    """Every set of the course; the quick form grades twice."""
    course = Course.open(ROOT / "assignments")
    rows = [
        Row(
            f"Grading a hand-in of {name}, all questions",
            Series(tuple(graded(course, name, rounds=2 if quick else ROUNDS)), "s"),
            goals=(Goal("median", SECONDS),),
        )
        for name in course.assignments()
        if any(not question.by_hand for question in course.assignment(name).questions)
    ]
    return Section("sets", __doc__ or "", tuple(rows), ())


def graded(course: Course, name: str, *, rounds: int) -> list[float]:
    """Seconds of every hand-in but the first."""
    seconds = []
    with Grader(course, name) as grader:
        for master in grader.assignment.masters:
            plan = grader.solution(master)
            for seed in range(rounds + 1):
                began = time.perf_counter()
                with grader.session(master, seed=seed) as session:
                    scores = grade(plan, session).scores.values()
                seconds.append(time.perf_counter() - began)
                if any(score.state != "full" for score in scores if score.points is not None and score.out_of):
                    raise RuntimeError(f"the solution of {name} does not earn all: {scores}")
    return seconds[1:]
