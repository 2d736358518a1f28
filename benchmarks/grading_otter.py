"""The same hand-ins graded by otter-grader and by us.

Otter has no batch outside containers: `otter grade` starts one for each submission, and runs there what `otter run`
runs. Here it runs without any, so that no start of a container is counted. Its autograder is made of our own warm-up,
question by question: a test has the same statements, and passes if the referee gives full points, since Otter's tests
are all or nothing. The class is that of `python -m benchmarks grading`, eight kinds of hand-ins with the same bytes on
both sides. For every hand-in, Otter has to give full points where we do and nowhere else, or the bench stops. Ours
always runs with judge and full isolation; Otter has neither, and its tests share a process with the notebook.

- *A submission in a running batch*: seconds from one result to the next. Otter is given one submission after the other
  in one process, which spares it an import for each. CPU seconds are the mean of one kind of each, of all processes.
- *Whole command*: `otter run` and `fovea grade` from start to end. Ours tries its sandbox first.
"""

import ast
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from benchmarks.grading_hand_ins import class_of, kind_of, lay_flat
from benchmarks.grading_runs import ASSIGNMENT, COURSE, Batch, Bench, Points, bench
from benchmarks.grading_watch import LONGEST, watch
from benchmarks.results import Row, Section, Series, number

SOURCE = COURSE / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
MANY, MANY_OURS, SINGLE = 9, 17, 2  # hand-ins of a batch, and commands for a single one
THROUGH = "through with a submission"


def measure(*, quick: bool) -> Section:
    """Both in turns; the quick form grades two hand-ins of each, and one alone."""
    many, ours, single = (2, 2, 1) if quick else (MANY, MANY_OURS, SINGLE)
    with bench() as course:
        theirs, mine = otter_batch(course, many), course.fovea(ours, workers=1)
        alone = [(otter_command(course), course.fovea(1, workers=1).seconds) for _ in range(single)]
    compared = agreed(theirs.points, mine.points)
    peer = f"otter-grader {version('otter-grader')}"
    pairs = {
        "A submission in a running batch, 1 worker, beside Otter": (gaps(mine), gaps(theirs)),
        "CPU of a submission, 1 worker, beside Otter": (Series((mine.cpu,), "CPU-s"), Series((theirs.cpu,), "CPU-s")),
        "Whole command, 1 submission, beside Otter": (
            Series(tuple(own for _, own in alone), "s"),
            Series(tuple(other for other, _ in alone), "s"),
        ),
    }
    rows = tuple(Row(what, own, peer, other) for what, (own, other) in pairs.items())
    start, their_start = (number(batch.watched.done[0]) for batch in (mine, theirs))
    notes = (
        f"{compared} questions of {many} submissions got full points from both or from neither.",
        f"Until the first result: {start} s with ours, {their_start} s with Otter.",
    )
    return Section("otter", __doc__ or "", rows, notes)


def gaps(batch: Batch) -> Series:
    """Seconds from each result to the next."""
    return Series(tuple(later - earlier for earlier, later in pairwise(batch.watched.done)), "s")


def agreed(theirs: Points, ours: Points) -> int:
    """How many verdicts were compared: by question of a kind of hand-in. Raises where they differ."""
    worth, compared = {name: points for name, points, _ in questions() if points}, 0
    by_kind = {kind_of(student): points for student, points in ours.items()}
    for student, points in theirs.items():
        kind = kind_of(student)
        for question, most in worth.items():
            other, mine = points[question], by_kind[kind][question]
            if (other == most) != (mine == most):
                raise RuntimeError(f"Otter gives {kind!r} {other} of {most} for {question}, we give {mine}")
            compared += 1
    return compared


# -- what Otter needs


def questions() -> Iterator[tuple[str, float, str]]:
    """Every test cell of the instructor's notebook: its name, its points, and its statements."""
    for cell in json.loads(SOURCE.read_text(encoding="utf-8"))["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade") and not marks["solution"]:
            yield marks["grade_id"], marks["points"], "".join(cell["source"])


def packed() -> bytes:
    """An autograder for Otter: a file for each test."""
    content = BytesIO()
    with ZipFile(content, "w") as parcel:
        parcel.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for name, points, source in questions():
            case = {"code": conversation(source, points), "hidden": True, "locked": False}
            suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": name, "points": points, "suites": [suite]}
            parcel.writestr(f"tests/{name}.py", f"OK_FORMAT = True\n\ntest = {test!r}\n")
    return content.getvalue()


def conversation(source: str, points: float) -> str:
    """A test cell as a doctest that is silent where all is right; points that it ends with have to be all of them."""
    lines, body = source.splitlines(), ast.parse(source).body
    statements = [lines[each.lineno - 1 : each.end_lineno] for each in body]
    if "referees" in source:
        first, *more = statements.pop()
        quiet = ["with contextlib.redirect_stdout(io.StringIO()):", f"    earned = {first}", *more]
        statements += [["import contextlib, io"], quiet, [f"assert earned == {points}"]]
    return "\n".join(">>> " + "\n... ".join(each) for each in statements)


# -- Otter at work


def otter_batch(course: Bench, students: int) -> Batch:
    """A class, one submission after the other in one process."""
    with TemporaryDirectory(dir=course.folder) as name:
        folder = Path(name)
        (folder / "autograder.zip").write_bytes(packed())
        hand_ins = class_of(students, course.released)
        lay_flat(hand_ins, folder / "hand-ins")
        command = [sys.executable, "-m", "benchmarks.grading_otter", str(folder)]
        environment = course.environment
        watched = watch(command, folder=folder, environment=environment, counts=_through, expected=students)
        return Batch(watched, {student: read(folder / student) for student in hand_ins})


def otter_command(course: Bench) -> float:
    """Seconds of `otter run` on one submission."""
    with TemporaryDirectory(dir=course.folder) as name:
        folder = Path(name)
        (folder / "autograder.zip").write_bytes(packed())
        lay_flat(class_of(1, course.released), folder / "hand-ins")
        command = [sys.executable, "-m", "otter", "run", "--no-logo", "hand-ins/s0.ipynb"]
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, env=course.environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        seconds = time.perf_counter() - began
        if done.returncode or not (folder / "results.json").exists():
            raise RuntimeError(f"otter run ended with {done.returncode}: {done.stderr[-500:]}")
        return seconds


def read(folder: Path) -> Mapping[str, float | None]:
    """The points of one submission, by question."""
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {test["name"]: test["score"] for test in found["tests"] if "score" in test}


def _through(said: str) -> int:
    return said.count(THROUGH)


def main(folder: Path) -> None:
    """Grade all hand-ins of a folder, and say so after each."""
    from otter.run import main as run

    for hand_in in sorted((folder / "hand-ins").iterdir()):
        results = folder / hand_in.stem
        results.mkdir()
        run(str(hand_in), autograder=str(folder / "autograder.zip"), output_dir=str(results), no_logo=True)
        print(THROUGH, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
