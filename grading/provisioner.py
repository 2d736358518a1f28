"""Jupyter kernels out of our jail: a provisioner that forks them from a warm zygote.

For courses that keep nbgrader's own `autograde`. Two lines in their nbgrader_config.py switch it on:

    import os
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "fovea"

The notebook and its tests share one process there, as nbgrader has it: the jail keeps a notebook from hurting others,
not from lying about its own tests. For that there is the judge (`fovea grade`).
"""

import asyncio
import atexit
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import List, Unicode

from grading.engine.engine import Engine
from grading.engine.environment import Environment
from grading.engine.processes import Process

_engines: dict[tuple[str, ...], Engine] = {}


class FoveaProvisioner(KernelProvisionerBase):
    """Starts a kernel by a fork instead of an interpreter, locked in, with sockets that are files."""

    imports = List(Unicode(), default_value=["numpy"], help="packages imported once, before the forks").tag(config=True)

    process: Process | None = None
    ended: int | None = None
    folder: Path | None = None

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
            self.folder = Path(tempfile.mkdtemp(prefix="fovea-kernel-"))
            manager.transport = "ipc"
            manager.ip = str(self.folder / "socket")
            manager.connection_file = str(self.folder / "kernel.json")
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=["fovea-kernel"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork it."""
        if self.folder is None:
            raise RuntimeError("a kernel is launched after pre_launch")
        cwd = kwargs.get("cwd")
        self.process = _engine(tuple(self.imports)).kernel(self.folder, materials=Path(cwd) if cwd else None)
        return self.connection_info

    def _forget(self) -> None:
        if self.process:
            self.process.kill()
            self.process = None


def _engine(imports: tuple[str, ...]) -> Engine:
    """One zygote for all kernels of this program."""
    if imports not in _engines:
        engine = _engines[imports] = Engine(Environment(imports=(*imports, "ipykernel.kernelapp")))
        atexit.register(engine.close)
    return _engines[imports]
