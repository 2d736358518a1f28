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
from re import fullmatch
from typing import Any, Generic, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from msgspec import DecodeError
from msgspec.inspect import type_info
from msgspec.msgpack import Ext, decode, encode

from core.errors import LimitError
from core.learning.train import Progress

Found = TypeVar("Found")
Work: TypeAlias = Callable[..., Iterator[Found]]  # takes what it is asked with, and last its progress
ROOM, DEEP = "pages._parts.", 3  # where such functions live, and how many dots their modules' names have
ARRAY = 1  # the kind of an extension of MessagePack that holds an array
MOST = 2**26  # bytes of one thing that was asked with or found

_known: dict[str, Work[Any]] = {}


class Unfit(LimitError):
    """These bytes ask for nothing that is done here, or answer nothing that was asked."""


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
        return encode((_name(self.work), _form(self.work), packed(self.asked)))

    def read(self, data: bytes) -> Found:
        """Something that it has found, out of bytes."""
        found: Found = unpacked(data, get_args(get_type_hints(self.work)["return"])[0])
        return found


def may_go(work: Work[Found]) -> Work[Found]:
    """Let a function be a task elsewhere: it lives in a module, and its signature tells the types of plain values."""
    _known[_name(work)] = work
    return work


def received(data: bytes) -> Task[Any]:
    """The task that somebody sent; Unfit if it is none of ours."""
    name, form, asked = unpacked(data, tuple[str, str, bytes])
    work = _known.get(name) or _looked_up(name)
    if form != _form(work):
        raise Unfit(f"another version asks for {name}")
    return Task(work, unpacked(asked, _wanted(work)))


def packed(value: object) -> bytes:
    """A plain value in bytes: numbers, words, arrays, and records, tuples and tables of such.

    >>> unpacked(packed((3, np.arange(3.0))), tuple[int, np.ndarray])
    (3, array([0., 1., 2.]))
    """
    return encode(value, enc_hook=_told)


def unpacked(data: bytes, kind: Any) -> Any:
    """A plain value of this type; Unfit for anything else."""
    if len(data) > MOST:
        raise Unfit(f"{len(data)} bytes where at most {MOST} are read")
    try:
        return decode(data, type=kind, dec_hook=_array, ext_hook=_extension)
    except (DecodeError, ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise Unfit(f"this is no value of the type that was asked for: {problem}") from None


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


def _looked_up(name: str) -> Work[Any]:
    """A function whose module nobody needed so far."""
    module = name.partition(":")[0]
    if module.startswith(ROOM) and module.count(".") == DEEP and all(map(str.isidentifier, module.split("."))):
        with suppress(ModuleNotFoundError):
            import_module(module)
    if name not in _known:
        raise Unfit(f"there is no work of the name {name[:80]!r}")
    return _known[name]


def _told(value: object) -> Any:
    """What MessagePack does not know: numbers and arrays of numpy's."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        head = (value.dtype.str, value.shape)
        body = (head, np.ascontiguousarray(value).tobytes())
        return Ext(ARRAY, encode(body))
    raise TypeError(f"{type(value).__name__} is no plain value")


def _extension(kind: int, data: memoryview) -> "np.ndarray":
    if kind != ARRAY:
        raise ValueError(f"no extension of ours: {kind}")
    (name, shape), body = decode(data, type=tuple[tuple[str, tuple[int, ...]], bytes])
    if not fullmatch(r"[<>|][biuf]\d{1,2}", name):  # numpy would read more, even code of a kind
        raise ValueError("an array holds numbers")
    return np.frombuffer(body, np.dtype(name)).reshape(shape).copy()


def _array(kind: Any, value: object) -> object:
    """An array where one is wanted, of the numbers that are wanted."""
    wanted = get_args(kind)
    if (get_origin(kind) or kind) is not np.ndarray or not isinstance(value, np.ndarray):
        raise ValueError("an array")
    numbers = get_args(wanted[1])[0] if wanted else None
    if isinstance(numbers, type) and not issubclass(value.dtype.type, numbers):
        raise ValueError(f"an array of {numbers.__name__}")
    return value
