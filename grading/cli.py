"""The course side's subcommands of `fovea`: each parses, calls one function of the library, prints its answer."""

import argparse
import json
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.errors import GradingError

if TYPE_CHECKING:
    from grading.course import Course
    from grading.ledger.port import Ledger

COURSE = Path("assignments")
LEDGER = "FOVEA_LEDGER"  # a path or a database URL; in the environment, since a URL may hold a password
_FORMATS = ("csv", "questions", "canvas", "moodle", "nbgrader")
Commands = Any  # argparse's collection of subparsers has no public name


def add_to(commands: Commands) -> None:
    """Enter the subcommands."""
    grade = _command(commands, "grade", _grade, "grade a folder of notebooks, without a server")
    grade.add_argument("assignment")
    grade.add_argument("folder", type=Path, help="with STUDENT.ipynb files, or nbgrader's submitted folder")
    grade.add_argument("--out", type=Path, help="where the results go, as JSON; the screen if not given")
    grade.add_argument("--workers", type=_workers, default=1, help="hand-ins graded at the same time")

    check = _command(commands, "check", _check, "look an assignment over before students get it")
    check.add_argument("assignment")
    check.add_argument("--json", action="store_true")

    submit = _command(commands, "submit", _submit, "hand a notebook in")
    submit.add_argument("assignment")
    submit.add_argument("file", type=Path)
    submit.add_argument("--student", required=True)

    grader = _command(commands, "grader", _grader, "grade what is handed in, until stopped")
    grader.add_argument("--workers", type=_workers, default=1, help="hand-ins graded at the same time")
    grader.add_argument("--until-empty", action="store_true", help="end when nothing waits any more")

    queue = _command(commands, "queue", _queue, "what waits, and for how long")
    queue.add_argument("--json", action="store_true")

    regrade = _command(commands, "regrade", _regrade, "grade again, after a test was corrected; the old outcomes stay")
    regrade.add_argument("assignment")
    regrade.add_argument("--student", default="")
    regrade.add_argument("--question", default="", help="only this one; the other scores stay")
    regrade.add_argument("--reason", default="", help="for the history")
    regrade.add_argument("--preview", action="store_true", help="show whose marks would change; record nothing")

    export = _command(commands, "export", _export, "the marks, for another system")
    export.add_argument("--format", choices=_FORMATS, default="csv")
    export.add_argument("--assignment", action="append", help="only this one; may be given several times")
    export.add_argument("--out", type=Path, help="a file; the screen if not given")

    gradebook = _command(commands, "gradebook", _gradebook, "nbgrader's gradebook.db, written anew from the ledger")
    gradebook.add_argument("what", choices=("rebuild", "take-marks"), help="take-marks: what was typed in formgrader")
    gradebook.add_argument("--out", type=Path, help="COURSE/gradebook.db if not given")

    doctor = _command(commands, "doctor", _doctor, "try to break out of the sandbox, and say what holds")
    doctor.add_argument("--json", action="store_true")


def _command(commands: Commands, name: str, run: Any, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    parser.add_argument("--course", type=Path, default=COURSE, help="the course's folder (assignments)")
    parser.set_defaults(run=run)
    return parser


def _grade(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from grading.batch import grade_folder

    course = _course(arguments)
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
        _say(f"{_count(len(results), 'hand-in')}: {words}. Written to {arguments.out}.")
        isolation: dict[str, Any] = next((entry["isolation"] for entry in results.values() if "isolation" in entry), {})
        for warning in isolation.get("warnings", ()):
            _say(f"Stamped on every grade: {warning}")
    return 0


@contextmanager
def _written(out: Path | None, results: dict[str, Any]) -> Iterator[None]:
    """Write the results at the end, whatever ends it: an interrupted batch keeps what is graded."""
    _folder_of(out)
    try:
        yield
    finally:
        text = json.dumps(dict(sorted(results.items())), indent=2, ensure_ascii=False)
        if out and results:
            beside = out.with_name(f"{out.name}.part")
            beside.write_text(text + "\n", encoding="utf-8")
            beside.replace(out)
        elif results:
            _say(text)


def _folder_of(out: Path | None) -> None:
    """Say before the work, not after it, that its result has no place to go."""
    if out and (out.is_dir() or not out.parent.is_dir()):
        raise GradingError(f'"{out.name}" cannot be written there: name a file in a folder that exists.')


def _check(arguments: argparse.Namespace) -> int:
    from grading.check import check

    problems = list(check(_course(arguments), arguments.assignment))
    if arguments.json:
        _say(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            _say(f"{'problem' if problem.serious else 'note':8} {problem.question}: {problem.says}")
        serious = sum(problem.serious for problem in problems)
        notes = len(problems) - serious
        _say(f"{arguments.assignment}: {_count(serious, 'problem')}, {_count(notes, 'note')}")
    return 1 if any(problem.serious for problem in problems) else 0


def _submit(arguments: argparse.Namespace) -> int:
    from grading.grader import CourseGrader
    from grading.ledger.policy import rules_for
    from grading.notebooks.decode import check_size
    from grading.service import hand_in

    course = _course(arguments)
    settings = course.assignment(arguments.assignment).settings
    if not arguments.file.is_file():
        raise GradingError(f'There is no file "{arguments.file.name}".')
    check_size(arguments.file.stat().st_size, file=arguments.file.name, limits=settings.limits)
    data = arguments.file.read_bytes()
    with _ledger(arguments) as ledger, CourseGrader(course) as grader:
        receipt = hand_in(
            ledger,
            student=arguments.student,
            assignment=arguments.assignment,
            file=arguments.file.name,
            data=data,
            check=lambda file, content: grader.check(arguments.assignment, file, content),
            rules=rules_for(settings, arguments.student),
            clock=_now,
            draw=_draw,
        )
    _say(str(receipt))
    for note in receipt.notes:
        _say(f"- {note}")
    if receipt.place is not None:
        _say(f"Before it in the queue: {receipt.place}.")
    return 0


def _grader(arguments: argparse.Namespace) -> int:
    import threading

    from grading.grader import CourseGrader
    from grading.sandbox.selftest import examine
    from grading.service import serve, stopping

    course = _course(arguments)
    graded = 0

    def seen(ended: str) -> None:
        nonlocal graded
        if ended == "graded":
            graded += 1

    trusts = [name for name in course.assignments() if course.assignment(name).settings.trust_students]
    if (refuses := examine().refuses) and not trusts:  # else every hand-in would wait for a person in the end
        raise GradingError(f"Nothing is graded on this machine: {' '.join(refuses)} `fovea doctor` tells more.")
    with stopping() as stop, _ledger(arguments) as ledger, CourseGrader(course) as grader:
        workers = [
            threading.Thread(
                target=serve,
                args=(ledger, grader),
                kwargs={
                    "clock": _now,
                    "worker": f"{socket.gethostname()}-{os.getpid()}-{number}",
                    "questions": lambda name: course.assignment(name).questions,
                    "stop": stop,
                    "until_empty": arguments.until_empty,
                    "seen": seen,
                },
            )
            for number in range(arguments.workers)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            while worker.is_alive():  # join without a limit would keep Ctrl-C waiting
                worker.join(0.2)
    _say(f"{graded} graded")
    return 0


def _queue(arguments: argparse.Namespace) -> int:
    with _ledger(arguments) as ledger:
        state = ledger.queue(now=_now())
    oldest = f", the oldest since {state.oldest:%d %B %Y, %H:%M}" if state.oldest else ""
    if arguments.json:
        _say(json.dumps(asdict(state), default=str))
    else:
        _say(f"{state.waiting} waiting{oldest}; {state.grading} being graded")
    return 0


def _regrade(arguments: argparse.Namespace) -> int:
    from grading.grader import CourseGrader
    from grading.service import preview, regrade

    known = [question.id for question in _course(arguments).assignment(arguments.assignment).questions]
    if arguments.question and arguments.question not in known:
        near = get_close_matches(arguments.question, known, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"It has: {', '.join(known)}."
        raise GradingError(f'{arguments.assignment} has no question "{arguments.question}". {hint}')
    which = {"assignment": arguments.assignment, "student": arguments.student, "question": arguments.question}
    with _ledger(arguments) as ledger:
        if arguments.preview:
            with CourseGrader(_course(arguments)) as grader:
                for change in preview(ledger, grader, **which, clock=_now):
                    _say(str(change))
            return 0
        attempts = regrade(ledger, **which, reason=arguments.reason, by=_person(), clock=_now)
    _say(f"Queued for regrading: {_count(len(attempts), 'hand-in')}; `fovea grader` grades them.")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from grading.exports import Column, export
    from grading.ledger.policy import rules_for
    from grading.service import Grade, grades

    course = _course(arguments)
    _folder_of(arguments.out)
    names = arguments.assignment or list(course.assignments())
    columns: list[Column] = []
    found: list[Grade] = []
    with _ledger(arguments) as ledger:
        for name in names:
            assignment = course.assignment(name)
            settings = assignment.settings
            columns.append(Column(name, sum(question.points for question in assignment.questions), settings.due))
            found += grades(ledger, assignment=name, rules_for=partial(rules_for, settings))
    text = export(arguments.format, columns, found, {})
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
    else:
        sys.stdout.write(text)
    return 0


def _gradebook(arguments: argparse.Namespace) -> int:
    from grading.gradebook import rebuild, take_marks, write_autograded

    course = _course(arguments)
    path = arguments.out or course.folder / "gradebook.db"
    with _ledger(arguments) as ledger:
        if arguments.what == "rebuild":
            rebuild(ledger, course, path, people={}, clock=_now)
            written = write_autograded(ledger, course, path.parent / "autograded")
            beside = _count(written, "notebook")
            _say(f"{path.name} is written anew from the ledger, with {beside} for formgrader beside it.")
        else:
            if not path.is_file():
                raise GradingError(f'There is no gradebook "{path.name}" to take marks from.')
            taken = take_marks(ledger, path, by=_person(), clock=_now)
            _say(f"{_count(len(taken), 'mark')} taken into the ledger.")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from grading.sandbox.selftest import examine

    ledger = arguments.course / "ledger.sqlite"
    found = examine(ledger=ledger if ledger.exists() else None)
    if arguments.json:
        plain = {"refuses": found.refuses, "standing": asdict(found.standing)}
        _say(json.dumps({**plain, "attempts": [asdict(attempt) for attempt in found.attempts]}, indent=2))
        return 1 if found.refuses else 0
    for row in found.standing.rows:
        state = "holds" if row.holds else f"unavailable: {row.why}"
        _say(f"{row.layer:18} {'required' if row.required else '':9} {state}")
    for attempt in found.attempts:
        result = f"contained by {attempt.stopped_by}" if attempt.contained else "NOT CONTAINED"
        _say(f"A test notebook {attempt.sentence}: {result}")
    for sentence in (*found.refuses, *found.standing.warnings):
        _say(sentence)
    _say("Nothing is graded here." if found.refuses else "Submissions may run here.")
    return 1 if found.refuses else 0


def _course(arguments: argparse.Namespace) -> "Course":
    from grading.course import Course

    return Course.open(arguments.course)


@contextmanager
def _ledger(arguments: argparse.Namespace) -> "Iterator[Ledger]":
    from grading.ledger.sql import open_ledger

    where = os.environ.get(LEDGER) or str(arguments.course / "ledger.sqlite")
    if not arguments.course.is_dir():
        raise GradingError(f'There is no course folder "{arguments.course.name}".')
    ledger = open_ledger(where)
    try:
        yield ledger
    finally:
        ledger.close()


def _workers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError("1 to 64 can work at the same time")
    return number


def _count(number: int, thing: str) -> str:
    """How many of them, in words.

    >>> _count(1, "mark"), _count(0, "mark")
    ('1 mark', '0 marks')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _now() -> datetime:
    return datetime.now(UTC)


def _draw() -> int:
    return secrets.randbits(63)


def _person() -> str:
    import getpass

    return getpass.getuser()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
