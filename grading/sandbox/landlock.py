"""Landlock: the kernel refuses this process every file that is not listed here. It needs no rights and no namespace."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox import libc

# <linux/landlock.h>
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_BLOCK, _TRUNCATE, _IOCTL = 1 << 6, 1 << 11, 1 << 14, 1 << 15
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights a version knows; from 5 on there are 16
_TCP = 1 | 2  # bind, connect
_SCOPES = 1 | 2  # abstract unix sockets, signals
_VERSION_FLAG, _RULE_PATH_BENEATH = 1, 1


@dataclass(frozen=True)
class Rules:
    """What stays possible: reading (and running, if `programs`), using devices, and everything in the work folders."""

    readable: tuple[Path, ...]
    writable: tuple[Path, ...]
    devices: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()
    listed: tuple[Path, ...] = ()  # folders whose names may be listed though something in them is hidden
    programs: bool = False


def version() -> int:
    """Which version the kernel speaks; an OSError where there is none."""
    return libc.call("landlock_create_ruleset", None, 0, _VERSION_FLAG, what="Landlock")


def restrict(rules: Rules) -> None:
    """From here on only what the rules allow. No new privileges must be set before."""
    known = version()
    rights = (1 << _RIGHTS.get(known, 16)) - 1
    ruleset = _ruleset(known, rights)
    try:
        read = _READ_FILE | _READ_DIR | (_EXECUTE if rules.programs else 0)
        for path in visible(map(_real, rules.readable), map(_real, rules.hidden)):
            _allow(ruleset, path, read & rights)
        for path in rules.listed:
            _allow(ruleset, path, _READ_DIR)
        for path in rules.devices:
            _allow(ruleset, path, (_READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL | _READ_DIR) & rights)
        for path in rules.writable:
            forbidden = _MAKE_CHAR | _MAKE_BLOCK | (0 if rules.programs else _EXECUTE)
            _allow(ruleset, path, rights & ~forbidden)
        libc.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def visible(readable: Iterable[Path], hidden: Iterable[Path]) -> Iterator[Path]:
    """The same folders without the hidden ones: what lies beside those is listed one by one, since a rule for a folder
    holds for all below it."""
    covered = set(hidden)
    for path in readable:
        if not any(one.is_relative_to(path) for one in covered):
            yield path
        elif path not in covered and path.is_dir():
            yield from visible(sorted(path.iterdir()), covered)


def _real(path: Path) -> Path:
    return path.resolve()


def _ruleset(known: int, rights: int) -> int:
    fields = [rights]
    if known >= 4:
        fields.append(_TCP)
    if known >= 6:
        fields.append(_SCOPES)
    packed = b"".join(field.to_bytes(8, "little") for field in fields)
    return libc.call("landlock_create_ruleset", packed, len(packed), 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return  # what cannot be reached needs no permission
    try:
        allowed = rights if path.is_dir() else rights & _OF_A_FILE
        rule = allowed.to_bytes(8, "little") + descriptor.to_bytes(4, "little")
        libc.call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, rule, 0, what=f"landlock_add_rule {path}")
    finally:
        os.close(descriptor)
