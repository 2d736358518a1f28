"""Bait: a file, a folder, servers and a process that nobody inside a jail may reach, laid out before it is tested."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from grading.limits import Limits
from grading.sandbox.escapes import Targets

# It holds the secret in its environment and at an address that it prints, until its input ends.
_DECOY = """
import ctypes, os, sys
held = ctypes.create_string_buffer(os.environ["FOVEA_BAIT"].encode())
print(ctypes.addressof(held), flush=True)
sys.stdin.read()
"""
_SOME = 1 << 20


@contextmanager
def bait(limits: Limits, *, ledger: Path | None = None, project: Path | None = None) -> Iterator[Targets]:
    """Targets for a jail with these limits. A real ledger and a real folder may take the place of the laid out ones."""
    secret = "bait-" + secrets.token_hex(16)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fovea-bait-")))
        folder.chmod(0o755)  # only a jail keeps anybody out
        laid = folder / "ledger.db"
        laid.write_text(secret, encoding="utf-8")
        path, abstract = folder / "server", f"fovea-{secret}"
        for address in (str(path), "\0" + abstract):
            server = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            server.bind(address)
            server.listen()
        path.chmod(0o777)
        web = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        command = [sys.executable, "-I", "-S", "-c", _DECOY]
        decoy = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, env={"FOVEA_BAIT": secret}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        stack.callback(_end, decoy)
        assert decoy.stdout is not None  # noqa: S101 - we asked for a pipe
        yield Targets(
            secret=secret,
            ledger=str(ledger or laid),
            project=str(project or folder),
            starter=os.getpid(),
            decoy=decoy.pid,
            address=int(decoy.stdout.readline()),
            unix_socket=str(path),
            abstract_socket=abstract,
            port=web.getsockname()[1],
            memory=limits.memory + 64 * _SOME,
            disk=limits.disk_bytes + _SOME,
            files=limits.disk_files + 1,
            threads=limits.processes,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
