"""A Ray cluster on this machine whose nodes die as a machine does, and hand-ins for its graders.

A node is killed with all that ran on it: Ray's own processes, the grader, its zygotes, the students. None of them can
finish anything or say goodbye, so what they held is missed only when its lease runs out.
"""

import importlib.util
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from inspect import signature
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
import pytest
from sqlalchemy import func, select

from grading.ledger import tables
from grading.ledger.sql import SqlLedger, open_ledger
from grading.records import Submission
from tests.grading import test_nothing_lost as nothing_lost
from tests.grading.notebooks.detection import at
from tests.grading.test_nothing_lost import ROOT, all_is_well, hand_in, laid_out, notebook, outcomes

SMALL = {"include_dashboard": False, "object_store_memory": 80 * 2**20}  # per node
HEAD = {"num_cpus": 0, "no_monitor": True, "include_log_monitor": False}  # it grades nothing and scales nothing
PARTS = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port", "runtime_env_agent_port")
# The service as the command has it, but with leases of seconds and quick looks.
DRIVER = """
import sys
from functools import partial
from grading import logs
from grading.cluster.attendant import command
from grading.cluster.service import Pace, serve_cluster
from grading.ledger.stopping import stopping
logs.begin()
address, silence, grader, course = sys.argv[1:]
with stopping() as stop:
    serve_cluster(command(address, ("-c", grader, course), workers=1, every=0.5), stop=stop,
                  tell=partial(print, flush=True), pace=Pace(away=1.0, silence=float(silence)))
"""
GRADER = nothing_lost.GRADER.replace('"grader",', '"grader", "--here",').replace('"--workers", "2"', '"--workers", "1"')
needs_ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed here")
PATIENCE = 300.0  # seconds without an outcome
LONG = "sum(n * n for n in range(24_000_000))"
AWAY = "The Ray cluster does not answer."


@dataclass
class Fleet:
    """The cluster, and how many of its nodes were killed."""

    cluster: Any
    doors: tuple[int, int]  # ports of its head: for nodes, and for those that come with ray://
    killed: int = 0
    nodes: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.doors[0]}"

    @property
    def from_anywhere(self) -> str:
        return f"ray://127.0.0.1:{self.doors[1]}"

    def add_head(self) -> None:
        """At the same doors as the one before."""
        inner, outer = self.doors
        patiently(lambda: self.cluster.add_node(gcs_server_port=inner, ray_client_server_port=outer, **HEAD, **parts()))
        await_door(outer)  # nobody else waits for that one

    def add(self) -> None:
        self.nodes.append(patiently(lambda: self.cluster.add_node(num_cpus=1, **parts())))

    def kill(self, node: Any) -> int:
        """How many processes that cost."""
        raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
        raylet.suspend()  # nothing new while we count
        victims = [raylet, *raylet.children(recursive=True)]
        self.nodes.remove(node)
        end(victims)
        self.cluster.remove_node(node, allow_graceful=False)
        self.killed += 1
        return len(victims)

    def kill_head(self) -> None:
        """With all that belongs to it; the nodes stay, and what runs on them."""
        end(self._of_head())
        self.cluster.remove_node(self.cluster.head_node, allow_graceful=False)

    @contextmanager
    def frozen_head(self) -> Iterator[None]:
        """It keeps all lines open and answers nothing, as a machine without memory does."""
        frozen = self._of_head()
        for each in frozen:
            each.suspend()
        try:
            yield
        finally:
            for each in frozen:
                each.resume()

    def _of_head(self) -> list[psutil.Process]:
        running = self.cluster.head_node.all_processes
        found = [psutil.Process(each.process.pid) for kind in running.values() for each in kind]
        return [one for each in found for one in (each, *each.children(recursive=True))]


def parts() -> dict[str, Any]:
    """What a small node is started with."""
    return {**SMALL, **dict(zip(PARTS, free_ports(len(PARTS)), strict=True))}


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("", 0))
        return [probe.getsockname()[1] for probe in probes]


def await_door(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
        except OSError:
            assert time.monotonic() < end, "the head did not open its door"
            time.sleep(0.1)


def end(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def patiently(start: Callable[[], Any]) -> Any:
    """On a busy machine a node may give up while it starts; what is left of it makes room for the next try."""
    ours = psutil.Process()
    with ports_written():
        for _ in range(3):
            before = set(ours.children(recursive=True))
            with suppress(Exception):
                return start()
            end(set(ours.children(recursive=True)) - before)
        return start()


@contextmanager
def ports_written() -> Iterator[None]:
    """A node reads from files at which ports its parts are, and gives up when one takes 15 seconds to write its own.

    We gave it these ports, so we write the files before its parts do.
    """
    from ray._private import services
    from ray._raylet import persist_port

    start = services.start_raylet

    def started(*args: Any, **named: Any) -> Any:
        given = signature(start).bind(*args, **named).arguments
        for part in PARTS:
            persist_port(given["session_dir"], given["node_id"], part, given[part])
        return start(*args, **named)

    with patch.object(services, "start_raylet", started):
        yield


@contextmanager
def fleet(url: str, *, nodes: int) -> Iterator[Fleet]:
    """A head that grades nothing and some nodes, which know the ledger."""
    said = {
        "FOVEA_LEDGER": url,
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",
        "RAY_agent_register_timeout_ms": "120000",  # on a busy machine
        "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",
    }
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    from ray.cluster_utils import Cluster

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}  # Ray takes them
    cluster = Cluster()
    try:
        inner, outer = free_ports(2)
        found = Fleet(cluster, (inner, outer))
        found.add_head()
        for _ in range(nodes):
            found.add()
        yield found
    finally:
        cluster.shutdown()
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def another(doors: tuple[int, int]) -> Iterator[None]:
    """A head at the doors of one that is gone, and a node, of a process of their own: ours still knows the old one."""
    begin = f"from tests.grading.cluster.fleet import stay; stay({doors!r})"
    with subprocess.Popen([sys.executable, "-c", begin], cwd=ROOT, stdin=subprocess.PIPE) as process:
        try:
            yield
        finally:
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=60)
            process.kill()


def stay(doors: tuple[int, int]) -> None:
    """Until the standard input ends."""
    from ray.cluster_utils import Cluster

    found = Fleet(Cluster(), doors)
    try:
        found.add_head()
        found.add()
        sys.stdin.read()
    finally:
        found.cluster.shutdown()


@contextmanager
def service(
    fleet: Fleet, course: Path, log: Path, *, address: str = "", silence: float = 60.0
) -> Iterator["subprocess.Popen[bytes]"]:
    """The driver at work; it is asked to end, and has to end well."""
    with log.open("ab") as out:
        command = [sys.executable, "-c", DRIVER, address or fleet.address, str(silence), GRADER, str(course)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    try:
        yield process
        stop(process, log)
    finally:
        process.kill()
        process.wait()


def stop(process: "subprocess.Popen[bytes]", log: Path) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 0, log.read_text()[-2000:]


def survive_headless(folder: Path, url: str, *, attempts: int, from_anywhere: bool) -> str:
    """The head dies while two nodes grade the first hand-ins, and comes back with one node; what the service said.

    Half of the hand-ins are there before it dies, the others come while it is gone.
    """
    early = attempts // 2
    with waiting(folder, url) as (course, ledger, more), fleet(url, nodes=2) as nodes:
        address = nodes.from_anywhere if from_anywhere else nodes.address
        with service(nodes, course, log := folder / "log", address=address) as driver:
            more(range(early))
            await_outcomes(ledger, early // 6, log)
            nodes.kill_head()
            assert outcomes(ledger) < early, "it died too late to be missed"
            await_outcomes(ledger, early, log)
            await_words(AWAY, log)
            for node in tuple(nodes.nodes):
                nodes.kill(node)
            more(range(early, attempts))
            with another(nodes.doors):
                await_outcomes(ledger, attempts, log)
                assert driver.poll() is None, "it is still the one that was started"
                stop(driver, log)
        all_is_well(ledger, attempts)
        return log.read_text()


def survive_frozen(folder: Path, url: str, *, attempts: int) -> str:
    """The head answers nothing any more, until the service has said so; what it said."""
    with waiting(folder, url) as (course, ledger, more), fleet(url, nodes=1) as nodes:
        with service(nodes, course, log := folder / "log", silence=20.0):
            more(range(attempts))
            await_outcomes(ledger, attempts, log)
            with nodes.frozen_head():
                await_words(AWAY, log)
            await_words("Graders on ", log, after=AWAY)
            more(range(attempts, 2 * attempts))
            await_outcomes(ledger, 2 * attempts, log)
        all_is_well(ledger, 2 * attempts)
        return log.read_text()


@dataclass(frozen=True)
class Survived:
    """What came of it."""

    outcomes: int
    kills: int
    in_the_middle: int  # kills while something was being graded
    again: int  # attempts that another grader had to take up
    processes: int  # that died with the nodes
    seconds: float


@contextmanager
def waiting(
    folder: Path, url: str, *, give: Callable[[SqlLedger, bytes, int], None] = hand_in
) -> Iterator[tuple[Path, SqlLedger, Callable[[range], None]]]:
    """A course, its ledger, and a way to hand in."""
    released = laid_out(folder / "course").assignment("det").masters[0].release()
    ledger = open_ledger(url)

    def rush(numbers: range) -> None:
        for number in numbers:
            give(ledger, released, number)

    try:
        yield folder / "course", ledger, rush
    finally:
        ledger.close()


def survive(
    folder: Path, url: str, *, attempts: int, kills: int, seed: int, tell: Callable[[str], None] = print
) -> Survived:
    """Two nodes grade one rush of hand-ins after the other; in each a node dies at some moment, and a new one comes."""
    dice, rush, middle, lost = random.Random(seed), attempts // kills, 0, 0
    tell(f"seed {seed}: {attempts} hand-ins in {kills} rushes, a node dies in each")
    with waiting(folder, url) as (course, ledger, more), fleet(url, nodes=2) as nodes:
        with service(nodes, course, log := folder / "log"):
            began = time.monotonic()
            for first in range(0, attempts, rush):
                more(range(first, first + rush))
                await_outcomes(ledger, first + dice.randrange(1, rush // 2), log)
                time.sleep(dice.uniform(0, 1))
                state, victim = ledger.queue(now=datetime.now(UTC)), dice.randrange(len(nodes.nodes))
                died = nodes.kill(nodes.nodes[victim])
                middle, lost = middle + (state.grading > 0), lost + died
                tell(
                    f"{time.monotonic() - began:5.1f} s: {outcomes(ledger)} outcomes, {state.grading} being graded, "
                    f"{state.waiting} waiting; node {victim + 1} of 2 dies with {died} processes"
                )
                nodes.add()
            await_outcomes(ledger, attempts, log)
            seconds = time.monotonic() - began
        all_is_well(ledger, attempts)
        again = taken_up_again(ledger)
        tell(f"{seconds:5.1f} s: {outcomes(ledger)} outcomes of {attempts} attempts; {again} were taken up again")
        return Survived(outcomes(ledger), nodes.killed, middle, again, lost, seconds)


def taken_up_again(ledger: SqlLedger) -> int:
    """Attempts whose outcome is not that of the first grader."""
    found = select(func.count()).select_from(tables.outcomes).where(tables.outcomes.c.claim > 1)
    with ledger.engine.connect() as connection:
        return connection.scalar(found) or 0


def hand_in_long(ledger: SqlLedger, released: bytes, number: int) -> None:
    """The same hand-in, whose answer to one question computes for a second or so first."""
    found = json.loads(notebook(released, number))
    cell = found["cells"][at(found, "nms")]
    cell["source"] = f"{LONG}\n{cell['source']}"
    data = json.dumps(found).encode()
    given = Submission(f"student-{number}", "det", sha256(data).hexdigest(), "det.ipynb", datetime.now(UTC))
    ledger.hand_in(given, data, seed=number, admit=lambda _: None)


def speed(folder: Path, url: str, *, hand_ins: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds for so many long hand-ins, of some rounds, by one node and then by two, each with a warm grader."""
    took: tuple[list[float], list[float]] = ([], [])
    given, log = 0, folder / "log"

    def timed(number: int) -> float:
        nonlocal given
        began = time.monotonic()
        more(range(given, given := given + number))
        await_outcomes(ledger, given, log)
        return time.monotonic() - began

    with (
        waiting(folder, url, give=hand_in_long) as (course, ledger, more),
        fleet(url, nodes=1) as nodes,
        service(nodes, course, log),
    ):
        for number, found in enumerate(took, start=1):
            while len(graders(ledger)) < number:
                timed(4)
            found += [timed(hand_ins) for _ in range(rounds)]
            if number < len(took):
                nodes.add()
        all_is_well(ledger, given)
    return took


def graders(ledger: SqlLedger) -> frozenset[str]:
    """Who has graded anything."""
    with ledger.engine.connect() as connection:
        return frozenset(connection.scalars(select(tables.outcomes.c.worker).distinct()))


def await_outcomes(ledger: SqlLedger, number: int, log: Path) -> None:
    last, end = -1, time.monotonic() + PATIENCE
    while (there := outcomes(ledger)) < number:
        if there > last:
            last, end = there, time.monotonic() + PATIENCE
        assert time.monotonic() < end, f"{there} of {number}: {log.read_text()[-3000:]}"
        time.sleep(0.05)


def await_words(words: str, log: Path, *, after: str = "\0") -> None:
    """Until the service has said so, since it last said something else."""
    end = time.monotonic() + PATIENCE
    while words not in (said := log.read_text()).split(after)[-1]:
        assert time.monotonic() < end, said[-3000:]
        time.sleep(0.05)
