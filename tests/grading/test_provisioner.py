"""Jupyter kernels in the jail: nbclient and nbgrader's own commands work as before, and notebooks are locked in."""

import base64
import gc
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from grading import provisioner
from grading.errors import SandboxError
from grading.provisioner import FoveaProvisioner
from tests.grading.courses import classic

# nbclient leaves its event loops open; that is Jupyter's habit with any kernel, and not ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).resolve().parents[2]
LONG = 90.0  # seconds that only a hanging machine needs
SWITCH = """
import os
os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "fovea"
c.FoveaProvisioner.imports = ["numpy", "colorsys"]
c.ExecutePreprocessor.timeout = 6
"""


@pytest.fixture(autouse=True)
def _ours(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "fovea")
    yield
    gc.collect()  # Jupyter's open loops are found here, not in the middle of somebody else's test


def outputs(cell: Any) -> str:
    """What a cell printed, returned and raised, as one text."""
    parts = [output.get("text", "") or output.get("evalue", "") for output in cell.outputs]
    return "\n".join([*parts, *(output.data.get("text/plain", "") for output in cell.outputs if "data" in output)])


def run(*sources: str, folder: Path | None = None, config: Config | None = None, **options: Any) -> list[Any]:
    """The cells of a notebook that ran in a kernel of ours."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": str(folder)}} if folder else {}
    settings = {"allow_errors": True, "timeout": LONG, "kernel_name": "python3", "config": config, **options}
    NotebookClient(notebook, resources=resources, **settings).execute()
    cells: list[Any] = notebook.cells
    return cells


@dataclass(frozen=True)
class Cell:
    """Runs a cell in a kernel: what it printed, and the reply's content."""

    client: BlockingKernelClient

    def ready(self) -> None:
        self.client.wait_for_ready(timeout=LONG)

    def __call__(self, source: str) -> tuple[str, dict[str, Any]]:
        printed: list[str] = []

        def hook(message: dict[str, Any]) -> None:
            printed.append(message["content"].get("text", ""))

        reply = self.client.execute_interactive(source, timeout=LONG, output_hook=hook)
        return "".join(printed), reply["content"]


@contextmanager
def kernel(**options: Any) -> Iterator[tuple[KernelManager, Cell]]:
    """A kernel by hand, and what runs a cell in it."""
    manager = KernelManager(kernel_name="python3", **options)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=LONG)
        yield manager, Cell(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def below_the_zygotes() -> list[psutil.Process]:
    """The kernels that run."""
    found = []
    for engine in provisioner._engines.values():
        for child in psutil.Process(engine.zygote().pid).children(recursive=True):
            found += [child] if child.status() != psutil.STATUS_ZOMBIE else []
    return found


def settled() -> list[psutil.Process]:
    """What still runs after a moment to end."""
    end = time.monotonic() + 20
    while (left := below_the_zygotes()) and time.monotonic() < end:
        time.sleep(0.05)
    return left


# -- what Jupyter expects of a kernel


def test_a_notebook_runs_from_cell_to_cell() -> None:
    cells = run("x = 20", "import sys\nprint(x + 1)\nprint('careful', file=sys.stderr)\nx + 22", "1 / 0", "x")
    assert [output.output_type for output in cells[1].outputs] == ["stream", "stream", "execute_result"]
    assert outputs(cells[1]) == "21\n\ncareful\n\n\n42"
    assert cells[2].outputs[0].ename == "ZeroDivisionError"
    assert outputs(cells[3]).strip() == "20"
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4]


def test_rich_outputs_arrive() -> None:
    picture = "from IPython.display import Image, display\nimport base64\n"
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    cells = run(
        f"{picture}display(Image(data=base64.b64decode('{pixel}')))",
        "class Both:\n    def _repr_html_(self): return '<b>b</b>'\n    def _repr_latex_(self): return '$x$'\nBoth()",
        "display({'text/plain': 'plain', 'application/json': {'a': [1, 2]}}, raw=True)",
    )
    assert base64.b64decode(cells[0].outputs[0].data["image/png"]) == base64.b64decode(pixel)
    assert cells[1].outputs[0].data["text/html"] == "<b>b</b>"
    assert cells[1].outputs[0].data["text/latex"] == "$x$"
    assert cells[2].outputs[0].data["application/json"] == {"a": [1, 2]}


def test_figures_are_shown_in_the_notebook_and_not_thrown_away() -> None:
    (cell,) = run("import os\nprint(os.environ.get('MPLBACKEND'))")
    assert "inline" in outputs(cell)


def test_a_cell_that_takes_too_long_ends_the_notebook() -> None:
    with pytest.raises(CellTimeoutError):
        run("import time\ntime.sleep(3600)", timeout=1)


@pytest.mark.parametrize(
    "waits", ["while True: pass", "import time\nwhile True: time.sleep(0.1)"], ids=["busy", "idle"]
)
def test_a_cell_that_takes_too_long_is_interrupted_where_that_is_wanted(waits: str) -> None:
    cells = run("x = 1", waits, "x + 1", timeout=2, interrupt_on_timeout=True)
    assert cells[1].outputs[-1].ename == "KeyboardInterrupt"
    assert outputs(cells[2]).strip() == "2"


def test_the_stop_button_stops_the_cell_and_keeps_the_names() -> None:
    with kernel() as (manager, cell):
        cell("x = 5")
        threading.Timer(0.5, manager.interrupt_kernel).start()
        _, reply = cell("import time\nfor _ in range(900): time.sleep(0.1)")
        assert reply["ename"] == "KeyboardInterrupt"
        assert cell("print(x)")[0] == "5\n"


def test_a_restart_forgets_the_names_and_leaves_the_old_process_behind() -> None:
    with kernel() as (manager, cell):
        cell("x = 5\nopen('left', 'w').write('x')")
        before = {process.pid for process in below_the_zygotes()}
        manager.restart_kernel()
        cell.ready()  # as every client does: connections are made anew
        printed, reply = cell("import os\nprint(os.listdir('.'))\nx")
        assert (printed, reply["ename"]) == ("[]\n", "NameError")
        assert not before & {process.pid for process in below_the_zygotes()}


@pytest.mark.parametrize(
    "death", ["import os\nos._exit(1)", "import ctypes\nctypes.string_at(0)"], ids=["exit", "crash"]
)
def test_a_kernel_that_died_is_noticed(death: str) -> None:
    with pytest.raises(DeadKernelError):
        run("x = 1", death, "x")
    assert settled() == []


def test_a_kernel_that_was_killed_is_noticed() -> None:
    with kernel() as (manager, cell):
        cell("x = 1")
        for process in below_the_zygotes():
            process.kill()
        end = time.monotonic() + 20
        while manager.is_alive() and time.monotonic() < end:
            time.sleep(0.05)
        assert not manager.is_alive()


def test_two_kernels_at_once_know_nothing_of_each_other() -> None:
    with kernel() as (one, first), kernel() as (other, second):
        assert one.connection_file != other.connection_file
        first("x = 'first'\nopen('note', 'w').write('mine')")
        printed, reply = second("import os\nprint(os.listdir('.'))\nx")
        assert (printed, reply["ename"]) == ("[]\n", "NameError")
        assert first("print(x)")[0] == "first\n"
        seen = f"import os\nprint(os.path.exists({str(Path(other.connection_file).parent)!r}))"
        assert first(seen)[0] == "False\n"


def test_kernels_may_be_started_from_several_threads() -> None:
    found: list[str] = []

    def one(number: int) -> None:
        with kernel() as (_, cell):
            found.append(cell(f"print({number} ** 2)")[0].strip())

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert sorted(found) == ["0", "1", "4", "9"]


def test_files_beside_the_notebook_can_be_read_and_imported_but_not_changed(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2\n")
    (tmp_path / "helper.py").write_text("unit = 7\n")
    cells = run(
        "print(open('data.csv').read())",
        "import helper\nhelper.unit",
        "open('data.csv', 'w').write('forged')",
        "open('own.txt', 'w').write('x')",
        folder=tmp_path,
    )
    assert "1,2" in outputs(cells[0])
    assert outputs(cells[1]).strip() == "7"
    assert cells[2].outputs[0].ename in ("PermissionError", "OSError")
    assert "1" in outputs(cells[3])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "data.csv": "1,2\n",
        "helper.py": "unit = 7\n",
    }


def test_files_that_only_root_may_read_are_still_read(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir(mode=0o700)
    secret = tmp_path.parent / f"{tmp_path.name}-secret"
    secret.write_text("not yours")
    for path in (tmp_path / "data.csv", tmp_path / "inner" / "more.csv"):
        path.write_text("1,2\n")
        path.chmod(0o600)
    (tmp_path / "link").symlink_to(secret)
    cells = run("open('data.csv').read() + open('inner/more.csv').read()", "open('link').read()", folder=tmp_path)
    assert outputs(cells[0]).strip() == repr("1,2\n1,2\n")
    assert cells[1].outputs[0].output_type == "error"
    assert (tmp_path / "data.csv").stat().st_mode & 0o777 == 0o600


def test_it_has_a_place_for_temporary_files() -> None:
    cells = run(
        "import tempfile\nwith tempfile.NamedTemporaryFile() as file: print(file.write(b'abc'))",
        "import os\nprint(sorted(os.listdir('.')))",
        "open('/tmp/x', 'w').write('abc')",
    )
    assert [outputs(cell).strip() for cell in cells[:2]] == ["3", "[]"]
    (engine, *_) = provisioner._engines.values()
    own = "private root" in engine.zygote().layers.names and not Path(sys.prefix).is_relative_to("/tmp")
    assert not own or outputs(cells[2]).strip() == "3"  # an environment below /tmp takes its place


# -- locked in


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


# -- what is left, what is loaded, what it costs


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


# -- nbgrader's own commands


def switched(folder: Path, assignments: tuple[Any, ...]) -> Path:
    """The classic course with our provisioner in its settings, and a look around in one submission of each."""
    course = classic.write(folder, assignments)
    settings = course / "nbgrader_config.py"
    settings.write_text(settings.read_text() + SWITCH, encoding="utf-8")
    for path in course.glob("submitted/ada/*/*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        look = "import os, sys\nprint('LOOK', os.getcwd(), 'colorsys' in sys.modules, os.path.exists('table.csv'))"
        last = {"cell_type": "code", "metadata": {}, "source": look, "execution_count": None, "outputs": []}
        notebook["cells"].append(last)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        (path.parent / "table.csv").write_text("1\n")
    return course


def looked_around(course: Path) -> list[str]:
    """What those submissions saw, out of nbgrader's autograded notebooks."""
    seen = []
    for path in sorted(course.glob("autograded/ada/*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                seen += [line for line in outputs(cell).splitlines() if line.startswith("LOOK")]
    return seen


@pytest.mark.slow
def test_nbgraders_own_autograde_gives_the_same_points(tmp_path: Path) -> None:
    course = switched(tmp_path, (classic.NUMBERS, classic.ARRAYS))
    points = classic.nbgrader_points(course)
    assert points == classic.expected((classic.NUMBERS, classic.ARRAYS))
    seen = looked_around(course.parent / "classic-by-nbgrader")
    assert len(seen) == len(list(course.glob("source/*/*.ipynb")))
    assert set(seen) == {"LOOK /student True True"}, "these did not run in our kernels"


@pytest.mark.slow
def test_nbgraders_validate_works_in_our_kernels(tmp_path: Path) -> None:
    course = switched(tmp_path, (classic.NUMBERS,))
    said = classic.run_nbgrader(course, "validate", "source/numbers/sums.ipynb")
    assert "Success! Your notebook passes all the tests." in said
