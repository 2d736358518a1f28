"""What lies outside the jail, and whether it is as it was: files, sockets, processes, control groups, descriptors."""

import os
import secrets
import socket
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SECRET = "canary-" + secrets.token_hex(16)  # in every file and variable that nobody may read
SECRET_BEGINS = SECRET[:7] + SECRET[7:9]
VARIABLES = ("FOVEA_SECRET_TOKEN", "DATABASE_PASSWORD", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True)
class Places:
    """Where the canaries are; hostile cells are told, so that none fails for want of a path."""

    files: Mapping[str, Path]
    socket: Path
    abstract: str
    port: int

    def told(self, *, ours: Path, zygote: int) -> str:
        """The same as a cell."""
        paths = {**{name: str(path) for name, path in self.files.items()}, "socket": str(self.socket)}
        return (
            f"PLACES = {paths!r}\nABSTRACT, PORT = {self.abstract!r}, {self.port}\nOURS = {str(ours)!r}\n"
            f"ZYGOTE, SUPERVISOR, SECRET_BEGINS = {zygote}, {os.getpid()}, {SECRET_BEGINS!r}\n"
        )


@dataclass
class Outside:
    """The machine around the jail, as far as an attack could change it."""

    places: Places
    calls: list[str] = field(default_factory=list)  # what came in over a socket
    before: dict[str, object] = field(default_factory=dict)

    def remember(self) -> None:
        """How things are now. Access times are set back, so that a read is seen."""
        for path in self.places.files.values():
            changed = path.stat().st_mtime_ns
            os.utime(path, ns=(changed - 10**9, changed))
        self.before = self._state()

    def changes(self) -> dict[str, tuple[object, object]]:
        """What is no longer as it was when it was remembered, and every call that came in."""
        now = self._state()
        found = {
            key: (self.before.get(key), now.get(key))
            for key in self.before | now
            if self.before.get(key) != now.get(key)
        }
        if self.calls:
            found["calls"] = ((), tuple(self.calls))
        return found

    def _state(self) -> dict[str, object]:
        state: dict[str, object] = {}
        for name, path in self.places.files.items():
            facts = path.stat()
            read = facts.st_atime_ns if name != "referee" else 0  # the judge reads that one
            state[name] = (read, facts.st_mtime_ns, facts.st_ctime_ns > 0, facts.st_size, facts.st_mode, facts.st_nlink)
            beside = sorted(other.name for other in path.parent.iterdir())
            if name in ("file at home", "temporary file"):  # where others work as well
                beside = [
                    other for other in beside if other.startswith(("left-by", "link-", "hostile")) or other == path.name
                ]
            state[f"beside the {name}"] = beside
        return state


def living(pid: int) -> list[str]:
    """What a process has running below it, but the nursery of judges and what has ended and waits to be reaped."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if child.status() != psutil.STATUS_ZOMBIE and child.name() != "fovea-nursery":
                    found.append(f"{child.pid} {child.name()}")
    return found


def groups() -> list[str]:
    """Control groups that this process made and that are still there."""
    found = []
    for base, folders, _ in os.walk("/sys/fs/cgroup"):
        found += [f"{base}/{name}" for name in folders if f"-{os.getpid()}-" in name]
    return found


def descriptors() -> int:
    """How many files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@contextmanager
def laid_out(folder: Path, files: Mapping[str, Path]) -> Iterator[Outside]:
    """Files to steal and sockets to call, until the end. `files` are those that exist already."""
    home = Path.home() / f".fovea-canary-{os.getpid()}-{secrets.token_hex(4)}"
    temporary = Path(f"/tmp/fovea-canary-{os.getpid()}-{secrets.token_hex(4)}")
    ledger, other = folder / "ledger.db", folder / "submitted" / "alice.ipynb"
    other.parent.mkdir()
    with sqlite3.connect(ledger) as database:
        database.execute("create table score (student text, points real)")
        database.execute("insert into score values (?, 1)", (SECRET,))
    database.close()
    for path in (home, temporary, other):
        path.write_text(SECRET, encoding="utf-8")
    own = {"ledger": ledger, "another submission": other, "file at home": home, "temporary file": temporary}
    ledger.chmod(0o666)  # the jail has to hold, not the file's mode
    temporary.chmod(0o666)
    calls: list[str] = []
    address, abstract = folder / "socket", f"fovea-canary-{secrets.token_hex(6)}"
    servers = [
        _listening(socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_STREAM),
        _listening(socket.AF_UNIX, str(address), socket.SOCK_STREAM),
        _listening(socket.AF_UNIX, "\0" + abstract, socket.SOCK_STREAM),
    ]
    port = servers[0].getsockname()[1]
    servers.append(_listening(socket.AF_INET, ("127.0.0.1", port), socket.SOCK_DGRAM))
    servers.append(_listening(socket.AF_UNIX, "\0" + abstract + "-datagrams", socket.SOCK_DGRAM))
    address.chmod(0o777)
    threads = [threading.Thread(target=_serve, args=(server, calls), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield Outside(Places({**own, **files}, address, abstract, port), calls)
    finally:
        for server in servers:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()
        for thread in threads:
            thread.join(5)
        for path in (home, temporary):
            path.unlink(missing_ok=True)


def _listening(family: int, address: object, kind: int) -> socket.socket:
    server = socket.socket(family, kind)
    server.bind(address)  # type: ignore[arg-type]
    if kind == socket.SOCK_STREAM:
        server.listen()
    server.settimeout(0.2)
    return server


def _serve(server: socket.socket, calls: list[str]) -> None:
    while True:
        try:
            if server.type == socket.SOCK_DGRAM:
                calls.append(f"datagram {server.recv(100)!r}")
            else:
                connection, _ = server.accept()
                connection.close()
                calls.append(f"connection to {server.getsockname()!r}")
        except TimeoutError:
            continue
        except OSError:
            return
