"""Jupyter kernels out of our jail: a provisioner that forks them from a warm zygote.

For courses that keep nbgrader's own `autograde`. Two lines in their nbgrader_config.py switch it on, a third names the
packages that are imported once, before the first kernel:

    import os
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "fovea"
    c.FoveaProvisioner.imports = ["numpy", "torch"]

Jupyter's other programs read FOVEA_IMPORTS="numpy torch" from the environment instead. What a kernel may use is said
the same three ways, by the names of grading/limits.py and `wall_seconds`, in a course, a kernelspec or the environment:

    c.FoveaProvisioner.limits = {"total_seconds": 120, "memory": 2**30}
    "metadata": {"kernel_provisioner": {"provisioner_name": "fovea", "config": {"limits": {"wall_seconds": 900}}}}
    FOVEA_LIMITS="total_seconds=120 memory=1073741824"

A kernelspec's own Python is used, if it starts ipykernel; kernels of other languages are refused.

The notebook and its tests share one process there, as nbgrader has it: the jail keeps a notebook from hurting others,
not from lying about its own tests. For that there is the judge (`fovea grade`).
"""

import asyncio
import atexit
import os
import re
import shutil
import signal
import stat
import sys
import threading
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Bool, Dict, List, TraitError, Unicode, default, validate

from grading.configuration import current
from grading.engine import folders
from grading.engine.engine import Engine
from grading.engine.environment import Environment
from grading.engine.kernel import PRELOAD
from grading.engine.processes import Process
from grading.errors import GradingError
from grading.limits import DEFAULT, Limits
from grading.settings import read_limits

IMPORTS, LIMITS = "FOVEA_IMPORTS", "FOVEA_LIMITS"
# What of grading/limits.py has a meaning for a kernel; cells, tests and answers are Jupyter's and nbgrader's affair.
_LIMITS = (
    "total_seconds", "memory", "processes", "open_files", "file_bytes", "disk_bytes", "disk_files", "cuda",
    "output_bytes", "outputs", "all_output_bytes",
)  # fmt: skip
_WALL = "wall_seconds"  # on the clock; without it a kernel that only waits may wait as long as Jupyter lets it
_PYTHON = re.compile(r"python(3(\.\d+)?)?\Z")
_PLACE = Path("/var/tmp")  # noqa: S108 - not /tmp: what is bound there takes the place of the jail's own /tmp
_CONNECTION = "connection"
_SOCKET = "socket"  # Jupyter puts a number behind it for each of the five
_PATIENCE = 30.0  # seconds for a kernel to start on a busy machine
_engines: dict[Environment, Engine] = {}
_one_at_a_time = threading.Lock()


class FoveaProvisioner(KernelProvisionerBase):
    """Starts a kernel by a fork instead of an interpreter, locked in, with sockets that are files."""

    imports = List(Unicode(), help="packages imported once, before the forks").tag(config=True)
    trust_students = Bool(
        False, help="start kernels although required layers of the sandbox are missing on this machine"
    ).tag(config=True)
    limits = Dict(help="what a kernel may use, by the names of grading/limits.py, and wall_seconds").tag(config=True)

    process: Process | None = None
    folder: Path | None = None
    _clock: threading.Timer | None = None

    @default("imports")
    def _imports(self) -> list[str]:
        return current().imports.replace(",", " ").split()

    @default("limits")
    def _limits(self) -> dict[str, Any]:
        """What the environment says, read like a small TOML file."""
        words = current().limits.replace(",", " ").split()
        try:
            return tomllib.loads("\n".join(words))
        except tomllib.TOMLDecodeError:
            raise GradingError(f'{LIMITS} must read like "total_seconds=120 memory=1073741824".') from None

    @validate("limits")
    def _known_limits(self, proposal: Any) -> dict[str, Any]:
        try:
            allowed(proposal["value"])
        except GradingError as error:
            raise TraitError(str(error)) from None
        return dict(proposal["value"])

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
            folders.remove(self.folder)
            self.folder = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """A folder of its own for the connection file and the sockets; other kernels' keys are not in it."""
        manager: Any = self.parent
        interpreter(self.kernel_spec)  # said before anything is made
        if self.folder is None:
            self.folder = folders.make("kernel", where=_place())
            manager.transport = "ipc"
            manager.ip = str(self.folder / _CONNECTION / _SOCKET)
            manager.connection_file = str(self.folder / "kernel.json")
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
        limits, wall = allowed(self.limits)
        connection = (folder / "kernel.json").read_text(encoding="utf-8")
        with _one_at_a_time:
            kernel = self._engine().kernel(folder / _CONNECTION, connection, materials=materials, limits=limits)
        if wall:
            self._clock = threading.Timer(wall, self._out_of_time, (kernel, wall))
            self._clock.daemon = True
            self._clock.start()
        return kernel

    def _out_of_time(self, kernel: Process, wall: float) -> None:
        self.log.warning("A kernel was ended: it ran for %g seconds, as long as it may (%s).", wall, _WALL)
        kernel.signal(signal.SIGKILL)

    def _engine(self) -> Engine:
        """One zygote for all kernels of this program that want the same, looked over before the first."""
        python = interpreter(self.kernel_spec)
        environment = Environment(python=python, imports=(*self.imports, *PRELOAD))
        if environment not in _engines:
            engine = Engine(environment)
            atexit.register(engine.close)
            engine.isolation(trusted=self.trust_students)
            if missing := engine.zygote().missing_imports:
                self.log.warning("These packages cannot be imported before the kernels start: %s", ", ".join(missing))
            _engines[environment] = engine
        return _engines[environment]

    def _forget(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock.join()  # else it might end whoever bears the number next
            self._clock = None
        if self.process:
            self.process.kill()
            self.process = None


def allowed(wanted: Mapping[str, Any]) -> tuple[Limits, float]:
    """The limits that a course asks for, and its seconds on the clock; 0 if it does not limit them.

    >>> limits, wall = allowed({"memory": 2**30, "wall_seconds": 900})
    >>> limits.memory, wall
    (1073741824, 900.0)
    >>> allowed({"call_seconds": 3})
    Traceback (most recent call last):
    grading.errors.GradingError: The limits of a kernel have no "call_seconds". They are total_seconds, memory, \
processes, open_files, file_bytes, disk_bytes, disk_files, cuda, output_bytes, outputs, all_output_bytes, wall_seconds.
    """
    where = "The limits of a kernel"
    for name in wanted:
        if name not in (*_LIMITS, _WALL):
            raise GradingError(f'{where} have no "{name}". They are {", ".join((*_LIMITS, _WALL))}.')
    seconds = read_limits({"total_seconds": wanted[_WALL]}, DEFAULT, where=where) if _WALL in wanted else None
    others = {name: value for name, value in wanted.items() if name != _WALL}
    return read_limits(others, DEFAULT, where=where), seconds.total_seconds if seconds else 0.0


def interpreter(spec: Any) -> Path:
    """The Python that a kernelspec starts ipykernel with. What is no such kernel is refused, not replaced by ours."""
    name, argv = spec.display_name or "without a name", list(spec.argv)
    if spec.language.lower() != "python":
        raise GradingError(
            f'The kernel "{name}" is for {spec.language or "an unknown language"}, and Fovea\'s sandbox runs Python '
            'only. Let it keep Jupyter\'s own provisioner: write "kernel_provisioner": {"provisioner_name": '
            '"local-provisioner"} into the "metadata" of its kernel.json.'
        )
    module = argv[argv.index("-m") + 1] if "-m" in argv[:-1] else ""
    if not argv or not _PYTHON.match(Path(argv[0]).name) or module not in ("ipykernel_launcher", "ipykernel"):
        raise GradingError(
            f'The kernel "{name}" is not started by "python -m ipykernel_launcher", so Fovea\'s sandbox cannot start '
            "it. Use the usual Python kernel, or write ipykernel_launcher into the argv of its kernel.json."
        )
    return Path(argv[0]) if Path(argv[0]).is_absolute() else Path(sys.executable)


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
