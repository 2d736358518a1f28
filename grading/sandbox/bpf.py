"""Assembling a seccomp filter: a small program that the kernel runs at every system call, before the call."""

import errno
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
REFUSE, UNKNOWN = ERROR | errno.EPERM, ERROR | errno.ENOSYS

# <linux/bpf_common.h>: load a word of the call's description; jump if equal, if at least; and; return
LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
# struct seccomp_data: number, architecture, instruction pointer, six arguments of 64 bits, low half first
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
X86_64, X32 = 0xC000003E, 0x40000000

Instruction = tuple[int, int, int, int]  # code, steps to jump if true, if false, constant


@dataclass(frozen=True)
class Condition:
    """`argument & mask` must be one of `values`, or none of them where `wanted` is False.

    Only the lower 32 bits count: the kernel reads no more of the arguments that are compared here.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    wanted: bool = True


def prologue() -> Iterator[Instruction]:
    """Calls in another processor's manner have other numbers: whoever tries them is ended."""
    yield LOAD, 0, 0, ARCHITECTURE_AT
    yield EQUAL, 1, 0, X86_64
    yield RETURN, 0, 0, KILL
    yield LOAD, 0, 0, NUMBER_AT
    yield AT_LEAST, 0, 1, X32
    yield RETURN, 0, 0, KILL


def guarded(number: int, conditions: Sequence[Condition]) -> Iterator[Instruction]:
    """Allow a call where every condition holds, refuse it where one does not."""
    body = [instruction for condition in conditions for instruction in _checked(condition)]
    body.append((RETURN, 0, 0, ALLOW))
    yield EQUAL, 0, len(body), number
    yield from body


def answered(number: int, result: int) -> Iterator[Instruction]:
    """Answer a call always the same."""
    yield EQUAL, 0, 1, number
    yield RETURN, 0, 0, result


def allowed(numbers: Iterable[int]) -> Iterator[Instruction]:
    """Allow these calls: neighbours are one comparison."""
    for first, last in runs(numbers):
        yield AT_LEAST, 2, 0, last + 1
        yield AT_LEAST, 0, 1, first
        yield RETURN, 0, 0, ALLOW


def otherwise(last: int) -> Iterator[Instruction]:
    """Refuse the rest; calls above `last` do not exist for us, so that the C library falls back to older ones."""
    yield AT_LEAST, 0, 1, last + 1
    yield RETURN, 0, 0, UNKNOWN
    yield RETURN, 0, 0, REFUSE


def assembled(instructions: Iterable[Instruction]) -> bytes:
    """The program as the kernel takes it."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers as runs of neighbours, in order.

    >>> list(runs([3, 1, 2, 7]))
    [(1, 3), (7, 7)]
    """
    first = last = -1
    for number in sorted(set(numbers)):
        if first >= 0 and number > last + 1:
            yield first, last
        if first < 0 or number > last + 1:
            first = number
        last = number
    if first >= 0:
        yield first, last


def _checked(condition: Condition) -> Iterator[Instruction]:
    yield LOAD, 0, 0, ARGUMENTS_AT + 8 * condition.argument
    if condition.mask != 0xFFFFFFFF:
        yield AND, 0, 0, condition.mask
    if condition.wanted:
        for left, value in zip(range(len(condition.values), 0, -1), condition.values, strict=True):
            yield EQUAL, left, 0, value  # a match jumps over the other comparisons and the refusal
        yield RETURN, 0, 0, REFUSE
    else:
        for value in condition.values:
            yield EQUAL, 0, 1, value
            yield RETURN, 0, 0, REFUSE
