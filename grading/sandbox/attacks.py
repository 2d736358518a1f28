"""Attempts to reach what belongs to others. The first line of a docstring is what `fovea doctor` prints."""

import ctypes
import errno
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from grading.sandbox import libc
from grading.sandbox.escapes import StoppedError, Targets, counted, escape, until

_PTRACE_SEIZE, _KEYRING, _IPC_CREATE, _IPC_REMOVE = 0x4206, -3, 0o1000, 0


@escape("files")
def ledger(targets: Targets) -> str:
    """Reads the course's ledger."""
    climbing = os.path.join(*[".."] * 12, targets.ledger.lstrip("/"))  # noqa: PTH118 - Path would tidy it up
    return _first(lambda path: Path(path).read_bytes()[:40].decode(errors="replace"), (targets.ledger, climbing))


@escape("files")
def project(targets: Targets) -> str:
    """Lists the project's folder."""
    return ", ".join(sorted(path.name for path in Path(targets.project).iterdir())[:5])


@escape("files")
def links(targets: Targets) -> str:
    """Walks out through the links in /proc."""
    roots = [f"/proc/{pid}/{link}" for pid in ("self", 1, targets.starter, targets.decoy) for link in ("root", "cwd")]
    return _first(lambda root: Path(root + targets.ledger).read_text(encoding="utf-8")[:40], roots)


@escape("files")
def passwords(_: Targets) -> str:
    """Reads the machine's passwords."""
    return Path("/etc/shadow").read_text(encoding="utf-8")[:5]


@escape("files")
def system(_: Targets) -> str:
    """Writes to the system."""
    places = ("/usr", "/etc", "/var/tmp", "/", sys.prefix, sys.base_prefix)  # noqa: S108

    def write(place: str) -> str:
        file = Path(place, f".fovea-escape-{os.getpid()}")
        file.write_text("x", encoding="utf-8")
        file.unlink()
        return place

    return _first(write, places)


@escape("files")
def folders(_: Targets) -> str:
    """Walks out through a folder that was left open."""
    with counted("folder was left open") as reached:
        for descriptor in range(256):
            with suppress(OSError):
                os.close(os.open("..", os.O_RDONLY | os.O_DIRECTORY, dir_fd=descriptor))
                reached.append(str(descriptor))
    return ", ".join(reached)


@escape("network")
def network(targets: Targets) -> str:
    """Connects to the network."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as link:
        link.settimeout(5)
        link.connect(("127.0.0.1", targets.port))
    return f"a connection to port {targets.port}"


@escape("network")
def families(_: Targets) -> str:
    """Opens a socket that is not a local one."""
    with counted("kind of socket was allowed") as reached:
        for name in ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
                with suppress(OSError, AttributeError):
                    socket.socket(getattr(socket, name), kind).close()
                    reached.append(name)
    return ", ".join(dict.fromkeys(reached))


@escape("network")
def local_server(targets: Targets) -> str:
    """Opens a Unix socket of the host."""

    def connect(address: str) -> str:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.connect(address)
        return address.replace("\0", "@")

    return _first(connect, (targets.unix_socket, "\0" + targets.abstract_socket))


@escape("system calls")
def shared_memory(_: Targets) -> str:
    """Leaves something in shared memory for another student."""
    key = libc.call("shmget", 0x0F0EA, 4096, _IPC_CREATE | 0o600)
    libc.call("shmctl", key, _IPC_REMOVE, 0)
    return "a piece of memory that outlives the process"


@escape("other processes")
def fork(_: Targets) -> str:
    """Starts another process."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "a child"


@escape("system calls")
def program(_: Targets) -> str:
    """Executes a program."""
    with suppress(FileNotFoundError):
        os.execv("/nowhere/at/all", ["nothing"])  # noqa: S606 - if it gets as far as looking, programs may be run
    return "the kernel looked for the program"


@escape("other processes")
def starter(targets: Targets) -> str:
    """Kills its parent."""
    os.kill(targets.starter, 0)  # signal 0 only asks whether a signal would arrive
    return "its parent would have died"


@escape("other processes")
def everything(_: Targets) -> str:
    """Kills everything it can see."""
    os.kill(-1, 0)
    return "others would have died"


@escape("other processes")
def handle(targets: Targets) -> str:
    """Gets hold of another process."""
    os.close(os.pidfd_open(targets.decoy))
    return "a handle"


@escape("other processes")
def memory_of_the_first(targets: Targets) -> str:
    """Reads the memory of process 1 and of its starters."""
    with counted("memory but its own could be read") as reached:
        for pid in {1, targets.starter, targets.decoy} - {os.getpid()}:
            with suppress(OSError), Path(f"/proc/{pid}/maps").open("rb") as maps, Path(f"/proc/{pid}/mem").open("rb"):
                if maps.read(1):
                    reached.append(str(pid))
    return ", ".join(reached)


@escape("other processes")
def foreign_memory(targets: Targets) -> str:
    """Reads the memory of another process."""
    size = len(targets.secret)
    room = ctypes.create_string_buffer(size)
    ours = ctypes.addressof(room).to_bytes(8, "little") + size.to_bytes(8, "little")
    theirs = targets.address.to_bytes(8, "little") + size.to_bytes(8, "little")
    libc.call("process_vm_readv", targets.decoy, ours, 1, theirs, 1, 0)
    return room.raw.decode(errors="replace")


@escape("other processes")
def trace(targets: Targets) -> str:
    """Traces another process."""
    libc.call("ptrace", _PTRACE_SEIZE, targets.decoy, 0, 0)  # it goes on running; we let go when we end
    return "control over it"


@escape("other processes")
def environment(targets: Targets) -> str:
    """Reads the environment of other processes."""
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if targets.secret.encode() in (process / "environ").read_bytes():
                return f"the secret of process {process.name}"
    raise StoppedError("no other process shows its environment")


@escape("system calls")
def mount(_: Targets) -> str:
    """Mounts a file system."""
    with tempfile.TemporaryDirectory(dir=".") as place:
        libc.mount("tmpfs", place, kind="tmpfs")
        libc.umount(place)
    return "a file system"


@escape("system calls")
def device(_: Targets) -> str:
    """Makes a device."""
    with tempfile.TemporaryDirectory(dir=".") as place:
        os.mknod(f"{place}/zero", 0o600 | 0o020000, os.makedev(1, 5))
    return "a device"


@escape("system calls")
def kernel(_: Targets) -> str:
    """Uses parts of the kernel that no notebook needs."""
    asked: dict[str, tuple[int | bytes, ...]] = {
        "bpf": (0, bytes(64), 64),
        "perf_event_open": (bytes(128), 0, -1, -1, 0),
        "keyctl": (0, _KEYRING, 0),
        "io_uring_setup": (1, bytes(120)),
        "userfaultfd": (0,),
        "open_by_handle_at": (-1, bytes(16), 0),
        "personality": (0xFFFFFFFF,),
    }
    with counted("such call was allowed") as reached:
        for name, arguments in asked.items():
            try:
                libc.call(name, *arguments)
            except OSError as error:
                if error.errno in (errno.EPERM, errno.ENOSYS, errno.EACCES):
                    continue
            reached.append(name)
    return ", ".join(reached)


@escape("rights")
def root(_: Targets) -> str:
    """Becomes root."""
    os.setuid(0)
    return "root"


@escape("system calls", last=True)
def user_namespace(_: Targets) -> str:
    """Unshares a user namespace."""

    def unshared() -> bool:
        try:
            libc.unshare(libc.CLONE_NEWUSER)
        except OSError as error:
            if error.errno == errno.EINVAL:  # a thread of an earlier attempt is not quite gone
                return False
            raise
        return True

    until(unshared)
    return "all rights in a namespace of its own"


def _first(act: Callable[[str], str], places: Iterable[str]) -> str:
    """What works at the first place where it does; the last refusal where it does nowhere."""
    refusal: OSError | None = None
    for place in places:
        try:
            return act(place)
        except OSError as error:
            refusal = error
    raise refusal or StoppedError("nothing to try")
