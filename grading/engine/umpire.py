"""The judge's process: runs the instructor's test cells, never a line of the student's."""

import json
import socket
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from typing import Any

from grading import referee
from grading.engine.student import SECONDS
from grading.engine.wire import Broken, Gone, Late, Wire
from grading.judge.cells import Points, points_of, run_test, set_up
from grading.judge.student import Namespace, Student
from grading.limits import Limits
from grading.messages import Message


class Link:
    """The way to the student's process. Once lost it stays lost, whatever a test catches."""

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        self._wire = Wire(sock, limit=limits.answer_bytes)
        self._limits = limits
        self.lost = ""
        self.seconds = limits.call_seconds
        self._patience = limits.patience
        self._until = 0.0

    def begin(self, patience: float) -> None:
        """A new test: a call may take the usual time again, and all calls together what a cell may."""
        self.seconds, self._patience = self._limits.call_seconds, patience
        self._until = time.monotonic() + self._limits.cell_seconds * patience

    def ask(self, question: Message, on_callback: Callable[[Message], Message]) -> Message:
        """Send a question, serve what is asked back, return the answer."""
        if self.lost:
            raise Gone(self.lost)
        deadline = min(self._until, time.monotonic() + self.seconds * self._patience + 1)
        try:
            head = SECONDS.pack(self.seconds) + question.head
            self._wire.send(b"q", Message(head, question.buffers), share=True, deadline=deadline)
            while True:
                kind, answer = self._wire.receive(deadline=deadline)
                if kind == b"a":
                    return answer
                if kind == b"x":
                    raise OutOfTime(f"a call took more than {self.seconds:g} seconds of processor time")
                if kind != b"c":
                    raise Broken("an answer of no kind we know")
                self._wire.send(b"C", on_callback(answer), share=True, deadline=deadline)
        except (Gone, Late, Broken) as error:
            self.lost = {Gone: "gone", Late: "late", Broken: "broken"}[type(error)]
            raise


class OutOfTime(TimeoutError):
    """A call that took too long; the student's process lives on."""


class Table:
    """What the referees ask of us: a time limit, a watch on shortcuts, and an ear for their rulings."""

    def __init__(self, link: Link, student: Student) -> None:
        self._link, self._student = link, student
        self.rulings: list[referee.Ruling] = []

    @contextmanager
    def seconds(self, limit: float) -> Iterator[None]:
        """Inside, every call may take so many seconds of the student's processor time."""
        before, self._link.seconds = self._link.seconds, limit
        try:
            yield
        finally:
            self._link.seconds = before

    def forbidding(self, names: Sequence[str]) -> AbstractContextManager[Collection[str]]:
        """Inside, these shortcuts are noticed."""
        return self._student.forbidding(names)

    def told(self, ruling: referee.Ruling) -> None:
        """A referee has decided."""
        self.rulings.append(ruling)


def serve(control: socket.socket, limits: Limits, job: dict[str, Any]) -> None:
    """Until the supervisor hangs up: a new student, the instructor's own cells, a test cell."""
    sys.path.extend(path for path in job["paths"] if path not in sys.path)
    wire = Wire(control, trusted=True)
    wire.send(b"+", Message(b""))
    _, message = wire.receive()  # "here is your student, and this is the seed"
    referee.set_seed(int(message.head))
    _, (end,), _, _ = socket.recv_fds(control, 1, 1)
    link = Link(socket.socket(fileno=end), limits)
    student = Student(link.ask, limits, objects_from=job["objects from"])
    namespace = Namespace(student, defined=frozenset(job["defined"]))
    link.begin(limits.patience)
    set_up([], namespace, imports_of=job["imports of"])
    while True:
        kind, message = wire.receive()
        command = json.loads(message.head)
        link.begin(command.get("patience", limits.patience))
        if kind == b"s":
            answer: dict[str, Any] = {"skipped": [skipped.source for skipped in set_up([command["source"]], namespace)]}
        else:
            answer = _test(command["source"], command["out of"], namespace, Table(link, student))
            answer["objects"] = sorted(student.objects)
        answer["lost"] = link.lost or ("broken" if student.forged else "")
        wire.send(b"r", Message(json.dumps(answer).encode(errors="replace")))


def _test(source: str, out_of: float, namespace: Namespace, table: Table) -> dict[str, Any]:
    referee.connect(table)
    run = run_test(source, namespace)
    points = points_of(run, out_of)
    if run.error == "RefereeError" and not run.by_student:
        points = Points(None, run.message)
    return {"run": asdict(run), "points": asdict(points), "rulings": [asdict(ruling) for ruling in table.rulings]}
