"""Measuring a forward pass: the arithmetic of the watch, with a watch of our own; never how fast this machine is."""

from itertools import count

import pytest

from core.errors import CoreError, LimitError
from core.nets import latency as module
from core.nets.latency import Latency, latency
from core.nets.zoo import network

LENET = network("lenet5")


def steps(*seconds: float):
    """A clock that shows 0, then the first time, 0, the second time ..."""
    shown = iter([moment for taken in seconds for moment in (0.0, taken)])
    return lambda: next(shown)


def test_counts_no_pass_of_the_warm_up_and_takes_the_middle_one() -> None:
    found = latency(LENET, threads=1, passes=3, warm_up=2, clock=steps(9.0, 8.0, 0.004, 0.002, 0.003))
    assert found == Latency("LeNet-5", 1, (4.0, 2.0, 3.0))
    assert found.median == 3.0


def test_runs_the_network_once_per_pass_on_as_many_threads_and_gives_them_back(monkeypatch) -> None:
    import torch

    seen, build = [], module.build

    def watched(traced):
        made = build(traced)
        made.register_forward_hook(lambda *_: seen.append(torch.get_num_threads()))
        return made

    monkeypatch.setattr(module, "build", watched)
    before = torch.get_num_threads()
    latency(LENET, threads=before + 1, passes=4, warm_up=3)
    assert seen == [before + 1] * 7
    assert torch.get_num_threads() == before


def test_tells_how_far_it_is_and_can_be_stopped() -> None:
    import torch

    told, before = [], torch.get_num_threads()

    def progress(share: float, doing: str) -> None:
        told.append((share, doing))
        if share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        latency(LENET, threads=before + 1, passes=3, warm_up=1, progress=progress)
    assert [share for share, _ in told] == [0.0, 0.25, 0.5]
    assert told[1][1] == "pass 1 of LeNet-5"
    assert torch.get_num_threads() == before
    assert len(latency(LENET, threads=1, passes=1).passes) == 1  # the lock is free again


def test_lets_nobody_measure_beside_it() -> None:
    def again(share: float, doing: str) -> None:
        with pytest.raises(CoreError, match="somebody else is measuring"):
            latency(LENET, threads=1, passes=1)

    latency(LENET, threads=1, passes=1, progress=again)


@pytest.mark.parametrize(("passes", "threads"), [(0, 1), (101, 1), (3, 0)])
def test_refuses_too_many_passes_and_no_thread(passes: int, threads: int) -> None:
    with pytest.raises(LimitError, match="from 1 to 100 passes"):
        latency(LENET, threads=threads, passes=passes)


def test_refuses_a_network_that_would_take_minutes(monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_MACS", 1000)
    with pytest.raises(LimitError, match=r"LeNet-5: [\d,]+ multiply-accumulates"):
        latency(LENET, threads=1)


def test_has_a_clock_that_only_goes_forward() -> None:
    ticks = count()
    assert all(taken > 0 for taken in latency(LENET, threads=1, clock=lambda: next(ticks)).passes)
