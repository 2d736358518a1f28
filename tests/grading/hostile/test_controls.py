"""The same attacks where nothing stops them: they succeed, and the watch sees it. Otherwise they prove nothing."""

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grading.sandbox.cgroups import Cgroups
from tests.grading.hostile import canaries
from tests.grading.hostile.arena import OURS, Arena, opened
from tests.grading.hostile.attack import KIT, WORTHLESS, Attack
from tests.grading.hostile.attacks_files import SCAN
from tests.grading.hostile.canaries import SECRET
from tests.grading.hostile.course import HIDDEN, TESTS, hand_in
from tests.grading.hostile.test_attacks import ATTACKS

BY_ID = {attack.id: attack for attack in ATTACKS}
# What each prints where no jail holds it.
UNJAILED = {
    "reads-the-reference": "GAINED: read the referee",
    "reads-the-hidden-tests": "GAINED: read the hidden tests",
    "reads-another-submission": "GAINED: read it",
    "reads-the-ledger": "GAINED: query the ledger",
    "rewrites-the-ledger": "GAINED: rename the ledger",
    "reads-secrets-of-the-environment": "GAINED: FOVEA_SECRET_TOKEN",
    "reads-the-home-folder": "GAINED: read the file at home",
    "lays-links-to-what-it-may-not-see": "GAINED: follow a link to the ledger",
    "walks-out-through-proc": "GAINED: /proc/self/root",
    "calls-over-tcp": "GAINED: call 127.0.0.1",
    "calls-over-udp-and-asks-for-names": "GAINED: send a datagram",
    "calls-unix-sockets": "GAINED: send a datagram beside a pair",
    "waits-to-be-called": "GAINED: listen",
    "runs-programs": "GAINED: subprocess",
    "leaves-files-for-the-next": "left ",
}
# Which questions a worthless notebook gets right where tests run in the student's own process.
FOOLED = {
    "agrees-with-everything": {"square"},
    "agrees-as-a-number": {"square"},
    "patches-numpys-judgement": {"smooth"},
    "replaces-modules": {"spread"},
    "hooks-ipython": set(TESTS),
}
_ALL_IN_ONE = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
run = type(shell).run_cell
cells, tests = json.load(open(sys.argv[1]))
for cell in cells:
    shell.run_cell(cell)
passed = [name for name, test in tests.items() if shell.run_cell(test).success]
sys.__stdout__.write("\\nPASSED " + json.dumps(passed) + "\\n")
"""


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    with opened(tmp_path_factory.mktemp("controls")) as arena:
        yield arena


def _plainly(source: str, folder: Path, *arguments: str) -> str:
    """What a cell prints in an ordinary process."""
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    command = [sys.executable, str(script), *arguments]
    environment = {**os.environ, "FOVEA_SECRET_TOKEN": SECRET, "PYTHONPATH": str(OURS)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return ran.stdout + ran.stderr


@pytest.mark.xdist_group("hostile-controls")
@pytest.mark.parametrize(("name", "gain"), UNJAILED.items(), ids=UNJAILED)
def test_it_would_succeed_without_a_jail_a_notebook_that(
    name: str, gain: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    referee = tmp_path / "referees" / "hostile_referees" / "__init__.py"
    referee.parent.mkdir(parents=True)
    hidden = tmp_path / "hidden.ipynb"
    for path in (referee, hidden):
        path.write_text(SECRET, encoding="utf-8")
    attack = BY_ID[name]
    with canaries.laid_out(tmp_path, {"hidden tests": hidden, "referee": referee}) as outside:
        outside.remember()
        told = outside.places.told(ours=OURS, zygote=os.getpid())
        source = KIT + told + (attack.first if name != "leaves-files-for-the-next" else 'print("left ", 1)')
        printed = _plainly(source, tmp_path_factory.mktemp("work"))
        assert gain in printed
        if name.startswith(("calls-", "rewrites-")) or (name.startswith("reads-") and "environment" not in name):
            if name == "rewrites-the-ledger":
                assert not outside.places.files["ledger"].exists()
                outside.places.files["ledger"].touch()
            elif name.startswith("calls-") or _times_are_kept(tmp_path):
                _wait_for_calls(outside, name)
                assert outside.changes()


def _wait_for_calls(outside: canaries.Outside, name: str) -> None:
    import time

    end = time.monotonic() + 10
    while name.startswith("calls-") and not outside.calls and time.monotonic() < end:
        time.sleep(0.05)


def _times_are_kept(folder: Path) -> bool:
    """Whether this file system writes down when a file was read."""
    probe = folder / "probe"
    probe.write_text("x", encoding="utf-8")
    os.utime(probe, ns=(1, probe.stat().st_mtime_ns))
    probe.read_text(encoding="utf-8")
    return probe.stat().st_atime_ns != 1


@pytest.mark.xdist_group("hostile-controls")
@pytest.mark.parametrize(("name", "fooled"), FOOLED.items(), ids=FOOLED)
def test_it_would_get_points_where_tests_run_among_its_own_code_a_notebook_that(
    name: str, fooled: set[str], arena: Arena, tmp_path: Path
) -> None:
    attack: Attack = BY_ID[name]
    notebook = json.loads(hand_in(arena.released, {**WORTHLESS, **attack.answers}, before=(KIT, attack.first)))
    cells = [
        cell["source"]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and not cell["id"].startswith("test-")
    ]
    tests = {question: f"{visible}\n{hidden}" for question, (visible, hidden) in TESTS.items()}
    (tmp_path / "cells.json").write_text(json.dumps([cells, tests]), encoding="utf-8")
    referees = arena.outside.places.files["referee"].parents[1]
    source = f"import sys; sys.path.append({str(referees)!r})\n" + _ALL_IN_ONE
    printed = _plainly(source, tmp_path, str(tmp_path / "cells.json"))
    assert "PASSED" in printed, printed[-2000:]
    assert fooled <= set(json.loads(printed.rpartition("PASSED ")[2].splitlines()[0]))


@pytest.mark.xdist_group("hostile-controls")
def test_it_gets_points_by_a_lie_where_a_course_lets_a_test_run_in_the_students_process(arena: Arena) -> None:
    assignment = arena.grader.assignment
    try:
        settings = replace(assignment.settings, in_process=frozenset({"test-square"}))
        arena.grader.assignment = replace(assignment, settings=settings)
        graded = arena.attack(BY_ID["agrees-with-everything"])
    finally:
        arena.grader.assignment = assignment
    assert graded.points["square"] == 2.0
    assert {score.question: score.integrity for score in graded.outcome.scores}["test-square"] == "in-process"


@pytest.mark.xdist_group("hostile-controls")
def test_it_would_find_the_tests_in_memory_where_they_are(tmp_path: Path) -> None:
    search = """
for digits in scanned(rb"square\\\\((\\\\d{9})\\\\)"):
    if zlib.crc32(digits) == HIDDEN_CRC:
        print("GAINED: a hidden test")
""".replace("\\\\", "\\")
    number = f"HIDDEN_CRC = {zlib.crc32(str(HIDDEN).encode())}\n"
    test = f"tests = ['assert ' + 'square({HIDDEN})' + ' == ' + str(n) for n in range(10)]\n"
    assert "GAINED" in _plainly(KIT + SCAN + number + test + search, tmp_path)
    assert "GAINED" not in _plainly(KIT + SCAN + number + search, tmp_path)


@pytest.mark.xdist_group("hostile-controls")
def test_it_would_see_a_hidden_number_that_got_out(arena: Arena) -> None:
    honest = arena.honest()
    assert str(HIDDEN) in honest.outcome.executed.decode()  # the instructor's copy has the whole test
    assert str(HIDDEN) not in honest.seen_by_the_student


@pytest.mark.xdist_group("hostile-controls")
def test_it_would_see_processes_groups_and_files_that_are_left(arena: Arena) -> None:
    arena.settle()
    assert arena.left() == {}
    before = canaries.descriptors()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert any(line.startswith(f"{child.pid} ") for line in canaries.living(os.getpid()))
        assert canaries.descriptors() > before
        child.communicate(b"\n")
    groups = Cgroups.find()
    if groups is None:
        pytest.skip("this machine lets us make no control groups")
    group = groups.create("hostile-control", memory=1 << 26, processes=4)
    try:
        assert any("hostile-control" in name for name in canaries.groups())
    finally:
        group.remove()
    assert not any("hostile-control" in name for name in canaries.groups())
