"""The writing half of the codec: values of the student's process become JSON and raw buffers.

Subclasses travel as what they are underneath, read by the base class, so methods that were overridden never run.
"""

import json
import math
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from grading.judge import libraries
from grading.judge.errors import Unsendable
from grading.judge.handles import ABILITIES, About
from grading.limits import MIB, Limits
from grading.messages import Message

NONE_SHARED: Mapping[Any, Any] = {}
SMALL = 2**62  # whole numbers below are JSON's own
BITS = 2**20  # of a whole number: beyond, printing one takes minutes
SHORT = 256  # characters: longer texts travel as buffers
HEAD = 32 * MIB
DIGITS = 10_000  # of a decimal number and its exponent, and of both parts of a fraction
TYPES = {kind.__name__: kind for kind in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)}
FACTORIES: dict[str, Any] = {"int": int, "float": float, "list": list, "dict": dict, "set": set, "str": str}
_LONE = re.compile("[\ud800-\udfff]")


def encode(
    value: object, limits: Limits, keep: Callable[[object], About], *, shared: Mapping[type, str] = NONE_SHARED
) -> Message:
    """A value as a message; `keep` makes handles. What cannot be sent at all is Unsendable.

    Records and enumerations of `shared` classes, which both processes have, travel by value.

    >>> from grading.limits import DEFAULT
    >>> encode([1, (2.5, "a")], DEFAULT, keep=NotImplemented).head
    b'["list",1,["tuple",2.5,"a"]]'
    """
    writer = Writer(limits, keep, shared)
    node = writer.node(value)
    head = json.dumps(node, separators=(",", ":")).encode()
    if len(head) > HEAD or len(head) + writer.bytes > limits.answer_bytes:
        raise Unsendable(f"The answer is larger than {limits.answer_bytes // MIB} MB.")
    return Message(head, writer.buffers)


class Writer:
    """Makes JSON of a value, and collects the buffers beside it."""

    def __init__(self, limits: Limits, keep: Callable[[object], About], shared: Mapping[type, str]) -> None:
        self._limits, self._keep, self._shared = limits, keep, shared
        self._depth = self._items = self.bytes = 0
        self.buffers: list[bytes | bytearray | memoryview] = []

    def node(self, value: object) -> Any:
        """The JSON of one value."""
        self._items += 1
        if self._items > self._limits.answer_items:
            raise Unsendable(f"The answer has more than {self._limits.answer_items:,} items.")
        kind = type(value)
        if kind in self._shared and (words := self._record(value, self._shared[kind])) is not None:
            return words
        write = _WRITERS.get(kind)
        if write is not None:
            return write(self, value)
        words = libraries.write(value, self.buffer, self.nodes)  # first: a numpy number is also a Python one
        if words is not None:
            return words
        for base in kind.__mro__[1:-1]:
            if base in _CONTAINERS and _has_methods(kind, base):
                break  # a stack that is a list, say: the test wants its methods
            if base in _WRITERS and base not in _EXACT:
                return _WRITERS[base](self, value)
        return self.handle(value)

    def nodes(self, word: str, values: Iterable[object]) -> list[Any]:
        """A word and what follows it."""
        self._depth += 1
        if self._depth > self._limits.answer_depth + 1:  # the envelope is one level
            raise Unsendable(f"The answer is nested more than {self._limits.answer_depth} levels deep.")
        made = [word, *map(self.node, values)]
        self._depth -= 1
        return made

    def buffer(self, data: bytes | bytearray | memoryview) -> int:
        """The number under which the reader finds these bytes."""
        self.bytes += len(data)
        if self.bytes > self._limits.answer_bytes:
            raise Unsendable(f"The answer is larger than {self._limits.answer_bytes // MIB} MB.")
        self.buffers.append(data)
        return len(self.buffers) - 1

    def _record(self, value: Any, name: str) -> list[Any] | None:
        """The words for a record or a member of an enumeration; a record that is too deep stays and has a handle."""
        if isinstance(value, Enum):
            return ["member", name, value.name]
        state = self._depth, self._items, self.bytes, len(self.buffers)
        try:
            return self.nodes("record", (name, *(getattr(value, field.name) for field in fields(value))))
        except (Unsendable, AttributeError):
            self._depth, self._items, self.bytes, count = state
            del self.buffers[count:]
            return None

    def handle(self, value: object) -> list[Any]:
        """The words for what stays."""
        about = self._keep(value)
        bases = [part for base in about.bases for part in base]
        flags = sum(1 << place for place, name in enumerate(ABILITIES) if name in about.can)
        texts = [_utf(text) for text in (about.name, *bases)]
        return ["handle", about.id, about.kind, flags, *texts]


def _has_methods(kind: type, base: type) -> bool:
    """Whether a class of the student's own adds public methods to a container."""
    own = kind.__mro__[: kind.__mro__.index(base)]
    return any(
        callable(value) and not name.startswith("_")
        for part in own
        if part.__module__ == "__main__"
        for name, value in vars(part).items()
    )


def _utf(text: str) -> str:
    return _LONE.sub("?", text)


def _int(writer: Writer, value: Any) -> Any:
    plain = int.__int__(value)
    if -SMALL < plain < SMALL:
        return plain
    if plain.bit_length() > BITS:
        raise Unsendable(f"A whole number of more than {BITS:,} binary digits is too large for an answer.")
    return ["int", hex(plain)]


def _float(writer: Writer, value: Any) -> Any:
    plain = float.__pos__(value)
    return plain if math.isfinite(plain) else ["float", float.hex(plain)]


def _text(writer: Writer, value: Any) -> Any:
    plain = str.__str__(value)
    if len(plain) <= SHORT and not _LONE.search(plain):
        return plain
    return ["str", writer.buffer(plain.encode("utf-8", "surrogatepass"))]


def _sequence(word: str, base: Any) -> Callable[[Writer, Any], Any]:
    return lambda writer, value: writer.nodes(word, base.__iter__(value))


def _tuple(writer: Writer, value: Any) -> Any:
    kind = type(value)
    if kind is tuple:
        return writer.nodes("tuple", value)
    if kind.__module__ == "torch" and kind.__name__ == "Size":
        return writer.nodes("size", tuple.__iter__(value))
    names = getattr(kind, "_fields", None) or getattr(kind, "__match_args__", None)
    if type(names) is tuple and len(names) == tuple.__len__(value) and all(type(name) is str for name in names):
        return writer.nodes("named", (kind.__name__, names, *tuple.__iter__(value)))
    return writer.nodes("tuple", tuple.__iter__(value))


def _dict(writer: Writer, value: Any) -> Any:
    flat = [part for pair in dict.items(value) for part in pair]
    if isinstance(value, Counter):
        return writer.nodes("Counter", flat)
    if isinstance(value, OrderedDict):
        return writer.nodes("OrderedDict", flat)
    if isinstance(value, defaultdict):
        name = getattr(value.default_factory, "__name__", "")
        if FACTORIES.get(name) is value.default_factory:
            return writer.nodes("defaultdict", (name, *flat))
    return writer.nodes("dict", flat)


def _decimal(writer: Writer, value: Any) -> Any:
    text = Decimal.__str__(value)
    if len(text) > DIGITS or (value.is_finite() and abs(value.adjusted()) > DIGITS):
        raise Unsendable(f"A decimal number of more than {DIGITS:,} digits is too large for an answer.")
    return ["Decimal", text]


def _fraction(writer: Writer, value: Fraction) -> Any:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > 3 * DIGITS:
        raise Unsendable(f"A fraction of more than {DIGITS:,} digits is too large for an answer.")
    return writer.nodes("Fraction", (value.numerator, value.denominator))


def _range(writer: Writer, value: range) -> Any:
    if max(map(abs, (value.start, value.stop, value.step))) >= SMALL or len(value) > writer._limits.answer_items:
        raise Unsendable(f"A range of more than {writer._limits.answer_items:,} numbers is too long for an answer.")
    return ["range", value.start, value.stop, value.step]


def _type(writer: Writer, value: type) -> Any:
    if TYPES.get(value.__name__) is value:
        return ["type", value.__name__]
    words = libraries.write(value, writer.buffer, writer.nodes)
    return words if words is not None else writer.handle(value)


def _timedelta(writer: Writer, value: timedelta) -> Any:
    return ["timedelta", value.days, value.seconds, value.microseconds]


_WRITERS: dict[type, Callable[[Writer, Any], Any]] = {
    type(None): lambda writer, value: value,
    bool: lambda writer, value: value,
    int: _int,
    float: _float,
    complex: lambda writer, value: ["complex", float.hex(value.real), float.hex(value.imag)],
    str: _text,
    bytes: lambda writer, value: ["bytes", writer.buffer(bytes.__getitem__(value, slice(None)))],
    bytearray: lambda writer, value: ["bytearray", writer.buffer(bytes(value))],
    list: _sequence("list", list),
    tuple: _tuple,
    set: _sequence("set", set),
    frozenset: _sequence("frozenset", frozenset),
    deque: _sequence("deque", deque),
    dict: _dict,
    range: _range,
    slice: lambda writer, value: writer.nodes("slice", (value.start, value.stop, value.step)),
    type(...): lambda writer, value: ["ellipsis"],
    Fraction: _fraction,
    Decimal: _decimal,
    datetime: lambda writer, value: ["datetime", value.isoformat()],
    date: lambda writer, value: ["date", value.isoformat()],
    time: lambda writer, value: ["time", value.isoformat()],
    timedelta: _timedelta,
    type: _type,
}
_CONTAINERS = {list, dict, set}
_EXACT = {datetime, date, time, timedelta, type}  # their subclasses, such as those of pandas, mean something else
