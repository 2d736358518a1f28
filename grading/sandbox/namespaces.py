"""Namespaces: a process that sees no other process, no network and no mounts but its own."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from grading.sandbox import libc

HOST_NAME = "fovea"


def own_user_namespace(extra: int = 0) -> None:
    """Be the only user of a user namespace, under the same number, with all rights inside it and none outside.

    The process must have one thread. `extra` takes further namespaces along, which then belong to the new one.
    """
    user, group = os.geteuid(), os.getegid()
    libc.unshare(libc.CLONE_NEWUSER | extra)
    _write("/proc/self/setgroups", "deny")  # the kernel's price for mapping a group without being root
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def become_first_process() -> None:
    """Go on as process 1 of a PID namespace that belongs to a user namespace of our own, for an ordinary user.

    Only who is itself in a PID namespace that it owns may make one for each of its children and come back (`fork`).
    What called this stays behind as a relay, without files: it ends when we end and as we ended, and we end with it.
    """
    own_user_namespace(libc.CLONE_NEWPID)
    child = os.fork()
    if child:
        _relay(child)
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)


def fork() -> int:
    """`os.fork`, but the child is process 1 of a fresh PID namespace; when it ends, everything in there ends.

    One fork suffices: the namespace is made for the children to come, and after the fork we point back at our own.
    """
    home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        libc.unshare(libc.CLONE_NEWPID)
        child = -1
        try:
            child = os.fork()
        finally:
            if child != 0:
                libc.setns(home, libc.CLONE_NEWPID)
    finally:
        os.close(home)
    return child


def outer_pid(pid: int) -> int:
    """The number by which those who see `/proc` of our starter know our child."""
    descriptor = os.pidfd_open(pid)
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="utf-8").splitlines()
    finally:
        os.close(descriptor)
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def isolate(*, mounts: bool, network: bool, ipc: bool) -> None:
    """Fresh namespaces for this process: mounts; a network without a single interface; queues, host name, groups."""
    flags = libc.CLONE_NEWNS if mounts else 0
    flags |= libc.CLONE_NEWNET if network else 0
    flags |= libc.CLONE_NEWIPC | libc.CLONE_NEWUTS | libc.CLONE_NEWCGROUP if ipc else 0
    if flags:
        libc.unshare(flags)
    if ipc:
        libc.set_host_name(HOST_NAME)


def attempt(build: Callable[[], object]) -> str:
    """Try something in a throwaway child; why it did not work, or nothing if it did.

    >>> attempt(lambda: None)
    ''
    >>> attempt(lambda: os.close(-1))
    'Bad file descriptor'
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(BaseException):
            try:
                build()
                status = 0
            except OSError as error:
                os.write(writing, (error.strerror or str(error)).encode())
            except Exception as error:
                os.write(writing, str(error).encode())
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        why = said.read().decode(errors="replace")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == 0:
        return ""
    return why or (f"it was ended by signal {-status}" if status < 0 else "it did not work")


def _relay(child: int) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.closerange(3, max(os.sysconf("SC_OPEN_MAX"), 1024))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status < 0:
        with suppress(OSError):
            os.kill(os.getpid(), -status)
    os._exit(status if status >= 0 else 128 - status)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
