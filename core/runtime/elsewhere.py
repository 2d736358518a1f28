"""Passes through models that other machines make: plain numbers over HTTP, and here where nobody answers there.

A question that fails is asked once more, on a new connection: the process that had it may have died. If that fails too,
or if no answer comes in time, it is answered here. After three such failures in a row nobody is asked for a while, and
then one question at a time until there is an answer again, so that visitors do not wait.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import CoreError
from core.runtime.questions import BESIDE, Question, Reply
from core.runtime.trust import Trust
from core.runtime.wire import MOST, Unfit, packed, unpacked

if TYPE_CHECKING:
    from torch import Tensor

    from core.runtime.shared import Answer, Kind

PATH, PORT = "/models", 8000  # where Ray Serve answers
LARGEST = 4 * MOST  # bytes of an answer: maps of every class are larger than what they were made of


class Refused(CoreError):
    """There is no answer to this question there; here it gets one, or the error that it deserves."""


class Elsewhere:
    """Asks the models of a cluster; None means: nobody answered, ask here.

    A door opens within `knock` seconds or nobody is there; an answer may take `patience`.
    """

    def __init__(
        self,
        host: str,
        port: int = PORT,
        *,
        tell: Callable[[str], None],
        knock: float = 1.0,
        patience: float = 10.0,
        trust: Trust | None = None,
    ) -> None:
        self._where, self._tell, self._knock, self._patience = (host, port), tell, knock, patience
        self._trust = trust or Trust()
        self._lines = deque[HTTPConnection]()  # open, and used by nobody just now

    @classmethod
    def of_cluster(cls, address: str, *, tell: Callable[[str], None]) -> "Elsewhere":
        """The models of a Ray cluster, which answer on the machine of its head."""
        return cls(host_of(address), tell=tell)

    def __call__(self, kind: "Kind", inputs: "Tensor") -> "Answer | None":
        """The answer to inputs (N, ...)."""
        if inputs.nbytes + BESIDE > MOST or (turn := self._trust.turn()) is None:
            return None
        well: bool | None = None  # of a question that is interrupted we know nothing
        why = ""
        try:
            said = self._asked(kind, inputs)
            well = True
            return said
        except Refused:
            well = True
        except (OSError, HTTPException, ValueError) as problem:
            well, why = False, type(problem).__name__
        finally:
            if self._trust.over(turn, well=well):
                self._tell(
                    f"The models of the cluster do not answer ({why}), so ours do. "
                    f"One question tries again every {self._trust.rest:g} s."
                )
        return None

    def close(self) -> None:
        """Leave no connection open."""
        with suppress(IndexError):  # another thread may have taken the last one
            while True:
                self._lines.pop().close()

    def _asked(self, kind: "Kind", inputs: "Tensor") -> "Answer":
        reply: Reply = unpacked(self._sent(packed(Question.of(kind.way, inputs))), Reply, most=LARGEST)
        shapes = [each.shape for each in reply.arrays]
        if any(shape[:1] != inputs.shape[:1] for shape in shapes):
            raise Unfit(f"asked about {len(inputs)} rows, got {shapes}")
        return reply.answer()

    def _sent(self, body: bytes) -> bytes:
        try:
            return self._over(self._line(), body)
        except TimeoutError:
            raise
        except (OSError, HTTPException):
            self.close()  # what is open may lead to the same end
            return self._over(self._opened(), body)

    def _line(self) -> HTTPConnection:
        try:
            return self._lines.pop()
        except IndexError:
            return self._opened()

    def _opened(self) -> HTTPConnection:
        line = HTTPConnection(*self._where, timeout=self._knock)
        line.connect()
        line.sock.settimeout(self._patience)
        return line

    def _over(self, line: HTTPConnection, body: bytes) -> bytes:
        try:
            line.request("POST", PATH, body)
            answer = line.getresponse()
            said = answer.read(LARGEST + 1)
            if answer.status not in (200, 400) or answer.length or len(said) > LARGEST:
                raise HTTPException(f"status {answer.status}, {len(said)} bytes, {answer.length or 0} missing")
        except BaseException:
            line.close()
            raise
        if line.sock is not None:  # unless the other side hangs up
            self._lines.append(line)
        if answer.status == 400:
            raise Refused("the models of the cluster do not take this question")
        return said


def host_of(address: str) -> str:
    """The machine of a Ray cluster's head.

    >>> host_of("ray://head.example.org:10001"), host_of("10.0.0.7:6379"), host_of("auto")
    ('head.example.org', '10.0.0.7', 'auto')
    """
    try:
        host = urlsplit(address if "://" in address else f"ray://{address}").hostname
    except ValueError:
        raise CoreError(f"{address} is no address of a Ray cluster; ray://HOST:10001 would be one") from None
    return host or "localhost"
