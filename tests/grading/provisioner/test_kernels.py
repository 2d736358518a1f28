"""What Jupyter expects of a kernel, from a kernel in the jail: nbclient works as before."""

import base64
import sys
import threading
import time
from pathlib import Path

import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from grading import provisioner
from tests.grading.provisioner.kernels import LONG, below_the_zygotes, kernel, outputs, run, settled


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
