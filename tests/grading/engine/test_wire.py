"""Messages between two processes, and what a hostile one sends instead."""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.engine.wire import Broken, Gone, Late, Wire, pair
from grading.messages import Message

FRAME = struct.Struct("=cBII")
MIB = 2**20


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = pair()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("sizes", [(), (0,), (1, 0, 65), (300_000, 3), (5 * MIB, 64, 7 * MIB)])
def test_it_carries_head_and_arrays(
    ends: tuple[socket.socket, socket.socket], sizes: tuple[int, ...], share: bool
) -> None:
    buffers = [os.urandom(size) for size in sizes]
    sender = threading.Thread(target=lambda: Wire(ends[0]).send(b"q", Message(b"head", buffers), share=share))
    sender.start()
    kind, message = Wire(ends[1], trusted=True).receive(deadline=time.monotonic() + 20)
    sender.join()
    assert (kind, message.head, [bytes(buffer) for buffer in message.buffers]) == (b"q", b"head", buffers)


def test_what_was_shared_can_be_written_without_the_sender_seeing_it(ends: tuple[socket.socket, socket.socket]) -> None:
    sent = bytearray(MIB)
    Wire(ends[0]).send(b"q", Message(b"", [sent]), share=True)
    _, message = Wire(ends[1], trusted=True).receive()
    view = memoryview(message.buffers[0])
    view[0] = 7
    assert (view[0], sent[0]) == (7, 0)


def test_it_keeps_messages_apart(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = Wire(ends[0]), Wire(ends[1])
    for word in (b"one", b"", b"three"):
        ours.send(b"k", Message(word))
    assert [theirs.receive()[1].head for _ in range(3)] == [b"one", b"", b"three"]


def test_it_says_when_the_other_side_has_ended(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].close()
    with pytest.raises(Gone):
        Wire(ends[1]).receive()
    with pytest.raises(Gone):
        Wire(ends[1]).send(b"q", Message(b"x" * 100))


def test_it_waits_no_longer_than_asked(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(Late):
        Wire(ends[1]).receive(deadline=time.monotonic() + 0.05)
    with pytest.raises(Late):
        Wire(ends[1]).receive(deadline=time.monotonic() - 1)
    with pytest.raises(Late):  # nobody reads
        Wire(ends[0]).send(b"q", Message(b"", [bytes(64 * MIB)]), deadline=time.monotonic() + 0.2)


def test_it_waits_no_longer_for_one_who_drips(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].sendall(FRAME.pack(b"a", False, 1000, 0) + b"drip")
    with pytest.raises(Late):
        Wire(ends[1]).receive(deadline=time.monotonic() + 0.1)


@pytest.mark.parametrize(
    "frame",
    [
        FRAME.pack(b"a", False, 2**32 - 1, 0),
        FRAME.pack(b"a", False, 0, 2**32 - 1),
        FRAME.pack(b"a", False, 0, 1) + struct.pack("=Q", 2**64 - 1),
        FRAME.pack(b"a", False, 0, 2) + struct.pack("=QQ", 600_000, 600_000),
    ],
    ids=["huge head", "countless arrays", "endless array", "too much together"],
)
def test_it_refuses_a_size_before_it_makes_room(ends: tuple[socket.socket, socket.socket], frame: bytes) -> None:
    ends[0].sendall(frame)
    with pytest.raises(Broken):
        Wire(ends[1], limit=MIB).receive(deadline=time.monotonic() + 5)


def test_it_takes_no_shared_memory_from_a_stranger(ends: tuple[socket.socket, socket.socket]) -> None:
    Wire(ends[0]).send(b"a", Message(b"", [bytes(MIB)]), share=True)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(Broken):
        Wire(ends[1]).receive(deadline=time.monotonic() + 5)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_it_notices_shared_memory_that_was_cut_short(ends: tuple[socket.socket, socket.socket]) -> None:
    memory = os.memfd_create("short")
    socket.send_fds(ends[0], [FRAME.pack(b"a", True, 0, 1) + struct.pack("=Q", MIB)], [memory])
    with pytest.raises(Broken):
        Wire(ends[1], trusted=True).receive(deadline=time.monotonic() + 5)
    os.close(memory)


def test_garbage_is_not_an_answer(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].sendall(b"\xff" * 4096)
    with pytest.raises(Broken):
        Wire(ends[1], limit=MIB).receive(deadline=time.monotonic() + 5)
