"""Starting what is measured: a server of its own, on a free loopback port, stopped at the end whatever happens.

Both servers forget this user's own settings: they get an empty home folder and no STREAMLIT_ or FOVEA_ variables.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import psutil

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0  # seconds for a start on a busy machine
LOOPBACK = "127.0.0.1"

WarmUp = Literal["light", "full"]

# What "stock" means in every row. Each departure from the default is one that costs or favours stock nothing, or
# favours it: the file watcher, on by default, would cost it CPU that has nothing to do with serving.
STOCK = f"stock Streamlit {version('streamlit')}"
COMPARED = ("convolution", "parameters", "receptive_field")  # the labs that a stock server shows as well
STOCK_MEANS = (
    "the same labs behind `streamlit run pages/_kit/shell.py` with Streamlit's default configuration, in a folder "
    "without our config.toml and without app.py (so without our lifespan, routes and middleware); only the usage "
    "statistics and the file watcher are off and `headless` is on"
)
STOCK_SETTINGS = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "logger.level": "warning",
}


@dataclass(frozen=True)
class Usage:
    """What a process has taken from the machine so far."""

    cpu: float  # seconds, user and system
    resident: int  # bytes


@dataclass(frozen=True)
class Server:
    """A process that was asked to serve; `wait` tells when it does."""

    port: int
    pid: int
    began: float  # time.perf_counter() just before the start
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{LOOPBACK}:{self.port}"

    def wait(self, route: str) -> float:
        """Seconds from the start until `route` answers 200."""
        deadline = self.began + PATIENCE
        while time.perf_counter() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.address + route, timeout=5):
                    return time.perf_counter() - self.began
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.02)
        raise RuntimeError(f"no answer from {route}; the server said:\n{self.said()}")

    def said(self) -> str:
        """What it wrote so far, both streams."""
        return self.log.read_text(encoding="utf-8")

    def usage(self) -> Usage:
        """CPU and memory of the server's process now."""
        process = psutil.Process(self.pid)
        times = process.cpu_times()
        return Usage(cpu=times.user + times.system, resident=process.memory_info().rss)

    def mapped(self, library: str) -> int:
        """How many regions of its memory come from files with this name (Linux)."""
        lines = Path(f"/proc/{self.pid}/maps").read_text(encoding="utf-8").splitlines()
        return sum(library in line for line in lines)


@contextmanager
def fovea(
    *,
    warm_up: WarmUp = "light",
    wait: bool = True,
    root: Path = ROOT,
    grader: bool = False,
    environment: Mapping[str, str] = {},
) -> Iterator[Server]:
    """Our app as `fovea app` starts it; warm when this returns, or with wait=False just started."""
    command = [sys.executable, str(root / "fovea.py"), "app", *([] if grader else ["--no-grader"])]
    command += ["--address", LOOPBACK, "--port"]
    with _started(command, root=root, folder=root, environment={"FOVEA_WARM_UP": warm_up, **environment}) as server:
        if wait:
            server.wait("/api/ready")
        yield server


@contextmanager
def stock(*, warm: bool = True, wait: bool = True) -> Iterator[Server]:
    """The same labs under a stock Streamlit; warm, it has imported beforehand what ours imports for a faculty."""
    starter = "benchmarks.stock" if warm else "streamlit"
    settings = [f"--{name}={value}" for name, value in (STOCK_SETTINGS | {"server.address": LOOPBACK}).items()]
    command = [sys.executable, "-m", starter, "run", str(ROOT / "pages/_kit/shell.py"), *settings, "--server.port"]
    with _started(command, root=ROOT, folder=None, environment={}) as server:
        if wait:
            server.wait("/_stcore/health")
        yield server


@contextmanager
def _started(
    command: Sequence[str], *, root: Path, folder: Path | None, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Start `command PORT` in `folder` (or an empty one), and end it with all its children."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "FOVEA_"))}
    home = Path(tempfile.mkdtemp(prefix="fovea-bench-"))
    port, log = free_port(), home / "server.log"
    began = time.perf_counter()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=folder or home,
            env={**inherited, "HOME": str(home), "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", **environment},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Server(port, process.pid, began, process, log)
    finally:
        _end(process)
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _end(process: "subprocess.Popen[bytes]") -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, sign)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                continue
