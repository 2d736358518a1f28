"""Starting the app as a visitor meets it: a process of its own, on a free port of this machine, stopped at the end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90  # seconds for a start on a busy machine


@dataclass(frozen=True)
class Server:
    """A running app."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def printed(self) -> str:
        """What it wrote so far, both streams."""
        return self.log.read_text(encoding="utf-8")

    def instructor_link(self) -> str:
        """The one-time link it printed."""
        return next(word for word in self.printed().split() if "/sign-in/" in word)


@contextmanager
def serve(
    folder: Path, *, root: Path = ROOT, env: Mapping[str, str] | None = None, warm: bool = True
) -> Iterator[Server]:
    """The app of `root`, its log in `folder`, ready (or, with warm=False, merely answering) when this returns."""
    port = _free_port()
    log = folder / f"server-{port}.log"
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", **(env or {})}
    command = [sys.executable, str(root / "fovea.py"), "app", "--port", str(port)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True
        )
    address = f"http://localhost:{port}"
    try:
        _wait(f"{address}/api/{'ready' if warm else 'health'}", process, log)
        yield Server(address, process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def copy_of_the_house(folder: Path) -> Path:
    """What the app needs, in a folder where a test may change it."""
    root = folder / "house"
    root.mkdir()
    for name in ("app.py", "fovea.py"):
        shutil.copy(ROOT / name, root)
    for name in ("pages", "core", "syllabus", "classroom", ".streamlit"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url}; the server said:\n{log.read_text(encoding='utf-8')}")
