"""Which function works out which figure."""

from collections.abc import Callable
from typing import TypeAlias

from syllabus.tables import Value

Recompute: TypeAlias = Callable[[], Value]

OURS: dict[str, Recompute] = {}  # the right value
CLAIMS: dict[str, Recompute] = {}  # where a wrong one comes from


def ours(id: str) -> Callable[[Recompute], Recompute]:
    """Register the function below as the one that works out figure `id`."""
    return _into(OURS, id)


def claim(id: str) -> Callable[[Recompute], Recompute]:
    """Register the function below as the one that follows the lecture to its wrong value of figure `id`."""
    return _into(CLAIMS, id)


def _into(book: dict[str, Recompute], id: str) -> Callable[[Recompute], Recompute]:
    def register(function: Recompute) -> Recompute:
        if id in book:
            raise ValueError(f"{id} is worked out twice")
        book[id] = function
        return function

    return register
