"""A Ray cluster on this machine whose nodes die as a machine does, and hand-ins for its graders.

A node is killed with all that ran on it: Ray's own processes, the grader, its zygotes, the students. None of them can
finish anything or say goodbye, so what they held is missed only when its lease runs out.
"""

import importlib.util
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select

from grading.ledger import tables
from grading.ledger.sql import SqlLedger, open_ledger
from tests.grading import test_nothing_lost as nothing_lost
from tests.grading.test_nothing_lost import ROOT, all_is_well, hand_in, laid_out, outcomes

SMALL = {"include_dashboard": False, "object_store_memory": 80 * 2**20}  # per node
# The service as the command has it, but with leases of seconds and quick looks.
DRIVER = """
import sys, threading
from functools import partial
from grading import logs
from grading.cluster.on_ray import joined
from grading.cluster.service import Pace, serve_cluster
from grading.service import stopping
logs.begin()
address, grader, course = sys.argv[1:]
with stopping() as stop:
    serve_cluster(partial(joined, address), ("-c", grader, course), workers=1, stop=stop,
                  tell=partial(print, flush=True), pace=Pace(look=0.5, away=1.0))
"""
GRADER = nothing_lost.GRADER.replace('"grader",', '"grader", "--here",').replace('"--workers", "2"', '"--workers", "1"')
needs_ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed here")
PATIENCE = 180.0  # seconds without an outcome


@dataclass
class Fleet:
    """The cluster, and how many of its nodes were killed."""

    cluster: Any
    killed: int = 0
    nodes: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def add(self) -> None:
        self.nodes.append(patiently(lambda: self.cluster.add_node(num_cpus=1, **SMALL)))

    def kill(self, node: Any) -> int:
        """How many processes that cost."""
        raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
        raylet.suspend()  # nothing new while we count
        victims = [raylet, *raylet.children(recursive=True)]
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        self.nodes.remove(node)
        self.cluster.remove_node(node, allow_graceful=False)
        self.killed += 1
        return len(victims)


def patiently(start: Callable[[], Any]) -> Any:
    """A node gives up when its parts take longer than 15 seconds to start, as they do on a busy machine."""
    for _ in range(3):
        with suppress(Exception):
            return start()
    return start()


@contextmanager
def fleet(url: str, *, nodes: int) -> Iterator[Fleet]:
    """A head that grades nothing and some nodes, which know the ledger."""
    said = {"FOVEA_LEDGER": url, "RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    from ray.cluster_utils import Cluster

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}  # Ray takes them
    cluster = patiently(lambda: Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **SMALL}))
    try:
        found = Fleet(cluster)
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
def service(fleet: Fleet, course: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The driver at work; it is asked to end, and has to end well."""
    with log.open("ab") as out:
        command = [sys.executable, "-c", DRIVER, fleet.address, GRADER, str(course)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0, log.read_text()[-2000:]
    finally:
        process.kill()
        process.wait()


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
def waiting(folder: Path, url: str) -> Iterator[tuple[Path, SqlLedger, Callable[[range], None]]]:
    """A course, its ledger, and a way to hand in."""
    released = laid_out(folder / "course").assignment("det").masters[0].release()
    ledger = open_ledger(url)

    def rush(numbers: range) -> None:
        for number in numbers:
            hand_in(ledger, released, number)

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


def speed(folder: Path, url: str, *, hand_ins: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds for so many hand-ins, of some rounds, by one node and then by two, each with a grader that is warm."""
    took: tuple[list[float], list[float]] = ([], [])
    given, log = 0, folder / "log"

    def timed(number: int) -> float:
        nonlocal given
        began = time.monotonic()
        more(range(given, given := given + number))
        await_outcomes(ledger, given, log)
        return time.monotonic() - began

    with (
        waiting(folder, url) as (course, ledger, more),
        fleet(url, nodes=1) as nodes,
        service(nodes, course, log),
    ):
        for number, found in enumerate(took, start=1):
            while len(graders(ledger)) < number:
                timed(4)
            found += [timed(hand_ins) for _ in range(rounds)]
            if number < len(took):
                nodes.add()
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
