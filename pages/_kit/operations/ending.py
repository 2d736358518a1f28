"""The end of a server that is asked to end: nobody new comes in, those who are in may finish, then it goes.

The readiness turns at once, so that a balancer sends nobody any more. What is handed in lies in the ledger, and what a
grader beside holds is finished or waits again: there is nothing to lose.
"""

import asyncio
import logging
import signal
import threading
from types import FrameType

from pages._kit.operations.visits import Door

log = logging.getLogger("fovea")


def watch(door: Door, loop: asyncio.AbstractEventLoop, *, drain: float) -> None:
    """Asked to end, the server shuts the door at once and ends after so many seconds; asked twice, at once."""
    if threading.current_thread() is not threading.main_thread():
        return
    for sign in (signal.SIGINT, signal.SIGTERM):
        earlier = signal.getsignal(sign)
        if not callable(earlier):
            continue

        def end(number: int, at: FrameType | None, earlier: "signal._HANDLER" = earlier) -> None:
            first, door.ending = not door.ending, True
            if not callable(earlier):
                return
            if first and drain and door.inside:
                log.warning("asked to end: %d open pages have %g s", door.inside, drain)
                loop.call_soon_threadsafe(loop.call_later, drain, earlier, number, None)
            else:
                earlier(number, at)

        signal.signal(sign, end)
