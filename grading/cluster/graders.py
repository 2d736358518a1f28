"""The graders of a cluster: one on each machine that has room for it, looked after from here.

A machine that comes gets a grader, one that goes is forgotten. What was being graded there is the ledger's concern: its
lease runs out, and another grader takes it up.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from grading.cluster.node import Standing
from grading.errors import GradingError

FALLS = "What is put there dies at once. Is Fovea installed, in this version, where Ray was started on that machine?"

log = logging.getLogger(__name__)


class ClusterAway(GradingError):
    """The cluster does not answer, or answers no more."""


class Cluster(Protocol):
    """Machines to put graders on. Every method may raise `ClusterAway`."""

    def machines(self, *, processors: int) -> Mapping[str, str]:
        """Those that are there and have so many processors, by an id of their own: how people call them."""

    def start(self, machine: str, words: Sequence[str], *, processors: int) -> None:
        """Put a grader there, which the cluster starts again when it dies."""

    def forget(self, machine: str) -> None:
        """That machine is gone, or what was put there for good."""

    def standings(self) -> Mapping[str, Standing | None]:
        """How the graders stand, of machines that answer in time; None: there is none any more."""

    def end(self) -> None:
        """Let all graders finish what they are at, as long as that is bearable."""


def attend(
    graders: "Graders", stop: threading.Event, *, every: float, looked: Callable[[], None] = lambda: None
) -> None:
    """Look after them until `stop` is set, and let them finish then; `looked` is called each time."""
    looked()
    while not stop.is_set():
        graders.look()
        looked()
        stop.wait(every)
    graders.cluster.end()


class Graders:
    """One grader for each machine, and what was last said of it."""

    def __init__(self, cluster: Cluster, words: Sequence[str], workers: int, tell: Callable[[str], None]) -> None:
        self.cluster, self._words, self._workers, self._tell = cluster, tuple(words), workers, tell
        self._names: dict[str, str] = {}  # of the machines that have one
        self._said: dict[str, str] = {}
        self._fell: set[str] = set()  # machines whose grader died for good, and the one after it did not answer yet

    def look(self) -> None:
        """Give every machine its grader, and tell what has changed."""
        there, before = self.cluster.machines(processors=self._workers), self._names
        for gone in before.keys() - there.keys():
            self._forget(gone)
        for new in there.keys() - before.keys():
            self.cluster.start(new, self._words, processors=self._workers)
        self._names = dict(there)
        if before.keys() != there.keys() or not there:
            self._say("", self._sum())
        for machine, standing in self.cluster.standings().items():
            if standing is None:
                self._fallen(machine)
            else:
                self._fell.discard(machine)
                self._say(machine, standing.trouble and f"{self._names[machine]} does not grade: {standing.trouble}")

    def _sum(self) -> str:
        if not self._names:
            processors = f"{self._workers} processor{'s' if self._workers > 1 else ''}"
            return f"No machine of the cluster has {processors} to grade with; we wait for one."
        return f"Graders on {', '.join(sorted(self._names.values()))}."

    def _forget(self, machine: str) -> None:
        self._said.pop(machine, None)
        self._fell.discard(machine)
        self.cluster.forget(machine)

    def _fallen(self, machine: str) -> None:
        """The next look puts another one there; if that falls, too, it is not the machine that went."""
        if machine in self._fell:
            self._say(machine, f"{self._names[machine]} does not grade: {FALLS}")
        self._fell.add(machine)
        self._names.pop(machine, None)
        self.cluster.forget(machine)

    def _say(self, about: str, sentence: str) -> None:
        """Once."""
        if sentence and self._said.get(about) != sentence:
            (log.warning if about else self._tell)(sentence)
        self._said[about] = sentence
