"""Jupyter kernels out of our jail: a provisioner that forks them from a warm zygote.

For courses that keep nbgrader's own `autograde`. Two lines in their nbgrader_config.py switch it on, a third names the
packages that are imported once, before the first kernel:

    import os
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "fovea"
    c.FoveaProvisioner.imports = ["numpy", "torch"]

Jupyter's other programs read FOVEA_IMPORTS="numpy torch" from the environment instead.

The notebook and its tests share one process there, as nbgrader has it: the jail keeps a notebook from hurting others,
not from lying about its own tests. For that there is the judge (`fovea grade`).
"""

import asyncio
import atexit
import os
import shutil
import signal
import stat
import threading
import time
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Bool, List, Unicode, default

from grading.engine import folders
from grading.engine.engine import Engine
from grading.engine.environment import Environment
from grading.engine.kernel import PRELOAD
from grading.engine.processes import Process

IMPORTS = "FOVEA_IMPORTS"
_PLACE = Path("/var/tmp")  # noqa: S108 - not /tmp: what is bound there takes the place of the jail's own /tmp
_CONNECTION = "connection"
_SOCKET = "socket"  # Jupyter puts a number behind it for each of the five
_PATIENCE = 30.0  # seconds for a kernel to start on a busy machine
_engines: dict[tuple[str, ...], Engine] = {}
_one_at_a_time = threading.Lock()


class FoveaProvisioner(KernelProvisionerBase):
    """Starts a kernel by a fork instead of an interpreter, locked in, with sockets that are files."""

    imports = List(Unicode(), help="packages imported once, before the forks").tag(config=True)
    trust_students = Bool(
        False, help="start kernels although required layers of the sandbox are missing on this machine"
    ).tag(config=True)

    process: Process | None = None
    folder: Path | None = None

    @default("imports")
    def _imports(self) -> list[str]:
        return os.environ.get(IMPORTS, "numpy").replace(",", " ").split()

    @property
    def has_process(self) -> bool:
        """Whether there is one to wait for."""
        return self.process is not None

    async def poll(self) -> int | None:
        """None while it runs."""
        return 0 if self.process is None or self.process.ended() else None

    async def wait(self) -> int | None:
        """Until it has ended."""
        while await self.poll() is None:
            await asyncio.sleep(0.02)
        self._forget()
        return 0

    async def send_signal(self, signum: int) -> None:
        """SIGINT is Jupyter's stop button."""
        if self.process:
            self.process.signal(signal.Signals(signum))

    async def kill(self, restart: bool = False) -> None:
        """At once."""
        if self.process:
            self.process.signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """At once too: the first process of a PID namespace does not hear SIGTERM."""
        await self.kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """At once as well: nothing a kernel writes outlives it, so there is nothing to wait for."""
        self._forget()

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing of the kernel stays."""
        self._forget()
        if self.folder and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """A folder of its own for the connection file and the sockets; other kernels' keys are not in it."""
        manager: Any = self.parent
        if self.folder is None:
            self.folder = folders.make("kernel", where=_place())
            connection = self.folder / _CONNECTION
            connection.mkdir()
            manager.transport = "ipc"
            manager.ip = str(connection / _SOCKET)
            manager.connection_file = str(connection / "kernel.json")
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=["fovea-kernel"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork it. The first time the packages are imported, which must not stop a server that has others to serve."""
        if self.folder is None:
            raise RuntimeError("a kernel is launched after pre_launch")
        cwd = kwargs.get("cwd")
        self.process = await asyncio.to_thread(self._launch, self.folder, Path(cwd) if cwd else None)
        await self._listening(self.folder / _CONNECTION)
        return self.connection_info

    async def _listening(self, folder: Path) -> None:
        """Until its sockets are there: who connects too early is told so and waits a quarter of a second more."""
        info = dict(self.connection_info)
        ports = [info[f"{name}_port"] for name in ("shell", "control", "stdin", "iopub", "hb")]
        end = time.monotonic() + _PATIENCE
        while not all((folder / f"{_SOCKET}-{port}").exists() for port in ports):
            if await self.poll() is not None or time.monotonic() > end:
                return  # the client will see that nobody answers
            await asyncio.sleep(0.005)

    def _launch(self, folder: Path, beside: Path | None) -> Process:
        materials = _open_to_others(beside, folder / "materials") if beside else None
        with _one_at_a_time:
            return self._engine().kernel(folder / _CONNECTION, materials=materials)

    def _engine(self) -> Engine:
        """One zygote for all kernels of this program, looked over before the first."""
        imports = tuple(self.imports)
        if imports not in _engines:
            engine = Engine(Environment(imports=(*imports, *PRELOAD)))
            atexit.register(engine.close)
            engine.isolation(trusted=self.trust_students)
            if missing := engine.zygote().missing_imports:
                self.log.warning("These packages cannot be imported before the kernels start: %s", ", ".join(missing))
            _engines[imports] = engine
        return _engines[imports]

    def _forget(self) -> None:
        if self.process:
            self.process.kill()
            self.process = None


def _place() -> Path | None:
    return _PLACE if os.access(_PLACE, os.W_OK | os.X_OK) else None


def _open_to_others(folder: Path, copy: Path) -> Path:
    """The files beside a notebook. Root's kernels run as another user, who gets a copy of what only root may read.

    Links stay links: where they lead is looked up in the jail.
    """
    if os.geteuid() or all(map(_for_everybody, (folder, *folder.rglob("*")))):
        return folder
    shutil.rmtree(copy, ignore_errors=True)  # of the kernel before a restart
    shutil.copytree(folder, copy, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    return copy


def _for_everybody(path: Path) -> bool:
    mode = path.lstat().st_mode
    wanted = 0o005 if stat.S_ISDIR(mode) else 0o004
    return stat.S_ISLNK(mode) or mode & wanted == wanted
