"""What a test holds in place of the student's objects.

A proxy asks the student's process for attributes, calls, items and lengths. It never asks what would hand a lie to a
comparison: no arithmetic, no order, no float() or int(), and no equality with anything but another of their objects.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from grading.judge.errors import ArgumentError, StudentError
from grading.judge.handles import About

_ASKED = {"__doc__", "__annotations__", "__defaults__", "__kwdefaults__", "__dict__", "__version__", "__slots__"}
_PLAIN = (type(None), bool, int, float, complex, str, bytes)
_HOLDERS = (list, tuple, set, frozenset)


class Asking(Protocol):
    """The way to the student's process."""

    def ask(self, verb: str, *operands: object) -> Any:
        """The value that comes back; an error of the student's is raised."""
        ...

    def forget(self, number: int) -> None:
        """A handle nobody holds any more."""
        ...

    def most_items(self) -> int:
        """After how many an iterator counts as endless."""
        ...


class RemoteObject:
    """An object of the student's. Methods and attributes work; it equals no plain value."""

    __slots__ = ("__about", "__link", "__weakref__")

    def __init__(self, about: About, link: Asking) -> None:
        object.__setattr__(self, "_RemoteObject__about", about)
        object.__setattr__(self, "_RemoteObject__link", link)

    def __del__(self) -> None:
        self.__link.forget(self.__about.id)

    def __getattr__(self, name: str) -> Any:
        if name == "__qualname__":
            return self.__about.name
        if name.startswith("__") and name.endswith("__") and name not in _ASKED:
            raise AttributeError(f"{self.__about.name!r} of the student has no {name} that a test may read")
        return self.__link.ask("get", self, name)

    def __setattr__(self, name: str, value: object) -> None:
        if not is_plain(value):
            raise ArgumentError(f"A test may set {name} of the student's object to plain values only.")
        self.__link.ask("set", self, name, value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(type(other), type) or not issubclass(type(other), RemoteObject):
            return NotImplemented
        if about_of(other).id == self.__about.id:
            return True
        return "__eq__" in self.__about.can and self.__link.ask("equal", self, other) is True

    def __hash__(self) -> int:
        return hash(("of the student", self.__about.id))

    def __bool__(self) -> bool:
        return not self.__can("__bool__", "__len__") or self.__link.ask("truth", self) is True

    def __len__(self) -> int:
        self.__need("has no length", "__len__")
        return int(_expect(int, self.__link.ask("len", self)))

    def __iter__(self) -> Iterator[Any]:
        self.__need("cannot be looped over", "__iter__", "__getitem__")
        found = self if self.__about.kind == "iterator" else self.__link.ask("iter", self)
        return found if type(found) is RemoteIterator else iter(found)

    def __getitem__(self, key: object) -> Any:
        self.__need("has no items", "__getitem__")
        return self.__link.ask("item", self, key)

    def __setitem__(self, key: object, value: object) -> None:
        self.__need("has no items that can be set", "__setitem__")
        if not is_plain(value):
            raise ArgumentError("A test may set an item of the student's object to plain values only.")
        self.__link.ask("set item", self, key, value)

    def __contains__(self, item: object) -> bool:
        self.__need("contains nothing", "__contains__", "__iter__", "__getitem__")
        return self.__link.ask("contains", self, item) is True

    def __repr__(self) -> str:
        return self.__spelt("repr", "__repr__")

    def __str__(self) -> str:
        return self.__spelt("str", "__str__", "__repr__")

    def __copy__(self) -> Any:
        import copy

        return self.__link.ask("call", copy.copy, (self,), {})

    def __deepcopy__(self, memo: object) -> Any:
        import copy

        return self.__link.ask("call", copy.deepcopy, (self,), {})

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("an object of the student's stays in the student's process")

    def __can(self, *abilities: str) -> bool:
        return not self.__about.can.isdisjoint(abilities)

    def __need(self, problem: str, *abilities: str) -> None:
        if not self.__can(*abilities):
            raise TypeError(f"{self.__about.name!r} of the student {problem}")

    def __spelt(self, how: str, *abilities: str) -> str:
        if self.__about.kind == "network" or not self.__can(*abilities):
            return f"<{self.__about.name} of the student>"
        return str(_expect(str, self.__link.ask("text", self, how)))


class RemoteCallable(RemoteObject):
    """An object of the student's that can be called: a function, a method, a class, or one with __call__."""

    __slots__ = ()

    def __call__(self, /, *args: object, **kwargs: object) -> Any:
        """Run it in the student's process."""
        return link_of(self).ask("call", self, args, kwargs)

    @property
    def __name__(self) -> str:
        return about_of(self).name

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.Signature([_parameter(*row) for row in link_of(self).ask("signature", self)])


class RemoteFunction(RemoteCallable):
    """A function or method of the student's."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<function {about_of(self).name} of the student>"

    __str__ = __repr__


class RemoteClass(RemoteCallable):
    """A class of the student's: calling it makes one of its objects, over there."""

    __slots__ = ()

    def __instancecheck__(self, instance: object) -> bool:
        remote = issubclass(type(instance), RemoteObject)
        return remote and link_of(self).ask("isinstance", instance, self) is True

    def __subclasscheck__(self, subclass: object) -> bool:
        return type(subclass) is RemoteClass and link_of(self).ask("issubclass", subclass, self) is True

    @property
    def __bases__(self) -> tuple[type, ...]:
        return tuple(filter(None, (_ours(*base) for base in about_of(self).bases)))

    def __repr__(self) -> str:
        return f"<class {about_of(self).name} of the student>"

    __str__ = __repr__


class RemoteIterator(RemoteObject):
    """A generator or another iterator of the student's, asked for one item at a time."""

    __slots__ = ("__taken",)

    def __init__(self, about: About, link: Asking) -> None:
        super().__init__(about, link)
        object.__setattr__(self, "_RemoteIterator__taken", 0)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __contains__(self, item: object) -> bool:
        return any(found is item or found == item for found in self)  # compared here, not over there

    def __next__(self) -> Any:
        link = link_of(self)
        object.__setattr__(self, "_RemoteIterator__taken", self.__taken + 1)
        if self.__taken > link.most_items():
            raise StudentError(f"The iterator did not end after {link.most_items():,} items.")
        found = link.ask("next", self)
        if found is END:
            raise StopIteration
        return found


class RemoteNetwork(RemoteCallable):
    """A torch.nn.Module of the student's. isinstance sees the nearest of torch's own classes that it inherits from."""

    __slots__ = ()

    @property
    def __class__(self) -> type:
        return _network_class(about_of(self)) or RemoteNetwork

    @__class__.setter
    def __class__(self, value: type) -> None:
        raise TypeError("the class of a student's network stays what it is")


def _lists(name: str) -> Callable[..., Iterator[Any]]:
    def method(self: RemoteNetwork, /, *args: object, **kwargs: object) -> Iterator[Any]:
        return iter(_expect(list, link_of(self).ask("all", self, name, args, kwargs)))

    method.__name__ = name
    method.__doc__ = f"What the network's {name}() goes through, fetched at once."
    return method


for _name in ("parameters", "buffers", "children", "modules"):
    setattr(RemoteNetwork, _name, _lists(_name))
    setattr(RemoteNetwork, f"named_{_name}", _lists(f"named_{_name}"))

for _proxies in (RemoteObject, RemoteCallable, RemoteFunction, RemoteClass, RemoteIterator, RemoteNetwork):
    _proxies.__doc__ = property(lambda self: link_of(self).ask("get", self, "__doc__"))  # type: ignore[assignment]

END = object()
_CLASSES: dict[str, type[RemoteObject]] = {
    "function": RemoteFunction,
    "class": RemoteClass,
    "iterator": RemoteIterator,
    "network": RemoteNetwork,
}


def proxy(about: About, link: Asking) -> RemoteObject:
    """The proxy that fits a description."""
    made = _CLASSES.get(about.kind) or (RemoteCallable if "__call__" in about.can else RemoteObject)
    return made(about, link)


def is_proxy(value: object) -> bool:
    """Whether something is the student's, whatever it pretends to be."""
    return issubclass(type(value), RemoteObject)


def about_of(remote: Any) -> About:
    """The description behind a proxy."""
    return object.__getattribute__(remote, "_RemoteObject__about")  # type: ignore[no-any-return]


def link_of(remote: Any) -> Asking:
    """The way a proxy asks."""
    return object.__getattribute__(remote, "_RemoteObject__link")  # type: ignore[no-any-return]


def is_plain(value: object) -> bool:
    """Whether a value is data, or the student's own: nothing a test worked out in code of its own."""
    kind = type(value)
    if kind in _PLAIN or is_proxy(value):
        return True
    if kind in _HOLDERS:
        return all(map(is_plain, value))  # type: ignore[call-overload]
    if kind is dict:
        return all(is_plain(key) and is_plain(item) for key, item in value.items())  # type: ignore[attr-defined]
    return kind.__module__.partition(".")[0] in ("numpy", "torch") and hasattr(kind, "dtype")


def _parameter(name: str, kind: int, optional: bool, default: object) -> inspect.Parameter:
    given = default if optional else inspect.Parameter.empty
    return inspect.Parameter(name, inspect._ParameterKind(kind), default=given)


def _expect(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise StudentError(f"The student's object answered with {type(value).__name__} instead of {kind.__name__}.")
    return value


def _ours(module: str, name: str) -> type | None:
    """A class of Python's or torch's own by its name; nothing is imported for it."""
    if module.partition(".")[0] not in ("builtins", "torch", "abc", "collections") or module not in sys.modules:
        return None
    found = vars(sys.modules[module]).get(name)
    return found if isinstance(found, type) else None


def _network_class(about: About) -> type | None:
    base: Any = _ours("torch.nn.modules.module", "Module")
    candidates = (_ours(*name) for name in about.bases)
    return next((found for found in candidates if found is not None and base and issubclass(found, base)), None)
