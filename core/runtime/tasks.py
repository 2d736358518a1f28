"""Long work by name, so that another process can do it: which function of ours, and what it is asked with.

A task goes there as plain values and comes back as plain values, each read by the type that the function's signature
gives it. So neither side runs what the other one sends, and only functions that say so can be asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from inspect import signature
from typing import Any, Generic, TypeAlias, TypeVar, get_args, get_type_hints

from msgspec.inspect import type_info

from core.learning.train import Progress
from core.runtime.wire import Unfit, packed, unpacked

Found = TypeVar("Found")
Work: TypeAlias = Callable[..., Iterator[Found]]  # takes what it is asked with, and last its progress

_known: dict[str, Work[Any]] = {}


@dataclass(frozen=True)
class Task(Generic[Found]):
    """Work, and what it is asked with; called with a progress, it is done here."""

    work: Work[Found]
    asked: tuple[object, ...]

    def __call__(self, progress: Progress) -> Iterator[Found]:
        """What it finds, one after the other."""
        return self.work(*self.asked, progress)

    def sent(self) -> bytes:
        """The task in bytes."""
        return packed((_name(self.work), _form(self.work), packed(self.asked)))

    def read(self, data: bytes) -> Found:
        """Something that it has found, out of bytes."""
        found: Found = unpacked(data, get_args(get_type_hints(self.work)["return"])[0])
        return found


def may_go(work: Work[Found]) -> Work[Found]:
    """Let a function be a task elsewhere: it lives in a module, and its signature tells the types of plain values."""
    _known[_name(work)] = work
    return work


def received(data: bytes, *, place: str | None = None) -> Task[Any]:
    """The task that somebody sent; Unfit if it is none of ours.

    Its function is one that is known already, or is looked for in PLACE.FOLDER.MODULE and in no other modules.
    """
    name, form, asked = unpacked(data, tuple[str, str, bytes])
    if name not in _known and place:
        _look_for(name.partition(":")[0], place)
    work = _known.get(name)
    if not work:
        raise Unfit(f"there is no work of the name {name[:80]!r}")
    if form != _form(work):
        raise Unfit(f"another version asks for {name}")
    return Task(work, unpacked(asked, _wanted(work)))


def _name(work: Work[Any]) -> str:
    return f"{work.__module__}:{work.__qualname__}"


@cache
def _form(work: Work[Any]) -> str:
    """What goes in and comes out, to the last field: versions that differ in it leave each other's tasks alone."""
    kinds = (_wanted(work), *get_args(get_type_hints(work)["return"]))
    return sha256(repr([type_info(kind) for kind in kinds]).encode()).hexdigest()[:16]


def _wanted(work: Work[Any]) -> Any:
    """The type of what a function is asked with: all its parameters but the last, its progress."""
    hints = get_type_hints(work)
    *wanted, _ = (hints[parameter] for parameter in signature(work).parameters)
    return tuple[tuple(wanted)]  # type: ignore[misc]


def _look_for(module: str, place: str) -> None:
    """Import a module of a place, if it is one: it makes its work known."""
    inside = module.removeprefix(f"{place}.").split(".")
    if module.startswith(f"{place}.") and len(inside) == 2 and all(map(str.isidentifier, inside)):
        with suppress(ModuleNotFoundError):
            import_module(module)
