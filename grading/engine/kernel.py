"""A real ipykernel in the jail, for those who want Jupyter's protocol, forked from the warm zygote."""

from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell


def serve(connection_file: Path) -> None:
    """Until the kernel is told to shut down. Its sockets are files in a folder of its own."""
    from ipykernel import kernelapp
    from ipykernel.iostream import IOPubThread

    class Alone(IOPubThread):
        """Without the port over which child processes would print: there are no child processes and no ports here."""

        def _setup_pipe_in(self) -> None:
            self._pipe_flag = False

    kernelapp.IOPubThread = Alone  # type: ignore[attr-defined]
    InteractiveShell.clear_instance()  # the zygote's shell, which has no kernel behind it
    app = kernelapp.IPKernelApp.instance()
    app.initialize(["-f", str(connection_file)])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
