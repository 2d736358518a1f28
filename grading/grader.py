"""The grader: from the bytes of a hand-in to its outcome. One engine, many hand-ins, from as many threads as wanted."""

import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grading.course import INSTRUCTORS, Assignment, Course
from grading.engine import folders
from grading.engine.engine import Engine, Job
from grading.engine.environment import Environment
from grading.engine.processes import Zygote
from grading.engine.session import Session
from grading.errors import SandboxError
from grading.fingerprint import fingerprint, module_files
from grading.grade import Graded, grade, show
from grading.judge.examine import definitions
from grading.learnt import UNSOLVED, Learnt, undecided
from grading.limits import Limits
from grading.notebooks.collect import Collected, collect
from grading.notebooks.folder import File, HandIn
from grading.notebooks.master import Master
from grading.notebooks.plan import Plan
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild
from grading.notebooks.upload import open_uploads
from grading.outcome import notes, outcome
from grading.records import Isolation, Outcome
from grading.warmth import Warmth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

_TRIES = 6  # a zygote that dies takes its students with it; they are graded again


class Grader:
    """Grades hand-ins for one assignment. Use it as a context: it holds processes."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.assignment: Assignment = course.assignment(assignment)
        settings = self.assignment.settings
        environment = Environment(imports=settings.preload or Environment().imports, watched=settings.forbidden)
        if self.assignment.python:
            environment = replace(environment, python=self.assignment.python)
        self.engine = Engine(environment)
        self._learnt: dict[str, Learnt] = {}
        self._learning = threading.Lock()
        self._own_materials = folders.make("materials")
        for path, origin in self.assignment.materials().items():
            (self._own_materials / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, self._own_materials / path)
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

    def collect(self, hand_in: HandIn) -> Collected:
        """What it has for each notebook of the assignment; raises a Refusal for what is no hand-in. Nothing is run."""
        return collect(self.assignment.masters, hand_in.notebooks, self.assignment.settings.limits)

    def plans(self, hand_in: HandIn) -> tuple[Plan, ...]:
        """The rebuilt notebooks of a hand-in; raises a Refusal. Nothing of it is run."""
        return self.collect(hand_in).plans

    def grade(self, hand_in: HandIn, *, seed: int) -> Outcome:
        """The outcome; raises a Refusal for what is no hand-in, and a SandboxError where the fault is ours."""
        isolation = self.isolation
        collected = self.collect(hand_in)
        for attempt in range(_TRIES):
            began = time.monotonic()
            try:
                zygote = self.engine.zygote(cuda=self.assignment.settings.limits.cuda)
                self._learn(zygote)
                with self._materials(hand_in) as materials:
                    graded = [self._one(plan, materials, seed) for plan in collected.plans]
            except SandboxError:
                if attempt == _TRIES - 1 or self.engine.closed:
                    raise
                time.sleep(attempt + 0.2)  # what is ending may still look alive
                continue
            if zygote.alive and not self.engine.closed:
                stamped, seconds = self._stamped(isolation), time.monotonic() - began
                return outcome(collected, graded, stamped, seed=seed, seconds=seconds)
        raise SandboxError("The process that starts the others ended again and again.")

    def _stamped(self, isolation: Isolation) -> Isolation:
        if all(learnt.solved for learnt in self._learnt.values()):
            return isolation
        return replace(isolation, warnings=(*isolation.warnings, UNSOLVED))

    def plan(self, master: Master, data: bytes) -> Plan:
        """A notebook of the instructor's own as if it had been handed in."""
        file = f"{master.name}.ipynb"
        return rebuild(master, read(data, file=file, limits=INSTRUCTORS), file=file)

    def solution(self, master: Master) -> Plan:
        """The instructor's solution, as if it had been handed in."""
        return self.plan(master, (self.assignment.folder / f"{master.name}.ipynb").read_bytes())

    def _learn(self, zygote: Zygote) -> None:
        """Grade the instructor's own solution, once, and keep what it shows."""
        with self._learning:
            for master in self.assignment.masters:
                if master.name in self._learnt:
                    continue
                with self.session(master, more=False) as session:
                    graded = grade(self.solution(master), session, in_process=self.assignment.settings.in_process)
                if not zygote.alive:
                    raise SandboxError("The process that starts the others ended.")
                self._learnt[master.name] = Learnt.of(graded, master)

    def session(
        self,
        master: Master,
        *,
        seed: int = 0,
        materials: Path | None = None,
        limits: Limits | None = None,
        more: bool = True,
    ) -> Session:
        """A session as this notebook's students have it."""
        job = self._job(master, materials or self._own_materials, limits or self.assignment.settings.limits)
        return self.engine.session(job, seed=seed, more=more and materials is None)

    def _one(self, plan: Plan, materials: Path | None, seed: int) -> tuple[Graded, int]:
        master = next(master for master in self.assignment.masters if master.name == plan.notebook)
        with self.session(master, seed=seed, materials=materials) as session:
            graded = grade(plan, session, in_process=self.assignment.settings.in_process)
        if graded.unshown:
            with self.session(master, seed=seed, materials=materials) as fresh:
                show(graded, fresh)
        for question in self._learnt[master.name].unsolved:
            graded.scores[question] = undecided(graded.scores[question])
        return graded, session.peak_memory

    def _job(self, master: Master, materials: Path, limits: Limits) -> Job:
        settings, folder = self.assignment.settings, self.assignment.referee_folder
        return Job(
            imports_of=tuple(cell.source for cell in master.cells if cell.cell_type == "code"),
            defined=definitions(_solution(master)).names,
            objects_from=self._learnt[master.name].objects if master.name in self._learnt else None,
            readable=module_files(folder, settings.referee) if folder else (),
            paths=(folder,) if folder else (),
            modules=(settings.referee,) if folder else (),
            materials=materials,
            judge_materials=self._own_materials,
            limits=limits,
        )

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


def _solution(master: Master) -> list[str]:
    return [cell.source for cell in master.cells if cell.role == "solution" and cell.cell_type == "code"]


class CourseGrader:
    """Grades hand-ins for every assignment of a course, as the grading service asks for it.

    A test that is corrected while the service runs counts from the next hand-in on. The processes of the assignments
    that were asked for last stay, as many as the course's settings say; those of the others end after a while.
    """

    def __init__(self, course: Course) -> None:
        self._folder = course.folder
        self._known: dict[Grader, object] = {}  # what its files looked like when it was made
        self._graders = Warmth(
            self._made,
            end=self._ended,
            fresh=lambda _, grader: self._known[grader] == fingerprint(grader.assignment, self._folder),
            most=course.service.warm_assignments,
            idle=course.service.idle.total_seconds(),
        )

    def __enter__(self) -> "CourseGrader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes of all assignments."""
        self._graders.close()

    def __call__(self, data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        """The outcome of these bytes."""
        with self.using(assignment) as grader:
            hand_in = _opened(grader.assignment, file, data)
            grader.collect(hand_in).refuse()  # it was accepted as a whole: what cannot be read now, a person looks at
            return grader.grade(hand_in, seed=seed)

    def check(self, assignment: str, file: str, data: bytes) -> tuple[str, ...]:
        """Whether this can be graded: notes for the student, or a Refusal. Nothing of it is run."""
        with self.using(assignment) as grader:
            collected = grader.collect(_opened(grader.assignment, file, data))
        collected.refuse()
        return notes(collected)

    def notebooks(self, assignment: str, file: str, data: bytes) -> tuple[tuple[str, bytes], ...]:
        """The notebooks in what was handed in, each with its name: of an archive all that the assignment wants."""
        with self.using(assignment) as grader:
            return tuple((one.name, one.data) for one in _opened(grader.assignment, file, data).notebooks)

    def using(self, assignment: str) -> "AbstractContextManager[Grader]":
        """The grader of an assignment as it is now."""
        return self._graders.using(assignment)

    def _made(self, assignment: str) -> Grader:
        grader = Grader(Course.open(self._folder), assignment)
        self._known[grader] = fingerprint(grader.assignment, self._folder)
        return grader

    def _ended(self, grader: Grader) -> None:
        grader.close()
        self._known.pop(grader, None)


def _opened(assignment: Assignment, file: str, data: bytes) -> HandIn:
    names = [master.name for master in assignment.masters]
    found = open_uploads(file, data, assignment.settings.limits, notebooks=names)
    return HandIn("", tuple(File(name, content) for name, content in found))
