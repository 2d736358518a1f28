"""A real ipykernel in the jail, for those who want Jupyter's protocol, forked from the warm zygote."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.interactiveshell import InteractiveShell

if TYPE_CHECKING:
    from grading.limits import Limits

# What a kernel imports while it starts; loaded once, before the forks, that takes a tenth of the time.
PRELOAD = (
    "ipykernel.kernelapp",
    "tornado.queues",
    "sqlite3",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "grading.engine.publishing",  # which cannot be found any more in the jail
)


def serve(connection_file: Path, connection: str, limits: "Limits") -> None:
    """Until the kernel is told to shut down. Its sockets are files in the folder of the connection file."""
    connection_file.write_text(connection, encoding="utf-8")
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # it listens on a port, which nothing here may
    from ipykernel import kernelapp

    from grading.engine.publishing import Publisher

    Publisher.limits = limits
    kernelapp.IOPubThread = Publisher  # type: ignore[attr-defined]
    os.environ.pop("MPLBACKEND", None)  # then ipykernel chooses the one that shows figures in the notebook
    os.environ["IPYTHONDIR"] = str(connection_file.parent / "ipython")  # so that the work folder is empty
    InteractiveShell.clear_instance()  # the zygote's shell, which has no kernel behind it
    app = kernelapp.IPKernelApp.instance()
    app.config.HistoryManager.hist_file = ":memory:"  # its folder goes with it, and may be full
    app.initialize(["-f", str(connection_file)])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
