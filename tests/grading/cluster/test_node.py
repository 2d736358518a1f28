"""What stands on each machine of a cluster, without a cluster."""

import logging
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from grading.cluster.node import NO_LEDGER, Node

PATIENCE = 30.0  # seconds, on a busy machine


@pytest.fixture(autouse=True)
def the_log_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:]
    yield
    root.handlers[:] = before


def until(true: Callable[[], object]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(true())


@pytest.fixture
def shared_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_LEDGER", "postgresql://db/course")


@pytest.mark.usefixtures("shared_ledger")
def test_it_keeps_the_command_running_and_ends_it() -> None:
    node = Node(("-c", "import sys; print('ready', flush=True); sys.stdin.read()"))
    assert until(lambda: node.standing().starts == 1)
    assert node.standing().trouble == ""
    process = node._grader._process
    assert process is not None
    node.end(PATIENCE)
    assert process.poll() == 0


@pytest.mark.usefixtures("shared_ledger")
def test_a_grader_that_refuses_is_heard() -> None:
    refusal = "fovea: Nothing is graded on this machine: it lets student code see the network."
    node = Node(("-c", f"import sys; print({refusal!r}); sys.exit(2)"))
    assert until(lambda: node.standing().trouble)
    assert node.standing().trouble == refusal.removeprefix("fovea: ")
    node.end(PATIENCE)


@pytest.mark.parametrize("said", ["", "/data/ledger.sqlite"], ids=["nothing", "a-file"])
def test_a_machine_without_the_shared_ledger_starts_no_grader(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_LEDGER", said)
    node = Node(("-c", "raise SystemExit"))
    assert node.standing().trouble == NO_LEDGER
    node.end(PATIENCE)
    assert node.standing().starts == 0


def test_a_machine_with_an_impossible_setting_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_SESSIONS", "many")
    assert "FOVEA_SESSIONS" in Node((sys.executable,)).standing().trouble
