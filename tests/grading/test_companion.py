"""A process that is kept running beside ours, and never outlives us."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from grading.companion import HELD, READY, Companion, end_with_parent
from tests.grading import small_course

PATIENCE = 30.0  # seconds, on a busy machine
CHILD = "from grading.companion import end_with_parent; import time; end_with_parent(grace={grace}); {body}"
ROOT = Path(__file__).resolve().parents[2]


def child(body: str, *, grace: float = 0.2) -> list[str]:
    return [sys.executable, "-c", CHILD.format(grace=grace, body=body)]


def until(true: Callable[[], object]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(true())


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE  # nobody in a container may collect it
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("time.sleep(600)", id="ends-when-asked"),
        pytest.param(
            "import signal; [signal.signal(each, signal.SIG_IGN) for each in (15, 2)]; "
            "print('deaf', flush=True); time.sleep(600)",
            id="deaf-to-signals",
        ),
    ],
)
def test_the_child_ends_when_its_parent_is_killed(body: str) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from grading.companion import Companion; one = Companion('child', sys.argv[1:]);"
            "one.start()\nwhile one.pid is None: time.sleep(0.01)\nprint(one.pid, flush=True); time.sleep(600)",
            *child(body),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    try:
        pid = int(parent.stdout.readline())
        assert not gone(pid)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
    assert until(lambda: gone(pid))


def test_the_child_ends_when_it_is_let_go() -> None:
    one = Companion("child", child("time.sleep(600)"))
    one.start()
    assert until(lambda: one.pid)
    pid = one.pid or 0
    one.stop(patience=PATIENCE)
    assert gone(pid)
    assert one.pid is None


def test_what_dies_is_started_again_after_growing_pauses(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "fovea")
    one = Companion("child", child("raise SystemExit(7)"), first_pause=0.01, most_pause=20.0)
    one.start()
    assert until(lambda: one.starts >= 4)
    one.stop()
    said = [record.getMessage() for record in caplog.records]
    assert said[:3] == [f"child: It ended with status 7. Next try in {pause:g} s." for pause in (0.01, 0.02, 0.04)]
    assert one.trouble == "It ended with status 7."


def test_a_refusal_is_said_once_and_forgotten_when_it_works(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "fovea")
    mended, heard = tmp_path / "mended", list[str]()
    body = (
        f"import pathlib, sys\nif not pathlib.Path({str(mended)!r}).exists():\n"
        "    print('a line'); print('fovea: No sandbox here.'); sys.exit(2)\n"
        f"print({READY!r}, flush=True); time.sleep(600)"
    )
    one = Companion("grader", child("0\n" + body), first_pause=0.01, most_pause=0.02, said=heard.append)
    one.start()
    assert until(lambda: one.starts >= 3)
    assert one.trouble == "No sandbox here."
    assert [record.getMessage() for record in caplog.records] == ["grader: No sandbox here. Next try in 0.01 s."]
    assert set(heard) == {"a line"}
    mended.touch()
    assert until(lambda: not one.trouble)
    one.stop(patience=PATIENCE)


def test_what_cannot_be_started_is_said_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "fovea")
    program = tmp_path / "program"
    one = Companion("grader", [str(program)], first_pause=0.01, most_pause=0.02)
    one.start()
    assert until(lambda: one.trouble)
    assert one.trouble == "It could not be started: No such file or directory."
    program.write_text(f"#!/bin/sh\necho {READY}\nread line\n")
    program.chmod(0o700)
    assert until(lambda: not one.trouble)
    one.stop(patience=PATIENCE)
    assert caplog.records[0].getMessage().startswith("grader: It could not be started: No such file or directory. Next")


def test_what_need_not_go_on_is_not_started_again() -> None:
    one = Companion("child", child("raise SystemExit(3)"), first_pause=0.01, again=False)
    one.start()
    assert until(lambda: one.trouble)
    time.sleep(0.2)
    assert one.starts == 1


def test_a_process_that_nobody_holds_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HELD, raising=False)
    assert not end_with_parent()


@pytest.mark.parametrize("held", [True, False])
def test_a_grader_says_that_it_is_ready_to_who_holds_it(tmp_path: Path, held: bool) -> None:
    command = [sys.executable, str(ROOT / "fovea.py"), "grader", "--until-empty", "--course"]
    with subprocess.Popen(
        [*command, str(small_course.write(tmp_path / "course"))],
        env={**os.environ, HELD: "1" if held else ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as grader:
        assert grader.stdout is not None
        assert grader.stdout.read().splitlines() == ([READY] if held else ["0 graded"])
