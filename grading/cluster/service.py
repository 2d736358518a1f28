"""The grading service of a cluster: an attendant looks after the graders, and another one follows when it cannot.

Ray keeps whoever asks it waiting while its head is gone, and ends their process after a minute. So what asks Ray is a
process of its own, held by a pipe, that says at every look that it is there. One that falls silent is ended. Where its
cluster was there before, another one asks for it until it is back; what was being graded is the ledger's concern.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from queue import Empty, SimpleQueue
from typing import Self

from grading.cluster.graders import ClusterAway
from grading.companion import held
from grading.errors import GradingError

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What an attendant may say."""

    LOOKED = "looked"  # it has joined the cluster, or looked at it once more
    TELLS = "tells"  # a sentence for whoever watches the service
    AWAY = "away"  # its last word: why no cluster answers
    REFUSES = "refuses"  # its last word: why asking again would not help


@dataclass(frozen=True)
class Said:
    """A line from an attendant."""

    kind: Kind
    sentence: str = ""

    def line(self) -> str:
        """As it goes through the pipe.

        >>> Said.read(Said(Kind.TELLS, "Graders on ada.").line())
        Said(kind=<Kind.TELLS: 'tells'>, sentence='Graders on ada.')
        """
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def read(cls, line: str) -> Self | None:
        """What a line says; None if a library printed it."""
        try:
            return cls(Kind((found := json.loads(line))["kind"]), str(found["sentence"]))
        except (ValueError, TypeError, KeyError):
            return None


@dataclass(frozen=True)
class Pace:
    """How long the service waits, in seconds."""

    look: float = 0.5  # until it asks again whether it has to end
    away: float = 10.0  # before another attendant asks for a cluster that is gone
    joining: float = 180.0  # for the first word of an attendant
    silence: float = 60.0  # for the next one: more than a look takes, or the end of all graders


def serve_cluster(
    attendant: Sequence[str],
    *,
    stop: threading.Event,
    tell: Callable[[str], None],
    over: Callable[[], bool] = lambda: False,
    pace: Pace = Pace(),
) -> None:
    """Keep an attendant at work, given by its command, until `stop` is set or it is `over`.

    At first the cluster has to answer; one that goes later is waited for.
    """
    met = told = False
    while not stop.is_set():
        life = Life(attendant, pace)
        away = life.until_over(stop, over, tell)
        if not away:
            return
        if not (met := met or life.joined):
            raise ClusterAway(away)
        if life.joined or not told:
            log.warning("The Ray cluster does not answer. What waits stays in the ledger; we ask until it is back.")
            told = True
        stop.wait(pace.away)


class Life:
    """One attendant, from its start to its end."""

    def __init__(self, command: Sequence[str], pace: Pace) -> None:
        self.joined = False
        self._pace = pace
        self._words = SimpleQueue[Said | None]()  # None: it says nothing more
        self._process = held(command)
        self._ear = threading.Thread(target=self._listen, name="attendant", daemon=True)
        self._ear.start()

    def until_over(self, stop: threading.Event, over: Callable[[], bool], tell: Callable[[str], None]) -> str:
        """Why the cluster is taken for away; empty if it was us who ended it. Nothing of it is left then."""
        with self._process:
            try:
                return self._until_over(stop, over, tell)
            finally:
                self._process.kill()
                self._ear.join()

    def _until_over(self, stop: threading.Event, over: Callable[[], bool], tell: Callable[[str], None]) -> str:
        asked, heard = False, time.monotonic()
        while True:
            if not asked and (stop.is_set() or over()):
                asked = True
                self._let_go()
                if not self.joined:
                    return ""  # it may be deaf, and has nothing to finish
            try:
                said = self._words.get(timeout=self._pace.look)
            except Empty:
                if time.monotonic() - heard < (self._pace.silence if self.joined else self._pace.joining):
                    continue
                said = Said(Kind.AWAY, "The Ray cluster leaves a question unanswered.")
            heard = time.monotonic()
            if said is None:
                said = Said(Kind.AWAY, f"What asks the Ray cluster ended with status {self._process.wait()}.")
            if said.kind == Kind.REFUSES:
                raise GradingError(said.sentence)
            if said.kind == Kind.AWAY:
                return "" if asked else said.sentence
            self.joined = True
            if said.kind == Kind.TELLS:
                tell(said.sentence)

    def _let_go(self) -> None:
        """Ask it to end: it lets all graders finish what they are at."""
        if self._process.stdin:
            self._process.stdin.close()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            if said := Said.read(line):
                self._words.put(said)
        self._words.put(None)
