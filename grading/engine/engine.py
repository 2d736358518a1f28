"""The engine: zygotes that are tested before they are trusted, and sessions in front of them."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grading.engine import folders
from grading.engine.environment import Environment
from grading.engine.processes import ROOT, Process, Zygote
from grading.engine.session import Pair, Session
from grading.engine.wire import pair
from grading.errors import GradingError, SandboxError
from grading.limits import DEFAULT, GIB, Limits
from grading.records import Isolation
from grading.sandbox.cgroups import Cgroups
from grading.sandbox.requirements import standing_of
from grading.sandbox.selftest import examine

_FORKS = 2000  # then a fresh zygote, whatever it looks like
_SPARES = 3  # kinds of pairs kept ready


@dataclass(frozen=True)
class Job:
    """What a session's processes are made for. Nothing of it is secret, but for what the referees' folder holds."""

    imports_of: tuple[str, ...] = ()  # cells of the instructor's notebook whose imports the tests may use
    defined: frozenset[str] = frozenset()  # names that the instructor's solution defines
    objects_from: frozenset[str] | None = None  # where that solution answers with objects of its own; None: not known
    readable: tuple[Path, ...] = ()  # what the judge may read besides the reference: the referees
    paths: tuple[Path, ...] = ()  # from where it imports them
    modules: tuple[str, ...] = ()  # which: they are imported once for all judges
    materials: Path | None = None  # files that lie beside the notebook, the student's own among them
    judge_materials: Path | None = None  # the instructor's alone
    limits: Limits = DEFAULT


@dataclass(frozen=True)
class _Spare:
    """A pair that is being made before anybody asks for it."""

    zygote: Zygote
    pair: "Future[Pair]"


class Engine:
    """Start it once; sessions may be opened from many threads.

    While one session works, the pair of the next is made: forking and locking in take as long as grading.
    """

    def __init__(self, environment: Environment = Environment()) -> None:  # noqa: B008 - frozen
        self._environment = environment
        self._lock = threading.Lock()
        folders.sweep(Path("/var/tmp"))  # noqa: S108 - where kernels have their folders
        self._cgroups = Cgroups.find()
        self._closed = False
        self._zygotes: dict[Environment, Zygote] = {}
        self._retired: list[Zygote] = []
        self._spares: dict[Job, _Spare] = {}
        self._helper = ThreadPoolExecutor(2, thread_name_prefix="fovea-pairs")

    def __enter__(self) -> "Engine":
        self.zygote()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process."""
        self._closed = True
        for spare in self._spares.values():
            spare.pair.add_done_callback(_forget)
        self._spares.clear()
        self._helper.shutdown()
        for zygote in (*self._retired, *self._zygotes.values()):
            zygote.close()
        self._zygotes, self._retired = {}, []

    @property
    def closed(self) -> bool:
        """Whether its processes were ended on purpose: then what they left unfinished says nothing of a hand-in."""
        return self._closed

    def zygote(self, *, cuda: bool = False) -> Zygote:
        """The zygote in use; a dead or old one is replaced.

        For a GPU it must never have asked for one. Where an import does that, a zygote without imports takes its place,
        and every session imports for itself.
        """
        usual = self._running(self._environment)
        if cuda and not usual.cuda_untouched:
            return self._running(replace(self._environment, imports=(), watched=()))
        return usual

    def _running(self, environment: Environment) -> Zygote:
        with self._lock:
            if self._closed:
                raise SandboxError("The grader is being stopped.")
            zygote = self._zygotes.get(environment)
            if zygote and zygote.alive and zygote.spawned < _FORKS:
                return zygote
            if zygote:
                self._retired.append(zygote)  # its sessions would end with it, so it stays as long as they do
            zygote = self._zygotes[environment] = Zygote(environment, self._cgroups)
            return zygote

    def isolation(self, *, trusted: bool, ledger: Path | None = None) -> Isolation:
        """What is in force for every session, to be stamped on its grade.

        Tried out, not looked up: a jailed process tries to break out first. Where it gets through, or a required layer
        is missing, this raises a SandboxError, unless the course trusts its students.
        """
        tested = examine(python=self._environment.python, ledger=ledger, trust_students=trusted)
        if tested.refuses and not trusted:
            reasons = " ".join(tested.refuses)
            raise SandboxError(f"Nothing is graded on this machine: {reasons} `fovea doctor` tells more.")
        found = standing_of(self.zygote().layers, control_group=self._cgroups is not None, trust_students=trusted)
        warnings = dict.fromkeys((*tested.refuses, *found.isolation.warnings))
        return Isolation(found.layers, tuple(warnings), trusted=bool(tested.refuses))

    def session(self, job: Job, *, seed: int, more: bool = True) -> Session:
        """A session; its processes come with the first cell. With `more` the next of its kind is made meanwhile."""

        def start() -> Pair:
            for fresh in (not more, True):
                pair = _pair(self.zygote(cuda=job.limits.cuda), job) if fresh else self._take(job)
                try:
                    pair.begin(seed)
                except (OSError, GradingError):  # it died while it waited
                    self._end(pair)
                else:
                    return pair
            raise SandboxError("The processes of a session ended before it began.")

        return Session(start, self._end, job.limits)

    def kernel(
        self, folder: Path, connection: str, *, materials: Path | None, limits: Limits = DEFAULT, shared: bool = False
    ) -> Process:
        """A Jupyter kernel with this connection file, whose sockets lie in `folder`.

        The folder is a small one in its own memory, and its way there is a link; or, if it is to be `shared`, a real
        one over which somebody watches. That is for machines where nobody sees into a private root from outside.
        """
        zygote = self.zygote()
        shared = shared or "private root" not in zygote.layers.names
        if folder.is_symlink():
            folder.unlink()  # it led to the kernel before a restart
        if shared:
            folder.mkdir(exist_ok=True)
        where = "writable" if shared else "in memory"
        job = {where: [str(folder)], "connection file": str(folder / "kernel.json"), "connection": connection}
        kernel = zygote.spawn("kernel", limits, {**job, "materials": _path(materials)})
        try:
            kernel.await_ready()
            if not shared:
                folder.symlink_to(f"/proc/{kernel.pid}/root{folder}")
        except BaseException:
            kernel.kill()
            raise
        if shared or os.access(folder, os.W_OK | os.X_OK):
            return kernel
        kernel.kill()
        return self.kernel(folder, connection, materials=materials, limits=limits, shared=True)

    def _take(self, job: Job) -> Pair:
        """The spare pair if there is one, and the next one ordered."""
        zygote = self.zygote(cuda=job.limits.cuda)
        with self._lock:
            spare = self._spares.pop(job, None)
            self._spares[job] = _Spare(zygote, self._helper.submit(_pair, zygote, job))
            forgotten = self._spares.pop(next(iter(self._spares))) if len(self._spares) > _SPARES else None
        if forgotten:
            forgotten.pair.add_done_callback(_forget)
        if spare and spare.zygote is zygote:
            return spare.pair.result()
        if spare:
            spare.pair.add_done_callback(_forget)
        return _pair(zygote, job)

    def _end(self, pair: Pair) -> None:
        try:
            self._helper.submit(self._ended, pair)
        except RuntimeError:  # the engine is closed
            pair.kill()

    def _ended(self, pair: Pair) -> None:
        pair.kill()
        with self._lock:
            unused = [zygote for zygote in self._retired if zygote.living <= 0 or not zygote.alive]
            self._retired = [zygote for zygote in self._retired if zygote not in unused]
        for zygote in unused:
            zygote.close()


def _pair(zygote: Zygote, job: Job) -> Pair:
    for_judge: dict[str, Any] = {
        "imports of": list(job.imports_of),
        "defined": sorted(job.defined),
        "objects from": None if job.objects_from is None else sorted(job.objects_from),
        "paths": [str(folder) for folder in (ROOT, *job.paths)],
        "listed": [str(folder) for folder in (ROOT, *job.paths)],
        "readable": [str(folder) for folder in (ROOT / "core", ROOT / "grading", *job.readable)],
        "materials": _path(job.judge_materials),
    }
    asking, answering = pair()
    started: list[Process] = []
    try:
        started.append(zygote.spawn("student", job.limits, {"materials": _path(job.materials)}, extra=[answering]))
        judges = zygote.nursery(tuple(for_judge["paths"]), job.modules)
        started.append(judges.spawn("judge", _judges(job.limits), for_judge))
        for process in started:
            process.await_ready()
    except BaseException:
        asking.close()
        for process in started:
            process.kill()
        raise
    finally:
        answering.close()
    return Pair(started[0], started[1], asking)


def _forget(made: "Future[Pair]") -> None:
    """Nobody asked for it."""
    if not made.cancelled() and not made.exception():
        made.result().kill()


def _path(path: Path | None) -> str | None:
    return str(path) if path else None


def _judges(limits: Limits) -> Limits:
    """The judge holds what it sends and what it gets, and the reference runs in it as well."""
    return replace(
        limits,
        memory=limits.memory + 2 * GIB,
        total_seconds=2 * limits.total_seconds,
        disk_bytes=GIB,  # shared memory is files of its work folder
        file_bytes=GIB,
    )
