"""The student's half of the judge: it answers questions about the student's names and objects, one at a time.

Hostile code shares this process, so nobody believes these answers; they only have to be right for honest students.
"""

import inspect
import io
import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from enum import Enum
from itertools import islice
from typing import Any

from grading.judge.arguments import ArgumentReader
from grading.judge.codec import encode
from grading.judge.errors import Unsendable
from grading.judge.handles import Table
from grading.judge.shortcuts import arm
from grading.limits import Limits
from grading.messages import Message

NUMBER = 8  # bytes in front of a question that number it
_MOST_TEXT = 10_000
_PLAIN = (type(None), bool, int, float, str, bytes)


class Answers:
    """Everything the judge may ask about one student's names."""

    def __init__(self, namespace: dict[str, object], limits: Limits) -> None:
        self._namespace, self._limits = namespace, limits
        self._table = Table()
        self._reader = ArgumentReader(self._table.__getitem__, namespace.__getitem__, self._callback)
        self._callbacks: dict[int, Callable[..., object]] = {}
        self._ask_back: Callable[[Message], Message] | None = None
        self._shared_names: set[str] = set()
        self._verbs: dict[str, Callable[..., object]] = {
            "call": lambda target, args, kwargs: target(*args, **kwargs),
            "all": lambda owner, name, args, kwargs: self._all(getattr(owner, name)(*args, **kwargs)),
            "get": getattr,
            "set": setattr,
            "len": len,
            "iter": iter,
            "item": operator.getitem,
            "set item": operator.setitem,
            "contains": lambda owner, item: item in owner,
            "equal": lambda one, other: bool(one == other),
            "truth": bool,
            "text": lambda owner, how: format(owner) if how == "str" else repr(owner),
            "isinstance": isinstance,
            "issubclass": issubclass,
            "signature": _signature,
            "store": namespace.__setitem__,
            "delete": namespace.__delitem__,
            "share": self._shared_names.update,
        }

    def reply(self, request: Message, ask_back: Callable[[Message], Message]) -> Message:
        """The answer to one question. Whatever the student's code does comes back as words; nothing is raised."""
        number = int.from_bytes(request.head[:NUMBER], "little")
        outer, self._ask_back = self._ask_back, ask_back
        try:
            with _overheard(self._limits.output_bytes) as (out, err):
                words = self._answer(request)
            return self._written((number, *words, out.getvalue(), err.getvalue()), number)
        finally:
            self._ask_back = outer

    def _answer(self, request: Message) -> tuple[object, ...]:
        try:
            verb, operands, forbidden, released = self._reader.read(request.head[NUMBER:], request.buffers)
            self._table.release(released)
        except Exception as error:
            return "unread", f"{type(error).__name__}: {error}"[:_MOST_TEXT]
        if not forbidden:
            return self._done(verb, operands)
        with arm(forbidden) as used:
            words = self._done(verb, operands)
        return ("shortcut", used[0]) if used else words

    def _done(self, verb: str, operands: tuple[Any, ...]) -> tuple[object, ...]:
        if verb == "name":
            (name,) = operands
            return ("value", self._namespace[name]) if name in self._namespace else ("missing",)
        try:
            if verb == "next":
                found = next(operands[0], _END)
                return ("end",) if found is _END else ("value", found)
            return "value", self._verbs[verb](*operands)
        except BaseException as error:
            return self._error(error)

    def _error(self, error: BaseException) -> tuple[object, ...]:
        kind = type(error)
        try:
            text = str(error)[:_MOST_TEXT]
        except Exception:
            text = ""
        given = error.args if isinstance(error.args, tuple) else ()
        args = given if all(type(part) in _PLAIN for part in given) and len(repr(given)) < _MOST_TEXT else (text,)
        return "error", kind, kind.__name__, args, text

    def _written(self, words: tuple[object, ...], number: int) -> Message:
        try:
            return encode(words, self._limits, self._table.keep, shared=self._shared_classes())
        except Unsendable as error:
            refused = str(error)
        except Exception as error:
            refused = f"The answer could not be read: {type(error).__name__}."
        return encode((number, "refused", refused, "", ""), self._limits, self._table.keep)

    def _shared_classes(self) -> dict[type, str]:
        """The records and enumerations of locked cells, as they are in this process."""
        found = ((self._namespace.get(name), name) for name in self._shared_names)
        return {
            kind: name
            for kind, name in found
            if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, Enum))
        }

    def _all(self, values: Any) -> list[object]:
        return list(islice(values, self._limits.answer_items))

    def _callback(self, number: int, name: str) -> Callable[..., object]:
        if number not in self._callbacks:

            def callback(*args: object, **kwargs: object) -> object:
                if self._ask_back is None:
                    raise RuntimeError(f"{name} belongs to a test and can only be called while the test waits.")
                question = encode((number, args, kwargs), self._limits, self._table.keep, shared=self._shared_classes())
                answer = self._ask_back(question)
                word, value = self._reader.read(answer.head, answer.buffers)
                if word == "error":
                    raise value(f"{name}, a function of the test, ended in an error.")
                return value

            callback.__name__ = callback.__qualname__ = name
            self._callbacks[number] = callback
        return self._callbacks[number]


_END = object()


class _Capped(io.StringIO):
    """Keeps what fits and lets the rest go."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size

    def write(self, text: str) -> int:
        if self._left > 0:
            super().write(text[: self._left])
            self._left -= len(text)
        return len(text)


@contextmanager
def _overheard(size: int) -> Iterator[tuple[_Capped, _Capped]]:
    before = sys.stdout, sys.stderr
    heard = _Capped(size), _Capped(size)
    sys.stdout, sys.stderr = heard
    try:
        yield heard
    finally:
        sys.stdout, sys.stderr = before


def _signature(target: Callable[..., object]) -> list[tuple[object, ...]]:
    """Per parameter its name, its kind, whether it has a default, and the default if it is plain."""
    found = inspect.signature(target).parameters.values()
    return [
        (
            parameter.name,
            int(parameter.kind),
            parameter.default is not parameter.empty,
            parameter.default if type(parameter.default) in _PLAIN else None,
        )
        for parameter in found
    ]
