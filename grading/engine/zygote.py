"""The zygote: imports a course's packages once and forks. It holds no secret, reads no job and runs no student's code.

A child gets its own socket from the supervisor together with the request to fork, waits there until it has been put
into its control group, locks itself in, and only then hears what it is for.
"""

import contextlib
import gc
import importlib
import json
import os
import socket
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from grading.engine import kernel, pages, student, umpire, warm
from grading.engine import shell as shells
from grading.engine.wire import Gone, Wire
from grading.judge.shortcuts import watch
from grading.limits import Limits
from grading.messages import Message
from grading.sandbox import jail

ROOT = Path(__file__).resolve().parents[2]


def main(fd: int, imports: list[str], watched: list[str]) -> None:
    """Import, make everything that can be made once, say so, and fork on request until the supervisor hangs up."""
    _be_known_as("fovea-zygote")
    requests = socket.socket(fileno=fd)
    missing = [name for name in imports if not _imported(name)]
    _one_thread()

    watch(watched)
    shell = shells.build()
    warm.up(shell)
    layers = jail.prepare()
    _freeze()
    ready = {"missing": missing, "layers": asdict(layers), "threads": _threads(), "cuda": _cuda_untouched()}
    requests.send(json.dumps(ready).encode())
    while True:
        _reap()
        try:
            role, fds, _, _ = socket.recv_fds(requests, 16, 4)
        except OSError:
            os._exit(0)
        if not role:
            os._exit(0)
        pid = os.fork() if role == b"nursery" else jail.fork(layers)
        if pid == 0:
            requests.close()
            if role != b"nursery":
                _child(role.decode(), fds, layers, shell)
            requests = socket.socket(fileno=fds[0])
            _become_nursery(requests)
            continue
        pidfd = os.pidfd_open(pid)
        outer = jail.outer_pid(pid)
        socket.send_fds(requests, [outer.to_bytes(4, sys.byteorder)], [pidfd])
        for used in (pidfd, *fds):
            os.close(used)


def _become_nursery(requests: socket.socket) -> None:
    """From here on only judges are forked: what they all import, the referees and the reference, is imported once."""
    _be_known_as("fovea-nursery")
    job = json.loads(requests.recv(1 << 16))
    sys.path.extend(job["paths"])
    missing = [name for name in job["modules"] if not _imported(name)]
    _freeze()
    requests.send(json.dumps({"missing": missing, "threads": _threads()}).encode())


def _be_known_as(name: str) -> None:
    """What `ps` and `top` show."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


def _freeze() -> None:
    gc.collect()
    gc.freeze()  # the collector leaves these pages alone, so that the children go on sharing them
    pages.gather()


def _child(role: str, fds: list[int], layers: jail.Layers, shell: shells.Shell) -> None:
    """Never returns: whatever happens, this process must not go on as a second zygote."""
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.close(null)
        control = socket.socket(fileno=fds[0])
        wire = Wire(control, trusted=True)
        kind, message = wire.receive()  # the gate: it opens when we are in our control group
        if kind == b"j":
            job = json.loads(message.head)
            limits = Limits(**job["limits"])
            sys.path[:] = [path for path in sys.path if Path(path) != ROOT]
            _enter(layers, limits, job)
            _ROLES[role](control, fds[1:], limits, job, shell)
    except Gone:
        pass
    except BaseException as error:
        _say(fds[0], error)
    finally:
        os._exit(0)


def _enter(layers: jail.Layers, limits: Limits, job: dict[str, Any]) -> None:
    view = jail.default_view()
    jail.enter(
        layers,
        replace(
            view,
            readable=(*view.readable, *map(Path, job["readable"])),
            listed=tuple(map(Path, job["listed"])),
            writable=tuple(map(Path, job["writable"])),
            in_memory=tuple(map(Path, job["in memory"])),
            devices=_gpus() if limits.cuda else (),
            materials=Path(job["materials"]) if job["materials"] else None,
        ),
        limits,
        slot=job["slot"],
        own_memory_limit=job["limits itself"],
        work=Path(job["work"]) if job["work"] else None,
    )


def _student(control: socket.socket, more: list[int], limits: Limits, job: dict[str, Any], shell: shells.Shell) -> None:
    student.serve(Wire(control, trusted=True), Wire(socket.socket(fileno=more[0]), trusted=True), shell, limits)


def _judge(control: socket.socket, more: list[int], limits: Limits, job: dict[str, Any], shell: shells.Shell) -> None:
    umpire.serve(control, limits, job)


def _kernel(control: socket.socket, more: list[int], limits: Limits, job: dict[str, Any], shell: shells.Shell) -> None:
    Wire(control).send(b"+", Message(b""))
    kernel.serve(Path(job["connection file"]), job["connection"], limits)


_ROLES = {"student": _student, "judge": _judge, "kernel": _kernel}


def _gpus() -> tuple[Path, ...]:
    return tuple(sorted(Path("/dev").glob("nvidia*")))


def _imported(name: str) -> bool:
    try:
        importlib.import_module(name)
    except Exception:
        return False
    return True


def _one_thread() -> None:
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)  # before the first operation; a pool of threads does not survive a fork


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _cuda_untouched() -> bool:
    """Whether a child could still use a GPU: one careless question by an import, and no fork ever can."""
    if "torch" not in sys.modules:
        return True
    child = os.fork()
    if child == 0:
        os._exit(int(sys.modules["torch"].cuda._is_in_bad_fork()))
    return os.waitpid(child, 0)[1] == 0


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _say(fd: int, error: BaseException) -> None:
    with contextlib.suppress(BaseException):  # nobody may listen any more
        Wire(socket.socket(fileno=os.dup(fd))).send(b"!", Message(f"{type(error).__name__}: {error}".encode()))
