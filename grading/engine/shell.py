"""IPython's shell in the student's process: one cell at a time, its outputs as nbformat and within limits."""

import io
import json
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

Output = dict[str, Any]


class OutOfTime(BaseException):
    """More processor time than a cell or call may use; no Exception, so that `except Exception` lets it by."""


class Outputs:
    """What one cell prints and shows, as nbformat outputs; what is beyond the limit is dropped and said once."""

    def __init__(self) -> None:
        self.begin(0, 0)

    def begin(self, size: int, count: int) -> None:
        """Forget the last cell."""
        self.shown: list[Output] = []
        self._left, self._count, self._cut = size, count, False

    def text(self, stream: str, text: str) -> None:
        """Something printed; it joins the output before it if that is the same stream."""
        kept = text[: self._left]
        self._left -= len(kept)
        if kept and self.shown and self.shown[-1].get("name") == stream:
            self.shown[-1]["text"].append(kept)
        elif kept:
            self._append({"output_type": "stream", "name": stream, "text": [kept]})
        if len(kept) < len(text):
            self._say_cut()

    def show(self, output: Output) -> None:
        """Something displayed, returned or raised."""
        size = len(json.dumps(output, default=str))
        if size > self._left:
            self._say_cut()
            return
        self._left -= size
        self._append(output)

    def clear(self) -> None:
        """IPython's clear_output."""
        self.shown.clear()

    def _append(self, output: Output) -> None:
        if len(self.shown) < self._count:
            self.shown.append(output)
        else:
            self._say_cut()

    def _say_cut(self) -> None:
        if not self._cut:
            self._cut = True
            text = "\n... the rest of the output is not kept: it is longer than allowed\n"
            self.shown.append({"output_type": "stream", "name": "stderr", "text": [text]})

    def end(self) -> list[Output]:
        """What was kept, every stream's pieces joined once: joining at every print would take time by its square."""
        return [{**output, "text": "".join(output["text"])} if "text" in output else output for output in self.shown]


_OUTPUTS = Outputs()  # of the one shell of this process


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell."""

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs, self._name = outputs, name

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class has an attribute here
        """What print asks for."""
        return "utf-8"

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep the text."""
        self._outputs.text(self._name, str(text))
        return len(text)


class Publisher(DisplayPublisher):
    """display(...) goes into the outputs."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
        """One displayed object."""
        _OUTPUTS.show({"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})})

    def clear_output(self, wait: bool = False) -> None:
        """What was shown before is forgotten."""
        _OUTPUTS.clear()


class Hook(DisplayHook):
    """The value of a cell's last line goes into the outputs."""

    def write_output_prompt(self) -> None:
        """No prompt: this is a notebook."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """The formatted value."""
        shown = {"data": dict(format_dict), "metadata": dict(md_dict or {}), "execution_count": None}
        _OUTPUTS.show({"output_type": "execute_result", **shown})

    def finish_displayhook(self) -> None:
        """Nothing was opened."""


class Shell(InteractiveShell):
    """A shell without history, colours or a terminal."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        _OUTPUTS.show(
            {
                "output_type": "error",
                "ename": str(getattr(etype, "__name__", etype)),
                "evalue": str(evalue)[:2000],
                "traceback": [str(line)[:4000] for line in stb][:50],
            }
        )

    def system(self, cmd: Any) -> None:
        """Shell commands are not run while grading."""
        print("Shell commands are not run here:", str(cmd)[:200])  # noqa: T201 - the student's own output

    system_piped = system_raw = system


def build() -> Shell:
    """The shell, made once before the forks: making it takes longer than running a cell."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.display_pub_class = Publisher
    config.InteractiveShell.displayhook_class = Hook
    config.InteractiveShell.separate_in = ""
    config.Completer.use_jedi = False
    return Shell.instance(config=config, display_pub_class=Publisher, displayhook_class=Hook)


def run(shell: Shell, source: str, *, seconds: float, size: int, count: int) -> dict[str, Any]:
    """Run one cell; the answer is plain data: outputs, the error if any, processor seconds."""
    _OUTPUTS.begin(size, count)
    before = _used()
    error: BaseException | None = None
    with _streams(_OUTPUTS):
        try:
            with allowed(seconds):
                result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            error = result.error_before_exec or result.error_in_exec
        except BaseException as caught:
            error = caught
    return {
        "outputs": _OUTPUTS.end(),
        "error": None if error is None else [type(error).__name__, _text(error)],
        "seconds": _used() - before,
    }


@contextmanager
def allowed(seconds: float) -> Iterator[list[OutOfTime]]:
    """Raise OutOfTime after so many seconds of this process's processor time, and again until it is heard.

    The list holds it from then on, for when somebody has caught it.
    """
    raised = list[OutOfTime]()

    def late(signum: int, frame: FrameType | None) -> None:
        raised.append(OutOfTime(f"more than {seconds:g} seconds of processor time"))
        raise raised[-1]

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield raised
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _streams(outputs: Outputs) -> Iterator[None]:
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream(outputs, "stdout"), Stream(outputs, "stderr")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
