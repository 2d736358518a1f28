"""What a kernel may use: room beside its sockets, and the limits a course, a kernelspec or the environment gives it."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient.exceptions import DeadKernelError
from traitlets import TraitError
from traitlets.config import Config

from grading import provisioner
from grading.engine.engine import Engine
from grading.errors import GradingError
from grading.limits import DEFAULT, MIB
from grading.provisioner import FoveaProvisioner, allowed, interpreter
from tests.grading.provisioner.kernels import LONG, kernel, outputs, run, settled

FLOOD = """
import os
place, written = {place!r}, 0
def flood():
    global written
    for number in range(40):
        with open(f"{{place}}/{{number}}", "wb", buffering=0) as file:
            for _ in range(8):
                written += file.write(bytes(1 << 20))
try:
    flood()
except OSError as error:
    print(type(error).__name__, error.strerror, written // (1 << 20))
"""
MANY = """
from pathlib import Path
made = 0
try:
    for made in range(20000):
        Path({place!r}, f"n{{made}}").touch()
except OSError as error:
    print(error.strerror, made)
"""


def config(**limits: Any) -> Config:
    found = Config()
    found.FoveaProvisioner.limits = limits
    return found


def beside_its_sockets(manager: KernelManager) -> str:
    return str(Path(manager.ip).parent)


# -- the folder of its sockets


def test_the_folder_of_its_sockets_is_a_small_one_in_memory() -> None:
    with kernel() as (manager, cell):
        place = Path(beside_its_sockets(manager))
        if not place.is_symlink():
            pytest.skip("no private root, or nobody sees into it: that folder is watched")
        printed, _ = cell(FLOOD.format(place=str(place)))
        kind, *words, size = printed.split()
        assert (kind, " ".join(words)) == ("OSError", "No space left on device")
        assert int(size) <= 8
        for entry in place.iterdir():
            if entry.name.isdigit():
                entry.unlink()
        printed, _ = cell(MANY.format(place=str(place)))
        assert printed.startswith("No space left on device")
        assert int(printed.split()[-1]) < 64
        assert cell("print(6 * 7)")[0] == "42\n", "it still answers, and has nothing to say about the full folder"


def test_its_key_lies_where_no_other_kernel_and_no_other_user_reads_it() -> None:
    with kernel() as (manager, _):
        assert Path(manager.connection_file).stat().st_mode & 0o077 == 0
        assert Path(manager.connection_file).parent.stat().st_mode & 0o077 == 0


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine where nobody sees into a private root from outside."""
    plain = Engine.kernel

    def shared(self: Engine, *given: Any, **words: Any) -> Any:
        return plain(self, *given, **{**words, "shared": True})

    monkeypatch.setattr(Engine, "kernel", shared)


@pytest.mark.parametrize("flood", [FLOOD, MANY], ids=["bytes", "files"])
def test_where_that_cannot_be_a_watch_ends_who_writes_too_much(watched: None, flood: str) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(provisioner, "_PLACE", Path(name))
        more = flood.format(place="PLACE").replace("'PLACE'", "os.environ['IPYTHONDIR'].rsplit('/', 1)[0]")
        with pytest.raises(DeadKernelError):
            run(f"import os\n{more}", "import time\ntime.sleep(60)", config=config(disk_bytes=16 * MIB, disk_files=500))
        assert settled() == []
        assert list(Path(name).iterdir()) == []


def test_a_kernel_whose_folder_is_watched_works_as_any_other(watched: None) -> None:
    (cell,) = run("open('note', 'w').write('x' * 1000)\n6 * 7")
    assert outputs(cell).strip() == "42"


# -- limits


def test_a_course_limits_the_processors_seconds() -> None:
    with pytest.raises(DeadKernelError):
        run("while True: pass", config=config(total_seconds=2), timeout=LONG)


def test_a_course_limits_memory() -> None:
    try:
        (cell,) = run("kept = bytearray(b'x') * (700 << 20)\nprint(len(kept))", config=config(memory=300 * MIB))
    except DeadKernelError:
        return  # its control group ended it
    assert cell.outputs[-1].ename == "MemoryError"


def test_a_course_limits_seconds_on_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING"), pytest.raises(DeadKernelError):
        run("import time\ntime.sleep(3600)", config=config(wall_seconds=2))
    assert "it ran for 2 seconds" in caplog.text
    assert settled() == []


def test_a_kernel_that_ended_in_time_is_not_hunted_for(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING"):
        run("1", config=config(wall_seconds=1.5))
        time.sleep(2)
    assert "it ran for" not in caplog.text


def test_output_beyond_the_limits_is_left_out_and_said_once() -> None:
    loud = "for _ in range(50): print('x' * 9999, flush=True)"
    first, second, third = run(loud, "print('quiet')", loud, config=config(output_bytes=100_000))
    for cell in (first, third):
        assert 10_000 < len(outputs(cell)) <= 100_200
        assert outputs(cell).count("More output than may be shown") == 1
    assert outputs(second).strip() == "quiet"


def test_all_cells_together_have_a_limit_too() -> None:
    cells = run(*["print('x' * 40_000)"] * 5, config=config(all_output_bytes=100_000))
    assert ["More output" in outputs(cell) for cell in cells] == [False, False, True, True, True]


def test_a_cell_shows_so_many_things() -> None:
    (cell,) = run("for number in range(40): display(number)", config=config(outputs=10))
    shown = [output for output in cell.outputs if output.output_type == "display_data"]
    assert len(shown) == 10
    assert "More output than may be shown" in outputs(cell)


def test_an_error_arrives_whatever_was_printed_before() -> None:
    """nbgrader takes a test cell without an error for passed."""
    flood = "print('x' * 200_000)\nfor n in range(99): display(n)\nassert False, 'y' * 200_000"
    (cell,) = run(flood, config=config(output_bytes=50_000, all_output_bytes=60_000, outputs=3))
    (error,) = [output for output in cell.outputs if output.output_type == "error"]
    assert error.ename == "AssertionError"
    assert 0 < len(error.evalue) <= 2000


# -- who says so


def test_a_kernelspec_may_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = KernelSpecManager().get_kernel_spec("python3")
    words = {"provisioner_name": "fovea", "config": {"limits": {"output_bytes": 20_000}}}
    limited = KernelSpec(**{**spec.to_dict(), "metadata": {"kernel_provisioner": words}})
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda *_: limited)
    (cell,) = run("print('x' * 50_000)")
    assert "More output than may be shown" in outputs(cell)


@pytest.mark.parametrize("words", ["total_seconds=120 memory=1000000", "total_seconds=120,memory=1000000"])
def test_the_environment_says_it_where_no_course_does(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(provisioner.LIMITS, words)
    assert FoveaProvisioner().limits == {"total_seconds": 120, "memory": 1_000_000}
    assert FoveaProvisioner(limits={"memory": 5}).limits == {"memory": 5}


def test_nobody_need_say_anything() -> None:
    assert allowed(FoveaProvisioner().limits) == (DEFAULT, 0.0)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"cell_second": 3}, 'no "cell_second"'),
        ({"call_seconds": 3}, 'no "call_seconds"'),
        ({"memory": "much"}, "memory must be a whole number"),
        ({"memory": -1}, "memory must be a whole number"),
        ({"wall_seconds": 0}, "must be a number above 0"),
        ({"total_seconds": float("nan")}, "total_seconds must be a number"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused_in_a_sentence(limits: dict[str, Any], says: str) -> None:
    with pytest.raises(TraitError, match=says):
        FoveaProvisioner(limits=limits)


def test_an_environment_that_cannot_be_read_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(provisioner.LIMITS, "memory: lots")
    with pytest.raises(GradingError, match='FOVEA_LIMITS must read like "total_seconds=120'):
        _ = FoveaProvisioner().limits


# -- which kernels


def spec(argv: list[str], language: str = "python") -> KernelSpec:
    return KernelSpec(argv=argv, display_name="Mine", language=language)


USUAL = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]


@pytest.mark.parametrize("name", ["python", "python3", "python3.11"])
def test_a_python_without_a_path_is_ours(name: str) -> None:
    assert interpreter(spec([name, *USUAL])) == Path(sys.executable)


@pytest.mark.parametrize("name", ["/opt/course/bin/python", "/usr/bin/python3.12"])
def test_a_python_with_a_path_is_that_one(name: str) -> None:
    assert interpreter(spec([name, "-Xfrozen_modules=off", *USUAL])) == Path(name)


@pytest.mark.parametrize(
    ("argv", "language", "says"),
    [
        (["/usr/bin/R", "-e", "IRkernel::main()"], "R", "is for R, and Fovea's sandbox runs Python only"),
        (["python", *USUAL], "julia", "is for julia"),
        (["python", *USUAL], "", "an unknown language"),
        (["xpython", "-f", "{connection_file}"], "python", "is not started by"),
        (["bash", "-c", "python -m ipykernel_launcher"], "python", "is not started by"),
        (["python", "-m", "metakernel_python"], "python", "is not started by"),
        (["python", "-m"], "python", "is not started by"),
        ([], "python", "is not started by"),
    ],
)
def test_any_other_kernel_is_refused_with_the_remedy(argv: list[str], language: str, says: str) -> None:
    with pytest.raises(GradingError, match=says) as refused:
        interpreter(spec(argv, language))
    assert "kernel.json" in str(refused.value)


def test_a_notebook_of_another_language_does_not_run_as_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "kernels" / "ir"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(
        json.dumps({"argv": ["R", "-e", "IRkernel::main()"], "display_name": "R", "language": "R"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with pytest.raises(GradingError, match="runs Python only"):
        run("1 + 1", kernel_name="ir")
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


def test_the_specs_own_python_runs_the_notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = Path(sys.prefix) / "bin" / ("python3" if Path(sys.executable).name != "python3" else "python")
    if not other.exists():
        pytest.skip("there is but one name for this interpreter")
    folder = tmp_path / "kernels" / "other"
    folder.mkdir(parents=True)
    words = {"argv": [str(other), *USUAL], "display_name": "Other", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(words))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    (cell,) = run("import sys\nprint(sys.executable)", kernel_name="other")
    assert outputs(cell).strip() == str(other)
