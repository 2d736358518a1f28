"""The bench of merged passes: everybody asks everything, the rows are judged, and a missing device is no failure."""

from collections import Counter
from threading import get_ident

import pytest

from benchmarks import throughput
from benchmarks.results import LeftOut
from benchmarks.throughput import EACH, FULL, MERGED, compared, crowd, in_turns
from core.runtime.device import processor


@pytest.mark.parametrize(("threads", "times", "questions"), [(1, 1, 64), (8, 3, 20), (64, 1, 64)])
def test_so_many_threads_ask_every_question_as_often_as_said(threads: int, times: int, questions: int) -> None:
    asked, askers = Counter[int](), set[int]()

    def ask(number: int) -> None:
        asked[number] += 1
        askers.add(get_ident())

    assert crowd(ask, threads, times, questions) > 0
    assert asked == dict.fromkeys(range(questions), times)
    assert len(askers) <= threads


def test_ways_take_turns_and_the_first_round_does_not_count() -> None:
    order = list[str]()
    ways = {name: lambda name=name: (order.append(name), float(len(order)))[1] for name in "ab"}
    assert in_turns(ways, 2) == {"a": [3.0, 5.0], "b": [4.0, 6.0]}
    assert order == ["a", "b"] * 3


@pytest.mark.parametrize(("took", "holds"), [(10.0, True), (11.0, False)])
def test_a_third_of_the_time_is_the_goal(took: float, holds: bool) -> None:
    assert compared("64 answers", {MERGED: [took], EACH: [30.0]}, EACH, 1 / 3).holds is holds


def test_measures_merged_answers_that_are_those_of_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "VISITORS", 6)
    section = throughput.measure(quick=True)
    assert [row.peer for row in section.rows] == [*throughput.PEERS, EACH, EACH, EACH, EACH]
    assert [bool(row.goals) for row in section.rows] == [True] + 7 * [False]
    assert section.rows[3].peer == FULL
    size, apart = section.notes
    assert "16 at most" in size
    assert float(apart.split()[-3]) < 1e-3


def test_without_a_cuda_device_its_rows_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "here", processor)
    with pytest.raises(LeftOut, match="no CUDA device"):
        throughput.measure_cuda(quick=True)
