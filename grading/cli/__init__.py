"""The course side's subcommands of `fovea`: each parses, calls one function of the library, prints its answer."""

import argparse
import math
from pathlib import Path
from typing import Any

from grading.cli import desk, work
from grading.cli.shared import Offices, workers

COURSE = Path("assignments")
_FORMATS = ("csv", "questions", "canvas", "moodle", "nbgrader")
Commands = Any  # argparse's collection of subparsers has no public name


def add_to(commands: Commands, offices: Offices) -> None:
    """Enter the subcommands; `offices` says who is who in a course."""
    grade = _command(commands, "grade", work.run_grade, "grade a folder of notebooks, without a server")
    grade.add_argument("assignment")
    grade.add_argument("folder", type=Path, help="with STUDENT.ipynb files, or nbgrader's submitted folder")
    grade.add_argument("--out", type=Path, help="where the results go, as JSON; the screen if not given")
    grade.add_argument("--workers", type=workers, default=1, help="hand-ins graded at the same time")

    check = _command(commands, "check", work.run_check, "look an assignment over before students get it")
    check.add_argument("assignment")
    check.add_argument("--json", action="store_true")

    release = _command(commands, "release", work.run_release, "make the students' notebooks, and look them through")
    release.add_argument("assignment", nargs="*", help="all of the course if none is named")

    submit = _command(commands, "submit", desk.run_submit, "hand notebooks in")
    submit.add_argument("assignment")
    submit.add_argument("file", type=Path, nargs="+", help="a notebook, several, a folder with them, or a zip archive")
    submit.add_argument("--student", required=True, help="whose it is: number, login, e-mail address or name")
    submit.set_defaults(office=offices)

    grader = _command(commands, "grader", desk.run_grader, "grade what is handed in, until stopped")
    grader.add_argument("--workers", type=workers, default=1, help="hand-ins graded at the same time")
    grader.add_argument("--until-empty", action="store_true", help="end when nothing waits any more")
    grader.add_argument(
        "--here", action="store_true", help="on this machine, also where FOVEA_RAY_ADDRESS names others"
    )

    queue = _command(commands, "queue", desk.run_queue, "what waits, and for how long")
    queue.add_argument("--json", action="store_true")
    stalled = "fail if something waits for so long and nobody grades: for a watchdog"
    queue.add_argument("--stalled", type=float, default=math.inf, metavar="SECONDS", help=stalled)

    regrade = _command(
        commands, "regrade", desk.run_regrade, "grade again, after a test was corrected; the old outcomes stay"
    )
    regrade.add_argument("assignment")
    regrade.add_argument("--student", default="", help="only theirs: number, login, e-mail address or name")
    regrade.set_defaults(office=offices)
    regrade.add_argument(
        "--question", default="", help="only this one, as NOTEBOOK/ID where there are several; the other scores stay"
    )
    regrade.add_argument("--reason", default="", help="for the history")
    regrade.add_argument("--preview", action="store_true", help="show whose marks would change; record nothing")

    export = _command(commands, "export", desk.run_export, "the marks, for another system")
    export.add_argument("--format", choices=_FORMATS, default="csv")
    export.add_argument("--assignment", action="append", help="only this one; may be given several times")
    export.add_argument("--out", type=Path, help="a file; the screen if not given")
    export.set_defaults(office=offices)

    total = _command(commands, "total", desk.run_total, "add the marks up, by a scheme of schemes.toml")
    total.add_argument("scheme", nargs="?", default="", help="lists them if none is named")
    total.add_argument(
        "--marks", type=Path, help="what persons gave: a CSV file with the columns student, part, points"
    )
    total.add_argument("--out", type=Path, help="a file; the screen if not given")
    total.set_defaults(office=offices)

    gradebook = _command(
        commands, "gradebook", desk.run_gradebook, "nbgrader's gradebook.db, written anew from the ledger"
    )
    gradebook.add_argument("what", choices=("rebuild", "take-marks"), help="take-marks: what was typed in formgrader")
    gradebook.add_argument("--out", type=Path, help="COURSE/gradebook.db if not given")
    gradebook.set_defaults(office=offices)

    doctor = _command(commands, "doctor", work.run_doctor, "try to break out of the sandbox, and say what holds")
    doctor.add_argument("--json", action="store_true")


def _command(commands: Commands, name: str, run: Any, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    parser.add_argument("--course", type=Path, default=COURSE, help="the course's folder (assignments)")
    parser.set_defaults(run=run)
    return parser
