"""Running a cell beside the page: the page waits a moment for the answer, and goes on without it if it takes longer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from classroom.errors import ClassroomError
from grading.errors import GradingError
from grading.practice import Tried

MOMENT = 1.5  # seconds that the page waits: most answers come within


@dataclass
class Trial:
    """One run of a cell: what came of it, once it is over."""

    found: Tried | None = None
    wrong: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether its answer is still to come."""
        return not self._over.is_set()

    def wait(self, seconds: float = MOMENT) -> None:
        """Give it a moment."""
        self._over.wait(seconds)


def begin(work: Callable[[], Tried]) -> Trial:
    """Run it in a thread of its own."""
    trial = Trial()
    threading.Thread(target=_run, args=(trial, work), name="trying", daemon=True).start()
    return trial


def _run(trial: Trial, work: Callable[[], Tried]) -> None:
    try:
        trial.found = work()
    except (ClassroomError, GradingError) as refusal:
        trial.wrong = str(refusal)
    except Exception:
        trial.wrong = "This did not work, and it is a fault of ours."
        raise
    finally:
        trial._over.set()
