"""The supervisor's hold on its processes: a zygote that is started anew on any doubt, and the children it forked."""

import contextlib
import itertools
import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grading import niceness
from grading.engine import folders
from grading.engine.environment import SCRUBBED, Environment
from grading.engine.wire import Wire, pair
from grading.errors import GradingError, SandboxError
from grading.limits import MIB, Limits
from grading.messages import Message
from grading.sandbox.cgroups import Cgroup, Cgroups
from grading.sandbox.layers import Layers
from grading.sandbox.watch import Watch

ROOT = Path(__file__).resolve().parents[2]
_START = """
import json, sys
sys.path.insert(0, sys.argv[1])
from grading.engine.zygote import main
main(int(sys.argv[2]), *json.loads(sys.argv[3]))
"""
_START_SECONDS = 180.0  # a cold import of torch on a busy machine
_FORK_SECONDS = 30.0
_LOCK_SECONDS = 60.0
_SLOTS = 1000  # users of their own for those who run at the same time
_slots = itertools.count()


@dataclass
class Process:
    """A jailed child: what it hears, and how it ends for certain."""

    pid: int
    pidfd: int
    wire: Wire
    cgroup: Cgroup | None = None
    work: Path | None = None
    watch: Watch | None = None  # over what it writes, where nothing limits that
    ended_for: Callable[[], None] = lambda: None  # who counts the living

    def await_ready(self) -> None:
        """Until it is locked in and listens; what it says before that was said by us, not by a student."""
        try:
            kind, message = self.wire.receive(deadline=time.monotonic() + _LOCK_SECONDS)
        except GradingError as error:
            raise SandboxError(f"A sandboxed process did not start: {error}.") from error
        if kind != b"+":
            raise SandboxError(f"The sandbox could not be built: {message.head.decode(errors='replace')}")

    def link(self, end: socket.socket, seed: int) -> None:
        """Give a judge its way to the student's process, and the seed of what it draws."""
        self.wire.send(b"l", Message(str(seed).encode()))
        socket.send_fds(self.wire.socket, [b"l"], [end.fileno()])

    def kill(self) -> None:
        """End it and everything it started. The first process of a PID namespace takes all others with it."""
        if self.watch:
            self.watch.stop()
        with contextlib.ExitStack() as rest:  # whatever of it fails, the others happen
            rest.callback(self.ended_for)
            if self.work:
                rest.callback(folders.remove, self.work)
            rest.callback(self.wire.close)
            rest.callback(self._forget)
            if self.cgroup:
                group, self.cgroup = self.cgroup, None
                rest.callback(group.remove)
                rest.callback(group.kill)
            self.signal(signal.SIGKILL)
            self._wait(5000)

    def peak_memory(self) -> int:
        """The most bytes it held so far; 0 where nobody counts."""
        return self.cgroup.peak_memory() if self.cgroup else 0

    def out_of_memory(self) -> bool:
        """Whether the kernel ended something in it for its memory."""
        return self.cgroup is not None and self.cgroup.out_of_memory()

    def ended(self) -> bool:
        """Whether it has."""
        return self._wait(0)

    def _wait(self, milliseconds: int) -> bool:
        if self.pidfd < 0:
            return True
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)  # readable when it has ended
        return bool(poll.poll(milliseconds))

    def _forget(self) -> None:
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1

    def signal(self, signum: signal.Signals) -> None:
        """SIGINT is the stop button; whoever has ended hears nothing."""
        if self.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signum)


class Spawner:
    """A process that forks on request: the zygote, or a nursery of judges that it forked."""

    def __init__(self, requests: socket.socket, cgroups: Cgroups | None) -> None:
        self._socket, self._cgroups = requests, cgroups
        self._lock = threading.Lock()
        self.layers = Layers(())
        self.spawned = self.living = 0
        self.lost = False

    def spawn(self, role: str, limits: Limits, job: dict[str, Any], *, extra: Sequence[socket.socket] = ()) -> Process:
        """Fork a child, put it into its control group, and open its gate."""
        ours, theirs = pair()
        try:
            pid, pidfd = self._fork(role, [theirs.fileno(), *(end.fileno() for end in extra)])
        except OSError as error:
            ours.close()
            raise SandboxError("The process that starts the others does not answer.") from error
        finally:
            theirs.close()
        process = Process(pid, pidfd, Wire(ours, limit=limits.output_bytes * 8 + MIB), ended_for=self._one_less)
        try:
            self._let_go(process, limits, job)
        except (OSError, GradingError) as error:
            process.kill()
            raise SandboxError(f"A sandboxed process could not be started: {error}.") from error
        return process

    def _let_go(self, process: Process, limits: Limits, job: dict[str, Any]) -> None:
        """Into its control group, then through the gate."""
        if self._cgroups:
            process.cgroup = self._cgroups.create(
                secrets.token_hex(6), memory=limits.memory, processes=limits.processes
            )
            process.cgroup.enter(process.pid)
        if "private root" not in self.layers.names:
            process.work = folders.make("work")
        plain = {
            "limits": asdict(limits),
            "slot": next(_slots) % _SLOTS,
            "work": str(process.work) if process.work else None,
            "limits itself": process.cgroup is None,
            "readable": [],
            "listed": [],
            "writable": [],
            "in memory": [],
            "materials": None,
        }
        wanted = {**plain, **job}
        if watched := [*filter(None, [process.work]), *map(Path, wanted["writable"])]:
            process.watch = Watch(watched, limits, pid=process.pid, end=lambda: process.signal(signal.SIGKILL))
        process.wire.send(b"j", Message(json.dumps(wanted).encode()))

    def hang_up(self) -> None:
        """It ends when it hears that."""
        self._socket.close()

    def _one_less(self) -> None:
        with self._lock:
            self.living -= 1

    def _fork(self, role: str, fds: list[int]) -> tuple[int, int]:
        with self._lock:
            try:
                self._socket.settimeout(_FORK_SECONDS)
                socket.send_fds(self._socket, [role.encode()], fds)
                said, pidfds, _, _ = socket.recv_fds(self._socket, 4, 1)
                if len(said) != 4 or not pidfds:
                    raise OSError("no answer")
            except OSError:
                self.lost = True
                raise
            self.spawned += 1
            self.living += 1
        return int.from_bytes(said, sys.byteorder), pidfds[0]

    def _hear(self, seconds: float) -> dict[str, Any]:
        """What it says of itself once; nothing if it ended."""
        self._socket.settimeout(seconds)
        try:
            said = self._socket.recv(1 << 16)
        except OSError:
            said = b""
        ready: dict[str, Any] = json.loads(said) if said else {}
        return ready


class Zygote(Spawner):
    """One running zygote of an environment."""

    def __init__(self, environment: Environment, cgroups: Cgroups | None) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours, cgroups)
        self._nurseries: dict[tuple[tuple[str, ...], tuple[str, ...]], Spawner] = {}
        self._making = threading.Lock()
        self._home = folders.make("home")  # IPython wants one, and the user's is no place
        what = json.dumps([environment.imports, environment.watched])
        command = [str(environment.python), "-s", "-c", _START, str(ROOT), str(theirs.fileno()), what]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
            command,
            env={**SCRUBBED, "HOME": str(self._home)},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno() if _has_stderr() else subprocess.DEVNULL,  # what an import prints is no result
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the supervisor: what has begun is finished
        )
        theirs.close()
        niceness.like_us(self._process.pid)
        ready = self._hear(_START_SECONDS)
        if not ready:
            self.close()
            raise SandboxError("The course's Python environment did not start; try its imports by hand.")
        if ready["threads"] != 1:
            self.close()
            raise SandboxError("An import of the course's environment starts threads, which cannot be forked safely.")
        self.layers = Layers(**{**ready["layers"], "missing": tuple(map(tuple, ready["layers"]["missing"]))})
        self.missing_imports = tuple(ready["missing"])
        self.cuda_untouched = bool(ready["cuda"])

    @property
    def alive(self) -> bool:
        """Whether it still runs and answers. One that answered late once would be one answer behind for ever."""
        if self.lost:
            self._process.kill()
        return not self.lost and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def nursery(self, paths: tuple[str, ...], modules: tuple[str, ...]) -> Spawner:
        """A fork of the zygote that has imported these modules, from which only judges are forked."""
        with self._making:
            known = self._nurseries.get((paths, modules))
            if known and not known.lost:
                return known
            if known:
                known.hang_up()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            nursery = Spawner(ours, self._cgroups)
            nursery.layers = self.layers
            try:
                _, pidfd = self._fork("nursery", [theirs.fileno()])
                os.close(pidfd)
                ours.send(json.dumps({"paths": paths, "modules": modules}).encode())
            except OSError as error:
                raise SandboxError("The process that starts the others does not answer.") from error
            finally:
                theirs.close()
            self._one_less()  # it lives as long as the zygote, and keeps nobody waiting
            ready = nursery._hear(_START_SECONDS)
            if not ready:
                raise SandboxError("The referees' modules ended the process that imports them.")
            if ready["threads"] != 1:
                raise SandboxError("The referees' modules start threads, which cannot be forked safely.")
            self._nurseries[paths, modules] = nursery
            return nursery

    def close(self) -> None:
        """End it, and with it whatever it still has running."""
        for nursery in self._nurseries.values():
            nursery.hang_up()
        self.hang_up()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)


def _has_stderr() -> bool:
    try:
        return sys.stderr.fileno() >= 0
    except (AttributeError, OSError, ValueError):  # a test or a server that catches what is printed
        return False
