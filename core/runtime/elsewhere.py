"""Passes through models that other machines make: plain numbers over HTTP, and here where nobody answers there.

A question that fails is asked once more, on a new connection: the process that had it may have died. If that fails too,
it is answered here. After three such failures in a row nobody is asked for a while, so that visitors do not wait.
"""

import time
from collections import deque
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import CoreError
from core.runtime.wire import packed, unpacked

if TYPE_CHECKING:
    from torch import Tensor

    from core.runtime.shared import Answer, Kind

PATH, PORT = "/models", 8000  # where Ray Serve answers
_FAILURES = 3


class Refused(CoreError):
    """There is no answer to this question there; here it gets one, or the error that it deserves."""


class Elsewhere:
    """Asks the models of a cluster; None means: nobody answered, ask here."""

    def __init__(
        self, host: str, port: int = PORT, *, tell: Callable[[str], None], patience: float = 10.0, rest: float = 30.0
    ) -> None:
        self._where, self._tell, self._patience, self._rest = (host, port), tell, patience, rest
        self._lines = deque[HTTPConnection]()  # open, and used by nobody just now
        self._failures, self._until = 0, 0.0

    @classmethod
    def of_cluster(cls, address: str, *, tell: Callable[[str], None]) -> "Elsewhere":
        """The models of a Ray cluster, which answer on the machine of its head."""
        host = urlsplit(address if "://" in address else f"ray://{address}").hostname
        return cls(host or "localhost", tell=tell)

    def __call__(self, kind: "Kind", inputs: "Tensor") -> "Answer | None":
        """The answer to inputs (N, ...)."""
        if time.monotonic() < self._until:
            return None
        try:
            said = self._asked(kind, inputs)
        except Refused:
            return None
        except (OSError, HTTPException, ValueError) as problem:
            self._failed(problem)
            return None
        self._failures = 0
        return said

    def close(self) -> None:
        """Leave no connection open."""
        while self._lines:
            self._lines.pop().close()

    def _failed(self, problem: Exception) -> None:
        self._failures += 1
        if self._failures >= _FAILURES:
            self._until, self._failures = time.monotonic() + self._rest, 0
            self._tell(
                f"The models of the cluster do not answer ({type(problem).__name__}); ours do, for {self._rest:g} s."
            )

    def _asked(self, kind: "Kind", inputs: "Tensor") -> "Answer":
        import torch

        way = kind.way
        body = packed((way.name, way.part, way.method), [inputs.detach().cpu().numpy()])
        try:
            answer = self._sent(body)
        except (OSError, HTTPException):
            answer = self._sent(body)
        (form,), arrays = unpacked(answer)
        tensors = tuple(torch.from_numpy(array.copy()) for array in arrays)
        return tensors if form == "several" else tensors[0]

    def _sent(self, body: bytes) -> bytes:
        try:
            line = self._lines.pop()
        except IndexError:
            line = HTTPConnection(*self._where, timeout=self._patience)
        try:
            line.request("POST", PATH, body)
            answer = line.getresponse()
            said = answer.read()
        except BaseException:
            line.close()
            raise
        if answer.status not in (200, 400):
            line.close()
            raise HTTPException(answer.status)
        self._lines.append(line)
        if answer.status == 400:
            raise Refused("the models of the cluster do not take this question")
        return said
