"""Passes that another process makes: the same answers as here, and answers from here whenever it fails."""

import ast
import asyncio
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import pytest
import torch

from benchmarks.websocket import to_the_end
from core.errors import CoreError
from core.runtime import elsewhere as asking
from core.runtime import on_serve, shared
from core.runtime.device import processor
from core.runtime.elsewhere import PATH, Elsewhere
from core.runtime.on_serve import Models
from core.runtime.questions import BESIDE, Question
from core.runtime.replica import METHODS, answered
from core.runtime.shared import Kind, Way, passed
from core.runtime.trust import Trust
from core.runtime.wire import MOST, Numbers, packed, unpacked

ROOT = Path(__file__).resolve().parents[3]
INPUTS = torch.linspace(0, 1, 2 * 3 * 64 * 64).reshape(2, 3, 64, 64)
ROWS = INPUTS.numpy()
KIND = Kind(Way("scenes"), (3, 64, 64), torch.float32)
OF_ANOTHER_VERSION = b'{"says": ["%b"], "arrays": [["float32", [2, 5]]]}\n' + bytes(40)
QUESTION = packed(Question.of(KIND.way, INPUTS))


@pytest.fixture(autouse=True)
def nobody_elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shared, "here", processor)
    shared._merger.cache_clear()
    yield
    shared.ask_first(None)
    shared._merger.cache_clear()


@contextmanager
def asked_over_http(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[int]:
    """A server that answers as Ray Serve does; its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, said = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status if self.path == PATH else 404)
            self.send_header("Content-Length", str(len(said)))
            self.send_header("Connection", "close" if answer is hangs_up else "keep-alive")
            with suppress(OSError):  # who asked may have gone
                self.end_headers()
                self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads, request_queue_size = True, 64

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def replied(*arrays: np.ndarray, several: bool = False) -> bytes:
    """An answer as bytes, even one that is none."""
    return packed({"several": several, "arrays": [Numbers.of(array.astype(np.float32)) for array in arrays]})


def by_replica(body: bytes) -> tuple[int, bytes]:
    """As the deployment answers; the pass is made here, by nobody else."""
    before, shared._elsewhere = shared._elsewhere, None
    try:
        return 200, answered(body)
    except CoreError as problem:
        return 400, str(problem).encode()
    finally:
        shared._elsewhere = before


@contextmanager
def elsewhere(
    answer: Callable[[bytes], tuple[int, bytes]] = by_replica, told: list[str] | None = None
) -> Iterator[Elsewhere]:
    with asked_over_http(answer) as port:
        found = Elsewhere("127.0.0.1", port, tell=(told if told is not None else []).append)
        yield found
        found.close()


@pytest.mark.parametrize("name", ["scenes", "one_stage"], ids=["one-tensor", "several"])
def test_the_answers_are_those_from_here(name: str) -> None:
    wanted = shared.ask(Way(name), INPUTS)
    with elsewhere() as ask:
        found = ask(Kind(Way(name), (3, 64, 64), torch.float32), INPUTS)
    torch.testing.assert_close(found, wanted)


def test_what_is_shared_is_asked_there_and_the_model_is_not_loaded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(body: bytes) -> tuple[int, bytes]:
        asked.append(unpacked(body, Question))
        return 200, replied(np.ones((2, 5)))

    monkeypatch.setattr(shared.models, "lent", lambda *_: pytest.fail("asked here"))
    with elsewhere(answer) as ask:
        shared.ask_first(ask)
        assert torch.equal(shared.ask(Way("scenes"), INPUTS), torch.ones(2, 5))
    (question,) = asked
    assert question.way == Way("scenes")
    assert torch.equal(question.tensor(), INPUTS)


def test_several_askers_still_share_a_pass() -> None:
    with elsewhere() as ask:
        shared.ask_first(ask)
        first, second = passed(processor(), KIND, [INPUTS[:1], INPUTS[1:]])
    shared.ask_first(None)
    torch.testing.assert_close(torch.cat([first, second]), shared.ask(Way("scenes"), INPUTS))


def test_a_question_whose_process_died_is_asked_once_more() -> None:
    statuses = iter([500, 200])

    def answer(body: bytes) -> tuple[int, bytes]:
        return (status, by_replica(body)[1]) if (status := next(statuses)) == 200 else (status, b"")

    with elsewhere(answer) as ask:
        assert ask(KIND, INPUTS) is not None


def test_where_nobody_answers_the_pass_is_made_here_and_after_three_times_nobody_is_asked() -> None:
    wanted, told, asked = shared.ask(Way("scenes"), INPUTS), list[str](), []

    def answer(body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        return 503, b""

    with elsewhere(answer, told) as ask:
        shared.ask_first(ask)
        for _ in range(5):
            torch.testing.assert_close(shared.ask(Way("scenes"), INPUTS), wanted)
    assert len(asked) == 6, "three questions, each twice"
    assert told == [
        "The models of the cluster do not answer (HTTPException), so ours do. One question tries again every 30 s."
    ]


@contextmanager
def swallowing() -> Iterator[int]:
    """A port that lets connections neither in nor out, as that of a machine behind a firewall."""
    with socket.socket() as listens:
        listens.bind(("127.0.0.1", 0))
        listens.listen(0)
        port, queued = listens.getsockname()[1], list[socket.socket]()
        try:
            for _ in range(8):  # the queue of those who were not let in yet is short, and then it is full
                waits = socket.socket()
                waits.setblocking(False)
                waits.connect_ex(("127.0.0.1", port))
                queued.append(waits)
            with pytest.raises(TimeoutError):
                socket.create_connection(("127.0.0.1", port), timeout=0.05)
            yield port
        finally:
            for waits in queued:
                waits.close()


def test_a_port_that_swallows_connections_costs_the_patience_for_a_door_and_not_that_for_an_answer() -> None:
    told = list[str]()
    with swallowing() as port:
        ask = Elsewhere("127.0.0.1", port, tell=told.append, knock=0.05, patience=3600.0, trust=Trust(failures=1))
        assert ask(KIND, INPUTS) is None
    assert told == [
        "The models of the cluster do not answer (TimeoutError), so ours do. One question tries again every 30 s."
    ]


def test_an_answer_may_take_longer_than_a_door() -> None:
    def slow(body: bytes) -> tuple[int, bytes]:
        time.sleep(1.0)
        return by_replica(body)

    with asked_over_http(slow) as port:
        ask = Elsewhere("127.0.0.1", port, tell=pytest.fail, knock=0.5, patience=60.0)
        assert ask(KIND, INPUTS) is not None
        ask.close()


def test_who_does_not_answer_in_time_is_not_asked_again_for_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sent, told, late = [], list[str](), threading.Event()

    def silent(body: bytes) -> tuple[int, bytes]:
        late.wait(30)
        return 503, b""

    with asked_over_http(silent) as port:
        ask = Elsewhere("127.0.0.1", port, tell=told.append, patience=0.05, trust=Trust(failures=2))
        over = ask._over
        monkeypatch.setattr(ask, "_over", lambda line, body: (sent.append(body), over(line, body))[1])
        assert (ask(KIND, INPUTS), len(sent), told) == (None, 1, [])
        assert (ask(KIND, INPUTS), len(sent), len(told)) == (None, 2, 1)
        assert (ask(KIND, INPUTS), len(sent)) == (None, 2), "nobody is asked in a rest"
        late.set()


def test_connections_that_died_with_their_process_are_no_failure_of_the_next() -> None:
    told = list[str]()
    with elsewhere(told=told) as ask:
        lines = [ask._opened() for _ in range(8)]
        for line in lines:
            line.sock.shutdown(socket.SHUT_RDWR)
        ask._lines.extend(lines)
        for _ in range(4):
            assert ask(KIND, INPUTS) is not None
    assert told == []


def test_many_whose_connections_died_at_once_are_answered() -> None:
    told, found = list[str](), list[object]()
    with elsewhere(told=told) as ask:
        lines = [ask._opened() for _ in range(16)]
        for line in lines:
            line.sock.shutdown(socket.SHUT_RDWR)
        ask._lines.extend(lines)
        threads = [threading.Thread(target=lambda: found.append(ask(KIND, INPUTS))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert told == []
    assert len([each for each in found if each is not None]) == 8


def hangs_up(body: bytes) -> tuple[int, bytes]:
    return by_replica(body)


def test_a_connection_that_the_other_side_ends_is_not_kept() -> None:
    with elsewhere(hangs_up) as ask:
        assert ask(KIND, INPUTS) is not None
        assert not ask._lines


def test_after_a_rest_one_visitor_asks_and_the_others_go_on() -> None:
    asked, told, held, now = [], list[str](), threading.Event(), [0.0]

    def gone(body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        if len(asked) > 2:
            assert held.wait(30)
        return 503, b""

    with asked_over_http(gone) as port:
        trust = Trust(failures=1, rest=5.0, clock=lambda: now[0])
        ask = Elsewhere("127.0.0.1", port, tell=told.append, patience=60.0, trust=trust)
        assert ask(KIND, INPUTS) is None
        now[0] = 5.0
        tries = threading.Thread(target=ask, args=(KIND, INPUTS))
        tries.start()
        while len(asked) < 3:
            time.sleep(0.01)
        assert [ask(KIND, INPUTS) for _ in range(20)] == [None] * 20, "while the one still waits"
        held.set()
        tries.join()
    assert len(asked) == 4, "two questions, each twice"
    assert len(told) == 1, "it was said when they were first missed"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(replied(), id="nothing"),
        pytest.param(replied(several=True), id="several-nothings"),
        pytest.param(replied(np.ones((2, 5)), np.ones((2, 5))), id="two-as-one"),
        pytest.param(replied(np.ones((3, 5))), id="a-row-too-many"),
        pytest.param(replied(np.ones((2, 5)), np.ones(()), several=True), id="one-without-rows"),
        pytest.param(replied(np.ones((2, 5)))[:-1], id="cut-short"),
        pytest.param(replied(np.ones((2, 5))) + b"\0", id="with-more-behind"),
        pytest.param(packed(np.ones((2, 5), np.float32)), id="an-array-alone"),
        pytest.param(b"", id="no-bytes"),
        pytest.param(b"\x80\x04K\x01.", id="a-pickle"),
        pytest.param(OF_ANOTHER_VERSION % b"one", id="of-another-version"),
    ],
)
def test_what_is_no_answer_to_this_question_is_not_believed(said: bytes) -> None:
    told = list[str]()
    with elsewhere(lambda _: (200, said), told) as ask:
        shared.ask_first(ask)
        assert shared.ask(Way("scenes"), INPUTS).shape == (2, 5), "answered here"
        assert [ask(KIND, INPUTS) for _ in range(2)] == [None, None]
    assert told == ["The models of the cluster do not answer (Unfit), so ours do. One question tries again every 30 s."]


def test_an_answer_larger_than_any_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LARGEST", len(replied(np.ones((2, 5)))))
    with elsewhere() as ask:
        assert ask(KIND, INPUTS) is not None, "two rows of five numbers"
    with elsewhere(lambda _: (200, replied(np.ones((2, 6))))) as ask:
        assert ask(KIND, INPUTS) is None


def test_an_answer_may_be_larger_than_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    with elsewhere(lambda _: (200, replied(np.ones((2, MOST // 8 + 1))))) as ask:
        found = ask(KIND, INPUTS)
    assert isinstance(found, torch.Tensor)
    assert found.nbytes > MOST


def test_a_question_larger_than_any_stays_here_and_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST", INPUTS.nbytes)
    with elsewhere(lambda _: pytest.fail("asked")) as ask:
        assert ask(KIND, INPUTS) is None


def test_who_is_interrupted_while_trying_leaves_the_try_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    with elsewhere() as ask:
        ask._trust = Trust(failures=1, clock=lambda: now[0])
        ask._trust.over(ask._trust.turn(), well=False)
        now[0] = 30.0
        with monkeypatch.context() as patched:
            patched.setattr(asking, "packed", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                ask(KIND, INPUTS)
        assert ask(KIND, INPUTS) is not None


@pytest.mark.parametrize(
    ("address", "host"),
    [("ray://head:10001", "head"), ("head:6379", "head"), ("auto", "auto"), ("", "localhost")],
    ids=["client", "direct", "a-word", "nothing"],
)
def test_the_models_are_where_the_head_is(address: str, host: str) -> None:
    assert Elsewhere.of_cluster(address, tell=pytest.fail)._where == (host, asking.PORT)


def test_what_is_no_address_is_a_sentence() -> None:
    with pytest.raises(CoreError, match="ray://HOST:10001 would be one"):
        Elsewhere.of_cluster("ray://[::1", tell=pytest.fail)


def test_an_address_without_a_server_is_no_error() -> None:
    with elsewhere() as ask:
        pass
    assert ask(KIND, INPUTS) is None


def test_a_question_that_does_not_fit_gets_its_error_from_here_and_counts_as_no_failure() -> None:
    told = list[str]()
    with elsewhere(lambda _: (400, b"no"), told) as ask:
        shared.ask_first(ask)
        for _ in range(4):
            with pytest.raises(RuntimeError):
                shared.ask(Way("scenes"), torch.zeros(1, 7, 8, 8))
    assert told == []


# -- what a stranger may send


def asked(name: str, part: str = "", method: str = "__call__", inputs: np.ndarray = ROWS) -> bytes:
    return packed(Question(name, part, method, Numbers.of(inputs)))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(asked("../../etc/passwd"), id="a-path"),
        pytest.param(asked("scenes", method="load_state_dict"), id="another-method"),
        pytest.param(asked("scenes", "__class__"), id="no-module"),
        pytest.param(asked("scenes", "a b"), id="no-name"),
        pytest.param(asked("scenes", "a." * 2**16 + "a"), id="a-long-name"),
        pytest.param(asked("scenes", inputs=np.ones((1, 3, 0, 2**32 - 1), np.float32)), id="no-numbers"),
        pytest.param(packed({"name": "scenes", "inputs": Numbers.of(ROWS)}), id="too-few-words"),
        pytest.param(packed(("scenes", "", "__call__", Numbers.of(ROWS))), id="no-record"),
        pytest.param(packed({"name": "scenes", "part": "", "method": "__call__", "inputs": ROWS}), id="bare"),
        pytest.param(QUESTION[:-1], id="cut-short"),
        pytest.param(b"", id="nothing"),
        pytest.param(OF_ANOTHER_VERSION % b"scenes", id="of-another-version"),
    ],
)
def test_a_replica_answers_nothing_but_questions_to_our_models(body: bytes) -> None:
    with pytest.raises((CoreError, AttributeError)):
        answered(body)


def test_a_question_takes_no_more_room_than_is_kept_for_it() -> None:
    worst = "\N{GRINNING FACE}" * 200
    assert len(asked(worst, worst, worst, np.ones((1,) * 8))) - 8 <= BESIDE
    assert len(QUESTION) < MOST


@dataclass
class Asked:
    """A request as the deployment gets it, in pieces; it may wait with the last one."""

    pieces: list[bytes]
    last: asyncio.Event | None = None
    method: str = "POST"

    async def stream(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
        if self.last:
            await self.last.wait()


def test_the_deployment_answers_and_refuses_what_does_not_fit_without_being_ill() -> None:
    models = Models()
    for pieces, status in (
        ([QUESTION[:50], QUESTION[50:]], 200),
        ([b"what?"], 400),
        ([asked("scenes", "nothing.like.it")], 400),
        ([asked("two_stage", method="first", inputs=np.ones(3, np.float32))], 400),
        ([asked("scenes", inputs=ROWS.astype("int32"))], 400),
        ([asked("scenes", inputs=ROWS.astype("uint64"))], 400),
    ):
        assert to_the_end(models(Asked(pieces))).status_code == status, pieces[0][:80]
    assert models._held == 0


def test_questions_of_a_process_find_no_more_room_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_serve, "ROOM", 2 * len(QUESTION))
    monkeypatch.setattr(on_serve, "MOST", len(QUESTION))

    async def crowd() -> tuple[list[int], int]:
        models, go = Models(), asyncio.Event()
        slow = [asyncio.ensure_future(models(Asked([QUESTION], go))) for _ in range(2)]
        await asyncio.sleep(0)
        third, large = await models(Asked([QUESTION])), await models(Asked([QUESTION, b"!"]))
        go.set()
        found = [third, large, *[await each for each in slow], await models(Asked([QUESTION]))]
        return [answer.status_code for answer in found], models._held

    assert to_the_end(crowd()) == ([400, 400, 200, 200, 200], 0)


@pytest.mark.parametrize("asked", [KeyboardInterrupt(), SystemExit(15)], ids=["interrupted", "terminated"])
def test_models_end_with_whoever_put_them_on_the_cluster(monkeypatch: pytest.MonkeyPatch, asked: BaseException) -> None:
    serve = MagicMock()
    serve.run.side_effect = asked
    monkeypatch.setitem(sys.modules, "ray", MagicMock(serve=serve))
    on_serve.serve_models("auto", most=1, tasks=1, place="labs", processors=1, graphics=0)
    serve.shutdown.assert_called_once_with()


@pytest.mark.parametrize(("tasks", "doors"), [(2, ["/models", "/tasks"]), (0, ["/models"])])
def test_long_work_stands_beside_the_models_unless_nobody_wants_it(
    monkeypatch: pytest.MonkeyPatch, tasks: int, doors: list[str]
) -> None:
    serve = MagicMock()
    monkeypatch.setitem(sys.modules, "ray", MagicMock(serve=serve))
    on_serve.serve_models("auto", most=1, tasks=tasks, place="labs", processors=1, graphics=0)
    assert [call.kwargs["route_prefix"] for call in serve.run.call_args_list] == doors
    assert [call.kwargs["blocking"] for call in serve.run.call_args_list] == [False] * (len(doors) - 1) + [True]
    most = [call.kwargs["autoscaling_config"]["max_replicas"] for call in serve.deployment.call_args_list]
    assert most == [1, 2][: len(doors)], "Ray refuses a deployment of none"
    binds = serve.deployment.return_value.return_value.bind.call_args_list
    assert [call.args for call in binds] == [(), ("labs",)][: len(doors)], "long work of this place"


def test_a_replica_takes_every_method_that_pages_merge() -> None:
    merged = set()
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "merged":
                merged |= {each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)}
    assert {name for name in merged if str(name).isidentifier()} <= set(METHODS)
