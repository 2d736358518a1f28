"""The soak: what was read in its last minutes, beside what was read when all had filled; and what went wrong."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import soak
from benchmarks.soak import Diary, Used, again, report


def used(folder: Path, *, grown: float = 0.0, faults: int = 0) -> Used:
    """An hour in which memory rises in the first ten minutes, and by so much in the last."""
    server = [(minute, 300.0 + 10 * min(minute, 10) + (grown if minute >= 50 else 0)) for minute in range(60)]
    read = {"server": server, "grader": [(minute, 500.0) for minute in range(60)]}
    diary = Diary(folder / "soak.csv", read=read, faults=[f"fault {number}" for number in range(faults)])
    return Used(60, 10, diary, (9.0,) * 30, (40.0,) * 30, (1.1,))


@pytest.mark.parametrize(("grown", "holds"), [(0.0, True), (19.0, True), (21.0, False)])
def test_memory_that_grows_by_more_than_a_twentieth_is_not_flat(tmp_path: Path, grown: float, holds: bool) -> None:
    server, grader, *_ = report(used(tmp_path, grown=grown)).rows
    assert server.holds is holds
    assert server.theirs is not None
    assert (server.ours.median, server.theirs.median) == (400.0 + grown, 400.0)
    assert grader.ratio == 1.0


def test_says_how_it_felt_meanwhile(tmp_path: Path) -> None:
    section = report(used(tmp_path))
    assert [row.ours.median for row in section.rows[3:]] == [9.0, 40.0, 1.1]
    assert section.notes == ("30 moves, 30 followed, 1 uploads handed in and graded within 60 minutes.",)


@pytest.mark.parametrize(("faults", "holds"), [(0, True), (1, False)])
def test_an_hour_in_which_something_went_wrong_misses_its_goal(tmp_path: Path, faults: int, holds: bool) -> None:
    section = report(used(tmp_path, faults=faults))
    assert section.rows[2].holds is holds
    assert section.notes[1:] == tuple(f"fault {number}" for number in range(faults))


def test_an_error_is_put_down_and_the_hour_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "PAUSE", 0.0)
    diary, rounds = Diary(tmp_path / "soak.csv"), list[int]()

    def once(number: int) -> Iterator[float]:
        rounds.append(number)
        yield float(number)
        if number < 3:
            raise TimeoutError("nobody answered\nfor long")

    assert again(lambda: len(rounds) < 3, diary, once) == (1.0, 2.0, 3.0)
    assert [re.sub(r"[\d.]+", "0", fault) for fault in diary.faults] == 2 * ["minute 0: TimeoutError: nobody answered"]


def test_readings_stand_in_the_file_as_they_come(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "soak.csv")
    diary.reading("server", 400.04)
    diary.fault("Late, and\nlost")
    lines = diary.file.read_text(encoding="utf-8").splitlines()
    assert [line.partition(",")[2] for line in lines] == ["server,400.0", r"fault,'Late, and\nlost'"]
    assert [size for _, size in diary.read["server"]] == [400.04]
