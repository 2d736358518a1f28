"""Numbers of a training in the file that TensorBoard reads: one record for every number of every epoch (lecture C).

Records are on disk when `add` returns; who looks while the training runs, or after it was killed, sees them all.
Source: the TFRecord format, where length and content of a record are each followed by a checksum.
"""

import struct
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class EventFile:
    """A new file of events in a folder; all files of a folder together are one run."""

    def __init__(self, folder: Path, *, first: int = 1) -> None:
        """It begins with the epoch `first`: what earlier files tell from there on gives way, for it is done anew."""
        from tensorboardX.proto.event_pb2 import SessionLog  # type: ignore[import-untyped]

        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"events.out.tfevents.{time.time_ns()}.{first:05d}"
        start = SessionLog(status=SessionLog.START)
        self.path.write_bytes(_record(first, file_version="brain.Event:2") + _record(first, session_log=start))

    def add(self, epoch: int, numbers: Mapping[str, float]) -> None:
        """One point on the curve of every number."""
        from tensorboardX.summary import scalar  # type: ignore[import-untyped]

        with self.path.open("ab") as file:
            file.write(b"".join(_record(epoch, summary=scalar(name, value)) for name, value in numbers.items()))


def events(told: Sequence[Mapping[str, float]]) -> bytes:
    """Numbers of epochs 1, 2, ... as the content of a file of events.

    >>> len(events([{"loss": 0.5}])) > len(events([]))
    True
    """
    with TemporaryDirectory() as folder:
        file = EventFile(Path(folder))
        for epoch, numbers in enumerate(told, 1):
            file.add(epoch, numbers)
        return file.path.read_bytes()


def _record(step: int, **content: Any) -> bytes:
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.record_writer import masked_crc32c  # type: ignore[import-untyped]

    event: bytes = Event(step=step, wall_time=time.time(), **content).SerializeToString()
    length = struct.pack("<Q", len(event))
    sums = [struct.pack("<I", masked_crc32c(part)) for part in (length, event)]
    return length + sums[0] + event + sums[1]
