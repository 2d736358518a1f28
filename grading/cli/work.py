"""Subcommands that need no ledger: grade a folder, look an assignment over, try the sandbox."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grading.cli.shared import count, course_of, folder_of, say


def run_grade(arguments: argparse.Namespace) -> int:
    """A folder of hand-ins, with a bar that says how long it takes."""
    from tqdm import tqdm

    from grading.batch import grade_folder

    course = course_of(arguments)
    questions = course.assignment(arguments.assignment).questions
    results: dict[str, Any] = {}
    with _written(arguments.out, results), tqdm(unit="hand-in", desc=arguments.assignment, disable=None) as bar:

        def progress(done: int, total: int, student: str) -> None:
            bar.total = total
            bar.update(done - bar.n)

        for graded in grade_folder(
            course, arguments.assignment, arguments.folder, workers=arguments.workers, progress=progress
        ):
            results[graded.student] = graded.as_json(questions)
    if arguments.out:
        outcomes = [entry["outcome"] for entry in results.values()]
        words = ", ".join(f"{outcomes.count(word)} {word}" for word in dict.fromkeys(sorted(outcomes)))
        say(f"{count(len(results), 'hand-in')}: {words}. Written to {arguments.out}.")
        isolation: dict[str, Any] = next((entry["isolation"] for entry in results.values() if "isolation" in entry), {})
        for warning in isolation.get("warnings", ()):
            say(f"Stamped on every grade: {warning}")
    return 0


@contextmanager
def _written(out: Path | None, results: dict[str, Any]) -> Iterator[None]:
    """Write the results at the end, whatever ends it: an interrupted batch keeps what is graded."""
    folder_of(out)
    try:
        yield
    finally:
        text = json.dumps(dict(sorted(results.items())), indent=2, ensure_ascii=False)
        if out and results:
            beside = out.with_name(f"{out.name}.part")
            beside.write_text(text + "\n", encoding="utf-8")
            beside.replace(out)
        elif results:
            say(text)


def run_check(arguments: argparse.Namespace) -> int:
    """What is wrong with an assignment; 1 if marks would be."""
    from grading.check import check

    problems = list(check(course_of(arguments), arguments.assignment))
    if arguments.json:
        say(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            say(f"{'problem' if problem.serious else 'note':8} {problem.question}: {problem.says}")
        serious = sum(problem.serious for problem in problems)
        notes = len(problems) - serious
        say(f"{arguments.assignment}: {count(serious, 'problem')}, {count(notes, 'note')}")
    return 1 if any(problem.serious for problem in problems) else 0


def run_release(arguments: argparse.Namespace) -> int:
    """Make what students are given; 1 if one of the assignments is not fit for them."""
    from grading.check import check
    from grading.release import release

    course, wrong = course_of(arguments), 0
    for name in arguments.assignment or course.assignments():
        released = release(course, name)
        problems = [*released.problems, *(check(course, name) if not released.problems else ())]
        for problem in problems:
            say(f"{'problem' if problem.serious else 'note':8} {problem.question}: {problem.says}")
        serious = sum(problem.serious for problem in problems)
        wrong += serious
        files = ", ".join(str(path) for path in released.files)
        state = "Not fit for students." if serious else f"{files} in {released.folder}"
        say(f"{name}: {count(serious, 'problem')}. {state}")
    return int(wrong > 0)


def run_doctor(arguments: argparse.Namespace) -> int:
    """The layers, every attempt to get out, what the course will do here, and the verdict; 1 if something is wrong."""

    from grading.doctor import diagnose, sentences
    from grading.ledger.where import database
    from grading.sandbox.selftest import examine

    where = database(arguments.course)
    about = diagnose(course_of(arguments), where)
    found = examine(python=about.python, ledger=Path(where) if Path(where).is_file() else None)
    broken = [check.name for check in found.standing.checks if not check.kept]
    graded = not found.refuses or bool(about.trusting)
    wrong = not graded or bool(about.problems)
    if arguments.json:
        plain = {"refuses": found.refuses, "missing": broken, "standing": asdict(found.standing)}
        attempts = [asdict(attempt) for attempt in found.attempts]
        say(json.dumps({**plain, "attempts": attempts, "course": asdict(about)}, indent=2))
        return int(wrong)
    for row in found.standing.rows:
        state = "holds" if row.holds else f"unavailable: {row.why}"
        say(f"{row.layer:18} {'required' if row.required else '':9} {state}")
    for attempt in found.attempts:
        result = f"contained by {attempt.stopped_by}" if attempt.contained else "NOT CONTAINED"
        say(f"A test notebook {attempt.sentence}: {result}")
    for sentence in (*found.refuses, *found.standing.warnings, *sentences(about)):
        say(sentence)
    if found.refuses and graded:
        say(f"WITHOUT THE PROTECTION ABOVE, since the course trusts its students: {', '.join(about.trusting)}.")
    say("Submissions may run here." if graded else "Nothing is graded here.")
    return int(wrong)
