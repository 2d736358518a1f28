"""A student's exception becomes one of the judge's own, so that a test can expect it as usual.

Python's own errors come as themselves, except those that steer a program: a StopIteration raised inside
`all(map(...))` would end a test early as if it had passed. A class of the student's becomes a StudentError that also is
what it inherits from, so `except IndexError` catches the student's `class Empty(IndexError)`.
"""

import builtins
import sys
from functools import lru_cache
from typing import Any

from grading.judge.errors import StudentError

Bases = tuple[tuple[str, str], ...]

_LIBRARIES = frozenset({"numpy", "torch", "pandas", "PIL", "json", "decimal", "re", "struct", "zlib"})
_STEERING = (StopIteration, StopAsyncIteration)


def is_exception(bases: Bases) -> bool:
    """Whether a class of these bases can be raised."""
    return ("builtins", "BaseException") in bases


@lru_cache(maxsize=1024)
def exception_class(bases: Bases) -> type[Exception]:
    """The class that stands in for one with these bases, the class itself first.

    >>> exception_class((("builtins", "KeyError"), ("builtins", "BaseException")))
    <class 'KeyError'>
    >>> issubclass(exception_class((("__main__", "Empty"), ("builtins", "IndexError"))), StudentError)
    True
    >>> issubclass(exception_class((("__main__", "Empty"), ("builtins", "IndexError"))), IndexError)
    True
    >>> issubclass(exception_class((("builtins", "StopIteration"), ("builtins", "Exception"))), StopIteration)
    False
    """
    own = _own(*bases[0]) if bases else StudentError
    if own is not None:
        return own
    if bases[0][0] == "builtins":
        return StudentError
    above = exception_class(bases[1:])
    parents = (above,) if issubclass(above, StudentError) else (StudentError, above)
    return type(bases[0][1].rpartition(".")[2], parents, {"__module__": bases[0][0]})


def raised(kind: type[Exception], args: tuple[Any, ...], text: str, name: str) -> Exception:
    """An exception of that class with what the student's said."""
    of_their_own = kind is StudentError or issubclass(kind, StudentError)
    try:
        error = kind(f"{name}: {text}") if kind is StudentError else kind(*args)
        str(error)
    except Exception:
        error = StudentError(f"{name}: {text}")
    if not of_their_own:
        error.__dict__["of_student"] = True
    return error


def of_student(error: BaseException) -> bool:
    """Whether this exception was first raised by the student's code.

    >>> of_student(raised(KeyError, ("a",), "'a'", "KeyError")), of_student(KeyError("a"))
    (True, False)
    """
    return isinstance(error, StudentError) or "of_student" in error.__dict__


def _own(module: str, name: str) -> type[Exception] | None:
    """The judge's own class of that name, if it is harmless to raise it."""
    if module == "builtins":
        found = vars(builtins).get(name)
    elif module.partition(".")[0] in _LIBRARIES and module in sys.modules:
        found = vars(sys.modules[module]).get(name)
    else:
        return None
    if not isinstance(found, type) or not issubclass(found, Exception) or issubclass(found, _STEERING):
        return None
    return found if found is not Exception or module == "builtins" else None
