"""A real ipykernel in the jail, for those who want Jupyter's protocol, forked from the warm zygote."""

import os
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

# What a kernel imports while it starts; loaded once, before the forks, that takes a tenth of the time.
PRELOAD = ("ipykernel.kernelapp", "tornado.queues", "sqlite3", "IPython.core.debugger", "IPython.extensions.storemagic")


def serve(connection_file: Path) -> None:
    """Until the kernel is told to shut down. Its sockets are files in a folder of its own."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # it listens on a port, which nothing here may
    from ipykernel import kernelapp
    from ipykernel.iostream import IOPubThread

    class Alone(IOPubThread):
        """Without the port over which child processes would print: there are no child processes and no ports here."""

        def _setup_pipe_in(self) -> None:
            self._pipe_flag = False

    kernelapp.IOPubThread = Alone  # type: ignore[attr-defined]
    os.environ.pop("MPLBACKEND", None)  # then ipykernel chooses the one that shows figures in the notebook
    os.environ["IPYTHONDIR"] = str(connection_file.parent / "ipython")  # so that the work folder is empty
    InteractiveShell.clear_instance()  # the zygote's shell, which has no kernel behind it
    app = kernelapp.IPKernelApp.instance()
    app.initialize(["-f", str(connection_file)])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
