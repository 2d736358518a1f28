"""The globals of a test cell: what the instructor's cells defined is here, every other name is the student's.

Python looks a name up in a cell's globals, then among the built-ins. The built-ins of a test end in a question to the
student, so functions, comprehensions and class bodies all find the student's names, and a student who redefines `abs`
or `len` changes nothing for the test.
"""

import builtins
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from grading.judge.proxies import RemoteClass, RemoteFunction, is_proxy


class Names(Protocol):
    """The student's names, as far as a namespace needs them."""

    def name(self, name: str) -> Any:
        """A value or proxy; KeyError if there is no such name."""
        ...

    def delete(self, name: str) -> None:
        """Forget a name over there."""
        ...

    def store(self, name: str, value: object) -> None:
        """Give one of the student's own objects a name over there."""
        ...

    def share(self, name: str, value: object) -> None:
        """Something that exists in both processes under this name."""
        ...


_OF_THE_SHELL = re.compile(r"In|Out|get_ipython|display|exit|quit|_{1,3}|_i{1,3}|_i?[0-9]+|_[ido]h|__.*__")


class Namespace(dict[str, Any]):
    """The globals of the test cells of one notebook.

    `defined` are names the instructor's own solution defines: the student's are used even where Python has a built-in
    of that name, and a value that a test or a set-up cell left under such a name does not hide the student's.
    """

    def __init__(self, student: Names, *, defined: frozenset[str] | set[str] = frozenset()) -> None:
        super().__init__()
        self.student, self.defined = student, frozenset(defined)
        self.alone = False
        self._known: set[str] = set()  # names that were the student's when asked
        self._functions: dict[str, Any] = {}
        super().__setitem__("__name__", "__main__")
        super().__setitem__("__builtins__", _Builtins(self))

    def begin(self) -> None:
        """A new test: the student's names are looked up afresh."""
        self._functions.clear()
        for name in self.defined & self.keys():
            super().__delitem__(name)

    @contextmanager
    def without_student(self) -> Iterator[None]:
        """Inside, only what is here exists."""
        before, self.alone = self.alone, True
        try:
            yield
        finally:
            self.alone = before

    def of_student(self, name: str) -> Any:
        """What the student calls so; KeyError if nothing."""
        if self.alone or _OF_THE_SHELL.fullmatch(name):
            raise KeyError(name)
        if name in self._functions:
            return self._functions[name]
        try:
            found = self.student.name(name)
        except KeyError:
            raise KeyError(name) from None
        self._known.add(name)
        if type(found) in (RemoteFunction, RemoteClass):
            self._functions[name] = found
        return found

    def __missing__(self, name: str) -> Any:
        return self["__builtins__"][name]

    def __contains__(self, name: object) -> bool:
        """`"squares" in globals()` asks for the student's names as well."""
        if super().__contains__(name):
            return True
        try:
            self.of_student(str(name))
        except (KeyError, NameError):
            return False
        return True

    def get(self, name: str, default: Any = None) -> Any:
        """`globals().get("squares")` as well."""
        try:
            return self[name]
        except (KeyError, NameError):
            return default

    def __setitem__(self, name: str, value: Any) -> None:
        self._functions.pop(name, None)
        if is_proxy(value) and name in self._known and not super().__contains__(name):
            self.student.store(name, value)
        else:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        self._functions.pop(name, None)
        if super().__contains__(name):
            super().__delitem__(name)
        else:
            self.of_student(name)  # a KeyError here becomes the usual NameError
            self._functions.pop(name, None)
            self.student.delete(name)


class _Builtins(dict[str, Any]):
    """Python's built-ins, and behind them the student."""

    def __init__(self, namespace: Namespace) -> None:
        left_out = namespace.defined | {"_", "get_ipython", "display"}  # a shell puts its own among the built-ins
        super().__init__({name: value for name, value in vars(builtins).items() if name not in left_out})
        self._namespace = namespace

    def __missing__(self, name: str) -> Any:
        try:
            return self._namespace.of_student(name)
        except KeyError:
            if name in self._namespace.defined and hasattr(builtins, name):
                return getattr(builtins, name)
            raise
