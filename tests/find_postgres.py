"""Which PostgreSQL the tests start: the one installed on this machine. Exits with 1 and says why without one."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

USUAL = Path("/usr/lib/postgresql")
HINT = (
    "Install the PostgreSQL server (on Debian: apt-get install postgresql) or put its folder with initdb on the PATH."
)
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=60")


class NoPostgres(Exception):
    """There is no server to start; the message says why and what would help."""


def find_postgres(usual: Path = USUAL) -> Path:
    """The folder with `initdb`, `postgres` and `pg_ctl`: the newest of those installed, or the one on the PATH."""
    installed = sorted(usual.glob("*/bin"), key=lambda folder: _version(folder.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*installed, *([Path(on_path).resolve().parent] if on_path else [])]:
        if all((folder / program).exists() for program in ("initdb", "postgres", "pg_ctl")):
            return folder
    raise NoPostgres(f"No PostgreSQL server was found. {HINT}")


@contextmanager
def serve_postgres() -> Iterator[str]:
    """A fresh server on a unix socket of its own: gives the URL with `{name}` for a database, removes all after."""
    programs = find_postgres()
    # Not pytest's tmp_path: only root may walk into it, and a unix socket's path must stay under 108 characters.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    account = _account()
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    data = home / "data"
    try:
        _as(account, home, [programs / "initdb", "-D", data, "-U", "fovea", "-A", "trust", "-E", "UTF8", "--no-sync"])
        settings = " ".join(f"-c {setting}" for setting in (*FAST, f"unix_socket_directories={home}"))
        _as(
            account,
            home,
            [programs / "pg_ctl", "-D", data, "-w", "-t", "120", "-l", home / "log", "-o", settings, "start"],
        )
        try:
            yield f"postgresql+psycopg://fovea@/{{name}}?host={home}"
        finally:
            _as(account, home, [programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")


def _as(account: pwd.struct_passwd | None, home: Path, command: Sequence[str | Path]) -> None:
    """Run one program to its end as that user; what it printed is told only if it fails."""
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home)}
    with (home / "output").open("w+") as output:  # a pipe would be held open by the server that pg_ctl leaves behind
        done = subprocess.run(command, cwd=home, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **who)  # type: ignore[call-overload]
        if done.returncode:
            output.seek(0)
            log = home / "log"
            tail = log.read_text()[-1500:] if log.exists() else ""
            raise NoPostgres(f"PostgreSQL's {Path(command[0]).name} failed: {output.read()[-1500:]} {tail}")


if __name__ == "__main__":
    try:
        find_postgres()
    except NoPostgres as problem:
        sys.exit(str(problem))
