"""Control groups: on this machine for real where it has them, and version 2's files on a made-up tree."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.sandbox import cgroups
from grading.sandbox.cgroups import Cgroup, Cgroups
from grading.sandbox.hierarchy import Hierarchy

MIB = 1 << 20
# A program that waits for a line, so that it is in its group before it does anything
GATED = "import sys; sys.stdin.readline(); "


@pytest.fixture(scope="module")
def real() -> Cgroups:
    groups = Cgroups.find()
    if groups is None:
        pytest.skip("this user may not make control groups here")
    return groups


@pytest.fixture
def group(real: Cgroups) -> Iterator[Cgroup]:
    made = real.create(f"test-{time.monotonic_ns()}", memory=96 * MIB, processes=8)
    yield made
    made.kill()
    made.remove()


def started(group: Cgroup, program: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", GATED + program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    group.enter(process.pid)
    process.stdin.write(b"go\n")
    process.stdin.flush()
    return process


def folders(real: Cgroups) -> set[Path]:
    return {folder for base in real.hierarchy.bases.values() for folder in base.glob("fovea-*")}


def test_ends_who_takes_too_much_memory_and_knows_why(group: Cgroup) -> None:
    process = started(group, "held = [bytearray(b'x') * 8388608 for _ in range(40)]")
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert group.out_of_memory()
    assert 64 * MIB <= group.peak_memory() <= 96 * MIB


def test_counts_what_was_held_and_blames_nobody_who_kept_within(group: Cgroup) -> None:
    process = started(group, "held = bytearray(b'x') * 41943040; print(len(held))")
    assert process.communicate(timeout=60)[0] == b"41943040\n"
    assert not group.out_of_memory()
    assert 40 * MIB <= group.peak_memory() < 96 * MIB


def test_limits_processes_and_threads_together(group: Cgroup) -> None:
    program = (
        "import _thread, os, time\n"
        "count = 0\n"
        "try:\n"
        "    while count < 50:\n"
        "        _thread.start_new_thread(time.sleep, (60,)); count += 1\n"
        "except RuntimeError: pass\n"
        "try: os.fork(); again = 1\n"
        "except OSError: again = 0\n"
        "print(count, again, flush=True); os._exit(0)"
    )
    assert started(group, program).communicate(timeout=60)[0] == b"7 0\n"


def test_kills_everything_in_it_even_what_forks_and_hides(group: Cgroup) -> None:
    program = (
        "import os, signal, time\n"
        "for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0: os.setsid(); time.sleep(600); os._exit(0)\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    try:\n"
        "        if os.fork() == 0: os._exit(0)\n"
        "        os.wait()\n"
        "    except OSError: pass"
    )
    process = started(group, program)
    process.stdout.readline()
    inside = group.processes()
    assert len(inside) >= 5
    group.kill()
    assert group.processes() == ()
    process.communicate(timeout=60)
    assert [pid for pid in inside if Path(f"/proc/{pid}/cgroup").exists() and _runs(pid)] == []


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def test_is_gone_after_it_was_removed_and_may_be_removed_twice(real: Cgroups) -> None:
    before = folders(real)
    made = real.create("short", memory=MIB * 32, processes=2)
    assert len(folders(real) - before) == len(set(real.hierarchy.bases.values()))
    made.remove()
    made.remove()
    assert folders(real) == before


def test_a_name_cannot_lead_elsewhere(real: Cgroups) -> None:
    for name in ("", "../x", "a/b", "a b"):
        with pytest.raises(ValueError, match="name must be letters"):
            real.create(name, memory=MIB, processes=1)


def test_the_groups_of_a_supervisor_that_died_are_emptied_and_removed(real: Cgroups) -> None:
    script = (
        "import os, subprocess, sys\n"
        "from grading.sandbox.cgroups import Cgroups\n"
        "group = Cgroups.find().create('orphan', memory=1 << 26, processes=4)\n"
        "left = subprocess.Popen(['/bin/sleep', '600'], stdout=-3, stderr=-3)\n"
        "group.enter(left.pid)\n"
        "print(left.pid, *group.folders.values(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    home = str(Path(__file__).resolve().parents[3])
    said = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": home},
        timeout=60,
    )
    pid, *places = said.stdout.split()
    assert places, said.stderr
    assert all(Path(place).is_dir() for place in places)
    mine = real.create("alive", memory=1 << 26, processes=4)
    try:
        Cgroups.find()
        assert not any(Path(place).exists() for place in places)
        assert not _runs(int(pid))
        assert all(place.is_dir() for place in mine.folders.values())
    finally:
        mine.remove()


class Tree:
    """A made-up version 2 group: plain files with the kernel's names."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.groups = Cgroups(Hierarchy(dict.fromkeys(("memory", "pids"), base), 2))

    def made(self, patch: pytest.MonkeyPatch, **limits: int) -> Cgroup:
        real = Path.mkdir

        def mkdir(folder: Path, *arguments: object, **options: object) -> None:
            real(folder, *arguments, **options)  # type: ignore[arg-type]
            for name in (
                "cgroup.procs",
                "cgroup.kill",
                "memory.max",
                "memory.swap.max",
                "memory.oom.group",
                "pids.max",
            ):
                (folder / name).touch()

        patch.setattr(Path, "mkdir", mkdir)
        return self.groups.create("made", **limits)


def text(group: Cgroup, name: str) -> str:
    return (group.folders["memory"] / name).read_text(encoding="utf-8")


def test_version_2_writes_the_limits_into_one_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = Tree(tmp_path).made(monkeypatch, memory=123456, processes=7)
    assert len(set(group.folders.values())) == 1
    assert (text(group, "memory.max"), text(group, "pids.max")) == ("123456", "7")
    assert (text(group, "memory.swap.max"), text(group, "memory.oom.group")) == ("0", "1")
    group.enter(4711)
    assert text(group, "cgroup.procs") == "4711"
    assert group.processes() == (4711,)


def test_version_2_kills_by_one_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = Tree(tmp_path).made(monkeypatch, memory=1, processes=7)
    group.enter(4711)
    procs = group.folders["memory"] / "cgroup.procs"
    monkeypatch.setattr(cgroups.time, "sleep", lambda _: procs.write_text("", encoding="utf-8"))
    monkeypatch.setattr(cgroups.os, "kill", lambda *_: pytest.fail("the kernel does that itself"))
    group.kill()
    assert (text(group, "cgroup.kill"), text(group, "pids.max")) == ("1", "0")


def test_version_2_without_that_word_kills_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = Tree(tmp_path).made(monkeypatch, memory=1, processes=7)
    procs = group.folders["memory"] / "cgroup.procs"
    procs.write_text("4711\n4712\n", encoding="utf-8")
    (group.folders["memory"] / "cgroup.kill").unlink()
    (group.folders["memory"] / "cgroup.kill").mkdir()  # cannot be written: an old kernel
    killed = []
    monkeypatch.setattr(cgroups.os, "kill", lambda *what: killed.append(what))
    monkeypatch.setattr(cgroups.time, "sleep", lambda _: procs.write_text("", encoding="utf-8"))
    group.kill()
    assert killed == [(4711, signal.SIGKILL), (4712, signal.SIGKILL)]


def test_version_2_tells_peak_and_cause(tmp_path: Path) -> None:
    group = Cgroup(dict.fromkeys(("memory", "pids"), tmp_path), 2)
    assert (group.peak_memory(), group.out_of_memory()) == (0, False)  # an old kernel keeps no peak
    (tmp_path / "memory.peak").write_text("98765\n", encoding="utf-8")
    (tmp_path / "memory.events").write_text("low 0\nhigh 0\nmax 12\noom 1\noom_kill 0\n", encoding="utf-8")
    assert (group.peak_memory(), group.out_of_memory()) == (98765, False)
    (tmp_path / "memory.events").write_text("max 12\noom 1\noom_kill 1\noom_group_kill 1\n", encoding="utf-8")
    assert group.out_of_memory()


def test_a_process_that_will_not_end_is_said_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grading.errors import SandboxError

    (tmp_path / "cgroup.procs").write_text("4711\n", encoding="utf-8")
    monkeypatch.setattr(cgroups, "_PATIENCE", 0.01)
    with pytest.raises(SandboxError, match="1 processes of a submission do not end"):
        Cgroup(dict.fromkeys(("memory", "pids"), tmp_path), 2).kill()


def test_only_groups_of_dead_supervisors_of_this_namespace_are_stale(tmp_path: Path) -> None:
    here, me = Path("/proc/self/ns/pid").stat().st_ino, os.getpid()
    names = {
        "alive": cgroups._prefix() + "-x",
        "reused": f"fovea-{here}-{me}-1-x",
        "dead": f"fovea-{here}-999999999-5-x",
        "elsewhere": f"fovea-{here + 1}-999999999-5-x",
        "foreign": "system.slice",
    }
    for name in names.values():
        (tmp_path / name).mkdir()
    assert {folder.name for folder in cgroups._of_the_dead(tmp_path)} == {names["reused"], names["dead"]}
    Tree(tmp_path).groups.remove_stale()
    assert {folder.name for folder in tmp_path.iterdir()} == {names["alive"], names["elsewhere"], names["foreign"]}


def test_a_place_that_may_not_be_written_does_not_work(tmp_path: Path) -> None:
    (tmp_path / "cgroup.subtree_control").write_text("memory pids", encoding="utf-8")
    gone = Hierarchy(dict.fromkeys(("memory", "pids"), tmp_path / "gone"), 1)
    assert not Cgroups(gone).works()


def test_an_ordinary_folder_is_not_taken_for_a_control_group(tmp_path: Path) -> None:
    (tmp_path / "cgroup.subtree_control").write_text("memory pids", encoding="utf-8")
    plain = Cgroups(Hierarchy(dict.fromkeys(("memory", "pids"), tmp_path), 2))
    assert not plain.works()
    assert [path.name for path in tmp_path.iterdir()] == ["cgroup.subtree_control"]
