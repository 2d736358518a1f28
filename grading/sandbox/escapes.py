"""Trying to break out: what the start-up test and `fovea doctor` do inside a jail, and what they find.

An attempt that is stopped ends with an exception; one that comes back has escaped and says what it got. All of them are
safe where nothing stops them: they signal nobody, write little, and clean up.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class StoppedError(Exception):
    """An attempt found nothing to take hold of."""


@dataclass(frozen=True)
class Targets:
    """What the attempts aim at, laid out by who starts the jail. Plain data: it travels as JSON."""

    secret: str  # a word that nobody inside may ever read
    ledger: str  # a file that holds it
    project: str  # a folder of ours
    starter: int  # the process that started the jail
    decoy: int  # a process that holds the secret in its environment and its memory
    address: int  # where in its memory
    unix_socket: str
    abstract_socket: str
    port: int  # of a server on this machine
    memory: int  # bytes that are more than allowed
    disk: int
    files: int
    threads: int


@dataclass(frozen=True)
class Attempt:
    """One attempt: "opens a network connection" was contained, and by what."""

    name: str
    sentence: str
    requirement: str  # the promise it would break
    contained: bool
    stopped_by: str = ""  # in the kernel's words
    got: str = ""


@dataclass(frozen=True)
class Escape:
    """A way out worth trying. A lethal one may end the process that tries it: that is containment too."""

    name: str
    sentence: str
    requirement: str
    act: Callable[[Targets], str]
    lethal: bool = False
    last: bool = False  # it changes the process for those that would come after

    def attempt(self, targets: Targets) -> Attempt:
        """Try it."""
        try:
            got = self.act(targets)
        except (OSError, ValueError, MemoryError, RuntimeError, StoppedError) as error:
            said = getattr(error, "strerror", None) or str(error) or "out of memory"
            return Attempt(self.name, self.sentence, self.requirement, contained=True, stopped_by=said)
        return Attempt(self.name, self.sentence, self.requirement, contained=False, got=got)


_ESCAPES: list[Escape] = []


def escape(requirement: str, *, lethal: bool = False, last: bool = False) -> Callable[..., Callable[[Targets], str]]:
    """Enter a function into the list; its docstring is what people read."""

    def entered(act: Callable[[Targets], str]) -> Callable[[Targets], str]:
        first = (act.__doc__ or "").strip().splitlines()[0].rstrip(".")
        sentence = first[:1].lower() + first[1:]
        _ESCAPES.append(Escape(act.__name__, sentence, requirement, act, lethal, last))
        return act

    return entered


def escapes(*, lethal: bool = False) -> tuple[Escape, ...]:
    """All that one process can try in a row, or those that need a process each."""
    from grading.sandbox import attacks, exhaustion  # noqa: F401 - they fill the list

    return tuple(sorted((one for one in _ESCAPES if one.lethal is lethal), key=lambda one: one.last))


def attempt_all(targets: Targets) -> list[Attempt]:
    """Everything that does not end the process that tries it."""
    return [one.attempt(targets) for one in escapes()]


@contextmanager
def counted(things: str) -> Iterator[list[str]]:
    """Collect what was reached in several tries: the attempt is stopped if none reached anything."""
    reached: list[str] = []
    yield reached
    if not reached:
        raise StoppedError(f"no {things}")


def until(done: Callable[[], bool]) -> None:
    """Wait a few seconds for something that is about to happen."""
    end = time.monotonic() + 5
    while not done() and time.monotonic() < end:
        time.sleep(0.001)
