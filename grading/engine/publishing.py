"""What a Jupyter kernel of ours publishes, within limits: a cell that prints without end costs nobody's memory.

It sits in the kernel's own process, so it is for honest floods; who means harm meets the limits of the processor and of
memory. An error always arrives, if need be shortened: nbgrader takes a test without one for passed.
"""

import json
from typing import Any

from ipykernel.iostream import IOPubThread

from grading.limits import Limits

_DELIMITER = b"<IDS|MSG>"
_ALWAYS = ("status", "execute_input", "iopub_welcome", "clear_output", "shutdown_reply")
_SHOWN = ("display_data", "update_display_data", "execute_result")
_MOST = 2000  # characters of an error that was shortened


class Publisher(IOPubThread):
    """The thread that sends, without the port over which child processes would print: here are none."""

    limits = Limits()

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)  # type: ignore[no-untyped-call]
        self._room_of_all = self.limits.all_output_bytes
        self._room, self._outputs, self._said = self.limits.output_bytes, self.limits.outputs, False

    def _setup_pipe_in(self) -> None:
        self._pipe_flag = False

    def _really_send(self, msg: Any, *arguments: Any, **words: Any) -> None:
        """Send it, or what may be sent instead."""
        for parts in self._allowed(list(msg)):
            super()._really_send(parts, *arguments, **words)  # type: ignore[no-untyped-call]

    def _allowed(self, parts: list[Any]) -> list[list[Any]]:
        place = parts.index(_DELIMITER)
        kind = json.loads(parts[place + 2])["msg_type"]
        if kind == "execute_input":  # a new cell
            self._room, self._outputs, self._said = self.limits.output_bytes, self.limits.outputs, False
        if kind in _ALWAYS:
            return [parts]
        size = sum(len(part) for part in parts[place:])
        self._outputs -= kind in _SHOWN
        if size <= min(self._room, self._room_of_all) and self._outputs >= 0:
            self._room -= size
            self._room_of_all -= size
            return [parts]
        if kind == "error":
            found = json.loads(parts[place + 5])
            short = {"ename": found["ename"][:_MOST], "evalue": found["evalue"][:_MOST], "traceback": []}
            return [self._made("error", short, parts, place)]
        if self._said:
            return []
        self._said, self._room = True, 0
        words = "\nMore output than may be shown; the rest is left out.\n"
        return [self._made("stream", {"name": "stderr", "text": words}, parts, place)]

    def _made(self, kind: str, content: dict[str, Any], instead_of: list[Any], place: int) -> list[Any]:
        message = self.session.msg(kind, content=content, parent=json.loads(instead_of[place + 3]))
        topic = [kind.encode()] if kind == "error" else [b"stream.stderr"]
        signed = self.session.serialize({**message, "parent_header": json.loads(instead_of[place + 3])})
        return [*topic, *signed]
