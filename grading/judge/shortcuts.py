"""Noticing that a student's code calls what it was asked to write, such as torchvision.ops.nms.

Before the first cell runs, `watch` puts a transparent wrapper in the place of every such function, wherever its package
holds it, so that an import by name gets the wrapper as well. It does nothing until a test arms it for the length of a
call. This is for honest students: who digs the original out of a wrapper is found by reading, not by a machine.
"""

import functools
import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from grading.errors import GradingError
from grading.judge.errors import ForbiddenShortcut

_armed: frozenset[str] = frozenset()
_used: list[str] = []
_watched: set[str] = set()


def watch(names: Sequence[str]) -> None:
    """Put wrappers in the place of these functions, methods and classes. A name twice is watched once."""
    for name in names:
        if name not in _watched:
            _watch(name)
            _watched.add(name)


@contextmanager
def arm(names: Sequence[str]) -> Iterator[list[str]]:
    """Inside, calling one of these raises ForbiddenShortcut; the list holds which were called, caught or not."""
    global _armed, _used
    before = _armed, _used
    _armed, _used = frozenset(names), []
    try:
        yield _used
    finally:
        _armed, _used = before


def _watch(name: str) -> None:
    owner, last = _owner(name)
    original = getattr(owner, last)
    if isinstance(original, type):
        owner, last, original = original, "__init__", vars(original).get("__init__", object.__init__)
    wrapper = _wrapped(name, original)
    try:
        setattr(owner, last, wrapper)
    except TypeError as error:
        raise GradingError(f"{name} cannot be watched: it is built into Python or numpy. Name a function.") from error
    if not isinstance(owner, type):
        _replace_aliases(name.partition(".")[0], original, wrapper)


def _owner(name: str) -> tuple[Any, str]:
    """The module or class that holds it, and the last part of its name."""
    *path, last = name.split(".")
    for end in range(len(path), 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(path[:end]))
        except ImportError:
            continue
        for part in path[end:]:
            owner = getattr(owner, part, None)
        if hasattr(owner, last):
            return owner, last
    raise GradingError(f"There is no {name} to watch. Write the full name, as in an import: torchvision.ops.nms.")


def _wrapped(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if name in _armed:
            _used.append(name)
            raise ForbiddenShortcut(name)
        return original(*args, **kwargs)

    return wrapper


def _replace_aliases(package: str, original: object, wrapper: object) -> None:
    for module_name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and module_name.partition(".")[0] == package:
            members = vars(module)
            for alias in [alias for alias, value in list(members.items()) if value is original]:
                members[alias] = wrapper
