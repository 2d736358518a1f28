"""Subcommands over the ledger: hand in, grade what is handed in, regrade, export."""

import argparse
import json
import os
import secrets
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grading.cli.shared import Office, count, course_of, folder_of, office_of, say, whoever
from grading.configuration import current
from grading.errors import GradingError

if TYPE_CHECKING:
    from grading.ledger.port import Ledger


def run_submit(arguments: argparse.Namespace) -> int:
    """A hand-in and its receipt."""
    from grading.grader import CourseGrader
    from grading.notebooks.pack import gather
    from grading.service import hand_in

    course = course_of(arguments)
    assignment = course.assignment(arguments.assignment)
    settings, names = assignment.settings, [master.name for master in assignment.masters]
    file, data = gather(arguments.file, settings.limits, assignment=assignment.name, notebooks=names)
    with office_of(arguments) as office, _ledger(arguments) as ledger, CourseGrader(course) as grader:
        student = office.whom(arguments.student)
        receipt = hand_in(
            ledger,
            student=student,
            assignment=arguments.assignment,
            file=file,
            data=data,
            check=lambda file, content: grader.check(arguments.assignment, file, content),
            rules=office.rules_of(arguments.assignment)(student),
            clock=_now,
            draw=_draw,
            opened=lambda file, content: grader.notebooks(arguments.assignment, file, content),
        )
        notebooks = ledger.notebooks(receipt.attempt.hand_in)
    say(str(receipt))
    if len(notebooks) > 1:
        for one in notebooks:
            say(f"- {one.file}: {one.sha256}")
    for note in receipt.notes:
        say(f"- {note}")
    if receipt.place is not None:
        say(f"Before it in the queue: {receipt.place}." if receipt.place else "It is graded next.")
    return 0


def run_grader(arguments: argparse.Namespace) -> int:
    """Claim, grade, record, until stopped: here, or on the machines of a cluster."""
    address = current().ray_address
    return _grade_there(arguments, address) if address and not arguments.here else _grade_here(arguments)


def _grade_there(arguments: argparse.Namespace, address: str) -> int:
    from grading import logs
    from grading.cluster.attendant import command
    from grading.cluster.service import serve_cluster
    from grading.companion import READY, end_with_parent
    from grading.service import stopping

    held = end_with_parent()
    logs.begin()
    course = course_of(arguments).folder.absolute()
    if "://" not in current().ledger:
        raise GradingError("Graders on several machines share a ledger in Postgres: FOVEA_LEDGER is its address.")
    words = ("-m", "fovea", "grader", "--here", "--course", str(course), "--workers", str(arguments.workers))

    def tell(sentence: str) -> None:
        say(sentence)
        sys.stdout.flush()

    with stopping() as stop, _ledger(arguments) as ledger:
        if held:
            tell(READY)
        over = partial(_empty, ledger) if arguments.until_empty else lambda: False
        serve_cluster(command(address, words, workers=arguments.workers), stop=stop, tell=tell, over=over)
    return 0


def _empty(ledger: "Ledger") -> bool:
    from grading.ledger.port import LedgerBusy

    with suppress(LedgerBusy):
        state = ledger.queue(now=_now())
        return not state.waiting + state.grading
    return False


def _grade_here(arguments: argparse.Namespace) -> int:
    import threading

    from grading import logs
    from grading.companion import READY, end_with_parent
    from grading.grader import CourseGrader
    from grading.niceness import step_back
    from grading.sandbox.selftest import examine
    from grading.service import serve, stopping

    if held := end_with_parent():
        step_back()
    else:  # whoever holds us repeats our lines in its own log
        logs.begin()
    course = course_of(arguments)
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
        if held:
            say(READY)
            sys.stdout.flush()
        for worker in workers:
            while worker.is_alive():  # join without a limit would keep Ctrl-C waiting
                worker.join(0.2)
    if not held:
        say(f"{graded} graded")
    return 0


def run_queue(arguments: argparse.Namespace) -> int:
    """How the queue stands; 1 if it stands still for longer than was asked."""
    with _ledger(arguments) as ledger:
        now = _now()
        state = ledger.queue(now=now)
    oldest = f", the oldest since {state.oldest:%d %B %Y, %H:%M}" if state.oldest else ""
    if arguments.json:
        say(json.dumps(asdict(state), default=str))
    else:
        say(f"{state.waiting} waiting{oldest}; {state.grading} being graded")
    free = state.ready if not state.grading else None
    return 1 if free and (now - free).total_seconds() >= arguments.stalled else 0


def run_regrade(arguments: argparse.Namespace) -> int:
    """Append gradings, or show what they would change."""
    from grading.grader import CourseGrader
    from grading.service import preview, regrade

    known = [question.id for question in course_of(arguments).assignment(arguments.assignment).questions]
    question = _known(arguments.question, known, arguments.assignment) if arguments.question else ""
    with office_of(arguments) as office:
        student = office.whom(arguments.student) if arguments.student else ""
    which = {"assignment": arguments.assignment, "student": student, "question": question}
    with _ledger(arguments) as ledger:
        if arguments.preview:
            with CourseGrader(course_of(arguments)) as grader:
                changes = [str(change) for change in preview(ledger, grader, **which, clock=_now)]
            say("\n".join(changes) or "Nothing would change.")
            return 0
        attempts = regrade(ledger, **which, reason=arguments.reason, by=whoever(), clock=_now)
    say(f"Queued for regrading: {count(len(attempts), 'hand-in')}; `fovea grader` grades them.")
    return 0


def run_export(arguments: argparse.Namespace) -> int:
    """The marks as text."""
    from grading.exports import NAMED, export

    course = course_of(arguments)
    folder_of(arguments.out)
    names = arguments.assignment or list(course.assignments())
    with office_of(arguments) as office:
        marks = office.marks(names, members_only=arguments.format in NAMED)
    _written(arguments.out, export(arguments.format, *marks))
    return 0


def run_total(arguments: argparse.Namespace) -> int:
    """Everybody's total by a scheme, or the schemes there are."""
    from grading.schemes import given_marks, scheme, schemes, totals

    course = course_of(arguments)
    if not arguments.scheme:
        for each in schemes(course.folder).values():
            parts = ", ".join(
                f"{part.name} {part.points:g}{f' (+{part.bonus:g})' * (part.bonus > 0)}" for part in each.parts
            )
            say(f"{each.name}: {each.title}: {parts}")
        return 0
    folder_of(arguments.out)
    chosen, given = scheme(course.folder, arguments.scheme), {}
    if arguments.marks:
        try:
            given = given_marks(arguments.marks.read_text(encoding="utf-8"), chosen)
        except (OSError, UnicodeDecodeError):
            raise GradingError(f'"{arguments.marks.name}" cannot be read: it should be a CSV file in UTF-8.') from None
    wanted = {name for part in chosen.parts for name in part.assignments}
    names = [name for name in course.assignments() if name in wanted]
    with office_of(arguments) as office:
        _, found, people = office.marks(names)
        meant = _meant(office, given)
    _written(arguments.out, totals(chosen, found, meant, assignments=names, people=people))
    return 0


def _meant(office: Office, given: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The marks that persons gave, by the key of whoever is named there."""
    found = dict[tuple[str, str], float]()
    for (said, part), points in given.items():
        student = office.whom(said)
        if (student, part) in found:
            raise GradingError(f'The table of marks names "{said}" twice for "{part}", once by another name.')
        found[student, part] = points
    return found


def _written(out: Path | None, text: str) -> None:
    if out:
        with out.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
    else:
        sys.stdout.write(text)


def run_gradebook(arguments: argparse.Namespace) -> int:
    """nbgrader's database from the ledger, or marks from it."""
    from grading.gradebook import rebuild, take_marks, write_autograded

    course = course_of(arguments)
    path = arguments.out or course.folder / "gradebook.db"
    with office_of(arguments) as office, _ledger(arguments) as ledger:
        if arguments.what == "rebuild":
            _, _, people = office.marks(list(course.assignments()))
            rebuild(ledger, course, path, people=people, clock=_now)
            written = write_autograded(ledger, course, path.parent / "autograded")
            beside = count(written, "notebook")
            say(f"{path.name} is written anew from the ledger, with {beside} for formgrader beside it.")
        else:
            if not path.is_file():
                raise GradingError(f'There is no gradebook "{path.name}" to take marks from.')
            taken = take_marks(ledger, path, by=whoever(), clock=_now)
            say(f"{count(len(taken), 'mark')} taken into the ledger.")
    return 0


def _known(question: str, known: list[str], assignment: str) -> str:
    """The question's id; in an assignment of several notebooks its grade id will do, if only one of them has it."""
    if question in known:
        return question
    same = [one for one in known if one.endswith(f"/{question}")]
    if len(same) == 1:
        return same[0]
    near = same or get_close_matches(question, known, n=1)
    quoted = " or ".join(f'"{one}"' for one in near)
    hint = f"Did you mean {quoted}?" if near else f"It has: {', '.join(known)}."
    raise GradingError(f'{assignment} has no question "{question}". {hint}')


@contextmanager
def _ledger(arguments: argparse.Namespace) -> "Iterator[Ledger]":
    from grading.ledger.sql import open_ledger
    from grading.ledger.where import database

    if not arguments.course.is_dir():
        raise GradingError(f'There is no course folder "{arguments.course.name}".')
    ledger = open_ledger(database(arguments.course))
    try:
        yield ledger
    finally:
        ledger.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _draw() -> int:
    return secrets.randbits(63)
