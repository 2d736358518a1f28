"""What stands on each machine of a cluster: `fovea grader`, held by a pipe as the one beside the app is.

Ray's own process grades nothing. The grader is the command that grades on one machine, with the same sandbox and the
same look at it before the first hand-in; when Ray's process ends, however that happens, the pipe closes and the grader
gives back what it holds. Out of here go a sentence and two numbers, in come the words of a command: never a hand-in.
"""

import logging
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from grading import logs
from grading.companion import Companion
from grading.configuration import current
from grading.errors import GradingError

NO_LEDGER = (
    "It knows no ledger that others could share: set FOVEA_LEDGER to the address of the course's Postgres where Ray is "
    "started on it, and start Ray there again."
)

log = logging.getLogger("fovea")


@dataclass(frozen=True)
class Standing:
    """How one machine stands."""

    machine: str
    trouble: str = ""  # why it does not grade, a sentence; empty while it does
    starts: int = 0  # of its grader


class Node:
    """Keeps a grader running on the machine that it is put on. `words` are what follows Python in the command."""

    def __init__(self, words: Sequence[str]) -> None:
        self._grader = Companion("grader", (sys.executable, *words), said=_repeat)
        self._refuses = _unfit()
        if not self._refuses:
            logs.begin()
            self._grader.start()

    def standing(self) -> Standing:
        """How it stands just now."""
        return Standing(socket.gethostname(), self._refuses or self._grader.trouble, self._grader.starts)

    def end(self, patience: float) -> None:
        """Let the grader finish what it is at, for so many seconds."""
        self._grader.stop(patience=patience)


def _unfit() -> str:
    """Why no grader is even started here."""
    try:
        return "" if "://" in current().ledger else NO_LEDGER
    except GradingError as error:
        return str(error)


def _repeat(line: str) -> None:
    log.warning("grader: %s", line)
