"""What every run of every page asks and what hardly ever changes: found anew once a second, not for each visitor."""

import time
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Found = TypeVar("Found")
LATELY = 1.0  # seconds


def lately(find: Callable[[], Found]) -> Callable[[], Found]:
    """The same function, which remembers for a second what it found; what it raises is not remembered.

    >>> calls = []
    >>> look = lately(lambda: calls.append("looked"))
    >>> look(), look(), calls
    (None, None, ['looked'])
    """
    kept: list[tuple[float, Found]] = []

    @wraps(find)
    def found() -> Found:
        now = time.monotonic()
        if not kept or now - kept[0][0] >= LATELY:
            kept[:] = [(now, find())]
        return kept[0][1]

    return found
