"""The judge's way to the student: questions out, strictly read answers back, the student's errors raised again."""

import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, NoReturn

from grading.judge.answers import NUMBER
from grading.judge.arguments import ArgumentWriter
from grading.judge.codec import decode
from grading.judge.errors import ArgumentError, ForbiddenShortcut, ForgedAnswer, StudentError
from grading.judge.handles import About
from grading.judge.namespace import Namespace
from grading.judge.proxies import END, RemoteObject, about_of, is_proxy, proxy
from grading.judge.troubles import exception_class, is_exception, raised
from grading.limits import Limits
from grading.messages import Message

__all__ = ["Namespace", "Student"]

OnCallback = Callable[[Message], Message]


class Student:
    """One student's process, seen from the judge. `ask` carries a message there and serves what is asked back.

    `objects` collects where objects came back instead of plain values: "made" for a name, "make()" for a call,
    ".push()" for a method. Recorded with the instructor's solution and given as `objects_from`, it keeps a student
    from answering with an object whose methods agree to everything where the solution answers with a list.
    """

    def __init__(
        self,
        ask: Callable[[Message, OnCallback], Message],
        limits: Limits,
        *,
        objects_from: Collection[str] | None = None,
    ) -> None:
        self._carry, self._limits = ask, limits
        self._lock = threading.RLock()
        self._number = 0
        self._proxies: weakref.WeakValueDictionary[int, RemoteObject] = weakref.WeakValueDictionary()
        self._received: dict[int, int] = {}
        self._released: deque[tuple[int, int]] = deque()  # not a list: the collector may add to it amid a copy
        self._callbacks: list[Callable[..., object]] = []
        self._callback_numbers: dict[int, int] = {}  # id() -> place; valid because the function is kept
        self._shared: dict[int, str] = {}
        self._kept: list[object] = []
        self._by_value: dict[str, type] = {}  # classes whose objects come as themselves, not as handles
        self._untold: list[str] = []
        self._forbidden: tuple[str, ...] = ()
        self._noticed: list[list[str]] = []
        self._writer = ArgumentWriter(limits, _number_of, self._callback_number, self._shared)
        self.objects: set[str] = set()
        self._objects_from = objects_from
        self._handles_read = 0
        self._places: dict[int, set[str]] = {}  # where the object of a number was found
        self.forged: list[str] = []  # every broken protocol, whether a test caught the error or not

    def name(self, name: str) -> Any:
        """What the student's notebook calls so: a plain value, or a proxy. KeyError if it has no such name."""
        found = self.ask("name", name)
        if is_proxy(found) and about_of(found).kind == "module":
            raise NameError(f"{name} is a module: a test imports its modules itself, it never takes the student's")
        return found

    def delete(self, name: str) -> None:
        """Forget a name over there."""
        self.ask("delete", name)

    def store(self, name: str, value: object) -> None:
        """Give one of the student's own objects a name over there."""
        if not is_proxy(value):
            raise ArgumentError(f"Only what is the student's can be stored under the student's name {name}.")
        self.ask("store", name, value)

    def share(self, name: str, value: object) -> None:
        """A function or class that a locked cell defines in both processes travels by its name."""
        if id(value) not in self._shared:
            self._kept.append(value)  # so that no other object ever has this id
        self._shared[id(value)] = name
        if isinstance(value, type) and (is_dataclass(value) or issubclass(value, Enum | tuple)):
            self._by_value[name] = value
            self._untold.append(name)

    @contextmanager
    def forbidding(self, names: Sequence[str]) -> Iterator[list[str]]:
        """Inside, taking one of these shortcuts ends a call in ForbiddenShortcut; the list holds which were taken."""
        before, taken = self._forbidden, list[str]()
        self._forbidden = (*before, *names)
        self._noticed.append(taken)
        try:
            yield taken
        finally:
            self._forbidden = before
            self._noticed.remove(taken)

    def ask(self, verb: str, *operands: object) -> Any:
        """One question; the answer's value, or the error it ended in."""
        with self._lock:
            if self._untold:
                names, self._untold = self._untold, []
                self.ask("share", names)
            try:
                words, number, stayed = self._asked(verb, operands)
                value = self._meaning(words, number)
            except ForgedAnswer as error:
                self.forged.append(str(error))
                raise
            if stayed:
                self._note(verb, operands, value)
            return value

    def _asked(self, verb: str, operands: tuple[object, ...]) -> tuple[tuple[Any, ...], int, bool]:
        """The words of the answer, the question's number, and whether a handle came with them.

        The messages end with this call. An error raised here above keeps its frames, and frames that keep views of
        memory in a ring with their error crash the collector of Python before 3.11.9.
        """
        self._number += 1
        number = self._number
        released = tuple(self._released[place] for place in range(len(self._released)))
        question = self._writer.write((verb, operands, self._forbidden, released))
        for _ in released:
            self._released.popleft()
        head = number.to_bytes(NUMBER, "little") + question.head
        answer = self._carry(Message(head, question.buffers), self._serve)
        before = self._handles_read
        return self._read(answer), number, self._handles_read > before

    def forget(self, number: int) -> None:
        """A proxy is gone; the next question says so."""
        self._released.append((number, self._received.pop(number, 0)))

    def most_items(self) -> int:
        """After how many an iterator counts as endless."""
        return self._limits.answer_items

    def _note(self, verb: str, operands: tuple[Any, ...], value: Any) -> None:
        """An object came back: note where from, and refuse it where the solution has none."""
        match verb, operands:
            case "name", (name,):
                places = {name}
            case "get", (_, name):
                places = {f".{name}"}
            case "call", (target, *_) if is_proxy(target):
                places = {f"{place}()" for place in self._places.get(about_of(target).id, ())}
            case _:
                return
        self.objects |= places
        if is_proxy(value) and about_of(value).kind == "iterator":
            return  # it gives plain values one by one, and nothing is asked of it that it could lie about
        if self._objects_from is not None and not places <= set(self._objects_from):
            raise StudentError(f"{min(places)} is an object of a class of its own, where a plain value is expected.")
        if is_proxy(value) and verb != "call":
            self._places.setdefault(about_of(value).id, set()).update(places)

    def _read(self, message: Message) -> tuple[Any, ...]:
        words = decode(message, self._limits, self._proxy, shared=self._by_value)
        if type(words) is not tuple or not words:
            raise ForgedAnswer("An answer that is none.")
        return words

    def _proxy(self, about: About) -> object:
        if about.kind == "class" and is_exception(about.bases):
            return exception_class(about.bases)
        self._handles_read += 1
        known = self._proxies.get(about.id)
        if known is not None and about_of(known) != about:
            raise ForgedAnswer("A handle that changed what it stands for.")
        self._received[about.id] = self._received.get(about.id, 0) + 1
        if known is None:
            known = self._proxies[about.id] = proxy(about, self)
        return known

    def _meaning(self, words: tuple[Any, ...], number: int) -> Any:
        match words:
            case (int(given), str(word), *parts, str(out), str(err)) if given == number and type(given) is int:
                if out:
                    sys.stdout.write(out)
                if err:
                    sys.stderr.write(err)
            case _:
                raise ForgedAnswer("An answer to another question, or to none.")
        match (word, *parts):
            case ("value", value):
                return value
            case ("end",):
                return END
            case ("missing",):
                raise KeyError
            case ("error", type() as kind, str(name), tuple(args), str(text)) if issubclass(kind, Exception):
                raise raised(kind, args, text, name)
            case ("refused", str(sentence)):
                raise StudentError(sentence)
            case ("shortcut", str(name)) if name in self._forbidden:
                self._shortcut(name)
            case ("unread", str(sentence)):
                raise ArgumentError(f"The student's process cannot read an argument of the test: {sentence}")
        raise ForgedAnswer("An answer with a meaning nobody knows.")

    def _shortcut(self, name: str) -> NoReturn:
        for taken in self._noticed:
            if name not in taken:
                taken.append(name)
        raise ForbiddenShortcut(name)

    def _serve(self, message: Message) -> Message:
        """Run a function of the test for the student's code, on strictly read arguments."""
        match self._read(message):
            case (int(number), tuple(args), dict(kwargs)) if 0 <= number < len(self._callbacks):
                function = self._callbacks[number]
            case _:
                raise ForgedAnswer("A callback to nothing.")
        if not all(type(name) is str for name in kwargs):
            raise ForgedAnswer("A callback with arguments without names.")
        try:
            return self._writer.write(("value", function(*args, **kwargs)))
        except Exception as error:  # its text stays here: it may hold what the test expects
            kind = type(error) if type(error).__module__ == "builtins" else RuntimeError
            return self._writer.write(("error", kind))

    def _callback_number(self, function: Callable[..., object]) -> int:
        number = self._callback_numbers.get(id(function))
        if number is None:
            number = self._callback_numbers[id(function)] = len(self._callbacks)
            self._callbacks.append(function)
        return number


def _number_of(value: object) -> int | None:
    return about_of(value).id if is_proxy(value) else None
