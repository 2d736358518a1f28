"""What an operator has: numbers true of every process, a log without secrets, a bound on visits, an orderly end."""

import asyncio
import importlib
import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit.logger
import torch
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from benchmarks.serve import ROOT, Server, fovea
from benchmarks.websocket import Visitor, to_the_end
from classroom import assignments
from classroom.desk import open_desk
from classroom.pulse import STILL
from classroom.work import hand_in
from core.runtime.shared import shared
from grading import logs
from grading.configuration import current
from grading.ledger.port import LedgerBusy
from grading.ledger.sql import open_ledger
from pages._kit.operations import logs as server_logs
from pages._kit.operations import metrics
from pages._kit.operations.metrics import OfTheCourse
from pages._kit.operations.visits import PLACE, PLACES, PROMISED, RETURN, Door
from tests.classroom.conftest import ADA, IVA
from tests.classroom.course import SmallCourse
from tests.grading import small_course
from tests.grading.ledger.hand_ins import Desk, score
from tests.pages.test_beside import graders, over, until

TOKEN = "a-token-nobody-guesses"
Numbers = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def numbers(text: str) -> Numbers:
    """Every sample by name and labels."""
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for each in families for one in each.samples}


def collected(course: OfTheCourse) -> Numbers:
    registry = CollectorRegistry()
    registry.register(course)
    return numbers(generate_latest(registry).decode())


def get(address: str, **headers: str) -> tuple[int, dict[str, str], str]:
    asked = urllib.request.Request(address, headers={name.replace("_", "-"): said for name, said in headers.items()})
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, {k.lower(): v for k, v in refusal.headers.items()}, refusal.read().decode()


# -- numbers


def test_every_process_says_the_same_of_the_course(database: str) -> None:
    first, second = open_ledger(database), open_ledger(database)
    desk = Desk(first)
    ours = [OfTheCourse(lambda ledger=ledger: ledger, clock=lambda: desk.now) for ledger in (first, second)]
    try:
        desk.graded("ada")
        desk.graded("bob", score(points=0.0))
        desk.hand_in("cy")
        desk.hand_in("di")
        desk.claim("g2")
        desk.tick(90)
        one, other = map(collected, ours)
        assert one == other
        assert one["fovea_queue_waiting", ()] == 2  # a lease that ran out waits
        assert one["fovea_queue_oldest_seconds", ()] > 90
        assert one["fovea_outcomes_total", (("verdict", "passed"),)] == 1
        assert one["fovea_outcomes_total", (("verdict", "failed"),)] == 1
        assert one["fovea_outcomes_total", (("verdict", "undecided"),)] == 0
        assert one["fovea_grading_seconds_count", ()] == 2
        assert one["fovea_grading_seconds_sum", ()] == 0.5
        assert one["fovea_grading_seconds_bucket", (("le", "1.0"),)] == 2
        assert not {"ada", "bob", "cy", "di"} & {value for _, labels in one for _, value in labels}
    finally:
        first.close()
        second.close()


def test_a_queue_that_nobody_works_on_is_said_to_stall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "FRESH", -1.0)
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    desk = Desk(ledger)
    course = OfTheCourse(lambda: ledger, clock=lambda: desk.now)
    desk.hand_in()
    assert collected(course)["fovea_queue_stalled", ()] == 0
    desk.now += STILL + timedelta(seconds=1)
    assert collected(course)["fovea_queue_stalled", ()] == 1
    desk.grade()
    assert collected(course)["fovea_queue_stalled", ()] == 0
    ledger.close()


def test_the_database_is_asked_once_however_many_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "FRESH", 3600.0)
    ledger, asked = open_ledger(tmp_path / "ledger.sqlite"), list[None]()
    course = OfTheCourse(lambda: asked.append(None) or ledger)
    assert len({str(collected(course)) for _ in range(5)}) == 1
    assert len(asked) == 1
    ledger.close()


def test_a_database_that_is_away_is_a_number_and_no_error() -> None:
    def away() -> None:
        raise LedgerBusy

    assert collected(OfTheCourse(away)) == {("fovea_database_up", ()): 0.0}


@pytest.mark.parametrize(
    ("token", "client", "headers", "status"),
    [
        pytest.param("", "127.0.0.1", {}, 200, id="this-machine"),
        pytest.param("", "192.0.2.1", {}, 403, id="another-machine"),
        pytest.param("", "127.0.0.1", {"x-forwarded-for": "192.0.2.1"}, 403, id="through-a-proxy-here"),
        pytest.param("", "192.0.2.1", {"authorization": "Bearer "}, 403, id="no-token-is-no-key"),
        pytest.param(TOKEN, "192.0.2.1", {"authorization": f"Bearer {TOKEN}"}, 200, id="who-knows-the-token"),
        pytest.param(TOKEN, "192.0.2.1", {"authorization": f"Bearer {TOKEN}x"}, 401, id="a-wrong-token"),
        pytest.param(TOKEN, "192.0.2.1", {"authorization": "Bearer \xff"}, 401, id="no-ascii"),
        pytest.param(TOKEN, "127.0.0.1", {}, 401, id="with-a-token-this-machine-shows-it-too"),
    ],
)
def test_the_numbers_are_for_those_who_may(
    monkeypatch: pytest.MonkeyPatch, token: str, client: str, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setenv("FOVEA_METRICS_TOKEN", token)
    raw = [(name.encode(), said.encode("latin-1")) for name, said in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/api/metrics", "headers": raw, "client": (client, 1)}
    answer = to_the_end(metrics.answer(Request(scope)))
    assert answer.status_code == status
    assert (b"fovea_sessions" in answer.body) == (status == 200)
    assert TOKEN.encode() not in answer.body


def test_the_time_of_every_pass_is_taken() -> None:
    def passes() -> float:
        found = numbers(generate_latest(metrics.REGISTRY).decode())
        return found.get(("fovea_model_seconds_count", (("model", "digits"),)), 0)

    importlib.import_module("pages._kit.server")  # which says whose time is taken
    before = passes()
    assert shared("digits")(torch.zeros(3, 1, 8, 8)).shape == (3, 10)
    assert passes() == before + 1


# -- the door


@given(
    bound=st.integers(1, 9),
    steps=st.lists(
        st.tuples(st.sampled_from(["page", "open", "close", "wait"]), st.sampled_from(["", "a", "b", "c", "d"])),
        max_size=120,
    ),
)
def test_nobody_brings_more_in_than_the_bound_and_a_quarter(bound: int, steps: list[tuple[str, str]]) -> None:
    now, here = 0.0, list[str]()
    door = Door(lambda: bound, clock=lambda: now)
    for deed, place in steps:
        if deed == "page":
            door.shows_page(place)
        elif deed == "wait":
            now += 7
        elif deed == "open" and door.opens(place):
            assert len(here) < bound or door.knows(place)  # past the bound only who was in
            door.enter(place)
            here.append(place)
        elif deed == "close" and place in here:
            door.leave(place)
            here.remove(place)
        assert door.inside == len(here) <= bound + max(1, bound // 4)


def test_who_has_the_page_has_a_place_for_a_moment() -> None:
    now = 0.0
    door = Door(lambda: 2, clock=lambda: now)
    assert [door.shows_page(place) for place in ("a", "b", "c")] == [True, True, False]
    assert door.shows_page("a")  # asks again, and takes no second place
    now += PROMISED
    assert door.shows_page("c")


def test_who_was_in_comes_back_in_while_it_is_full() -> None:
    now = 0.0
    door = Door(lambda: 1, clock=lambda: now)
    door.enter("a")
    door.leave("a")
    door.enter("b")
    assert (door.opens("c"), door.opens(""), door.opens("a")) == (False, False, True)
    now += RETURN
    assert not door.opens("a")


def test_nobody_is_sent_back_again_and_again() -> None:
    now = 0.0
    door = Door(lambda: 1, clock=lambda: now)
    door.enter("a")
    assert [door.sends_back(place) for place in ("b", "b", "c", "")] == [True, False, True, False]
    now += RETURN
    assert door.sends_back("b")


def test_a_crowd_that_is_sent_back_is_not_remembered() -> None:
    now = 0.0
    door = Door(lambda: 1, clock=lambda: now)
    assert sum(door.sends_back(str(number)) for number in range(PLACES + 9)) == PLACES
    now += RETURN
    assert door.sends_back("somebody else")
    assert len(door._sent_back) == 1


def test_who_was_in_gets_no_page_that_would_not_open() -> None:
    door = Door(lambda: 1)
    for place in ("left", "here"):
        door.enter(place)
    door.leave("left")
    assert (door.shows_page("left"), door.opens("left")) == (True, True)  # one more than the bound comes back in
    door.enter("here")
    assert (door.shows_page("left"), door.opens("left")) == (False, False)
    assert door.shows_page("here")  # reloads, and its place becomes free


def test_without_a_bound_everybody_comes_in_until_the_end() -> None:
    door = Door(lambda: 0)
    for _ in range(1000):
        assert door.opens("")
        door.enter("")
    door.enter("a")
    door.ending = True
    assert (door.opens("b"), door.shows_page("b"), door.opens("a"), door.why) == (False, False, True, "ending")


@pytest.mark.parametrize("bound", [0, 5])
@pytest.mark.parametrize("asks", [True, False], ids=["with-the-page", "by-its-socket-alone"])
def test_the_door_remembers_no_crowd(bound: int, asks: bool) -> None:
    now = 0.0
    door = Door(lambda: bound, clock=lambda: now)
    for number in range(30_000):
        now += 1
        if asks:
            door.shows_page(str(number))
        door.enter(str(number))
        door.leave(str(number))
    assert len(door._left) + len(door._promised) <= PLACES
    assert not door._here


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes three pages, and logs in JSON."""
    where = tmp_path_factory.mktemp("operations")
    own = {
        "FOVEA_SESSIONS": "3",
        "FOVEA_LOGS": "json",
        "FOVEA_LEDGER": str(where / "ledger.sqlite"),
    }
    with fovea(environment=own) as server:
        yield server


async def come(server: Server, cookie: str = "", session: str = "") -> ClientConnection:
    said = ["streamlit", "x", *([session] if session else [])]
    return await connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        subprotocols=[Subprotocol(word) for word in said],
        origin=Origin(server.address),
        additional_headers={"Cookie": cookie} if cookie else {},
        max_size=None,
    )


async def quiet(server: Server) -> None:
    """Wait until the server has noticed that all have left."""
    until = time.monotonic() + 20
    while numbers((await asked(server, "/api/metrics"))[2])["fovea_sessions", ()] and time.monotonic() < until:
        await asyncio.sleep(0.02)


async def asked(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    return await asyncio.to_thread(get, server.address + path, **headers)


def test_a_full_server_turns_away_who_comes_new_and_serves_those_who_are_in(small: Server) -> None:
    async def story() -> None:
        status, headers, _ = await asked(small, "/convolution", Accept="text/html")
        assert status == 200
        place = headers["set-cookie"].partition(";")[0]
        assert re.fullmatch(rf"{PLACE}=[\w-]{{22}}", place)
        assert {"HttpOnly", "SameSite=Lax"} <= set(headers["set-cookie"].split("; "))
        mine = await come(small, place)
        inside = [Visitor(small.port, "convolution", seed=seed) for seed in (1, 2)]
        for visitor in inside:
            await visitor.open()
        with pytest.raises(InvalidStatus) as refusal:
            await come(small)
        assert refusal.value.response.status_code == 503
        assert int(refusal.value.response.headers["Retry-After"]) >= 10
        status, headers, text = await asked(small, "/convolution", Accept="text/html")
        assert (status, "Fovea is full" in text, "set-cookie" in headers) == (503, True, False)
        assert int(headers["retry-after"]) >= 10
        for path, accept in (("/api/health", "*/*"), ("/sign-in", "text/html"), ("/static/nothing", "text/html")):
            assert (await asked(small, path, Accept=accept))[0] != 503
        await inside[0].move()  # who is in goes on
        assert (await asked(small, "/", Accept="text/html", Cookie=place))[0] == 200  # and may reload
        again = await come(small, place)
        await mine.close()
        await again.close()
        found = numbers((await asked(small, "/api/metrics"))[2])
        assert found["fovea_visits_refused_total", (("why", "full"),)] >= 2
        assert found["fovea_sessions_bound", ()] == 3
        assert found["fovea_answer_seconds_count", ()] >= 3  # two pages and a move
        for visitor in inside:
            await visitor.close()
        await quiet(small)
        assert (await asked(small, "/", Accept="text/html"))[0] == 200

    to_the_end(story())


def test_a_made_up_place_is_none(small: Server) -> None:
    async def story() -> None:
        here = [await come(small) for _ in range(3)]
        for cookie in (f"{PLACE}={'a' * 22}", f"{PLACE}=", f"{PLACE}={'a' * 5000}"):
            with pytest.raises(InvalidStatus):
                await come(small, cookie, session="session")
        for one in here:
            await one.close()
        await quiet(small)

    to_the_end(story())


def test_a_browser_that_has_only_the_page_is_sent_back_for_it_once(small: Server) -> None:
    async def story() -> None:
        _, headers, _ = await asked(small, "/convolution", Accept="text/html")
        place = headers["set-cookie"].partition(";")[0]
        here = [await come(small) for _ in range(3)]
        for cookie, session in (("", ""), (place, "session")):  # in a foreign frame; with something to look at
            with pytest.raises(InvalidStatus):
                await come(small, cookie, session)
        late = await come(small, place)
        told = ForwardMsg.FromString(await late.recv(decode=False))
        assert (told.WhichOneof("type"), told.auth_redirect.url) == ("auth_redirect", "")
        await late.close()
        assert (await asked(small, "/convolution", Accept="text/html", Cookie=place))[0] == 503
        with pytest.raises(InvalidStatus):
            await come(small, place)
        for one in here:
            await one.close()
        await quiet(small)

    to_the_end(story())


# -- the log


def lines(server: Server) -> list[dict[str, str]]:
    return [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]


LEAKS = {
    "link": ("opened /sign-in/4IxUmbqAxOhR8EmC38DPbCBHjro8EkSW now", "4IxUmbqAxOhR8EmC38DPbCBHjro8EkSW"),
    "bearer": (f"sent Authorization: Bearer {TOKEN}", TOKEN),
    "form": ("body code=abc&who=ada&pin=82718281", "82718281"),
    "dictionary": ("{'who': 'ada', 'pin': '82718281'}", "82718281"),
    "json": ('{"access_token": "eyJhbGciOi.J9.sig", "x": 1}', "eyJhbGciOi.J9.sig"),
    "cookie": ("Cookie: theme=dark; fovea_session=k3y.s1gn4ture; b=1", "k3y.s1gn4ture"),
    "streamlits-cookie": ("_streamlit_user=2|1:0|10:16|secretpart", "secretpart"),
    "database": ("cannot reach postgresql://fovea:tops3cret@db/course", "tops3cret"),
    "parameters": (
        "(sqlite3.IntegrityError) x\n[SQL: INSERT]\n[parameters: ('ada', ['tops3cret'])]\n(more)",
        "tops3cret",
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("form", [logs.Plain(), logs.JsonLines()], ids=["plain", "json"])
@pytest.mark.parametrize("way", ["message", "argument", "exception"])
def test_no_secret_comes_into_the_log(leak: str, form: logging.Formatter, way: str) -> None:
    text, secret = LEAKS[leak]
    error = ValueError(text)
    record = logging.LogRecord(
        "fovea", logging.ERROR, "x.py", 1,
        "%s" if way == "argument" else "a fault" if way == "exception" else text.replace("%", "%%"),
        (text,) if way == "argument" else None,
        (ValueError, error, None) if way == "exception" else None,
    )  # fmt: skip
    written = form.format(record)
    assert secret not in written
    assert logs.GONE in written


def test_what_is_no_secret_stays() -> None:
    said = "a basic page failed, reference 1a2b3c4d at /sign-in/with/university: 'spin' is 3, the class code was wrong"
    assert logs.clean(said) == said


def test_an_event_is_one_line_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    written, before = io.StringIO(), logging.getLogger().handlers[:]
    monkeypatch.setenv("FOVEA_LOGS", "json")
    monkeypatch.setattr("sys.stderr", written)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    monkeypatch.setattr(streamlit.logger, "setup_formatter", streamlit.logger.setup_formatter)
    try:
        server_logs.begin()
        try:
            raise KeyError("nothing\nhere")
        except KeyError:
            logging.getLogger("fovea").exception("page failed", extra={"reference": "1a2b"})
        streamlit.logger.get_logger("streamlit.made_later").warning("one of %s", "theirs")
        logging.getLogger("uvicorn.error").error(server_logs.NO_COMPLAINT)
    finally:
        logging.captureWarnings(False)
        logging.getLogger().handlers[:] = before
    ours, theirs = map(json.loads, written.getvalue().splitlines())
    assert (ours["level"], ours["logger"], ours["message"], ours["reference"]) == (
        "error",
        "fovea",
        "page failed",
        "1a2b",
    )
    assert "KeyError" in ours["traceback"]
    assert ours["time"].endswith("+00:00")
    assert (theirs["logger"], theirs["message"]) == ("streamlit.made_later", "one of theirs")


def test_a_grader_of_its_own_says_in_json_what_ended_it() -> None:
    code = (
        "import logging, threading; from grading import logs; logs.begin();"
        "logging.getLogger('grading').warning('a lease was lost');"
        "one = threading.Thread(target=lambda: {}['pin=8271'], name='g1'); one.start(); one.join();"
        "raise SystemError('token=abcdefgh')"
    )
    environment = {**os.environ, "FOVEA_LOGS": "json"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    told = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [(one["level"], one["message"]) for one in told] == [
        ("warning", "a lease was lost"),
        ("error", "a thread ended by an error: g1"),
        ("critical", "ended by an error"),
    ]
    assert "8271" not in ran.stderr
    assert "abcdefgh" not in ran.stderr


def test_a_server_logs_nothing_of_what_is_typed(small: Server) -> None:
    pin, link = "73194625", "madeupmadeupmadeupmadeup"
    form = f"code=abc&who=ada&pin={pin}".encode()
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    for address, data in ((f"{small.address}/sign-in", form), (f"{small.address}/sign-in/{link}", None)):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=20)
    get(f"{small.address}/api/metrics", Authorization=f"Bearer {TOKEN}")
    assert not any(secret in json.dumps(line) for line in lines(small) for secret in (pin, link, TOKEN))
    assert not any(secret in small.said() for secret in (pin, link, TOKEN))


# -- the end


def test_a_server_that_is_asked_to_end_shuts_its_door_and_serves_those_who_are_in(tmp_path: Path) -> None:
    own = {"FOVEA_DRAIN": "60", "FOVEA_LOGS": "json", "FOVEA_LEDGER": str(tmp_path / "ledger.sqlite")}
    with fovea(environment=own) as server:
        to_the_end(_asked_to_end(server))
        server.process.wait(20)
        assert any("1 open pages have 60 s" in line["message"] for line in lines(server))
        assert "Traceback" not in server.said()


async def _asked_to_end(server: Server) -> None:
    visitor = Visitor(server.port, "convolution", seed=5)
    await visitor.open()
    assert json.loads((await asked(server, "/api/ready"))[2])["ready"]
    os.kill(server.pid, signal.SIGTERM)
    status, _, said = await asked(server, "/api/ready")
    assert (status, json.loads(said)["ending"]) == (503, True)
    assert (await asked(server, "/api/health"))[0] == 200
    status, _, text = await asked(server, "/convolution", Accept="text/html")
    assert (status, "starts anew" in text) == (503, True)
    with pytest.raises(InvalidStatus):
        await come(server)
    await visitor.move()
    os.kill(server.pid, signal.SIGTERM)  # asked twice: now
    assert visitor.socket is not None
    with pytest.raises(ConnectionClosed) as over:
        await asyncio.wait_for(_listen(visitor.socket), 20)
    assert over.value.rcvd is not None
    assert over.value.rcvd.code == 1012  # the server starts anew: a browser connects again by itself


async def _listen(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


@pytest.mark.slow
def test_a_hand_in_outlives_the_server_and_its_grader(tmp_path: Path) -> None:
    folder, where = small_course.write(tmp_path / "course"), str(tmp_path / "ledger.sqlite")
    desk = open_desk(folder, where)
    own = {"FOVEA_COURSE": str(folder), "FOVEA_LEDGER": where}
    try:
        desk.classroom.keep([ADA, IVA])
        assignments.publish(desk, IVA, "ps", "open")
        course = SmallCourse(desk, datetime.now(UTC))
        with fovea(grader=True, environment=own) as server:
            assert until(lambda: graders(server))
            (grader,) = graders(server)
            to_the_end(
                _with_somebody_in(server, lambda: hand_in(desk, ADA, "ps", file="ps.ipynb", data=course.answered()))
            )
            server.process.wait(30)
            assert until(lambda: over(grader))
        if not desk.ledger.results():  # the grader had not come to it: the next one does
            assert desk.ledger.queue(now=desk.clock()).waiting + desk.ledger.queue(now=desk.clock()).grading == 1
            with fovea(grader=True, environment=own):
                assert until(desk.ledger.results)
        assert [one.outcome.verdict for one in desk.ledger.results()] == ["passed"]
    finally:
        desk.close()


async def _with_somebody_in(server: Server, handed_in: Callable[[], object]) -> None:
    visitor = Visitor(server.port, "convolution")
    await visitor.open()
    await asyncio.to_thread(handed_in)
    os.kill(server.pid, signal.SIGTERM)
    assert visitor.socket is not None
    with pytest.raises(ConnectionClosed):
        await asyncio.wait_for(_listen(visitor.socket), 30)


def test_the_default_bound_is_the_one_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOVEA_SESSIONS", raising=False)
    assert metrics.bound.collect()[0].samples[0].value == current().sessions == 400
