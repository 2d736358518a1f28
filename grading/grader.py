"""The grader: from the bytes of a hand-in to its outcome. One engine, many hand-ins, from as many threads as wanted."""

import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grading.course import INSTRUCTORS, SETTINGS, Assignment, Course
from grading.engine import folders
from grading.engine.engine import Engine, Job
from grading.engine.environment import Environment
from grading.engine.processes import Zygote
from grading.engine.session import Session
from grading.errors import Refusal, SandboxError
from grading.grade import Graded, grade, show
from grading.judge.examine import definitions
from grading.notebooks.folder import File, HandIn, assign
from grading.notebooks.master import Master
from grading.notebooks.plan import Plan
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild
from grading.notebooks.upload import open_upload
from grading.notebooks.write import executed, feedback_copy
from grading.records import Isolation, Outcome, Score, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSOLVED = (
    "The instructor's own solution does not pass all its tests (`fovea check` tells which), so an answer that is an "
    "object of a class of its own could not be told from one that lies."
)
_TRIES = 6  # a zygote that dies takes its students with it; they are graded again


@dataclass(frozen=True)
class _Learnt:
    """What the instructor's solution shows about the tests."""

    objects: frozenset[str] | None  # where it answers with objects; None: not known, since it fails
    unsolved: frozenset[str] = frozenset()  # tests that it fails although it answers

    @property
    def solved(self) -> bool:
        """Whether it passes all its tests."""
        return self.objects is not None

    @staticmethod
    def of(graded: Graded, master: Master) -> "_Learnt":
        """From the solution's own scores. What the notebook leaves unsolved says nothing against a test."""
        tests = [score for score in graded.scores.values() if score.integrity != "by hand"]
        failed = {score.question for score in tests if score.state != "full"}
        answered = {
            question
            for cell in master.cells
            if cell.is_answer and cell.source != cell.released
            for question in cell.feeds
        }
        return _Learnt(None if failed else graded.objects, frozenset(failed & answered))


class Grader:
    """Grades hand-ins for one assignment. Use it as a context: it holds processes."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.assignment: Assignment = course.assignment(assignment)
        settings = self.assignment.settings
        environment = Environment(imports=settings.preload or Environment().imports, watched=settings.forbidden)
        if self.assignment.python:
            environment = replace(environment, python=self.assignment.python)
        self.engine = Engine(environment)
        self._learnt: dict[str, _Learnt] = {}
        self._learning = threading.Lock()
        self._own_materials = folders.make("materials")
        for path in self.assignment.materials():
            (self._own_materials / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.assignment.folder / path, self._own_materials / path)
        self._own_materials.chmod(0o755)

    def __enter__(self) -> "Grader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process and remove what was laid out for them."""
        self.engine.close()
        shutil.rmtree(self._own_materials, ignore_errors=True)

    @cached_property
    def isolation(self) -> Isolation:
        """What is in force here; raises where too little is and the course does not trust its students."""
        return self.engine.isolation(trusted=self.assignment.settings.trust_students)

    def plans(self, hand_in: HandIn) -> tuple[Plan, ...]:
        """The rebuilt notebooks of a hand-in; raises a Refusal. Nothing of it is run."""
        masters, limits = self.assignment.masters, self.assignment.settings.limits
        for file in hand_in.notebooks:
            if file.refusal:
                raise file.refusal
        found = assign([master.name for master in masters], [file.name for file in hand_in.notebooks])
        return tuple(
            rebuild(master, read(file.data, file=file.name, limits=limits), file=file.name)
            for master in masters
            if (file := self._file(master, hand_in, found))
        )

    def grade(self, hand_in: HandIn, *, seed: int) -> Outcome:
        """The outcome; raises a Refusal for what is no hand-in, and a SandboxError where the fault is ours."""
        isolation = self.isolation
        plans = self.plans(hand_in)
        for attempt in range(_TRIES):
            began = time.monotonic()
            try:
                zygote = self.engine.zygote(cuda=self.assignment.settings.limits.cuda)
                self._learn(zygote)
                with self._materials(hand_in) as materials:
                    graded = [self._one(plan, materials, seed) for plan in plans]
            except SandboxError:
                if attempt == _TRIES - 1:
                    raise
                time.sleep(attempt + 0.2)  # what is ending may still look alive
                continue
            if zygote.alive:
                return _outcome(graded, self._stamped(isolation), seed, time.monotonic() - began)
        raise SandboxError("The process that starts the others ended again and again.")

    def _stamped(self, isolation: Isolation) -> Isolation:
        if all(learnt.solved for learnt in self._learnt.values()):
            return isolation
        return replace(isolation, warnings=(*isolation.warnings, _UNSOLVED))

    def plan(self, master: Master, data: bytes) -> Plan:
        """A notebook of the instructor's own as if it had been handed in."""
        file = f"{master.name}.ipynb"
        return rebuild(master, read(data, file=file, limits=INSTRUCTORS), file=file)

    def solution(self, master: Master) -> Plan:
        """The instructor's solution, as if it had been handed in."""
        return self.plan(master, (self.assignment.folder / f"{master.name}.ipynb").read_bytes())

    def _learn(self, zygote: Zygote) -> None:
        """Grade the instructor's own solution, once, and keep what it shows.

        Where it answers with objects of its own: nowhere else may a student's, since an object may claim to contain or
        to equal whatever a test asks it. And which tests it fails: what they say of others is undecided.
        """
        with self._learning:
            for master in self.assignment.masters:
                if master.name in self._learnt:
                    continue
                with self.session(master, more=False) as session:
                    graded = grade(self.solution(master), session, in_process=self.assignment.settings.in_process)
                if not zygote.alive:
                    raise SandboxError("The process that starts the others ended.")
                self._learnt[master.name] = _Learnt.of(graded, master)

    def session(self, master: Master, *, seed: int = 0, materials: Path | None = None, more: bool = True) -> Session:
        """A session as this notebook's students have it."""
        job = self._job(master, materials or self._own_materials)
        return self.engine.session(job, seed=seed, more=more and materials is None)

    def _one(self, plan: Plan, materials: Path | None, seed: int) -> tuple[Graded, int]:
        master = next(master for master in self.assignment.masters if master.name == plan.notebook)
        with self.session(master, seed=seed, materials=materials) as session:
            graded = grade(plan, session, in_process=self.assignment.settings.in_process)
        if graded.unshown:
            with self.session(master, seed=seed, materials=materials) as fresh:
                show(graded, fresh)
        for question in self._learnt[master.name].unsolved:
            graded.scores[question] = _undecided(graded.scores[question])
        return graded, session.peak_memory

    def _job(self, master: Master, materials: Path) -> Job:
        settings, folder = self.assignment.settings, self.assignment.referee_folder
        return Job(
            imports_of=tuple(cell.source for cell in master.cells if cell.cell_type == "code"),
            defined=definitions(_solution(master)).names,
            objects_from=self._learnt[master.name].objects if master.name in self._learnt else None,
            readable=_module(folder, settings.referee) if folder else (),
            paths=(folder,) if folder else (),
            modules=(settings.referee,) if folder else (),
            materials=materials,
            judge_materials=self._own_materials,
            limits=settings.limits,
        )

    def _file(self, master: Master, hand_in: HandIn, found: Mapping[str, int]) -> File:
        if master.name not in found:
            raise Refusal(
                f'The notebook "{master.name}.ipynb" of this assignment is missing.',
                remedy="Hand in all notebooks of the assignment together.",
                file=hand_in.student,
            )
        return hand_in.notebooks[found[master.name]]

    @contextmanager
    def _materials(self, hand_in: HandIn) -> "Iterator[Path | None]":
        """The assignment's files and the student's own beside the notebook; None if there are none of the latter."""
        if not hand_in.materials:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="fovea-materials-") as name:
            folder = Path(name)
            shutil.copytree(self._own_materials, folder, dirs_exist_ok=True)
            for path, data in hand_in.materials.items():
                if not (folder / path).exists():  # the instructor's file of that name stays
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    (folder / path).write_bytes(data)
            folder.chmod(0o755)
            yield folder


def _undecided(score: Score) -> Score:
    """A test that its own author's solution fails costs nobody marks."""
    if score.state == "full":
        return score
    return replace(score, points=None, state="undecided", seen="The test itself needs a look by your instructor.")


def _module(folder: Path, name: str) -> tuple[Path, ...]:
    """Where a module's outermost package or file lies."""
    first = name.split(".")[0]
    return tuple(path for path in (folder / first, folder / f"{first}.py") if path.exists())


def _solution(master: Master) -> list[str]:
    return [cell.source for cell in master.cells if cell.role == "solution" and cell.cell_type == "code"]


def _outcome(graded: list[tuple[Graded, int]], isolation: Isolation, seed: int, seconds: float) -> Outcome:
    scores: tuple[Score, ...] = tuple(score for one, _ in graded for score in one.scores.values())
    stopped = [words for one, _ in graded for words in one.stopped]
    notes = tuple(note for one, _ in graded for note in one.plan.notes)
    first = graded[0][0]
    return Outcome(
        verdict=verdict(scores),
        scores=scores,
        seconds=round(seconds, 3),
        stopped_by="; ".join(dict.fromkeys(stopped)),
        notes=notes,
        isolation=isolation,
        seed=seed,
        peak_memory=max(peak for _, peak in graded),
        executed=executed(first.plan, first.outputs),
        feedback=feedback_copy(first.plan, first.shown),
    )


@dataclass
class _InUse:
    """A grader of a course as it was when it was started."""

    grader: Grader
    fingerprint: object
    users: int = 0


class CourseGrader:
    """Grades hand-ins for every assignment of a course, as the grading service asks for it.

    A test that is corrected while the service runs counts from the next hand-in on.
    """

    def __init__(self, course: Course) -> None:
        self._folder = course.folder
        self._lock = threading.Lock()
        self._graders: dict[str, _InUse] = {}
        self._old: list[_InUse] = []

    def __enter__(self) -> "CourseGrader":
        return self

    def __exit__(self, *_: object) -> None:
        for used in (*self._graders.values(), *self._old):
            used.grader.close()

    def __call__(self, data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        """The outcome of these bytes."""
        with self.using(assignment) as grader:
            content, name = open_upload(file, data, grader.assignment.settings.limits)
            return grader.grade(HandIn("", (File(name, content),)), seed=seed)

    def check(self, assignment: str, file: str, data: bytes) -> tuple[str, ...]:
        """Whether this can be graded: notes for the student, or a Refusal. Nothing of it is run."""
        with self.using(assignment) as grader:
            content, name = open_upload(file, data, grader.assignment.settings.limits)
            plans = grader.plans(HandIn("", (File(name, content),)))
        return tuple(note for plan in plans for note in plan.notes)

    @contextmanager
    def using(self, assignment: str) -> "Iterator[Grader]":
        """The grader of an assignment as it is now."""
        with self._lock:
            used = self._current(assignment)
            used.users += 1
        try:
            yield used.grader
        finally:
            with self._lock:
                used.users -= 1
                unused = [old for old in self._old if not old.users]
                self._old = [old for old in self._old if old.users]
            for old in unused:
                old.grader.close()

    def _current(self, assignment: str) -> _InUse:
        known = self._graders.get(assignment)
        if known and known.fingerprint == _fingerprint(known.grader.assignment, self._folder):
            return known
        grader = Grader(Course.open(self._folder), assignment)
        if known:
            self._old.append(known)
        fresh = self._graders[assignment] = _InUse(grader, _fingerprint(grader.assignment, self._folder))
        return fresh


def _fingerprint(assignment: Assignment, course: Path) -> object:
    """What changes when somebody saves a notebook, a file beside it, a setting or a referee."""
    places = [assignment.folder, course / SETTINGS]
    if assignment.referee_folder:
        places += _module(assignment.referee_folder, assignment.settings.referee)
    files = [path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*")))]
    kept = [path for path in files if path.is_file() and "__pycache__" not in path.parts]
    return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in kept]
