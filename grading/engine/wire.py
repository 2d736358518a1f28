"""One end of a stream between two of our processes: messages with a length in front, and large arrays without copies.

What arrives may be hostile, so nothing is believed: lengths are checked against a limit before a byte is kept, and
shared memory is taken only from a side that is trusted (a hostile one could cut it short under our feet).
"""

import mmap
import os
import socket
import struct
import time
from collections.abc import Iterable
from contextlib import nullcontext
from itertools import accumulate
from tempfile import TemporaryFile
from typing import IO

from grading.errors import GradingError
from grading.limits import MIB
from grading.messages import Message

_FRAME = struct.Struct("=cBII")  # kind, whether the buffers lie in shared memory, bytes of the head, number of buffers
_SIZE = struct.Struct("=Q")
_SHARE_FROM = 256 * 1024  # below, a copy through the socket is cheaper than a shared page
_MOST_BUFFERS = 10_000
_ALIGNED = 64


class Gone(GradingError):
    """The other side ended."""


class Late(GradingError):
    """The other side did not answer in time."""


class Broken(GradingError):
    """The other side sent what no honest process sends."""


class Wire:
    """Messages over a connected stream socket, each with a one-letter kind."""

    def __init__(self, sock: socket.socket, *, limit: int = 64 * MIB, trusted: bool = False) -> None:
        self.socket, self._limit, self._trusted = sock, limit, trusted

    def fileno(self) -> int:
        """For select."""
        return self.socket.fileno()

    def close(self) -> None:
        """The other side sees an end."""
        self.socket.close()

    def send(self, kind: bytes, message: Message, *, share: bool = False, deadline: float | None = None) -> None:
        """One message; with share, large buffers travel as shared memory, which only a trusting side accepts."""
        views = [memoryview(buffer).cast("B") for buffer in message.buffers]
        shared = share and sum(len(view) for view in views) >= _SHARE_FROM
        start = _FRAME.pack(kind, shared, len(message.head), len(views)) + b"".join(_SIZE.pack(len(v)) for v in views)
        with _memory(views) if shared else nullcontext() as memory:
            try:
                if memory is None:
                    self._send_all([memoryview(start + message.head), *views], deadline)
                else:
                    self._await_until(deadline)
                    sent = socket.send_fds(self.socket, [start], [memory.fileno()])
                    self._send_all([memoryview(start)[sent:], memoryview(message.head)], deadline)
            except TimeoutError as error:
                raise Late("the other side does not listen") from error
            except OSError as error:
                raise Gone("the other side ended") from error

    def receive(self, *, deadline: float | None = None) -> tuple[bytes, Message]:
        """The next message and its kind; `deadline` is a time of time.monotonic()."""
        memories: list[int] = []
        try:
            kind, shared, head_size, count = _FRAME.unpack(self._take(_FRAME.size, deadline, memories))
            if head_size > self._limit or count > _MOST_BUFFERS:
                raise Broken(f"a message of {head_size} bytes and {count} arrays")
            sizes = [size for (size,) in _SIZE.iter_unpack(self._take(count * _SIZE.size, deadline, memories))]
            if head_size + sum(sizes) > self._limit:
                raise Broken(f"a message of {head_size + sum(sizes)} bytes; {self._limit} are allowed")
            head = bytes(self._take(head_size, deadline, memories))
            if not shared:
                return kind, Message(head, [self._take(size, deadline, memories) for size in sizes])
            if len(memories) != 1:
                raise Broken("shared memory was announced and did not come")
            return kind, Message(head, _mapped(memories[0], sizes))
        except TimeoutError as error:
            raise Late("no answer in time") from error
        except OSError as error:
            raise Gone("the other side ended") from error
        finally:
            for memory in memories:
                os.close(memory)

    def _send_all(self, views: Iterable[memoryview], deadline: float | None) -> None:
        for view in views:
            self._await_until(deadline)
            self.socket.sendall(view)

    def _take(self, size: int, deadline: float | None, memories: list[int]) -> bytearray:
        taken = bytearray(size)
        view, have = memoryview(taken), 0
        while have < size:
            self._await_until(deadline)
            if self._trusted and not memories:
                data, fds, _, _ = socket.recv_fds(self.socket, size - have, 1)
                memories.extend(fds)
                view[have : have + len(data)] = data
                got = len(data)
            else:
                got = self.socket.recv_into(view[have:], min(size - have, MIB))  # descriptors sent along are dropped
            if not got:
                raise Gone("the other side ended")
            have += got
        return taken

    def _await_until(self, deadline: float | None) -> None:
        if deadline is None:
            self.socket.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.socket.settimeout(left)


def pair(*, size: int = 4 * MIB) -> tuple[socket.socket, socket.socket]:
    """Two connected sockets with room for a large answer, so that it crosses in few turns."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)
    return ours, theirs


def _memory(views: list[memoryview]) -> IO[bytes]:
    """A file without a name in the work folder, which is memory in the jail and counts as the sender's."""
    *starts, end = _starts([len(view) for view in views])
    memory = TemporaryFile(dir=os.curdir)  # noqa: SIM115 - the caller closes it
    memory.truncate(end)
    for view, start in zip(views, starts, strict=True):
        done = 0
        while done < len(view):
            done += os.pwrite(memory.fileno(), view[done:], start + done)
    return memory


def _mapped(memory: int, sizes: list[int]) -> list[memoryview]:
    *starts, end = _starts(sizes)
    if os.fstat(memory).st_size < end:
        raise Broken("shared memory is shorter than announced")
    whole = memoryview(mmap.mmap(memory, end, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE))
    return [whole[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _starts(sizes: list[int]) -> list[int]:
    """Where each array begins, and one more: every array on a boundary that vector instructions like.

    >>> _starts([10, 64, 1])
    [0, 64, 128, 192]
    """
    return [0, *accumulate(-(-size // _ALIGNED) * _ALIGNED for size in sizes)]
