"""Trying out: a student runs cells of their notebook, and the examples below them, in a session that goes on living.

Before a cell runs, everything above it runs that has changed since it last did, so that nothing on the page is older
than it looks. The processes are those of grading, locked in as well; only what students were given is asked. A session
that was ended, because it rested or others needed its place, is begun again the next time without anybody noticing.
"""

import ast
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grading.engine.outputs import Output
from grading.engine.session import Session
from grading.errors import GradingError
from grading.grade import STOPPED, example
from grading.limits import GIB, Limits
from grading.notebooks.fill import filled
from grading.notebooks.plan import Step
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild

if TYPE_CHECKING:
    from grading.grader import CourseGrader, Grader
    from grading.notebooks.master import Master

MOST_PRINTED = 10_000  # letters that are shown of what an example prints
Name = tuple[str, str, str]  # who, which assignment, which of its notebooks


class Busy(GradingError):
    """Too many try something out at this moment."""


@dataclass(frozen=True)
class Example:
    """What became of a test cell, as far as students have it."""

    cell: str
    passed: bool
    seen: str = ""
    printed: str = ""  # by the student's functions while it asked them


@dataclass(frozen=True)
class Tried:
    """What came of a cell that was run, and of the examples below it if they were asked for."""

    outputs: tuple[Output, ...]
    failed: bool
    seconds: float
    examples: tuple[Example, ...] = ()
    above: tuple[str, ...] = ()  # cells above it that failed when they ran on the way


@dataclass
class _Trial:
    """One student's session with one notebook."""

    grader: "Grader"
    session: Session
    ran: dict[str, str] = field(default_factory=dict)  # by cell: the source that ran last
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    used: float = field(default_factory=time.monotonic)


class Practice:
    """Sessions by name: at most so many at once, and none that rests for longer than `idle` seconds."""

    def __init__(self, grader: "CourseGrader", *, most: int = 12, at_once: int = 2, idle: float = 600.0) -> None:
        self._grader, self._most, self._idle = grader, most, idle
        self._trials: dict[Name, _Trial] = {}  # what was used last stands last
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(at_once)

    def close(self) -> None:
        """End every session."""
        with self._lock:
            trials, self._trials = list(self._trials.values()), {}
        for trial in trials:
            trial.session.close()

    def warm(self, assignment: str) -> None:
        """Start what all sessions of an assignment share, which takes seconds the first time."""
        with self._grader.using(assignment) as grader:
            grader.isolation  # noqa: B018 - tries out the sandbox, once
            grader.engine.zygote(cuda=grader.assignment.settings.limits.cuda)

    def run(
        self,
        who: str,
        assignment: str,
        notebook: str,
        answers: Mapping[str, str],
        cell: str,
        *,
        check: bool = False,
        patience: float = 30.0,
    ) -> Tried:
        """Run a cell of somebody's notebook, and with `check` the examples below it; `answers` are by cell id.

        Raises Busy if no turn comes within `patience` seconds, and a GradingError where this server runs nothing.
        """
        name = (who, assignment, notebook)
        if not self._turns.acquire(timeout=patience):
            raise Busy("Many are trying something out just now. Your turn did not come; please try again.")
        try:
            with self._grader.using(assignment) as grader:
                grader.isolation  # noqa: B018 - raises where nothing may run
                master = next(master for master in grader.assignment.masters if master.name == notebook)
                with self._trial(name, grader, master) as trial:
                    return _run(trial, master, answers, cell, check=check)
        finally:
            self._turns.release()
            self._rest()

    def stop(self, who: str, assignment: str, notebook: str) -> None:
        """Interrupt the cell that runs now, if one does; what ran before stays."""
        with self._lock:
            trial = self._trials.get((who, assignment, notebook))
        if trial:
            trial.session.interrupt()

    def start_over(self, who: str, assignment: str, notebook: str) -> None:
        """End somebody's session: the next cell begins in a fresh one."""
        with self._lock:
            trial = self._trials.pop((who, assignment, notebook), None)
        if trial:
            trial.session.close()

    @contextmanager
    def _trial(self, name: Name, grader: "Grader", master: "Master") -> Iterator[_Trial]:
        with self._lock:
            trial = self._trials.pop(name, None)
            if trial is None or trial.grader is not grader:  # the assignment was changed, or its processes have ended
                old, trial = trial, _Trial(grader, grader.session(master, limits=living(grader), more=False))
                if old:
                    old.session.close()
            self._trials[name] = trial
            trial.users += 1
        try:
            with trial.lock:
                yield trial
        finally:
            with self._lock:
                trial.users -= 1
                trial.used = time.monotonic()

    def _rest(self) -> None:
        """End the sessions that rested for long, and of the others those that are too many."""
        now = time.monotonic()
        with self._lock:
            still = [name for name, trial in self._trials.items() if not trial.users]
            tired = [name for name in still if now - self._trials[name].used > self._idle]
            many = [name for name in still if name not in tired][: max(0, len(self._trials) - len(tired) - self._most)]
            ended = [self._trials.pop(name) for name in (*tired, *many)]
        for trial in ended:
            trial.session.close()


def living(grader: "Grader") -> Limits:
    """The limits of an assignment for a session of a lesson's length; each cell has its own as in grading."""
    return replace(grader.assignment.settings.limits, total_seconds=1800.0, all_output_bytes=GIB)


def _run(trial: _Trial, master: "Master", answers: Mapping[str, str], cell: str, *, check: bool) -> Tried:
    limits, file = trial.grader.assignment.settings.limits, f"{master.name}.ipynb"
    steps = rebuild(master, read(filled(master, answers), file=file, limits=limits), file=file).steps
    place = next((place for place, step in enumerate(steps) if step.id == cell), None)
    if place is None or steps[place].kind not in ("run", "set up"):
        raise GradingError("There is no such cell to run.")
    above = []
    for step in steps[:place]:
        if step.kind in ("run", "set up") and trial.ran.get(step.id) != step.source:
            ran = trial.session.run(step.source, for_judge=step.judge_source)
            trial.ran[step.id] = step.source
            if ran.error or ran.ending != "finished":
                above.append(step.id)
    step = steps[place]
    ran = trial.session.run(step.source, for_judge=step.judge_source)
    trial.ran[step.id] = step.source
    if ran.ending == "over":  # its time is used up: the next run begins anew
        trial.session.close()
        trial.session, trial.ran = trial.grader.session(master, limits=living(trial.grader), more=False), {}
    outputs = ran.outputs
    if ran.ending != "finished":
        outputs = ({"output_type": "error", "ename": "Stopped", "evalue": f"This cell {STOPPED[ran.ending]}."},)
    failed = bool(ran.error) or ran.ending != "finished"
    examples = tuple(_examples(trial, steps[place + 1 :])) if check and not failed else ()
    return Tried(tuple(outputs), failed, ran.seconds, examples, tuple(above))


def _examples(trial: _Trial, below: tuple[Step, ...]) -> Iterator[Example]:
    """The test cells down to the next answer, as far as students have them."""
    for step in below:
        if step.answer_to or (step.kind == "run" and not step.judge_source and not step.explores):
            return
        if step.kind == "test" and step.question and says_something(step.visible_source):
            in_process = not trial.grader.assignment.settings.in_process.isdisjoint((step.question.id, step.grade_id))
            passed, seen, printed = example(step, trial.session, in_process=in_process)
            yield Example(step.grade_id, passed, seen, shortened(printed))


def shortened(text: str, most: int = MOST_PRINTED) -> str:
    """The beginning of a long text, and how much it leaves out.

    >>> shortened("12345", most=3).splitlines()
    ['123', '... and 2 letters more']
    """
    return text if len(text) <= most else f"{text[:most]}\n... and {len(text) - most:,} letters more"


def says_something(source: str) -> bool:
    """Whether a cell holds more than comments.

    >>> says_something("# Further cases"), says_something("assert f(1) == 2"), says_something("(")
    (False, True, True)
    """
    try:
        return bool(ast.parse(source).body)
    except SyntaxError:
        return True
