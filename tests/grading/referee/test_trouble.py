"""What is not the student's fault, and what a grader's link has to say."""

import time
from contextlib import contextmanager

import numpy as np
import pytest

from grading.errors import SandboxError
from grading.referee import Forbidden, Group, Mistake, RefereeError, case, connect, last_ruling, set_seed
from tests.grading.referee.drawing import SMALL, means, referee, sums


def broken(table):
    raise KeyError("ours")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"reference": broken}, id="the reference raises"),
        pytest.param({"reference": lambda table: {1, 2}}, id="the reference gives what nobody can compare"),
        pytest.param({"groups": (Group("drawn", 1, drawn=broken),)}, id="the drawing raises"),
        pytest.param({"given": broken}, id="the preparation raises"),
        pytest.param({"groups": (Group("x", 1, cases=(case(SMALL, raises=ValueError),)),)}, id="an answer to refuse"),
    ],
)
def test_calls_its_own_faults_its_own(changes):
    with pytest.raises(RefereeError):
        referee(**changes)(means)
    assert last_ruling() is None


def test_says_how_to_repeat_its_own_fault():
    set_seed(99)
    with pytest.raises(RefereeError, match=r"row_means failed on case 1 of “drawn” with seed 99: KeyError"):
        referee(groups=(Group("drawn", 1, drawn=broken),))(means)


def test_survives_a_variant_that_fails():
    mistakes = (Mistake("cannot", lambda table: {}["no"], hint="never"), *referee().mistakes)
    assert referee(mistakes=mistakes).rule(sums).mistake == "sums"
    assert referee(mistakes=mistakes).rule(lambda table: {}["no"]).mistake == "cannot"


def test_leaves_a_lost_process_to_the_grader():
    def gone(table):
        raise SandboxError("the process is gone")

    with pytest.raises(SandboxError):
        referee()(gone)


def test_judges_nothing_by_an_interrupt():
    def interrupted(table):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        referee()(interrupted)


class Table:
    """A grader's link that notes what it was asked."""

    def __init__(self, taken=()):
        self.limits, self.names, self.heard, self.taken = [], [], [], taken

    @contextmanager
    def seconds(self, limit):
        self.limits.append(limit)
        yield

    @contextmanager
    def forbidding(self, names):
        self.names.append(list(names))
        yield self.taken

    def told(self, ruling):
        self.heard.append(ruling)


SHORTCUT = Forbidden("numpy.mean", because="Add up and divide.")


def test_passes_its_limit_and_its_shortcuts_on_and_tells_its_ruling():
    link = Table()
    connect(link)
    assert referee(seconds=0.5, forbidden=(SHORTCUT,))(means) == 4.0
    assert (link.limits, link.names) == ([0.5], [["numpy.mean"]])
    assert link.heard == [last_ruling()]


def test_pays_nothing_for_a_shortcut_and_says_which():
    connect(Table(taken={"numpy.mean"}))
    ruling = referee(forbidden=(SHORTCUT,)).rule(means)
    assert (ruling.points, ruling.hint) == (0.0, "Add up and divide.")
    assert ruling.seen == "Your function calls numpy.mean, and here it may not."


def test_asks_no_more_after_two_calls_that_took_too_long():
    calls = []

    def slow(table):
        calls.append(table)
        if len(calls) > 1:
            raise TimeoutError
        return means(table)

    ruling = referee().rule(slow)
    assert len(calls) == 3
    assert ruling.points == 1.0
    assert ruling.seen == "1 of 3 groups of cases are right. In “tables”, your function takes too long."
    kinds = [finding.kind for finding in ruling.groups[1].findings]
    assert kinds == ["took too long"] + ["not asked"] * 5


def test_takes_an_error_at_the_end_of_the_time_for_the_end_of_the_time():
    calls = []

    def stopped(table):
        calls.append(table)
        time.sleep(0.06)
        raise RuntimeError("stopped by somebody")

    ruling = referee(seconds=0.05).rule(stopped)
    assert len(calls) == 2
    assert "your function takes too long" in ruling.seen


def test_lets_a_right_refusal_take_its_time():
    def strict(table):
        time.sleep(0.06)
        raise ValueError("empty")

    groups = (
        Group("empty tables", 1, cases=(case(np.zeros((0, 2)), raises=ValueError),)),
        Group("the example", 1, cases=(case(SMALL),)),
    )

    def reference(table):
        return means(table) if table.size else strict(table)

    assert referee(seconds=0.05, reference=reference, groups=groups).rule(reference).points == 4.0
