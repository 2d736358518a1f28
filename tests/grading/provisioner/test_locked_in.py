"""What a notebook in such a kernel reaches, and what is left of it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbclient.exceptions import DeadKernelError
from traitlets.config import Config

from grading import provisioner
from grading.errors import SandboxError
from grading.provisioner import FoveaProvisioner
from tests.grading.courses import classic
from tests.grading.provisioner.kernels import outputs, run, settled

ROOT = Path(__file__).resolve().parents[3]


def test_it_reaches_nothing_but_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2-in-the-environment")
    course = classic.write(tmp_path, (classic.OLD,))
    notebook = course / "source" / "old" / "oldest.ipynb"
    beside = course / "submitted" / "ada" / "old"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        cells = run(
            f"print(open({str(notebook)!r}).read())",
            f"import os\nprint(os.listdir({str(course)!r}))",
            f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=3)",
            "os.fork()",
            "import subprocess\nsubprocess.run(['ls', '/'], check=True)",
            "print(sorted(os.environ))",
            f"os.kill({os.getpid()}, 9)",
            folder=beside,
        )
        with pytest.raises(TimeoutError):
            server.accept()
    for cell in (*cells[:5], cells[6]):
        assert cell.outputs[-1].output_type == "error", cell
    assert "ABSOLUTE_ZERO" not in outputs(cells[0])
    assert "DATABASE_PASSWORD" not in outputs(cells[5])


def test_it_starts_no_kernel_where_the_sandbox_is_too_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise SandboxError("Nothing is graded on this machine: seccomp is missing.")

    monkeypatch.setattr("grading.engine.engine.Engine.isolation", refuse)
    config = Config()
    config.FoveaProvisioner.imports = ["json"]
    with pytest.raises(SandboxError, match="Nothing is graded on this machine"):
        run("1", config=config)
    assert ("json",) not in provisioner._engines


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where kernels lay out their folders. A socket's path must be short, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory(prefix="f-", dir="/var/tmp") as name:
        monkeypatch.setattr(provisioner, "_PLACE", Path(name))
        yield Path(name)


def test_nothing_is_left_of_a_kernel_that_was_shut_down(place: Path) -> None:
    run("import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()")
    assert settled() == []
    assert list(place.iterdir()) == []


def test_nothing_is_left_of_a_kernel_that_died(place: Path) -> None:
    with pytest.raises(DeadKernelError):
        run("import os\nos.symlink('/', 'link')\nos._exit(0)")
    assert settled() == []
    assert list(place.iterdir()) == []


def test_kernels_end_with_the_program_that_was_killed(tmp_path: Path) -> None:
    """nbgrader itself may be killed; its kernels must not go on computing for nobody."""
    program = (
        "import os, sys\nos.environ['JUPYTER_DEFAULT_PROVISIONER_NAME'] = 'fovea'\n"
        "from jupyter_client.manager import start_new_kernel\n"
        "manager, client = start_new_kernel(kernel_name='python3')\n"
        "client.execute('while True: pass')\nprint('started', manager.provisioner.folder, flush=True)\n"
        "import time\ntime.sleep(600)"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    word, folder = running.stdout.readline().split()
    assert word == "started"
    children = psutil.Process(running.pid).children(recursive=True)
    assert len(children) >= 2, "a zygote and a kernel"
    running.kill()
    running.wait()
    running.stdout.close()
    shutil.rmtree(folder)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


def test_a_course_says_which_packages_are_loaded_beforehand() -> None:
    config = Config()
    config.FoveaProvisioner.imports = ["colorsys", "sched"]
    (cell,) = run("import sys\n[name in sys.modules for name in ('colorsys', 'sched', 'wave')]", config=config)
    assert outputs(cell).strip() == "[True, True, False]"


@pytest.mark.parametrize("words", ["numpy statistics", "numpy,statistics", " numpy ,  statistics "])
def test_the_environment_says_it_where_no_course_does(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(provisioner.IMPORTS, words)
    assert FoveaProvisioner().imports == ["numpy", "statistics"]


def test_a_misspelt_package_is_said_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    config = Config()
    config.FoveaProvisioner.imports = ["numpie"]
    with caplog.at_level("WARNING"):
        (cell,) = run("40 + 2", config=config)
    assert outputs(cell).strip() == "42"
    assert "numpie" in caplog.text
