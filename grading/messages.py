"""A message between two of our processes: a small head, and the large buffers beside it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """`head` is small and parsed; `buffers` are the raw bytes of arrays, kept apart so that they are not copied."""

    head: bytes
    buffers: Sequence[bytes | bytearray | memoryview] = ()
