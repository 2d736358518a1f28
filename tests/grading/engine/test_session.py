"""A session: cells in the student's process, tests in the judge, and what is left after either of them dies."""

import os
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from grading.engine import folders
from grading.engine.engine import Engine, Job
from grading.engine.environment import Environment
from grading.engine.session import Session
from grading.errors import SandboxError
from grading.limits import DEFAULT, MIB, Limits

SHORT = replace(DEFAULT, cell_seconds=1.0, call_seconds=0.5, patience=3.0)


def opened(engine: Engine, limits: Limits = DEFAULT, **job: object) -> Session:
    return engine.session(Job(limits=limits, **job), seed=7, more=False)  # type: ignore[arg-type]


def passes(session: Session, source: str) -> bool:
    tested = session.test(source, out_of=1.0)
    return tested.ending == "finished" and bool(tested.run["passed"])


def test_it_shows_what_a_cell_prints_returns_and_raises(engine: Engine) -> None:
    with opened(engine) as session:
        ran = session.run("import sys\nprint('out')\nprint('err', file=sys.stderr)\ndisplay({'a': 1})\n1 + 1")
        assert [output["output_type"] for output in ran.outputs] == [
            "stream",
            "stream",
            "display_data",
            "execute_result",
        ]
        assert ran.outputs[3]["data"]["text/plain"] == "2"
        failed = session.run("1 / 0")
    assert failed.error == ("ZeroDivisionError", "division by zero")
    assert failed.outputs[0]["ename"] == "ZeroDivisionError"


def test_it_knows_the_notebooks_language(engine: Engine) -> None:
    with opened(engine) as session:
        assert session.run("x = await __import__('asyncio').sleep(0, 5)\nx").outputs[0]["data"]["text/plain"] == "5"
        assert session.run("%%time\ny = 3").error is None
        assert session.run("_ + 1").error is None
        assert "not run here" in session.run("!ls /").outputs[0]["text"]
        assert (session.run("input('name')").error or ("",))[0] == "EOFError"


def test_tests_see_the_students_names_and_the_instructors_imports(engine: Engine) -> None:
    with opened(engine, imports_of=("import numpy as np\nanswer = 42",)) as session:
        session.run("import math as np\ndef twice(x): return 2 * x")
        session.run("unit = 1", for_judge="unit = 10")
        assert passes(session, "assert np.allclose(twice(np.arange(3)), [0, 2, 4])")
        assert passes(session, "assert unit == 10")
        assert not passes(session, "answer")  # only imports were taken


def test_every_session_starts_afresh(engine: Engine) -> None:
    for _ in range(2):
        with opened(engine) as session:
            assert (session.run("left").error or ("",))[0] == "NameError"
            session.run("left = 1\nimport builtins\nbuiltins.left = 1\nopen('file', 'w').write('x')")
    with opened(engine) as session:
        assert session.run("import os\nos.listdir('.')").outputs[0]["data"]["text/plain"] == "[]"


def test_the_seed_decides_what_is_drawn(engine: Engine) -> None:
    drawn = []
    for seed in (1, 1, 2):
        with engine.session(Job(), seed=seed, more=False) as session:
            ran = session.run("import random, numpy\n(random.random(), float(numpy.random.rand()))")
            drawn.append(ran.outputs[0]["data"]["text/plain"])
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(
    ("cell", "ending"),
    [
        ("import os; os._exit(0)", "died"),
        ("import os, signal; os.abort()", "died"),
        ("import ctypes; ctypes.string_at(0)", "died"),
        ("import signal; signal.signal(signal.SIGPROF, signal.SIG_IGN)\nwhile True: pass", "out of time"),
    ],
    ids=["exit", "abort", "segmentation fault", "deaf loop"],
)
def test_a_death_costs_the_cell_that_died(engine: Engine, cell: str, ending: str) -> None:
    with opened(engine, SHORT) as session:
        session.run("def before(): return 1")
        assert session.run(cell).ending == ending
        session.run("def after(): return 2")
        assert passes(session, "assert before() == 1")
        assert passes(session, "assert after() == 2")


def test_an_endless_loop_costs_its_cell_and_nothing_else(engine: Engine) -> None:
    with opened(engine, SHORT) as session:
        session.run("x = 1")
        assert (session.run("while True: pass").error or ("",))[0] == "OutOfTime"
        assert session.run("x").outputs[0]["data"]["text/plain"] == "1"  # the same process


def test_waiting_costs_no_processor_time(engine: Engine) -> None:
    with opened(engine, replace(SHORT, cell_seconds=0.4, patience=20)) as session:
        ran = session.run("import time; time.sleep(0.8)")
    assert (ran.ending, ran.error) == ("finished", None)
    assert ran.seconds < 0.4


def test_a_call_that_never_ends_fails_its_test(engine: Engine) -> None:
    with opened(engine, SHORT) as session:
        session.run("def loop():\n    while True: pass\ndef good(): return 1")
        tested = session.test("loop()", out_of=1.0)
        assert tested.run["error"] == "OutOfTime"
        assert passes(session, "assert good() == 1")


def test_a_test_cannot_swallow_a_death(engine: Engine) -> None:
    with opened(engine, SHORT) as session:
        session.run("import os\ndef die(): os._exit(0)")
        tested = session.test("try:\n    die()\nexcept Exception:\n    pass", out_of=1.0)
        assert tested.ending == "died"


def test_memory_is_limited(engine: Engine) -> None:
    with opened(engine, replace(SHORT, memory=256 * MIB)) as session:
        ran = session.run("block = bytearray(400 * 2**20)")
        assert ran.ending == "out of memory" or (ran.error or ("",))[0] == "MemoryError"
        assert session.run("1").ending == "finished"


def test_it_gives_up_after_so_many_deaths(engine: Engine) -> None:
    with opened(engine, replace(SHORT, restarts=2)) as session:
        endings = [session.run("import os; os._exit(0)").ending for _ in range(4)]
    assert endings == ["died", "died", "died", "over"]


def test_the_stop_button_stops_the_cell_and_keeps_the_names(engine: Engine) -> None:
    with opened(engine) as session:
        session.run("x = 5")
        threading.Timer(0.3, session.interrupt).start()
        ran = session.run("import time\nfor _ in range(200): time.sleep(0.1)")
        assert (ran.error or ("",))[0] == "KeyboardInterrupt"
        session.interrupt()  # nothing runs, nothing happens
        assert session.run("x").outputs[0]["data"]["text/plain"] == "5"


def test_nothing_is_left_of_a_closed_session(engine: Engine) -> None:
    session = opened(engine)
    session.run("import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()")
    session.close()
    session.close()
    until = time.monotonic() + 20
    while (found := below(engine)) and time.monotonic() < until:
        time.sleep(0.05)
    assert found == []


def below(engine: Engine) -> list[str]:
    """What runs below the zygote, but for the nursery of judges."""
    names = []
    for child in psutil.Process(engine.zygote().pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if child.status() != psutil.STATUS_ZOMBIE and child.name() != "fovea-nursery":
                names.append(child.name())
    return names


def test_large_output_is_cut_and_said(engine: Engine) -> None:
    with opened(engine, replace(DEFAULT, output_bytes=10_000, outputs=5)) as session:
        (ran, many) = session.run("print('x' * 10**7)"), session.run("for i in range(100): display(i)")
    assert sum(len(output["text"]) for output in ran.outputs) < 11_000
    assert "not kept" in ran.outputs[-1]["text"]
    assert len(many.outputs) == 6


def test_materials_lie_beside_the_notebook_and_cannot_be_changed(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2\n")
    tmp_path.chmod(0o755)
    with opened(engine, materials=tmp_path) as session:
        assert session.run("open('data.csv').read()").outputs[0]["data"]["text/plain"] == "'1,2\\n'"
        assert session.run("open('new.csv', 'w').write('x')").error is None
        assert session.run("open('data.csv', 'w').write('forged')").error is not None
    assert (tmp_path / "data.csv").read_text() == "1,2\n"


def test_a_dead_zygote_is_replaced() -> None:
    with Engine(Environment(imports=("numpy",))) as engine:
        first = engine.zygote()
        psutil.Process(first.pid).kill()
        first._process.wait()
        with opened(engine) as session:
            assert session.run("1").ending == "finished"
        assert engine.zygote() is not first


def test_the_zygote_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2-in-the-environment")
    with Engine(Environment(imports=("numpy",))) as engine, opened(engine) as session:
        ran = session.run("import os\nsorted(os.environ)")
        assert "DATABASE_PASSWORD" not in ran.outputs[0]["data"]["text/plain"]
        environment = psutil.Process(engine.zygote().pid).environ()
    assert "hunter2" not in str(environment)


def test_a_missing_package_is_known_before_the_first_submission() -> None:
    with Engine(Environment(imports=("numpy", "no_such_package_here"))) as engine:
        assert engine.zygote().missing_imports == ("no_such_package_here",)


@pytest.mark.slow
def test_an_import_that_asks_for_a_gpu_does_not_spoil_it_for_the_students() -> None:
    with Engine(Environment(imports=("tests.grading.engine.careless",))) as engine:
        assert not engine.zygote().cuda_untouched
        with opened(engine, replace(DEFAULT, cuda=True)) as session:
            ran = session.run("import torch\ntorch.cuda._is_in_bad_fork()")
            assert ran.outputs[0]["data"]["text/plain"] == "False"


@pytest.mark.gpu
def test_a_student_may_use_the_gpu_where_the_assignment_allows_it() -> None:
    with Engine(Environment(imports=("torch",))) as engine:
        with opened(engine, replace(DEFAULT, cuda=True)) as session:
            ran = session.run("import torch\nfloat(torch.ones(3, device='cuda').sum())")
            assert ran.outputs[0]["data"]["text/plain"] == "3.0"
        with opened(engine) as session:
            assert session.run("import torch\ntorch.cuda.is_available()").outputs[0]["data"]["text/plain"] == "False"


def test_an_old_zygote_goes_when_its_last_session_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.engine.engine._FORKS", 2)
    with Engine(Environment(imports=("numpy",))) as engine:
        first = engine.zygote()
        with opened(engine) as old:
            old.run("x = 1")
            with opened(engine) as new:
                assert new.run("1").ending == "finished"
                assert engine.zygote() is not first
            assert old.run("x").outputs[0]["data"]["text/plain"] == "1"
        until = time.monotonic() + 20
        while first.alive and time.monotonic() < until:
            time.sleep(0.05)
        assert not first.alive


def test_printing_much_takes_time_by_its_length(engine: Engine) -> None:
    with opened(engine) as session:
        few = session.run("for i in range(20_000): print(i)").seconds
        many = session.run("for i in range(160_000): print(i)").seconds
    assert many < 40 * max(few, 0.01)  # eight times as much; by the square it would be sixty-four times


def test_text_in_many_bytes_is_kept(engine: Engine) -> None:
    with opened(engine) as session:
        ran = session.run("print('\N{WATERMELON}' * 1_000_000)")
        assert ran.ending == "finished"
        assert len(ran.outputs[0]["text"]) == 1_000_001


def test_a_key_press_for_the_supervisor_does_not_reach_the_students(engine: Engine) -> None:
    assert os.getpgid(engine.zygote().pid) != os.getpgid(0)


def test_a_zygote_that_answers_too_late_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(Environment(imports=("numpy",))) as engine:
        first = engine.zygote()
        monkeypatch.setattr("grading.engine.processes._FORK_SECONDS", 0.3)
        psutil.Process(first.pid).suspend()
        with pytest.raises(SandboxError):
            opened(engine).run("1")
        monkeypatch.setattr("grading.engine.processes._FORK_SECONDS", 30.0)
        with opened(engine) as session:
            assert session.run("1").ending == "finished"
        assert engine.zygote() is not first


def test_a_closed_engine_starts_nothing() -> None:
    engine = Engine(Environment(imports=("numpy",)))
    session = opened(engine)
    session.run("1")
    engine.close()
    with pytest.raises(SandboxError):
        opened(engine).run("1")
    session.close()


def test_folders_of_the_dead_are_swept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "fovea-work-1-1-abc").mkdir()  # process 1 has not started then
    (tmp_path / "fovea-notes").mkdir()
    mine = folders.make("work")
    folders.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["fovea-notes", mine.name])
