"""The addresses of the live class: what every page is told and when, and who may move the class with what."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from benchmarks.websocket import to_the_end
from classroom.live import lecture
from classroom.live.lecture import Presenting
from classroom.store.lectures import SqlLectures
from classroom.store.quizzes import SqlQuizzes
from grading.ledger.port import LedgerBusy
from pages._kit.discovery import discover, open_to_all
from pages._kit.live import stream
from pages._kit.live.hub import NOTHING, Hub
from tests.classroom.conftest import IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.pages.test_beside import until
from tests.pages.test_live_hub import PATIENCE, running

PROTECTED = [page.name for page in discover() if page not in open_to_all()]
OURS = {"origin": "http://fovea.test"}
SPOT = {"key": "stride", "x": 0.5, "y": 0.25}
COMMENT = ": still here\n\n"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCourse]:
    folder = tmp_path_factory.mktemp("stream")
    with small(folder, str(folder / "ledger.db")) as course:
        yield course


@pytest.fixture
def course(opened: SmallCourse) -> SmallCourse:
    """With no class that is live, whatever the test before left."""
    lecture.end(opened.desk, IVA)
    return opened


@pytest.fixture
def hub(course: SmallCourse) -> Iterator[Hub]:
    desk, titles = course.desk, {lab.name: lab.title for lab in open_to_all()}
    hub = Hub(lambda: (desk.lectures, desk.quizzes), lambda: titles)
    with running(hub):
        yield hub


@pytest.fixture
def presenting(course: SmallCourse, hub: Hub) -> Presenting:
    begun = lecture.present(course.desk, IVA)
    hub.poke()
    assert until(lambda: hub.seen is not None)
    return begun


def app(hub: Hub) -> Starlette:
    return Starlette(routes=stream.routes(hub))


def client(hub: Hub) -> TestClient:
    return TestClient(app(hub), "http://fovea.test")


# -- listening


@dataclass
class Listener:
    """A page that listens: what it was sent, as it comes."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    pieces: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    over: bool = False

    async def piece(self) -> str:
        async with asyncio.timeout(PATIENCE):
            return await self.pieces.get()

    async def message(self) -> dict[str, object]:
        """The next message; signs of life are left out."""
        while (piece := await self.piece()) == COMMENT:
            pass
        assert piece.startswith("data: ")
        assert piece.endswith("\n\n")
        assert piece.count("\n") == 2
        said: dict[str, object] = json.loads(piece.removeprefix("data: "))
        return said


@asynccontextmanager
async def listening(hub: Hub) -> AsyncIterator[Listener]:
    """A request that goes on until this ends, as a browser's does until its tab is closed."""
    listener, closed = Listener(), asyncio.Event()

    async def receive() -> dict[str, object]:
        await closed.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            listener.status = int(str(message["status"]))
            pairs: list[tuple[bytes, bytes]] = message["headers"]  # type: ignore[assignment]
            listener.headers = {name.decode(): value.decode() for name, value in pairs}
        elif message.get("body"):
            listener.pieces.put_nowait(bytes(message["body"]).decode())  # type: ignore[call-overload]

    scope = {"type": "http", "method": "GET", "path": "/api/live", "query_string": b"", "headers": []}
    call: Awaitable[None] = app(hub)(scope, receive, send)  # type: ignore[arg-type]
    task = asyncio.ensure_future(call)
    task.add_done_callback(lambda _: setattr(listener, "over", True))
    try:
        yield listener
    finally:
        closed.set()
        async with asyncio.timeout(PATIENCE):
            await task


async def in_time(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


def test_says_at_once_that_nothing_is_live(hub: Hub) -> None:
    async def listen() -> None:
        async with listening(hub) as page:
            assert await page.piece() == f"data: {NOTHING}\n\n"
            assert page.status == 200
            assert page.headers["content-type"].startswith("text/event-stream")
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["x-accel-buffering"] == "no"

    to_the_end(listen())


def test_says_what_is_and_then_what_another_process_changes(hub: Hub, course: SmallCourse) -> None:
    begun = lecture.present(course.desk, IVA)
    hub.poke()
    assert until(lambda: hub.seen is not None)
    elsewhere = SqlLectures(course.desk.classroom.engine)  # type: ignore[attr-defined]

    async def listen() -> None:
        async with listening(hub) as page:
            first = await page.message()
            assert (first["lecture"], first["at"], first["presenter"]) == (begun.lecture.id, "", begun.mark)
            said = {"page": "convolution", "query": "stride=3", "spot": SPOT}
            assert lecture.move(elsewhere, begun.word, said, {"convolution"})
            second = await page.message()
            assert (second["at"], second["spot"], second["source"]) == ("convolution?stride=3", SPOT, begun.mark)
            assert second["revision"] == begun.lecture.revision + 1
            elsewhere.end(begun.lecture.id, course.now)
            assert await page.message() == {"lecture": 0}

    to_the_end(listen())


def test_who_comes_late_is_told_where_the_class_is_now(hub: Hub, presenting: Presenting) -> None:
    for stride in range(1, 5):
        assert moved(hub, presenting.word, query=f"stride={stride}").status_code == 200
    assert until(lambda: "stride=4" in hub.message)

    async def listen() -> None:
        async with listening(hub) as page:
            assert (await page.message())["at"] == "convolution?stride=4"

    to_the_end(listen())


def test_gives_signs_of_life_while_nothing_changes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STILL_HERE", 0.05)

    async def listen() -> None:
        async with listening(hub) as page:
            assert (await page.piece()).startswith("data: ")
            assert [await page.piece() for _ in range(3)] == [COMMENT] * 3

    to_the_end(listen())


def test_ends_when_the_server_does(hub: Hub) -> None:
    async def listen() -> None:
        async with listening(hub) as one, listening(hub) as other:
            await one.piece()
            await other.piece()
            assert not one.over
            hub.end()
            await in_time(lambda: one.over and other.over)
        assert hub.listeners == 0

    to_the_end(listen())


def test_who_leaves_is_counted_no_more(hub: Hub) -> None:
    async def listen() -> None:
        async with listening(hub) as page:
            await page.piece()
            async with listening(hub) as other:
                await other.piece()
                assert hub.listeners == 2
            await in_time(lambda: hub.listeners == 1)

    to_the_end(listen())


def test_turns_away_more_than_it_can_tell(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST", 2)

    async def listen() -> None:
        async with listening(hub) as one:
            await one.piece()
            async with listening(hub) as two:
                await two.piece()
                async with listening(hub) as three:
                    assert "Too many" in await three.piece()
                assert (three.status, three.headers["retry-after"]) == (503, "10")
            await in_time(lambda: hub.listeners == 1)
            async with listening(hub) as four:
                assert (await four.piece()).startswith("data: ")

    to_the_end(listen())


# -- leading


def post(hub: Hub, body: bytes | str, **headers: str):  # type: ignore[no-untyped-def]
    return client(hub).post("/api/live/at", content=body, headers={**OURS, **headers})


def moved(hub: Hub, word: object, **said: object):  # type: ignore[no-untyped-def]
    return post(hub, json.dumps({"word": word, "page": "convolution", "query": "", "spot": None, **said}))


def test_moves_the_class_and_tells_it(hub: Hub, presenting: Presenting) -> None:
    answer = moved(hub, presenting.word, query="stride=2", spot=SPOT)
    assert (answer.status_code, answer.json()) == (200, {"moved": True})
    assert until(lambda: json.loads(hub.message)["at"] == "convolution?stride=2")
    assert json.loads(hub.message)["spot"] == SPOT


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://[evil"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
    ids=lambda headers: " ".join(headers.values()) or "no origin",
)
def test_a_page_of_somebody_else_moves_nothing(hub: Hub, presenting: Presenting, headers: dict[str, str]) -> None:
    body = json.dumps({"word": presenting.word, "page": "layer"})
    assert post(hub, body, **headers).status_code == 403
    assert stays(hub, presenting)


def stays(hub: Hub, presenting: Presenting) -> bool:
    """Nothing was changed, nor will the hub see that anything was."""
    memory = hub.memory()
    return memory is not None and memory[0].live() == presenting.lecture


NO_JSON = {
    "nothing": b"", "a form": b"word=a&page=layer", "half": b'{"word": "a"', "no letters": b"\xff\xfe\xfd",
    "nested too deeply": b"[" * 15_000, "a number too long": b"1" * 10_000,
}  # fmt: skip


@pytest.mark.parametrize("case", NO_JSON)
def test_says_that_it_is_no_json(hub: Hub, presenting: Presenting, case: str) -> None:
    assert post(hub, NO_JSON[case]).status_code == 400
    assert stays(hub, presenting)


def pieces(body: bytes) -> Iterator[bytes]:
    yield from (body[at : at + 1000] for at in range(0, len(body), 1000))


@pytest.mark.parametrize("length", ["right", "missing", "0", "-5", "12", "abc", "٣"])
def test_reads_no_more_than_an_address_may_have(hub: Hub, presenting: Presenting, length: str) -> None:
    body = json.dumps({"word": presenting.word, "page": "layer", "query": "a" * stream.LONGEST}).encode()
    assert status_of(hub, body, length) == 413
    assert stays(hub, presenting)


@pytest.mark.parametrize("length", ["missing", "0", "abc", "999999"])
def test_takes_a_short_one_whatever_it_says_of_its_length(hub: Hub, presenting: Presenting, length: str) -> None:
    assert status_of(hub, json.dumps({"word": presenting.word, "page": "layer"}).encode(), length) == 200


def status_of(hub: Hub, body: bytes, length: str) -> int:
    """The answer to a body that comes in pieces, with a word about its length that may be false."""
    said = {"right": str(len(body))}.get(length, length)
    headers = [(b"host", b"fovea.test"), (b"origin", b"http://fovea.test")]
    if length != "missing":
        headers.append((b"content-length", said.encode()))
    waiting, statuses = pieces(body), list[int]()

    async def receive() -> dict[str, object]:
        piece = next(waiting, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    scope = {"type": "http", "method": "POST", "path": "/api/live/at", "query_string": b"", "headers": headers}
    to_the_end(app(hub)(scope, receive, send))  # type: ignore[arg-type]
    (status,) = statuses
    return status


@pytest.mark.parametrize(
    "word", ["", "wrong", "\ud800", "\0", None, 3, ["a"], {"a": 1}, "a" * 10_000], ids=lambda word: repr(word)[:12]
)
def test_a_wrong_word_moves_nothing(hub: Hub, presenting: Presenting, word: object) -> None:
    assert moved(hub, word).status_code == 409
    assert stays(hub, presenting)


@pytest.mark.parametrize("said", ["null", "3", "[]", '"word"', "{}", "NaN"])
def test_json_without_a_word_moves_nothing(hub: Hub, presenting: Presenting, said: str) -> None:
    assert post(hub, said).status_code == 409
    assert stays(hub, presenting)


def test_who_was_taken_over_from_reads_that_somebody_else_presents(
    hub: Hub, course: SmallCourse, presenting: Presenting
) -> None:
    lecture.present(course.desk, TINA)
    answer = moved(hub, presenting.word)
    assert (answer.status_code, answer.text) == (409, lecture.TAKEN)


def test_after_the_end_nobody_leads(hub: Hub, course: SmallCourse, presenting: Presenting) -> None:
    lecture.end(course.desk, IVA)
    assert moved(hub, presenting.word).status_code == 409


@pytest.mark.parametrize(
    "said",
    [
        *({"page": name} for name in (*PROTECTED, "", "nowhere", "../layer", "//evil.example")),
        {"query": "a" * (lecture.LONGEST + 1)},
        {"query": "a\nb"},
        {"query": ["stride"]},
        {"spot": {**SPOT, "x": float("nan")}},
        {"spot": {**SPOT, "x": 10**400}},
        {"spot": {**SPOT, "key": "</style>"}},
    ],
    ids=lambda said: repr(said)[:40],
)
def test_a_place_that_cannot_be_moves_nothing(hub: Hub, presenting: Presenting, said: dict[str, object]) -> None:
    answer = moved(hub, presenting.word, **said)
    assert answer.status_code == 422
    assert answer.json()["refused"].endswith(".")
    assert stays(hub, presenting)


def test_a_server_without_a_course_has_nobody_who_leads() -> None:
    assert moved(Hub(lambda: None, dict), "word").status_code == 409


def test_a_database_that_is_busy_is_asked_again_later(course: SmallCourse) -> None:
    class Busy(SqlLectures):
        def live(self) -> None:
            raise LedgerBusy("Somebody else is using the database for long.")

    engine = course.desk.classroom.engine  # type: ignore[attr-defined]
    answer = moved(Hub(lambda: (Busy(engine), SqlQuizzes(engine)), dict), "word")
    assert answer.status_code == 503
    assert "for long" in answer.json()["refused"]


def test_each_address_takes_its_own_method(hub: Hub) -> None:
    assert client(hub).post("/api/live", headers=OURS).status_code == 405
    assert client(hub).get("/api/live/at").status_code == 405


def test_the_word_is_told_to_nobody_and_stands_in_no_log(
    hub: Hub, course: SmallCourse, presenting: Presenting, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    async def listen() -> None:
        async with listening(hub) as page:
            told.append(await page.piece())
            for said in ({"query": "stride=2"}, {"spot": SPOT}, {"page": "gradebook"}, {"query": "stride=4"}):
                await asyncio.to_thread(moved, hub, presenting.word, **said)
            while "stride=4" not in told[-1]:
                told.append(await page.piece())
            lecture.present(course.desk, TINA)
            await asyncio.to_thread(moved, hub, presenting.word)
            told.append(await page.piece())

    with caplog.at_level(logging.DEBUG):
        to_the_end(listen())
    everything = "".join(told) + caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert presenting.mark in everything
    assert presenting.word not in everything
    assert presenting.lecture.word not in everything  # its whole digest
