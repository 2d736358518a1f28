"""Who a jailed process is: root's child becomes a stranger, an ordinary user's child stays who it is."""

import os

from grading.sandbox import libc

FIRST = 65534


def student(slot: int) -> int:
    """The user and group number of a slot: students side by side are strangers to each other.

    >>> student(0), student(3)
    (65534, 65537)
    """
    if slot < 0:
        raise ValueError(f"slot must be 0 or more, got {slot}")
    return FIRST + slot


def become(number: int) -> None:
    """Give up root for good, keeping `/proc/self` readable: a process that changes its user loses sight of itself."""
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    libc.prctl(libc.PR_SET_DUMPABLE, 1)
