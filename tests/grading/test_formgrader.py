"""nbgrader's formgrader over our ledger's projection: it lists the hand-ins, shows one, and takes a mark."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
TOKEN = "a-token-of-the-test"
EXTENSION = '{"nbgrader.server_extensions.formgrader": True}'


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of our course in which two students handed in and were graded."""
    root = tmp_path_factory.mktemp("house")
    for room in ("assignments", "core", "grading"):
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__", "*.sqlite*"))
    folder = root / "assignments"
    for student in ("ada", "ben"):
        fovea(folder, "submit", "warmup", str(folder / "source/warmup/warmup.ipynb"), "--student", student)
    assert "2 graded" in fovea(folder, "grader", "--until-empty")
    fovea(folder, "gradebook", "rebuild")
    return folder


@pytest.fixture(scope="module")
def formgrader(course: Path) -> Iterator[str]:
    """The address of a Jupyter server with formgrader in it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(BIN / "jupyter"), "server", "--allow-root", "--no-browser", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.jpserver_extensions={EXTENSION}"]
    with (course / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=course, env=surroundings(course), stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}/formgrader"
        finally:
            server.terminate()
            server.wait(20)


def surroundings(course: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(course.parent), "JUPYTER_NO_CONFIG": "1"}


def fovea(course: Path, *words: str) -> str:
    ran = subprocess.run([BIN / "fovea", *words, "--course", course], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def get(address: str, *, patience: float = 60.0) -> bytes:
    request = urllib.request.Request(address, headers={"Authorization": f"token {TOKEN}"})
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def rows(address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(get(address))
    return found


@pytest.mark.slow
def test_it_lists_the_hand_ins_with_their_points(formgrader: str) -> None:
    found = {
        row["student"]: (row["score"], row["needs_manual_grade"])
        for row in rows(f"{formgrader}/api/submissions/warmup")
    }
    assert found == {"ada": (9.0, True), "ben": (9.0, True)}


@pytest.mark.slow
def test_it_shows_a_hand_in_and_a_mark_typed_there_reaches_the_ledger(formgrader: str, course: Path) -> None:
    notebook = rows(f"{formgrader}/api/submitted_notebooks/warmup/warmup")[0]
    assert b"BEGIN HIDDEN TESTS" in get(f"{formgrader}/submissions/{notebook['id']}/")
    grade = next(
        row for row in rows(f"{formgrader}/api/grades?submission_id={notebook['id']}") if row["name"] == "explain"
    )
    mark = urllib.request.Request(
        f"{formgrader}/api/grade/{grade['id']}",
        data=json.dumps({"manual_score": 0.5, "extra_credit": None}).encode(),
        headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(mark, timeout=30).close()
    assert "1 mark taken" in fovea(course, "gradebook", "take-marks")
    assert "9.5" in fovea(course, "export", "--format", "csv")
