"""The jail: its layers in their order.

    layers = prepare()              once in the zygote, before the first fork
    pid = fork(layers)              for every student and judge
    enter(layers, view, limits)     in the child, before the first byte that we did not write

A layer that `prepare` found is built by `enter`, or `enter` raises: no layer is ever skipped in silence.
"""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grading.errors import SandboxError
from grading.limits import Limits
from grading.sandbox import identity, landlock, libc, namespaces, rlimits, root, seccomp, surroundings
from grading.sandbox.layers import Layer, Layers, ordered
from grading.sandbox.seccomp import Policy
from grading.sandbox.view import View, default_view

__all__ = ["Layer", "Layers", "View", "default_view", "enter", "fork", "outer_pid", "prepare"]

_SOME_MORE = 256  # processes an ordinary user may start elsewhere while a student works, where all count together
_OF_THE_MACHINE = ("cpuinfo", "meminfo", "stat", "filesystems", "sys/vm/overcommit_memory")


def prepare() -> Layers:
    """Find out which layers this process can build for its children, by building them in throwaway children.

    An ordinary user's process must have a single thread: it moves into a user namespace and goes on as the first
    process of a PID namespace. What started it sees a relay under the old number, and its children by `outer_pid`.
    """
    as_root = os.geteuid() == 0
    why: dict[Layer, str] = {}
    if as_root:
        why["user namespace"] = "root needs none"
        why["pid namespace"] = namespaces.attempt(_fork_twice)
    else:
        why["user namespace"] = namespaces.attempt(_found_a_namespace)
        if not why["user namespace"]:
            namespaces.become_first_process()
        why["pid namespace"] = why["user namespace"] and "it needs a user namespace"
        why["own user"] = "only root can change its user"
    for layer, build in _trials(as_root).items():
        why[layer] = namespaces.attempt(build)
    why["process limits"] = why["no capabilities"] = ""
    why["own proc"] = why["own proc"] or why["pid namespace"]
    if as_root and why["private root"] and not why["own user"]:
        why["own user"] = namespaces.attempt(_try_interpreter)
    names = ordered(layer for layer, reason in why.items() if not reason)
    crowd = 0 if not why["thread limit"] else surroundings.crowd(os.geteuid()) + _SOME_MORE
    if crowd and not as_root:  # a common count still stops a flood
        names, why["thread limit"] = ordered((*names, "thread limit")), ""
    default_view()  # remembered from here on, for all children
    seccomp.program(Policy(me=1, contained=True))
    missing = tuple((layer, reason) for layer, reason in why.items() if reason)
    return Layers(names=names, missing=missing, root=as_root, crowd=crowd)


def fork(layers: Layers) -> int:
    """`os.fork`, whose child is process 1 of a fresh PID namespace if that layer is there."""
    return namespaces.fork() if "pid namespace" in layers else os.fork()


def outer_pid(pid: int) -> int:
    """The number of a forked child as its grandparent, the supervisor, knows it."""
    return namespaces.outer_pid(pid)


def enter(
    layers: Layers,
    view: View,
    limits: Limits,
    *,
    slot: int = 0,
    allow_exec: bool = False,
    allow_fork: bool = False,
    own_memory_limit: bool,
    work: Path | None = None,
) -> None:
    """Lock this process in, for good. Afterwards it stands in its empty, writable work folder.

    `slot` tells students apart who run at the same time; `own_memory_limit` is for a process that is in no control
    group, which then limits itself. Without a private root the work folder is `work`, which the caller removes.
    """
    if folders := surroundings.open_folders():
        raise SandboxError(f"Folders are open that lead out of the sandbox (descriptors {folders}).")
    user = identity.student(slot) if layers.root else os.geteuid()
    group = user if layers.root else os.getegid()
    disk = root.Disk(limits.disk_bytes, limits.disk_files, user, group, programs=allow_exec)
    processes = limits.processes + layers.crowd if own_memory_limit and "thread limit" in layers else None
    with _building("namespaces"):
        namespaces.isolate(
            mounts="private root" in layers,
            network="network namespace" in layers,
            ipc="ipc namespace" in layers,
        )
    with _building("work folder"):
        place = _private_root(layers, view, disk) if "private root" in layers else _work_folder(work, view, disk)
        surroundings.scrub(place)
    with _building("limits"):
        if layers.root:
            _hand_over(view.writable, user)
        if layers.root and "own user" in layers:
            identity.become(user)
        if processes is not None and not layers.root and not layers.crowd:
            namespaces.own_user_namespace()  # in which only this student's threads are counted
        rlimits.apply(limits, memory=own_memory_limit, processes=processes)
        libc.drop_capabilities()
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.no_new_privileges()
    with _building("landlock"):
        if "landlock" in layers:
            landlock.restrict(_rules(layers, view, place, programs=allow_exec))
    with _building("seccomp"):
        if "seccomp" in layers:
            contained = "pid namespace" in layers
            seccomp.restrict(Policy(os.getpid(), allow_exec, allow_fork, contained=contained, cuda=limits.cuda))


def _private_root(layers: Layers, view: View, disk: root.Disk) -> Path:
    root.build(view, disk, own_proc="own proc" in layers)
    return Path(root.WORK)


def _work_folder(work: Path | None, view: View, disk: root.Disk) -> Path:
    if work is None:
        raise SandboxError("Without a private root the caller has to make a work folder, and to remove it.")
    os.chown(work, disk.user, disk.group)
    work.chmod(0o700)
    os.chdir(work)
    if view.materials:
        root.link_materials(view.materials, work, disk)
    return work


def _hand_over(folders: tuple[Path, ...], user: int) -> None:
    """What a student may write must be the student's own; the folders and the files right in them change hands."""
    for folder in folders:
        for path in (folder, *folder.iterdir()):
            os.chown(path, user, user, follow_symlinks=False)


def _rules(layers: Layers, view: View, place: Path, *, programs: bool) -> landlock.Rules:
    """What Landlock lets through: with a private root all that is in it, without one the same part of the machine."""
    readable = [*view.readable, *filter(None, [view.materials])]
    if "private root" in layers:
        readable += [Path("/etc"), Path("/proc"), Path(root.MATERIALS)]
    else:
        readable += [Path("/proc/self"), *(Path("/proc", name) for name in _OF_THE_MACHINE)]
        readable += [Path("/sys/devices/system/cpu")]
    return landlock.Rules(
        readable=tuple(readable),
        writable=(place, *view.writable, *view.in_memory),
        devices=(*map(Path, root.DEVICES), *view.devices),
        hidden=view.hidden,
        listed=(*view.listed, *(path for path in view.readable if path.name.endswith("-packages"))),
        programs=programs,
    )


@contextmanager
def _building(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SandboxError(f"The sandbox could not be built: {what}: {error.strerror or error}.") from error


def _trials(as_root: bool) -> dict[Layer, Callable[[], object]]:
    """How each layer is tried, in a child that ends after it."""
    trials: dict[Layer, Callable[[], object]] = {
        "private root": lambda: _try_root(own_proc=False),
        "own proc": lambda: _try_root(own_proc=True),
        "network namespace": lambda: namespaces.isolate(mounts=False, network=True, ipc=False),
        "ipc namespace": lambda: namespaces.isolate(mounts=False, network=False, ipc=True),
        "no new privileges": libc.no_new_privileges,
        "landlock": lambda: _try_landlock(1),
        "landlock network": lambda: _try_landlock(4),
        "landlock signals": lambda: _try_landlock(6),
        "seccomp": _try_seccomp,
        "thread limit": _try_own_user if as_root else _try_thread_limit,
    }
    return {**trials, "own user": _try_own_user} if as_root else trials


def _found_a_namespace() -> None:
    namespaces.become_first_process()
    _fork_twice()


def _fork_twice() -> None:
    for _ in range(2):
        child = namespaces.fork()
        if child == 0:
            os._exit(0 if os.getpid() == 1 else 1)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise OSError("the child is not the first process of its namespace")


def _try_root(*, own_proc: bool) -> None:
    """The real thing on a small view, in a PID namespace if one is needed to have processes of one's own to show."""
    if own_proc:
        child = namespaces.fork()
        if child:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            if status:
                raise OSError("its own list of processes cannot be mounted")
            return
    user, group = os.geteuid(), os.getegid()
    try:
        namespaces.isolate(mounts=True, network=False, ipc=False)
        root.build(View(readable=(Path("/usr"),)), root.Disk(1 << 20, 16, user, group), own_proc=own_proc)
        Path("written").write_text("x", encoding="utf-8")
    except OSError:
        if own_proc:
            os._exit(1)
        raise
    if own_proc:
        os._exit(0)


def _try_landlock(least: int) -> None:
    known = landlock.version()
    if known < least:
        raise OSError(f"the kernel's Landlock has version {known}, this needs {least}")
    libc.no_new_privileges()
    landlock.restrict(landlock.Rules(readable=(Path("/usr"),), writable=()))
    try:
        os.listdir("/")  # noqa: PTH208
    except PermissionError:
        return
    raise OSError("Landlock let us list a folder that it should hide")


def _try_seccomp() -> None:
    libc.no_new_privileges()
    seccomp.restrict(Policy(os.getpid()))
    try:
        os.fork()
    except PermissionError:
        return
    raise OSError("seccomp let us start a process that it should refuse")


def _try_own_user() -> None:
    identity.become(identity.FIRST)
    if os.geteuid() != identity.FIRST:
        raise OSError("the user did not change")


def _try_interpreter() -> None:
    """Whether a student still reaches the standard library: root's may lie where nobody else may go."""
    identity.become(identity.FIRST)
    try:
        os.listdir(Path(os.__file__).parent)  # noqa: PTH208
    except PermissionError as error:
        raise OSError("the Python interpreter lies in a folder that only root may enter") from error


def _try_thread_limit() -> None:
    """Whether a user namespace counts its own processes: then two are allowed although the user has more elsewhere."""
    if surroundings.crowd(os.geteuid()) <= 2:
        raise OSError("too few processes to tell")
    namespaces.own_user_namespace()
    libc.drop_capabilities()
    resource.setrlimit(resource.RLIMIT_NPROC, (2, 2))
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
