"""What stays in the student's process travels as a handle: a number, and a plain description of what it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from types import BuiltinFunctionType, BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import Any, Literal, get_args

Kind = Literal["function", "class", "object", "iterator", "network", "module"]
KINDS: frozenset[str] = frozenset(get_args(Kind))
ABILITIES = (
    *("__call__", "__len__", "__iter__", "__getitem__", "__setitem__", "__contains__", "__bool__"),
    *("__eq__", "__str__", "__repr__"),
)
MOST_BASES = 32
LONGEST_NAME = 200

_FUNCTIONS = (FunctionType, BuiltinFunctionType, BuiltinMethodType, MethodType)
_FROM_OBJECT = {"__eq__", "__str__", "__repr__"}  # everybody has these; an ability is one's own


@dataclass(frozen=True)
class About:
    """A handle as it travels: everything in it was said by the student's process."""

    id: int
    kind: Kind
    name: str
    bases: tuple[tuple[str, str], ...]  # (module, name) of a class and all it inherits from, in order
    can: frozenset[str]  # of ABILITIES


class Table:
    """The objects of the student's that the judge holds handles of, each under one number."""

    def __init__(self) -> None:
        self._objects: dict[int, object] = {}
        self._sent: dict[int, int] = {}
        self._numbers: dict[int, int] = {}  # id() -> number; valid because the object is kept alive here
        self._next = count(1)
        self._types: dict[type, tuple[tuple[tuple[str, str], ...], frozenset[str]]] = {}

    def keep(self, value: object) -> About:
        """A description that stands for this object until the judge lets go of it."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = next(self._next)
            self._objects[number] = value
        self._sent[number] = self._sent.get(number, 0) + 1
        described = value if isinstance(value, type) else type(value)
        if described not in self._types:
            self._types[described] = _bases(described), _abilities(described)
        bases, can = self._types[described]
        name = getattr(value, "__name__", "") if isinstance(value, (*_FUNCTIONS, type, ModuleType)) else ""
        return About(number, _kind(value), str(name or described.__name__)[:LONGEST_NAME], bases, can)

    def __getitem__(self, number: int) -> object:
        return self._objects[number]

    def release(self, times: Iterable[tuple[int, int]]) -> None:
        """The judge forgot handles it had received so many times. One that is on its way right now stays."""
        for number, received in times:
            if number not in self._sent:
                continue
            self._sent[number] -= received
            if self._sent[number] <= 0:
                del self._sent[number]
                del self._numbers[id(self._objects.pop(number))]


def _kind(value: object) -> Kind:
    import sys

    if isinstance(value, type):
        return "class"
    if isinstance(value, _FUNCTIONS):
        return "function"
    if isinstance(value, ModuleType):
        return "module"
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.nn.Module):
        return "network"
    return "iterator" if hasattr(type(value), "__next__") else "object"


def _bases(described: type) -> tuple[tuple[str, str], ...]:
    named = ((str(base.__module__)[:LONGEST_NAME], base.__qualname__[:LONGEST_NAME]) for base in described.__mro__)
    return tuple(named)[:MOST_BASES]


def _abilities(described: type) -> frozenset[str]:
    can = {name for name in ABILITIES if getattr(described, name, None) is not None}
    return frozenset(
        name for name in can if name not in _FROM_OBJECT or getattr(described, name) is not getattr(object, name)
    )
