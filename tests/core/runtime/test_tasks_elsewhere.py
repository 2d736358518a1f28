"""Long work that another process does: the same is found, a stop arrives, and what breaks off is told as gone."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from core.errors import CoreError
from core.learning.train import Progress, Stopped
from core.runtime.tasks import Task, may_go
from core.runtime.tasks_elsewhere import LENGTH, PATH, Gone, Line, Refused, TasksElsewhere
from core.runtime.tasks_on_serve import AHEAD, LONGEST, Doing, Tasks
from core.runtime.trust import Trust
from core.runtime.wire import MOST, packed
from tests.core.runtime.test_tasks import Wish, counted, silent

PATIENCE = 60.0
stopped = threading.Semaphore(0)


@may_go
def endless(progress: Progress) -> Iterator[int]:
    try:
        for number in count():
            progress(0.0, f"number {number}")
            yield number
    finally:
        stopped.release()


@may_go
def refused(progress: Progress) -> Iterator[int]:
    yield 1
    raise CoreError("a net needs layers")


@may_go
def broken(progress: Progress) -> Iterator[int]:
    yield 1
    raise KeyError("a fault of ours")


@may_go
def refused_late(progress: Progress) -> Iterator[int]:
    assert thought.wait(PATIENCE)
    raise CoreError("a net needs layers")
    yield 1


@may_go
def slow(progress: Progress) -> Iterator[int]:
    progress(0.25, "thinking")
    assert thought.wait(PATIENCE)
    yield 1


thought = threading.Event()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The deployment's own code behind a web server, as Ray Serve has it behind one."""
    app = Starlette(routes=[Route(PATH, Tasks("no.place").__call__, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=server.run, args=([door],), daemon=True)
        thread.start()
        yield door.getsockname()[1]
        server.should_exit = True
        thread.join(PATIENCE)


def away(port: int, **more: Any) -> TasksElsewhere:
    return TasksElsewhere("127.0.0.1", port, **more)


def test_finds_there_what_it_finds_here_and_says_how_far_it_is(port: int) -> None:
    task, said = Task(counted, (Wish("a"), 20)), list[tuple[float, str]]()
    found = list(away(port)(task, lambda share, what: said.append((share, what))))
    assert [(name, piece.by_name["sum"]) for name, piece in found] == [
        (name, piece.by_name["sum"]) for name, piece in task(silent)
    ]
    assert said[-1] == (0.95, "number 19")
    assert [share for share, _ in said] == sorted(share for share, _ in said)


def test_a_line_says_how_far_it_is_while_nothing_is_found(port: int) -> None:
    thought.clear()

    def told(share: float, what: str) -> None:
        if what == "thinking":
            thought.set()

    assert list(away(port)(Task(slow, ()), told)) == [1]


def test_a_sentence_of_ours_comes_back_as_one(port: int) -> None:
    found = away(port)(Task(refused, ()), silent)
    assert next(found) == 1
    with pytest.raises(CoreError, match=r"^a net needs layers$"):
        next(found)


def test_a_fault_breaks_the_line_off(port: int, caplog: pytest.LogCaptureFixture) -> None:
    found = away(port)(Task(broken, ()), silent)
    assert next(found) == 1
    with pytest.raises(Gone):
        next(found)
    assert "a task broke off" in caplog.text


def test_stopping_here_stops_it_there(port: int) -> None:
    found = list[int]()

    def enough(share: float, what: str) -> None:
        if len(found) > 3 * AHEAD:
            raise Stopped

    with pytest.raises(Stopped):
        found.extend(away(port)(Task(endless, ()), enough))
    assert found == [*range(3 * AHEAD + 1)]
    assert stopped.acquire(timeout=PATIENCE)


def test_leaving_stops_it_there(port: int) -> None:
    found = away(port)(Task(endless, ()), silent)
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert stopped.acquire(timeout=PATIENCE)


def test_what_goes_wrong_when_nobody_listens_is_told_to_nobody() -> None:
    thought.clear()
    before = set(threading.enumerate())
    doing = Doing(Task(refused_late, ()))
    doing.leave()
    (thread,) = set(threading.enumerate()) - before
    thought.set()
    thread.join(PATIENCE)  # an error in it would fail this test
    assert not thread.is_alive()


def lab_of_another_version(progress: Progress) -> Iterator[int]:
    yield 1


def test_what_is_not_done_there_is_gone_at_once_and_the_rest_still_goes(port: int) -> None:
    ask = away(port, trust=Trust(failures=1))
    for _ in range(3):
        with pytest.raises(Gone):
            next(ask(Task(lab_of_another_version, ()), silent))
    assert len(list(ask(Task(counted, (Wish("a"), 2)), silent))) == 2


def test_a_task_that_is_too_long_is_refused(port: int) -> None:
    with pytest.raises(Gone) as why:
        next(away(port)(Task(counted, (Wish("a", tuple(range(LONGEST))), 1)), silent))
    assert isinstance(why.value.__cause__, Refused)


@pytest.mark.parametrize("host", ["head..example.org", "a" * 70])
def test_a_name_that_is_none_is_nobody(host: str) -> None:
    with pytest.raises(Gone):
        next(TasksElsewhere(host)(Task(counted, (Wish("a"), 1)), silent))


def test_after_failures_nobody_is_asked_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    now = [0.0]
    trust = Trust(clock=lambda: now[0])
    ask = away(port, trust=trust)
    for _ in range(trust.failures):
        with pytest.raises(Gone) as why:
            next(ask(Task(counted, (Wish("a"), 1)), silent))
        assert isinstance(why.value.__cause__, OSError)
    with pytest.raises(Gone) as why:
        next(ask(Task(counted, (Wish("a"), 1)), silent))
    assert why.value.__cause__ is None
    now[0] += trust.rest
    with pytest.raises(Gone) as why:
        next(ask(Task(counted, (Wish("a"), 1)), silent))
    assert isinstance(why.value.__cause__, OSError)


HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def said_of(line: object) -> bytes:
    body = packed(line)
    return len(body).to_bytes(LENGTH, "big") + body


@contextmanager
def answering(said: bytes, *, hangs: bool = False) -> Iterator[int]:
    """A door behind which somebody says this, whatever is asked, and hangs up or says no more."""
    done = threading.Event()

    def answer(door: socket.socket) -> None:
        line, _ = door.accept()
        with line:
            line.recv(2**16)
            line.sendall(said)
            if hangs:
                done.wait(PATIENCE)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=answer, args=(door,), daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            done.set()
            thread.join(PATIENCE)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 503 Full\r\n\r\n", id="full"),
        pytest.param(HEAD + b"\0\0", id="half-a-length"),
        pytest.param(HEAD + Line(0.5, "half").told()[:-3], id="half-a-line"),
        pytest.param(HEAD + (MOST + 1).to_bytes(LENGTH, "big"), id="too-long"),
        pytest.param(HEAD + (3).to_bytes(LENGTH, "big") + b"abc", id="no-line"),
        pytest.param(HEAD + Line(0.5, "half", found=b"abc").told(), id="found-something-else"),
        pytest.param(HEAD + Line(0.5, "half").told(), id="no-end"),
        pytest.param(HEAD + said_of({"done": 7.0, "doing": "more than all"}), id="no-share"),
        pytest.param(CHUNKED + b"-5\r\n", id="less-than-nothing"),
    ],
)
def test_whatever_is_no_answer_is_gone(said: bytes) -> None:
    with answering(said) as port, pytest.raises(Gone):
        list(away(port)(Task(counted, (Wish("a"), 1)), silent))


def test_nobody_waits_for_a_line_for_ever() -> None:
    with answering(HEAD + Line(0.5, "half").told(), hangs=True) as port, pytest.raises(Gone) as why:
        list(away(port, patience=0.2)(Task(counted, (Wish("a"), 1)), silent))
    assert isinstance(why.value.__cause__, TimeoutError)


def test_a_stop_does_not_wait_for_a_process_that_is_not_free() -> None:
    said = list[str]()

    def stop(share: float, what: str) -> None:
        said.append(what)
        raise Stopped

    trust = Trust(failures=1)
    with answering(b"", hangs=True) as port, pytest.raises(Stopped):
        list(away(port, patience=PATIENCE, trust=trust)(Task(counted, (Wish("a"), 1)), stop))
    assert said == ["waiting for a process elsewhere"]
    assert trust.turn() is not None, "who stops says nothing of the cluster"


def test_nobody_waits_long_for_a_process_that_is_not_free() -> None:
    with answering(b"", hangs=True) as port, pytest.raises(Gone):
        list(away(port, patience=0.2)(Task(counted, (Wish("a"), 1)), silent))
