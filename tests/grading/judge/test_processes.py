"""The same over two real processes joined by pipes: nothing of a test is in the student's process, and the reverse."""

import os
import pickle
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from grading.judge.answers import Answers
from grading.judge.cells import run_test
from grading.judge.namespace import Namespace
from grading.judge.student import Student
from grading.limits import DEFAULT
from grading.messages import Message
from tests.grading.judge.test_honest import NOTEBOOK, TESTS

HEAD = struct.Struct("=cI")


class Gone(BaseException):
    pass


class Pipe:
    """Messages of a kind, each with its parts behind their lengths."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads, self.writes = reads, writes

    def send(self, kind: bytes, message: Message) -> None:
        parts = [memoryview(part).cast("B") for part in (message.head, *message.buffers)]
        data = HEAD.pack(kind, len(parts)) + b"".join(struct.pack("=Q", len(part)) for part in parts)
        view = memoryview(data + b"".join(parts))
        while view:
            view = view[os.write(self.writes, view) :]

    def receive(self) -> tuple[bytes, Message]:
        kind, count = HEAD.unpack(self._take(HEAD.size))
        sizes = struct.unpack(f"={count}Q", self._take(8 * count))
        head, *buffers = [self._take(size) for size in sizes]
        return kind, Message(bytes(head), buffers)

    def _take(self, size: int) -> bytearray:
        taken = bytearray()
        while len(taken) < size:
            data = os.read(self.reads, size - len(taken))
            if not data:
                raise Gone
            taken += data
        return taken


def serve(pipe: Pipe, notebook: str) -> None:
    own: dict[str, object] = {"__name__": "__main__", "WRITES": pipe.writes}
    exec(compile(notebook, "<student>", "exec"), own)
    answers = Answers(own, DEFAULT)

    def ask_back(message: Message) -> Message:
        pipe.send(b"c", message)
        while True:
            kind, got = pipe.receive()
            if kind == b"C":
                return got
            pipe.send(b"a", answers.reply(got, ask_back))  # the test's function asks in turn

    while True:
        pipe.send(b"a", answers.reply(pipe.receive()[1], ask_back))


@contextmanager
def apart(notebook: str) -> Iterator[Namespace]:
    there, back = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(there[1])
            os.close(back[0])
            serve(Pipe(there[0], back[1]), notebook)
        except BaseException:
            os._exit(0)
    os.close(there[0])
    os.close(back[1])
    pipe = Pipe(back[0], there[1])

    def ask(question: Message, on_callback: Callable[[Message], Message]) -> Message:
        pipe.send(b"q", question)
        while True:
            kind, message = pipe.receive()
            if kind == b"a":
                return message
            pipe.send(b"C", on_callback(message))

    try:
        yield Namespace(Student(ask, DEFAULT))
    finally:
        os.close(there[1])
        os.close(back[0])
        os.waitpid(child, 0)


SIMPLE = "import functools, collections\ndef squares" + NOTEBOOK.partition("def squares")[2].partition("class Net")[0]
CHOSEN = [
    "plain asserts",
    "nbgrader's own example",
    "callbacks that call back",
    "an object",
    "its own exception",
    "a generator",
]


@pytest.mark.parametrize("name", CHOSEN)
def test_it_passes_across_processes(name: str) -> None:
    with apart(SIMPLE) as namespace:
        run = run_test(TESTS[name], namespace)
    assert run.passed, run


def test_it_carries_arrays_across_processes() -> None:
    with apart("def turn(x):\n    x[0] = 9\n    return x.T") as namespace:
        got = namespace["turn"](np.zeros((300, 400)))
    assert got.shape == (400, 300)
    assert got[:, 0].tolist() == [9.0] * 400


def test_it_keeps_the_tests_out_of_the_students_process() -> None:
    spying = (
        "import gc, os\ndef spy():\n"
        "    found = [x for x in gc.get_objects() if type(x) is dict and 'hidden_in_test' in x]\n"
        "    return os.getpid(), len(found)"
    )
    with apart(spying) as namespace:
        run = run_test(
            "import os\nhidden_in_test = 42\npid, found = spy()\nassert pid != os.getpid() and found == 0", namespace
        )
    assert run.passed, run


@pytest.mark.parametrize("ending", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_it_does_not_pass_because_the_student_is_gone(ending: str) -> None:
    with apart(f"import os\ndef f(x): {ending}") as namespace:
        run = run_test("try:\n    f(1)\nexcept Exception:\n    pass", namespace)
    assert not run.passed
    assert run.error == "Gone"


def test_it_unpickles_nothing_of_the_students() -> None:
    forged = pickle.dumps((1, "value", 3, "", ""))
    frame = HEAD.pack(b"a", 1) + struct.pack("=Q", len(forged)) + forged
    with apart(f"import os\ndef f(x): os.write(WRITES, {frame!r})") as namespace:
        run = run_test("assert f(1) == 3", namespace)
    assert not run.passed
    assert run.error == "ForgedAnswer"
