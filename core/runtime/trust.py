"""Whether to ask somebody who may be gone: nobody does for a while after failures in a row, then one tries again.

Who asks takes a turn and says how it ended. While all is well everybody gets one. After a rest one does, and the others
go on without until that one has an answer, so that a hall does not wait together for somebody who is still gone.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Trust:
    """What the last turns tell of somebody.

    >>> trust = Trust(failures=1)
    >>> trust.over(trust.turn(), well=False), trust.turn()
    (True, None)
    """

    failures: int = 3  # in a row, until nobody is asked
    rest: float = 30.0  # seconds
    clock: Callable[[], float] = time.monotonic
    _failed: int = 0
    _rests: int = 0
    _until: float = 0.0
    _doubted: bool = False  # nobody was answered since the last rest
    _tried: bool = False  # somebody finds out just now
    _lock: Lock = field(default_factory=Lock)

    def turn(self) -> int | None:
        """Leave to ask, to be given back by `over`; None: go on without."""
        with self._lock:
            if self._doubted:
                if self._tried or self.clock() < self._until:
                    return None
                self._tried = True
            return self._rests

    def over(self, turn: int | None, *, well: bool | None) -> bool:
        """How a turn ended, None if that says nothing of whom we asked; whether it begins the first of some rests.

        What began before a rest and fails in it is part of the reason for that rest, not of one for another.
        """
        with self._lock:
            if well:
                self._failed, self._doubted, self._tried = 0, False, False
            elif turn == self._rests:
                self._tried = False
                if well is False:
                    self._failed += 1
                    return self._rested()
            return False

    def _rested(self) -> bool:
        if not self._doubted and self._failed < self.failures:
            return False
        first = not self._doubted
        self._failed, self._doubted = 0, True
        self._rests += 1
        self._until = self.clock() + self.rest
        return first
