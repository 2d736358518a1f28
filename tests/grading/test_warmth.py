"""What is kept warm: the few that were used last, and nothing for ever."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from grading.course import Course
from grading.errors import GradingError, SandboxError
from grading.grader import CourseGrader
from grading.warmth import Warmth
from tests.grading.small_course import answered, write

LONG = 60.0  # seconds that only a hanging machine needs


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + LONG
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


class Oven:
    """Makes names and remembers which still run."""

    def __init__(self, *, most: int, idle: float) -> None:
        self.running: list[str] = []
        self.stale: set[str] = set()
        self.made = 0
        self.warmth = Warmth(
            self.make, end=self.running.remove, fresh=lambda name, thing: thing not in self.stale, most=most, idle=idle
        )

    def make(self, name: str) -> str:
        self.made += 1
        thing = f"{name}{self.made}"
        self.running.append(thing)
        return thing

    def use(self, *names: str) -> None:
        for name in names:
            with self.warmth.using(name):
                pass


def test_those_used_last_stay_and_the_others_end_when_they_idled() -> None:
    oven = Oven(most=2, idle=0.05)
    oven.use("a", "b", "c", "a")
    assert until(lambda: oven.running == ["a1", "c3"])
    time.sleep(0.3)
    assert oven.running == ["a1", "c3"], "the last two stay however long they idle"
    oven.warmth.close()
    assert oven.running == []


def test_nothing_ends_before_it_idled_and_nothing_is_made_twice() -> None:
    oven = Oven(most=1, idle=3600)
    oven.use("a", "b", "c", "a", "b", "c")
    assert oven.running == ["a1", "b2", "c3"]
    oven.warmth.close()


def test_nothing_stays_where_none_is_wanted() -> None:
    oven = Oven(most=0, idle=0.0)
    oven.use("a", "b")
    assert until(lambda: oven.running == [])
    oven.warmth.close()


def test_what_is_in_use_never_ends() -> None:
    oven = Oven(most=1, idle=0.0)
    with oven.warmth.using("a") as thing:
        oven.use("b", "c")
        assert until(lambda: oven.running == ["a1", "c3"])
        assert thing in oven.running
    assert until(lambda: oven.running == ["c3"])
    oven.warmth.close()


def test_what_is_no_longer_fresh_is_replaced_and_ends_when_the_last_lets_go() -> None:
    oven = Oven(most=2, idle=3600)
    with oven.warmth.using("a"):
        oven.stale.add("a1")
        with oven.warmth.using("a") as new:
            assert (new, oven.running) == ("a2", ["a1", "a2"])
        assert oven.running == ["a1", "a2"]
    assert oven.running == ["a2"]
    oven.warmth.close()


def test_one_that_cannot_be_made_leaves_the_old_one_as_it_was() -> None:
    oven = Oven(most=2, idle=3600)
    oven.use("a")
    oven.stale.add("a1")
    make = oven.warmth._make

    def broken(name: str) -> str:
        raise GradingError("fovea.toml is not valid TOML.")

    oven.warmth._make = broken
    with pytest.raises(GradingError, match="not valid"):
        oven.use("a")
    oven.warmth._make = make
    oven.use("a")
    assert oven.running == ["a2"]
    oven.warmth.close()


def test_once_closed_nothing_is_made_any_more() -> None:
    oven = Oven(most=2, idle=0.05)
    oven.use("a", "b", "c")
    oven.warmth.close()
    with pytest.raises(SandboxError, match="being stopped"):
        oven.use("a")
    time.sleep(0.2)  # its clock has nothing left to end
    assert oven.running == []


def test_many_threads_at_once_lose_and_double_nothing() -> None:
    oven = Oven(most=1, idle=0.001)
    wrong: list[str] = []

    def work(seed: int) -> None:
        for step in range(60):
            name = "abcd"[(seed * 7 + step * step) % 4]
            with oven.warmth.using(name) as thing:
                time.sleep(0.0005)
                if thing not in oven.running or not thing.startswith(name):
                    wrong.append(thing)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert wrong == []
    assert until(lambda: len(oven.running) == 1)
    oven.warmth.close()


def zygotes() -> list[psutil.Process]:
    """The zygotes below this process. A fork of one bears its name too, so only direct children count."""
    return [one for one in psutil.Process(os.getpid()).children() if one.status() != psutil.STATUS_ZOMBIE and said(one)]


def said(process: psutil.Process) -> bool:
    try:
        return "zygote" in process.name()
    except psutil.NoSuchProcess:
        return False


def test_a_service_holds_no_more_processes_than_its_course_says(tmp_path: Path) -> None:
    folder = write(tmp_path, settings="[service]\nwarm_assignments = 1\nidle_minutes = 0")
    for name in ("ps2", "ps3"):
        (folder / "source" / name).mkdir()
        (folder / "source" / name / "ps.ipynb").write_bytes((folder / "source/ps/ps.ipynb").read_bytes())
    before = {one.pid for one in zygotes()}

    def ours() -> list[psutil.Process]:
        return [one for one in zygotes() if one.pid not in before]

    with CourseGrader(Course.open(folder)) as service:
        with service.using("ps") as grader:
            data = answered(grader)
        for name in ("ps", "ps2", "ps3"):
            assert service(data, name, 1, file="ps.ipynb").verdict == "passed"
        assert until(lambda: len(ours()) == 1), "only the assignment that was asked for last keeps its zygote"
        assert service(data, "ps", 1, file="ps.ipynb").verdict == "passed", "the others come back when they are needed"
    assert until(lambda: ours() == [])
