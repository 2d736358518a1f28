"""The reading half of the codec: it runs in the judge, on bytes that a hostile process may have written.

Every answer is read as if it were forged: unknown words, wrong counts, sizes that do not fit, values an honest writer
would have written otherwise. Nothing is allocated before its size was compared with what really arrived.
"""

import json
import math
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grading.judge import libraries
from grading.judge.errors import ForgedAnswer
from grading.judge.handles import ABILITIES, KINDS, LONGEST_NAME, MOST_BASES, About
from grading.judge.named import named_tuple
from grading.judge.writer import BITS, DIGITS, FACTORIES, HEAD, NONE_SHARED, SMALL, TYPES
from grading.limits import Limits
from grading.messages import Message

_HEX = re.compile(r"-?0x[0-9a-f]+")
_FLOAT = re.compile(r"-?0x[01]\.[0-9a-f]{1,13}p[+-][0-9]{1,4}|nan|-?inf")
_DECIMAL = re.compile(r"-?([0-9]+(\.[0-9]*)?(E[+-]?[0-9]{1,6})?|Infinity|s?NaN[0-9]*)")
_SAME_HASH = 100  # keys that hash to the same number make a dictionary slow


def decode(
    message: Message, limits: Limits, proxy: Callable[[About], object], *, shared: Mapping[str, Any] = NONE_SHARED
) -> object:
    """The value of a message; `proxy` stands in for handles. Anything an honest writer does not write is forged.

    >>> from grading.limits import DEFAULT
    >>> decode(Message(b'["list",1,["tuple",2.5,"a"]]'), DEFAULT, proxy=NotImplemented)
    [1, (2.5, 'a')]
    """
    try:
        return _decode(message, limits, proxy, shared)
    except ForgedAnswer:
        raise
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError, MemoryError) as error:
        raise ForgedAnswer(f"An answer that cannot be read ({type(error).__name__}).") from error


def _decode(message: Message, limits: Limits, proxy: Callable[[About], object], shared: Mapping[str, Any]) -> object:
    sizes = [memoryview(buffer).nbytes for buffer in message.buffers]
    if len(message.head) > min(HEAD, limits.answer_bytes) or len(message.head) + sum(sizes) > limits.answer_bytes:
        raise ForgedAnswer("An answer that is larger than an honest one can be.")
    if message.head.count(b"[") > 2 * limits.answer_items:
        raise ForgedAnswer("An answer with more items than an honest one can have.")
    node = _JSON.decode(str(message.head, "ascii"))
    reader = Reader(message.buffers, limits, proxy, shared)
    value = reader.value(node)
    if reader.unread:
        raise ForgedAnswer("An answer with bytes that belong to nothing.")
    return value


def _no_object(pairs: object) -> None:
    raise ForgedAnswer("An answer that uses JSON's objects.")


def _no_constant(name: str) -> None:
    raise ForgedAnswer("An answer that uses a constant JSON does not have.")


_JSON = json.JSONDecoder(object_pairs_hook=_no_object, parse_constant=_no_constant)


class Reader:
    """Makes values of JSON, and takes every buffer once."""

    def __init__(
        self,
        buffers: Sequence[bytes | bytearray | memoryview],
        limits: Limits,
        proxy: Callable[[About], object],
        shared: Mapping[str, Any],
    ) -> None:
        self._buffers: dict[int, bytes | bytearray | memoryview] = dict(enumerate(buffers))
        self._limits, self._proxy, self.shared = limits, proxy, shared
        self._items = self._depth = 0

    @property
    def unread(self) -> bool:
        """Whether buffers are left."""
        return bool(self._buffers)

    def value(self, node: Any) -> Any:
        """The value of one piece of JSON."""
        self._items += 1
        if self._items > self._limits.answer_items:
            raise ForgedAnswer("An answer with more items than an honest one can have.")
        kind = type(node)
        if kind is not list:
            if (kind is int and not -SMALL < node < SMALL) or (kind is float and not math.isfinite(node)):
                raise ForgedAnswer("A number that an honest answer writes otherwise.")
            return node
        read = _READERS.get(node[0]) if node and type(node[0]) is str else None
        if read is not None:
            return read(self, node[1:])
        word, *rest = node
        return libraries.read(word, rest, self.buffer, self.values)

    def values(self, nodes: Sequence[Any]) -> list[Any]:
        """Values one level further down."""
        self._depth += 1
        if self._depth > self._limits.answer_depth + 1:  # the envelope is one level
            raise ForgedAnswer("An answer that is nested deeper than an honest one can be.")
        made = [self.value(node) for node in nodes]
        self._depth -= 1
        return made

    def keys(self, nodes: Sequence[Any]) -> list[Any]:
        """Values that can be keys; too many with one hash would take a dictionary for ever."""
        keys = self.values(nodes)
        if len(keys) > _SAME_HASH and max(Counter(map(hash, keys)).values()) > _SAME_HASH:
            raise ForgedAnswer("Keys that were chosen to make a dictionary slow.")
        return keys

    def buffer(self, number: Any) -> memoryview:
        """The bytes under a number: ours alone from here on, and writable."""
        if type(number) is not int:
            raise ForgedAnswer("A buffer without a number.")
        view = memoryview(self._buffers.pop(number)).cast("B")
        return memoryview(bytearray(view)) if view.readonly else view

    def proxy(self, about: About) -> object:
        """What stands in for an object that stayed."""
        return self._proxy(about)


def _only(kinds: type | tuple[type, ...], nodes: Sequence[Any], count: int) -> list[Any]:
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    if len(nodes) != count or not all(type(node) in kinds for node in nodes):
        raise ForgedAnswer("A word of an answer with the wrong things behind it.")
    return list(nodes)


def _int(reader: Reader, nodes: Sequence[Any]) -> int:
    (text,) = _only(str, nodes, 1)
    if len(text) > BITS // 4 + 8 or not _HEX.fullmatch(text):
        raise ForgedAnswer("A whole number that is none.")
    return int(text, 16)


def _float(reader: Reader, nodes: Sequence[Any]) -> float:
    (text,) = _only(str, nodes, 1)
    if not _FLOAT.fullmatch(text):
        raise ForgedAnswer("A number that is none.")
    return float.fromhex(text)


def _text(reader: Reader, nodes: Sequence[Any]) -> str:
    (number,) = _only(int, nodes, 1)
    return str(reader.buffer(number), "utf-8", "surrogatepass")


def _dict(reader: Reader, nodes: Sequence[Any]) -> dict[Any, Any]:
    if len(nodes) % 2:
        raise ForgedAnswer("A dictionary with a key and no value.")
    keys = reader.keys(nodes[0::2])
    made = dict(zip(keys, reader.values(nodes[1::2]), strict=True))
    if len(made) != len(keys):
        raise ForgedAnswer("A dictionary with a key twice.")
    return made


def _defaultdict(reader: Reader, nodes: Sequence[Any]) -> dict[Any, Any]:
    (name,) = _only(str, nodes[:1], 1)
    return defaultdict(FACTORIES[name], _dict(reader, nodes[1:]))


def _size(reader: Reader, nodes: Sequence[Any]) -> Any:
    import torch

    return torch.Size(_only(int, nodes, len(nodes)))


def _named(reader: Reader, nodes: Sequence[Any]) -> tuple[Any, ...]:
    name, names, *items = reader.values(nodes)
    if type(name) is not str or type(names) is not tuple or not all(type(word) is str for word in names):
        raise ForgedAnswer("A named tuple without names.")
    if len(items) != len(names):
        raise ForgedAnswer("A named tuple with too many or too few items.")
    ours = reader.shared.get(name)
    if ours is not None and issubclass(ours, tuple) and getattr(ours, "_fields", None) == names:
        return tuple.__new__(ours, items)
    return named_tuple(name, names)(items)


def _record(reader: Reader, nodes: Sequence[Any]) -> Any:
    """A record of a class of the instructor's own, filled without running its __init__."""
    name, *given = reader.values(nodes)
    kind = reader.shared[name]
    names = [field.name for field in fields(kind)]
    made = object.__new__(kind)
    for field, item in zip(names, given, strict=True):
        object.__setattr__(made, field, item)
    return made


def _member(reader: Reader, nodes: Sequence[Any]) -> Any:
    name, member = _only(str, nodes, 2)
    return reader.shared[name].__members__[member]


def _fraction(reader: Reader, nodes: Sequence[Any]) -> Fraction:
    numerator, denominator = _only(int, reader.values(nodes), 2)
    if max(numerator.bit_length(), denominator.bit_length()) > 3 * DIGITS:
        raise ForgedAnswer("A fraction out of all proportion.")
    made = Fraction(numerator, denominator)
    if made.denominator != denominator:
        raise ForgedAnswer("A fraction that is not in lowest terms.")
    return made


def _decimal(reader: Reader, nodes: Sequence[Any]) -> Decimal:
    (text,) = _only(str, nodes, 1)
    if len(text) > DIGITS or not _DECIMAL.fullmatch(text):
        raise ForgedAnswer("A decimal number that is none.")
    made = Decimal(text)
    if made.is_finite() and abs(made.adjusted()) > DIGITS:
        raise ForgedAnswer("A decimal number out of all proportion.")
    return made


def _range(reader: Reader, nodes: Sequence[Any]) -> range:
    made = range(*_only(int, nodes, 3))
    if max(map(abs, nodes)) >= SMALL or len(made) > reader._limits.answer_items:
        raise ForgedAnswer("A range with more numbers than an honest one can have.")
    return made


def _handle(reader: Reader, nodes: Sequence[Any]) -> object:
    number, kind, flags, name, *bases = nodes
    _only(int, (number, flags), 2)
    texts = _only(str, (kind, name, *bases), 2 + len(bases))
    if kind not in KINDS or number < 1 or number >= SMALL or not 0 <= flags < 1 << len(ABILITIES):
        raise ForgedAnswer("A handle of nothing.")
    if len(bases) % 2 or not 0 < len(bases) <= 2 * MOST_BASES or any(len(text) > LONGEST_NAME for text in texts):
        raise ForgedAnswer("A handle with a description that is none.")
    can = frozenset(ability for place, ability in enumerate(ABILITIES) if flags >> place & 1)
    return reader.proxy(About(number, kind, name, tuple(zip(bases[0::2], bases[1::2], strict=True)), can))


_READERS: dict[str, Callable[[Reader, Sequence[Any]], Any]] = {
    "int": _int,
    "float": _float,
    "complex": lambda reader, nodes: complex(*(_float(reader, [part]) for part in _only(str, nodes, 2))),
    "str": _text,
    "bytes": lambda reader, nodes: bytes(reader.buffer(*_only(int, nodes, 1))),
    "bytearray": lambda reader, nodes: bytearray(reader.buffer(*_only(int, nodes, 1))),
    "list": Reader.values,
    "tuple": lambda reader, nodes: tuple(reader.values(nodes)),
    "set": lambda reader, nodes: set(reader.keys(nodes)),
    "frozenset": lambda reader, nodes: frozenset(reader.keys(nodes)),
    "deque": lambda reader, nodes: deque(reader.values(nodes)),
    "size": _size,
    "named": _named,
    "record": _record,
    "member": _member,
    "dict": _dict,
    "OrderedDict": lambda reader, nodes: OrderedDict(_dict(reader, nodes)),
    "Counter": lambda reader, nodes: Counter(_dict(reader, nodes)),
    "defaultdict": _defaultdict,
    "range": _range,
    "slice": lambda reader, nodes: slice(*_three(reader.values(nodes))),
    "ellipsis": lambda reader, nodes: ... if not nodes else _only(int, nodes, 0),
    "Fraction": _fraction,
    "Decimal": _decimal,
    "datetime": lambda reader, nodes: datetime.fromisoformat(*_only(str, nodes, 1)),
    "date": lambda reader, nodes: date.fromisoformat(*_only(str, nodes, 1)),
    "time": lambda reader, nodes: time.fromisoformat(*_only(str, nodes, 1)),
    "timedelta": lambda reader, nodes: timedelta(*_only(int, nodes, 3)),
    "type": lambda reader, nodes: TYPES[_only(str, nodes, 1)[0]],
    "handle": _handle,
}


def _three(parts: list[Any]) -> list[Any]:
    if len(parts) != 3:
        raise ForgedAnswer("A slice without its three parts.")
    return parts
