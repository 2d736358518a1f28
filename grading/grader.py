"""The grader: from the bytes of a hand-in to its outcome. One engine, many hand-ins, from as many threads as wanted."""

import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grading.course import INSTRUCTORS, Assignment, Course
from grading.engine.engine import Engine, Job
from grading.engine.environment import Environment
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
_TRIES = 3  # a zygote that dies takes its students with it; they are graded again


class Grader:
    """Grades hand-ins for one assignment. Use it as a context: it holds processes."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.assignment: Assignment = course.assignment(assignment)
        settings = self.assignment.settings
        environment = Environment(imports=settings.preload or Environment().imports, watched=settings.forbidden)
        if self.assignment.python:
            environment = replace(environment, python=self.assignment.python)
        self.engine = Engine(environment)
        self._objects: dict[str, frozenset[str] | None] = {}
        self._learning = threading.Lock()
        self._own_materials = Path(tempfile.mkdtemp(prefix="fovea-materials-"))
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
        self._learn()
        isolation = self.isolation
        if None in self._objects.values():
            isolation = replace(isolation, warnings=(*isolation.warnings, _UNSOLVED))
        plans = self.plans(hand_in)
        for attempt in range(_TRIES):
            began = time.monotonic()
            zygote = self.engine.zygote()
            try:
                with self._materials(hand_in) as materials:
                    graded = [self._one(plan, materials, seed) for plan in plans]
            except SandboxError:
                if attempt == _TRIES - 1:
                    raise
                continue
            if zygote.alive:
                return _outcome(graded, isolation, seed, time.monotonic() - began)
        raise SandboxError("The process that starts the others ended again and again.")

    def plan(self, master: Master, data: bytes) -> Plan:
        """A notebook of the instructor's own as if it had been handed in."""
        file = f"{master.name}.ipynb"
        return rebuild(master, read(data, file=file, limits=INSTRUCTORS), file=file)

    def solution(self, master: Master) -> Plan:
        """The instructor's solution, as if it had been handed in."""
        return self.plan(master, (self.assignment.folder / f"{master.name}.ipynb").read_bytes())

    def _learn(self) -> None:
        """See once where the instructor's solution answers with objects: nowhere else may a student's.

        An object of a student's own class may claim to contain or to equal whatever a test asks it.
        """
        with self._learning:
            for master in self.assignment.masters:
                if master.name in self._objects:
                    continue
                with self.session(master) as session:
                    graded = grade(self.solution(master), session, in_process=self.assignment.settings.in_process)
                solved = all(score.state in ("full", "to mark") for score in graded.scores.values())
                self._objects[master.name] = graded.objects if solved else None

    def session(self, master: Master, *, seed: int = 0, materials: Path | None = None) -> Session:
        """A session as this notebook's students have it."""
        job = self._job(master, materials or self._own_materials)
        return self.engine.session(job, seed=seed, more=materials is None)

    def _one(self, plan: Plan, materials: Path | None, seed: int) -> tuple[Graded, int]:
        master = next(master for master in self.assignment.masters if master.name == plan.notebook)
        with self.session(master, seed=seed, materials=materials) as session:
            graded = grade(plan, session, in_process=self.assignment.settings.in_process)
        if graded.unshown:
            with self.session(master, seed=seed, materials=materials) as fresh:
                show(graded, fresh)
        return graded, session.peak_memory

    def _job(self, master: Master, materials: Path) -> Job:
        settings, folder = self.assignment.settings, self.assignment.referee_folder
        return Job(
            imports_of=tuple(cell.source for cell in master.cells if cell.cell_type == "code"),
            defined=definitions(_solution(master)).names,
            objects_from=self._objects.get(master.name),
            readable=_module(folder, settings.referee) if folder else (),
            paths=(folder,) if folder else (),
            modules=(settings.referee,) if folder else (),
            materials=materials,
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


class CourseGrader:
    """Grades hand-ins for every assignment of a course, as the grading service asks for it."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._lock = threading.Lock()
        self._graders: dict[str, Grader] = {}

    def __enter__(self) -> "CourseGrader":
        return self

    def __exit__(self, *_: object) -> None:
        for grader in self._graders.values():
            grader.close()

    def __call__(self, data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        """The outcome of these bytes."""
        grader = self.of(assignment)
        content, name = open_upload(file, data, grader.assignment.settings.limits)
        return grader.grade(HandIn("", (File(name, content),)), seed=seed)

    def of(self, assignment: str) -> Grader:
        """The grader of an assignment, started when it is first asked for."""
        with self._lock:
            if assignment not in self._graders:
                self._graders[assignment] = Grader(self._course, assignment)
            return self._graders[assignment]

    def check(self, assignment: str, file: str, data: bytes) -> tuple[str, ...]:
        """Whether this can be graded: notes for the student, or a Refusal. Nothing of it is run."""
        grader = self.of(assignment)
        content, name = open_upload(file, data, grader.assignment.settings.limits)
        plans = grader.plans(HandIn("", (File(name, content),)))
        return tuple(note for plan in plans for note in plan.notes)
