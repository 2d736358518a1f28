"""Looking after the graders of a cluster: machines come, go and refuse, and at the end all of them finish."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from grading.cluster.graders import FALLS, ClusterAway, Graders, attend
from grading.cluster.node import Standing

WORDS = ("-m", "fovea", "grader")


@dataclass
class Machines:
    """A cluster that does as a test says: machines by id, and what the grader of each has to say."""

    there: dict[str, str] = field(default_factory=dict)
    says: dict[str, Standing | None] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    ended: int = 0
    away: bool = False

    def machines(self, *, processors: int) -> Mapping[str, str]:
        if self.away:
            raise ClusterAway("It does not answer.")
        return dict(self.there)

    def start(self, machine: str, words: Sequence[str], *, processors: int) -> None:
        assert (tuple(words), processors) == (WORDS, 2)
        self.started.append(machine)

    def forget(self, machine: str) -> None:
        self.forgotten.append(machine)

    def standings(self) -> Mapping[str, Standing | None]:
        return {machine: standing for machine, standing in self.says.items() if machine in self.there}

    def end(self) -> None:
        self.ended += 1


@pytest.fixture
def told() -> list[str]:
    return []


def graders(machines: Machines, told: list[str]) -> Graders:
    return Graders(machines, WORDS, 2, told.append)


def test_every_machine_gets_one_grader_and_one_only(told: list[str]) -> None:
    machines = Machines({"a1": "ada", "b2": "bob"})
    ours = graders(machines, told)
    for _ in range(3):
        ours.look()
    assert sorted(machines.started) == ["a1", "b2"]
    assert told == ["Graders on ada, bob."]


def test_a_machine_that_comes_gets_one_and_one_that_goes_is_forgotten(told: list[str]) -> None:
    machines = Machines({"a1": "ada"})
    ours = graders(machines, told)
    ours.look()
    machines.there = {"b2": "bob"}
    ours.look()
    assert (machines.started, machines.forgotten) == (["a1", "b2"], ["a1"])
    assert told == ["Graders on ada.", "Graders on bob."]


def test_a_grader_that_is_dead_for_good_is_replaced(told: list[str]) -> None:
    machines = Machines({"a1": "ada"}, says={"a1": None})
    ours = graders(machines, told)
    ours.look()
    machines.says = {"a1": Standing("ada")}
    ours.look()
    ours.look()
    assert (machines.started, machines.forgotten) == (["a1", "a1"], ["a1"])


def test_a_machine_where_every_grader_dies_is_told_once_and_again_after_one_that_lived(
    told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    machines = Machines({"a1": "ada", "b2": "bob"}, says={"a1": None, "b2": Standing("bob")})
    ours = graders(machines, told)
    ours.look()
    assert caplog.messages == [], "the machine may be on its way out"
    for _ in range(3):
        ours.look()
    assert caplog.messages == [f"ada does not grade: {FALLS}"]
    machines.says["a1"] = Standing("ada")
    ours.look()
    machines.says["a1"] = None
    for _ in range(2):
        ours.look()
    assert len(caplog.messages) == 2
    assert machines.started.count("a1") == 6
    assert machines.started.count("b2") == 1


def test_a_machine_that_does_not_grade_says_why_once(told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    why = "Nothing is graded on this machine: the sandbox has no seccomp."
    machines = Machines({"a1": "ada"}, says={"a1": Standing("ada", why)})
    ours = graders(machines, told)
    for _ in range(3):
        ours.look()
    assert caplog.messages == [f"ada does not grade: {why}"]
    machines.says = {"a1": Standing("ada")}
    ours.look()
    machines.says = {"a1": Standing("ada", why)}
    ours.look()
    assert len(caplog.messages) == 2, "it had graded in between"


def test_a_cluster_without_room_is_told(told: list[str]) -> None:
    ours = graders(Machines(), told)
    ours.look()
    ours.look()
    assert told == ["No machine of the cluster has 2 processors to grade with; we wait for one."]


def attended(machines: Machines, told: list[str], *, looks: int) -> list[int]:
    """Until so many looks are over; how many machines had a grader each time that a look was told."""
    stop, seen = threading.Event(), list[int]()

    def looked() -> None:
        seen.append(len(machines.started))
        if len(seen) > looks:
            stop.set()

    attend(graders(machines, told), stop, every=0.0, looked=looked)
    return seen


def test_every_look_is_told_also_that_before_the_first(told: list[str]) -> None:
    machines = Machines({"a1": "ada"})
    assert attended(machines, told, looks=2) == [0, 1, 1]
    assert machines.ended == 1


def test_a_cluster_that_goes_ends_it_without_a_question_to_its_graders(told: list[str]) -> None:
    machines = Machines({"a1": "ada"}, away=True)
    with pytest.raises(ClusterAway):
        attended(machines, told, looks=2)
    assert machines.ended == 0
