"""The watch over what is written: it counts what is there, what is open, and ends who writes too much."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.engine import folders
from grading.limits import DEFAULT, MIB
from grading.sandbox.watch import Watch, use
from tests.grading.sandbox.helpers import WHO, run

LONG = 60.0  # seconds that only a hanging machine needs
SMALL = replace(DEFAULT, disk_bytes=8 * MIB, disk_files=100)


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + LONG
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


# -- counting


@given(st.lists(st.integers(0, 3), max_size=12))
def test_every_entry_of_every_folder_is_counted(tmp_path_factory: pytest.TempPathFactory, shape: list[int]) -> None:
    root = tmp_path_factory.mktemp("shape")
    place = root
    for number, kind in enumerate(shape):
        path = place / str(number)
        if kind == 0:
            path.write_bytes(b"x")
        elif kind == 1:
            path.symlink_to("/")
        else:
            path.mkdir()
            place = path if kind == 3 else place
    found = use([root], size=10**9, files=10**9)
    assert (found.files, found.hidden) == (len(shape), False)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/usr")
    assert use([tmp_path], size=10**12, files=10**9).files == 1


def test_bytes_are_those_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "full").write_bytes(bytes(3 * MIB))
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
        os.fsync(file.fileno())
    assert 3 * MIB <= use([tmp_path], size=10**12, files=10).size < 4 * MIB


def test_a_file_that_was_deleted_and_is_open_counts(tmp_path: Path) -> None:
    path = tmp_path / "open"
    with path.open("wb", buffering=0) as file:
        file.write(bytes(2 * MIB))
        path.unlink()
        assert use([tmp_path], size=10**12, files=10, pid=os.getpid()).size >= 2 * MIB
        assert use([tmp_path], size=10**12, files=10).size == 0


def test_it_counts_no_further_than_it_must(tmp_path: Path) -> None:
    for number in range(500):
        (tmp_path / str(number)).touch()
    assert use([tmp_path], size=10**12, files=20).files == 21


def test_folders_too_deep_to_look_into_hide_what_is_in_them(tmp_path: Path) -> None:
    place = tmp_path
    for _ in range(100):
        place /= "d"
        place.mkdir()
    assert use([tmp_path], size=10**12, files=10**6).hidden


def test_folders_that_are_gone_are_empty(tmp_path: Path) -> None:
    assert use([tmp_path / "nowhere"], size=1, files=1) == use([tmp_path], size=1, files=1)


# -- watching

FLOODS = {
    "bytes": "for n in range(10**6): open(str(n % 50), 'ab').write(bytes(1 << 18))",
    "files": "for n in range(10**6): open(str(n), 'w').close()",
    "folders": "for n in range(10**6): os.mkdir(str(n))",
    "links": "for n in range(10**6): os.symlink('/', str(n))",
    "one in another": "for n in range(900): os.mkdir('d'); os.chdir('d')\nwhile True: time.sleep(1)",
    "deleted and open": "kept = []\nfor n in range(200):\n    kept.append(open('x', 'wb', buffering=0))\n"
    "    kept[-1].write(bytes(1 << 20)); os.unlink('x')\nwhile True: time.sleep(1)",
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_it_ends_who_writes_too_much(flood: str, tmp_path: Path) -> None:
    place = tmp_path / "work"
    place.mkdir()
    writing = subprocess.Popen([sys.executable, "-c", f"import os, time\n{flood}"], cwd=place)
    watch = Watch([place], SMALL, pid=writing.pid, end=writing.kill)
    try:
        assert writing.wait(LONG) == -9
    finally:
        writing.kill()
        writing.wait()
        watch.stop()
    folders.remove(place)
    assert not place.exists()


def test_who_stays_within_the_limits_is_left_alone(tmp_path: Path) -> None:
    ended = threading.Event()
    watch = Watch([tmp_path], SMALL, pid=os.getpid(), end=ended.set)
    for number in range(90):
        (tmp_path / str(number)).write_bytes(bytes(64 * 1024))
    for number in range(500):  # one after the other, never many at once
        (tmp_path / "again").write_text(str(number))
        (tmp_path / "again").unlink()
    assert not ended.wait(0.3)
    watch.stop()


def test_once_stopped_it_ends_nobody(tmp_path: Path) -> None:
    ended = threading.Event()
    watch = Watch([tmp_path], SMALL, pid=None, end=ended.set)
    watch.stop()
    for number in range(200):
        (tmp_path / str(number)).touch()
    assert not ended.wait(0.3)


def test_it_takes_but_a_share_of_the_processor(tmp_path: Path) -> None:
    many = replace(DEFAULT, disk_files=10_000)
    for number in range(4000):
        (tmp_path / str(number)).touch()
    before, began = time.process_time(), time.monotonic()
    watch = Watch([tmp_path], many, pid=None, end=lambda: None)
    time.sleep(2.0)
    watch.stop()
    assert time.process_time() - before < 0.5 * (time.monotonic() - began)


# -- what it leaves to be put away


def test_a_thousand_folders_inside_each_other_are_removed(tmp_path: Path) -> None:
    place = tmp_path / "deep"
    place.mkdir()
    build = "import os\nfor n in range(3000): os.mkdir('d'); open('f', 'w').close(); os.chdir('d')"
    subprocess.run([sys.executable, "-c", build], cwd=place, check=True)
    folders.remove(place)
    assert not place.exists()


def test_links_in_it_lead_nowhere_when_it_is_removed(tmp_path: Path) -> None:
    (tmp_path / "kept" / "inner").mkdir(parents=True)
    (tmp_path / "kept" / "inner" / "file").write_text("x")
    place = tmp_path / "work"
    place.mkdir()
    (place / "link").symlink_to(tmp_path / "kept")
    folders.remove(place)
    assert not place.exists()
    (tmp_path / "itself").symlink_to(tmp_path / "kept")
    folders.remove(tmp_path / "itself")
    assert (tmp_path / "kept" / "inner" / "file").read_text() == "x"


@pytest.mark.parametrize("who", WHO)
def test_folders_that_may_not_be_entered_are_removed(who: str) -> None:
    said = run(
        """
        import tempfile
        from grading.engine import folders
        place = Path(tempfile.mkdtemp())
        (place / "a/b/c").mkdir(parents=True); (place / "a/b/c/file").write_text("x")
        for path in (place / "a/b/c", place / "a/b", place / "a"):
            path.chmod(0)
        folders.remove(place)
        show(left=place.exists())
        """,
        who=who,
        prepare=False,
    )
    assert said == {"left": False}


# -- in the engine, on a machine without namespaces


@pytest.mark.parametrize("flood", [FLOODS["files"], FLOODS["bytes"]], ids=["files", "bytes"])
def test_without_a_private_root_a_student_who_writes_too_much_loses_that_cell_only(flood: str) -> None:
    said = run(
        f"""
        from dataclasses import replace
        from grading.engine.engine import Engine, Job
        from grading.engine.environment import Environment
        from grading.limits import DEFAULT, MIB
        few = replace(DEFAULT, disk_bytes=8 * MIB, disk_files=100)
        with Engine(Environment(imports=("json",))) as engine:
            private = "private root" in engine.zygote().layers.names
            with engine.session(Job(limits=few), seed=1, more=False) as session:
                before = session.run("x = 20").ending
                flooded = session.run({"import os, time" + chr(10) + flood!r}).ending
                after = session.run("open('few', 'w').write('x')\\nx + 22").outputs[0]["data"]["text/plain"]
        import tempfile
        show(private=private, before=before, flooded=flooded, after=after, left=os.listdir(tempfile.gettempdir()))
        """,
        who="no namespaces",
        prepare=False,
    )
    assert said == {"private": False, "before": "finished", "flooded": "died", "after": "42", "left": []}
