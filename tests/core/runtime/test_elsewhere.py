"""Passes that another process makes: the same answers as here, and answers from here whenever it fails."""

import ast
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.runtime import replica, shared
from core.runtime.device import processor
from core.runtime.elsewhere import PATH, Elsewhere
from core.runtime.replica import METHODS, answered
from core.runtime.shared import Kind, Way, passed
from core.runtime.wire import TYPES, packed, unpacked

ROOT = Path(__file__).resolve().parents[3]
INPUTS = torch.linspace(0, 1, 2 * 3 * 64 * 64).reshape(2, 3, 64, 64)
KIND = Kind(Way("scenes"), (3, 64, 64), torch.float32)


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
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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
        asked.append(unpacked(body))
        return 200, packed(["one"], [np.ones((2, 5), np.float32)])

    monkeypatch.setattr(shared.models, "lent", lambda *_: pytest.fail("asked here"))
    with elsewhere(answer) as ask:
        shared.ask_first(ask)
        assert torch.equal(shared.ask(Way("scenes"), INPUTS), torch.ones(2, 5))
    ((says, (array,)),) = asked
    assert says == ("scenes", "", "__call__")
    np.testing.assert_array_equal(array, INPUTS.numpy())


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
    assert told == ["The models of the cluster do not answer (HTTPException); ours do, for 30 s."]


def test_an_address_without_a_server_is_no_error() -> None:
    with elsewhere() as ask:
        pass
    assert ask(KIND, INPUTS) is None


def test_an_answer_that_is_none_of_ours_is_not_believed() -> None:
    with elsewhere(lambda _: (200, b"\x80\x04K\x01.")) as ask:
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


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(("../../etc/passwd", "", "__call__"), id="a-path"),
        pytest.param(("scenes", "", "load_state_dict"), id="another-method"),
        pytest.param(("scenes", "__class__", "__call__"), id="no-module"),
        pytest.param(("scenes", "a b", "__call__"), id="no-name"),
        pytest.param(("scenes",), id="too-few-words"),
    ],
)
def test_a_replica_answers_nothing_but_questions_to_our_models(says: tuple[str, ...]) -> None:
    with pytest.raises((CoreError, AttributeError)):
        answered(packed(says, [INPUTS.numpy()]))


@given(st.binary(max_size=200))
def test_any_other_bytes_are_a_shape_error(data: bytes) -> None:
    with pytest.raises(ShapeError):
        unpacked(data)


@pytest.mark.parametrize(
    "arrays",
    [
        [["object", [1]]],
        [["float32", [2**40, 2**40]]],
        [["float32", [-1]]],
        [["float32", [True]]],
        [["float32", [1] * 9]],
        [["float32", 1]],
        ["float32"],
        {"float32": [1]},
        [["float32", [2]]],
    ],
    ids=["objects", "huge", "negative", "truth", "many-sides", "no-list", "no-pair", "a-table", "too-few-bytes"],
)
def test_a_line_that_promises_what_does_not_come_is_a_shape_error(arrays: object) -> None:
    with pytest.raises(ShapeError):
        unpacked(json.dumps({"says": [], "arrays": arrays}).encode() + b"\n1234")


@pytest.mark.parametrize("name", TYPES)
def test_numbers_of_every_kind_come_back_bit_by_bit(name: str) -> None:
    arrays = [np.arange(6).reshape(2, 3).astype(name), np.zeros((0, 4), name), np.asarray(1).astype(name)]
    says, found = unpacked(packed(["a", "b"], arrays))
    assert says == ("a", "b")
    for one, other in zip(found, arrays, strict=True):
        assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


def test_a_replica_takes_every_method_that_pages_merge() -> None:
    merged = set()
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "merged":
                merged |= {each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)}
    assert {name for name in merged if str(name).isidentifier()} <= set(METHODS)
    assert INPUTS.nbytes < replica.MOST
