"""The models on a real Ray cluster of one machine: equal answers, merged, and going on when a process dies."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest
import torch

from core.learning.train import Progress
from core.runtime import shared, tasks_on_serve
from core.runtime.device import processor
from core.runtime.elsewhere import PATH, Elsewhere
from core.runtime.on_serve import NAME
from core.runtime.shared import Kind, Way
from core.runtime.tasks import Task
from core.runtime.tasks_elsewhere import TasksElsewhere
from core.runtime.trust import Trust
from pages._kit import background
from pages._parts.residual import training

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed here"),
]
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 150.0  # seconds, on a busy machine
KIND = Kind(Way("scenes"), (3, 64, 64), torch.float32)
PICTURES = torch.linspace(0, 1, 16 * 3 * 64 * 64).reshape(16, 1, 3, 64, 64)
# A cluster of one node in the same process, so that all ends with it.
CLUSTER = """
import sys, ray
from core.runtime.on_serve import serve_models
for _ in range(3):  # on a busy machine it takes longer to start than Ray has patience
    try:
        ray.init("local", num_cpus=3, include_dashboard=False, object_store_memory=80_000_000, log_to_driver=False)
        break
    except Exception as problem:
        print(problem, flush=True)
serve_models("auto", port=int(sys.argv[1]), most=2, tasks=1, place="pages._parts", processors=1, graphics=0)
print("left:", ray.util.list_named_actors(all_namespaces=True), flush=True)
"""


@dataclass
class Cluster:
    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def replicas(self, name: str = NAME) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                found += [child] if f"ServeReplica:{name}" in " ".join(child.cmdline()) else []
        return found

    def load(self) -> dict[str, int]:
        with urlopen(f"http://127.0.0.1:{self.port}{PATH}", timeout=10) as answer:
            found: dict[str, int] = json.load(answer)
            return found

    def ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        with suppress(OSError):
            return "asked" in self.load()
        return False


def until(true: Callable[[], object], why: Callable[[], str] = str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, why()
        time.sleep(0.2)


@pytest.fixture
def cluster(only_cluster: None, tmp_path: Path) -> Iterator[Cluster]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0", "RAY_AUTH_MODE": "disabled"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", CLUSTER, str(port)], cwd=ROOT, env=said, stdout=log, stderr=log
        )
    running = Cluster(process, port, tmp_path / "log")
    try:
        until(running.ready, lambda: running.log.read_text()[-3000:])
        yield running
    finally:
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        for each in (process, *family):
            with suppress(psutil.NoSuchProcess):
                each.kill()
        process.wait()


def all_ask(ask: Elsewhere, rounds: int) -> list[list["shared.Answer | None"]]:
    """Every picture from a thread of its own, some rounds."""
    found: list[list[shared.Answer | None]] = [[] for _ in PICTURES]

    def one(number: int) -> None:
        for _ in range(rounds):
            found[number].append(ask(KIND, PICTURES[number]))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(PICTURES))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_answers_are_equal_merged_and_outlive_a_process_that_dies(cluster: Cluster) -> None:
    wanted = [shared.ask(KIND.way, picture, device=processor()) for picture in PICTURES]
    told: list[str] = []
    ask = Elsewhere("127.0.0.1", cluster.port, tell=told.append)
    until(lambda: ask(KIND, PICTURES[0]) is not None)
    before = cluster.load()
    for found, right in zip(all_ask(ask, 10), wanted, strict=True):
        for one in found:
            torch.testing.assert_close(one, right, rtol=1e-4, atol=2e-5)
    if len(cluster.replicas()) == 1:
        after = cluster.load()
        assert after["asked"] - before["asked"] == 160
        assert after["batches"] - before["batches"] < 160, "what came at the same time went through together"

    shared.ask_first(ask)
    try:
        killer = threading.Timer(0.3, lambda: [replica.kill() for replica in cluster.replicas()])
        killer.start()
        for _ in range(3):
            for picture, right in zip(PICTURES, wanted, strict=True):
                torch.testing.assert_close(shared.ask(KIND.way, picture), right, rtol=1e-4, atol=2e-5)
            time.sleep(0.3)
        killer.join()
    finally:
        shared.ask_first(None)
    anew = Elsewhere("127.0.0.1", cluster.port, tell=told.append, trust=Trust(rest=0.0))
    until(lambda: anew(KIND, PICTURES[0]) is not None)
    ask.close()
    anew.close()

    cluster.process.terminate()
    until(lambda: cluster.process.poll() is not None)
    assert "left: []" in cluster.log.read_text(), "the models end with whoever put them there"


def test_long_work_goes_there_and_is_ended_here_when_its_process_dies(cluster: Cluster) -> None:
    task = Task(training.work, (training.Setting((1, 2), norm=True, epochs=3, seed=0),))
    ask, told = TasksElsewhere("127.0.0.1", cluster.port, patience=PATIENCE), list[tuple[float, str]]()
    until(lambda: cluster.replicas(tasks_on_serve.NAME))
    wanted = list(task(lambda share, what: None))
    found = list(ask(task, lambda share, what: told.append((share, what))))
    assert told[-1][0] == 1
    assert [(name, epoch.number) for name, epoch in found] == [(name, epoch.number) for name, epoch in wanted]
    for (_, there), (_, here) in zip(found, wanted, strict=True):
        assert there.train_loss == pytest.approx(here.train_loss, rel=1e-3, abs=1e-4)

    taken = list[object]()

    def dying(task: Task[Any], progress: Progress) -> Iterator[Any]:
        for each in ask(task, progress):
            yield each
            taken.append(each)
            if len(taken) == 2:
                for replica in cluster.replicas(tasks_on_serve.NAME):
                    replica.kill()

    background.ask_first(dying)
    try:
        job = background.start("dies", task)
        assert job.wait(PATIENCE)
    finally:
        background.ask_first(None)
    assert (job.whole, job.wrong) == (True, None)
    assert 2 <= len(taken) < len(wanted), "what was on its way still came, the rest was done here"
    assert [(name, epoch.number) for name, epoch in job.found] == [(name, epoch.number) for name, epoch in wanted]
