"""An attack as a record, and the small kit its cells may use.

An attack reports by printing: `attempt` says "GAINED" where something worked that must not, "refused" where it did not.
What it managed to do is also looked for from outside, by `canaries.Outside`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grading.limits import GIB, MIB, Limits

ANSWERS = ("square", "smooth", "spread")

# Small, so that the suite is quick; patience 1 lets the clock end what burns no processor time.
QUICK = Limits(
    cell_seconds=2.0,
    call_seconds=1.0,
    total_seconds=20.0,
    patience=1.5,
    memory=512 * MIB,
    file_bytes=8 * MIB,
    disk_bytes=8 * MIB,
    disk_files=256,
    output_bytes=64 * 1024,
    answer_bytes=8 * MIB,
    processes=32,
    open_files=128,
)
ROOMY = Limits(memory=3 * GIB)

WORTHLESS: Mapping[str, str] = {
    "square": "def square(n):\n    return 0\n",
    "smooth": "def smooth(x):\n    return x\n",
    "spread": "def spread(numbers):\n    return 0\n",
}
RIGHT: Mapping[str, str] = {
    "square": "def square(n):\n    return n * n\n",
    "smooth": (
        "def smooth(x):\n    x = np.asarray(x, dtype=float)\n    return np.concatenate([x[:1], (x[1:] + x[:-1]) / 2])\n"
    ),
    "spread": (
        "def spread(numbers):\n"
        "    if not len(numbers):\n"
        "        raise ValueError('no numbers')\n"
        "    return max(numbers) - min(numbers)\n"
    ),
}
POINTS: Mapping[str, float] = {"square": 2.0, "smooth": 3.0, "spread": 5.0}


@dataclass(frozen=True)
class Attack:
    """A hostile notebook: what it does, where, and what may come of it."""

    id: str
    sentence: str  # what it tries, after "a notebook that ..."
    first: str = ""  # a cell of the student's before everything else
    answers: Mapping[str, str] = field(default_factory=dict)  # instead of the worthless answers
    last: str = ""  # a cell after everything else
    then: str = ""  # a cell of the next submission, which looks for what this one left
    limits: Limits = QUICK
    deserves: Mapping[str, float] = field(default_factory=dict)  # points by question; 0 for the others
    printed: tuple[str, ...] = ()  # by its cells: the attack ran, and met what it came for
    said: tuple[str, ...] = ()  # all of these stand in the outcome's own words
    at_most: bool = False  # it spoils its own other answers as well, so less than it deserves is fine
    undecided: bool = False  # whether a person may have to look at it
    stuck: bool = False  # a process of it must be ended by the clock
    torch: bool = False

    def __str__(self) -> str:
        return self.id


# The kit: a cell before the attack's first one. The places are filled in by the test (`canaries.Places`).
KIT = r'''
import builtins, ctypes, gc, json, os, signal, socket, struct, sys, threading, time
import numpy

def attempt(what, action):
    """Try what must not work, and say how it went."""
    try:
        got = action()
    except BaseException as error:
        print("refused:", what, "-", type(error).__name__, str(error)[:200])
        return None
    print("GAINED:", what, "-", repr(got)[:300])
    return got

def silently(action):
    try:
        return action()
    except BaseException:
        return None

def serving():
    """The local variables of the function that serves this process: its sockets, its job, its limits."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "serve":
            return dict(frame.f_locals)
        frame = frame.f_back
    raise LookupError("nobody serves here")

LIBC = ctypes.CDLL(None, use_errno=True)

def syscall(number, *arguments):
    """A system call by its number; an OSError where it is refused."""
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *passed)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
'''
