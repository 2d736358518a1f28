"""Notebooks and single cells in kernels of ours, and what runs below the zygotes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from grading import provisioner

LONG = 90.0  # seconds that only a hanging machine needs


def outputs(cell: Any) -> str:
    """What a cell printed, returned and raised, as one text."""
    parts = [output.get("text", "") or output.get("evalue", "") for output in cell.outputs]
    return "\n".join([*parts, *(output.data.get("text/plain", "") for output in cell.outputs if "data" in output)])


def run(*sources: str, folder: Path | None = None, config: Config | None = None, **options: Any) -> list[Any]:
    """The cells of a notebook that ran in a kernel of ours."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": str(folder)}} if folder else {}
    settings = {"allow_errors": True, "timeout": LONG, "kernel_name": "python3", "config": config, **options}
    NotebookClient(notebook, resources=resources, **settings).execute()
    cells: list[Any] = notebook.cells
    return cells


@dataclass(frozen=True)
class Cell:
    """Runs a cell in a kernel: what it printed, and the reply's content."""

    client: BlockingKernelClient

    def ready(self) -> None:
        self.client.wait_for_ready(timeout=LONG)

    def __call__(self, source: str) -> tuple[str, dict[str, Any]]:
        printed: list[str] = []

        def hook(message: dict[str, Any]) -> None:
            printed.append(message["content"].get("text", ""))

        reply = self.client.execute_interactive(source, timeout=LONG, output_hook=hook)
        return "".join(printed), reply["content"]


@contextmanager
def kernel(**options: Any) -> Iterator[tuple[KernelManager, Cell]]:
    """A kernel by hand, and what runs a cell in it."""
    manager = KernelManager(kernel_name="python3", **options)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=LONG)
        yield manager, Cell(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def below_the_zygotes() -> list[psutil.Process]:
    """The kernels that run."""
    found = []
    for engine in provisioner._engines.values():
        for child in psutil.Process(engine.zygote().pid).children(recursive=True):
            found += [child] if child.status() != psutil.STATUS_ZOMBIE else []
    return found


def settled() -> list[psutil.Process]:
    """What still runs after a moment to end."""
    end = time.monotonic() + 20
    while (left := below_the_zygotes()) and time.monotonic() < end:
        time.sleep(0.05)
    return left
